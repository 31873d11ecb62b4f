import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isWorkday, lastWorkday } from '../../demo/calendar.ts';
import { buildPlatform } from '../../demo/platform.ts';
import { DEPARTMENTS } from '../../demo/platform/departments.ts';
import { VENDORS } from '../../demo/platform/vendors.ts';
import { registryEntries, writeRegistry } from '../../demo/registry.ts';
import { ENTRIES } from '../../src/registry/schema.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';

const platform = buildPlatform(7, '2026-11-20');

describe('the simulated platform', () => {
  it('has 12 departments, 40 systems, 120 assets, 600 officers, 6 vendors and 60 staff', () => {
    expect(DEPARTMENTS).toHaveLength(12);
    expect(platform.systems).toHaveLength(40);
    expect(platform.assets).toHaveLength(120);
    expect(platform.officers).toHaveLength(600);
    expect(VENDORS).toHaveLength(6);
    expect(platform.staff).toHaveLength(60);
  });

  it('has assets of every grade and logins that nobody shares', () => {
    const levels = new Set(platform.assets.map((asset) => asset.level));
    expect([...levels].sort()).toEqual(['core', 'general-1', 'general-2', 'general-3', 'general-4', 'important']);
    const logins = [...platform.officers, ...platform.staff, ...platform.services].map((actor) => actor.login);
    expect(new Set(logins).size).toBe(logins.length);
  });

  it('makes a registry that loads without a warning and resolves what the logs name', () => {
    const registry = registryFrom(registryEntries(platform));
    const at = Date.parse('2026-11-20T10:00:00+08:00');
    for (const asset of platform.assets)
      for (const name of asset.names) expect(registry.asset(name, at)?.id).toBe(asset.id);
    for (const actor of [...platform.officers, ...platform.staff])
      expect(registry.account(actor.login, '', at)?.id).toBe(actor.id);
    for (const system of platform.systems)
      for (const host of system.hosts) expect(registry.system(host, at)?.id).toBe(system.id);
    expect(registry.warnings).toEqual([]);
  });

  it('has contracts that run, were renewed without a gap, end today, ended last week and ended long ago', () => {
    const registry = registryFrom(registryEntries(platform));
    const at = Date.parse('2026-11-20T10:00:00+08:00');
    const runs = (vendor: string): boolean => registry.contractsOf(vendor).some((one) => one.from <= at && at < one.to);
    expect(VENDORS.filter((vendor) => !runs(vendor.id)).map((vendor) => vendor.state)).toEqual([
      'last-week',
      'long-ended',
    ]);
    const [first, second] = registry.contractsOf(VENDORS.find((vendor) => vendor.state === 'renewed')!.id);
    expect(first!.to).toBe(second!.from);
  });

  it('is written as one file for each list of the registry', () => {
    const folder = mkdtempSync(join(tmpdir(), 'wanglou-demo-'));
    try {
      writeRegistry(folder, platform);
      expect(readdirSync(folder).sort()).toEqual(
        Object.keys(ENTRIES)
          .map((name) => `${name}.yaml`)
          .sort(),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the calendar of the demo', () => {
  it('counts make-up Sundays as workdays and holidays as rest', () => {
    expect(isWorkday('2026-09-20')).toBe(true);
    expect(isWorkday('2026-10-01')).toBe(false);
  });

  it('takes the last workday that is wholly over', () => {
    expect(lastWorkday(Date.parse('2026-11-23T09:00:00+08:00'))).toBe('2026-11-20');
    expect(lastWorkday(Date.parse('2026-11-24T00:00:01+08:00'))).toBe('2026-11-23');
    expect(lastWorkday(Date.parse('2026-10-08T12:00:00+08:00'))).toBe('2026-09-30');
  });
});
