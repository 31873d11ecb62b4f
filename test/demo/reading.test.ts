import { beforeAll, describe, expect, it } from 'vitest';
import { DayPlan } from '../../demo/activity/day-plan.ts';
import { dayLines } from '../../demo/day.ts';
import { history } from '../../demo/history.ts';
import { incidents } from '../../demo/incidents.ts';
import type { Line } from '../../demo/line.ts';
import { buildPlatform } from '../../demo/platform.ts';
import { registryEntries } from '../../demo/registry.ts';
import { Enrichment } from '../../src/detection/enrichment.ts';
import { emptyEvent, type Event } from '../../src/event/event.ts';
import { parseRecord } from '../../src/event/parse.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';

const DAY = '2026-11-20';
const platform = buildPlatform(7, DAY);
const registry = registryFrom(registryEntries(platform));
const enrichment = new Enrichment();

/** The event of a line, as the platform reads and enriches it. */
function read({ line, atMs, source }: Line): Event {
  const event = emptyEvent();
  event.source = source;
  event.ingestTime = atMs + 500;
  parseRecord(line, event, { timeZone: 'Asia/Shanghai', now: event.ingestTime, format: '' });
  enrichment.enrich(event, registry);
  return event;
}

describe('what the platform reads from the simulated lines', () => {
  const dayRead: { line: Line; event: Event }[] = [];
  beforeAll(() => {
    for (const line of dayLines(platform, DAY, { volume: 45_000 })) dayRead.push({ line, event: read(line) });
  });

  it('leaves no line unread or with a fault', () => {
    expect(dayRead.filter(({ event }) => event.fault !== '' || event.format === 'unparsed')).toEqual([]);
  });

  it('has the time that was meant, to the second where the format says no more', () => {
    expect(dayRead.filter(({ line, event }) => Math.abs(event.time - line.atMs) >= 1_000)).toEqual([]);
  });

  it('knows the format of each source', () => {
    const formats = new Map<string, Set<string>>();
    for (const { line, event } of dayRead)
      formats.set(line.source, (formats.get(line.source) ?? new Set<string>()).add(event.format));
    expect(Object.fromEntries([...formats].map(([source, names]) => [source, [...names].sort()]))).toEqual({
      'web-portal': ['rfc5424+web-access'],
      'web-office': ['rfc5424+web-access'],
      hosts: ['rfc3164+sshd', 'rfc3164+sudo'],
      'hosts-legacy': ['rfc3164+sshd'],
      audit: ['rfc3164+auditd'],
      databases: ['rfc3164+postgresql'],
      'database-files': ['postgresql-csv'],
      applications: ['wanglou'],
      identity: ['wanglou'],
      bastion: ['wanglou'],
      gateway: ['ecs'],
      monitoring: ['ecs'],
    });
  });

  it('knows actor, asset and rows or bytes of every dataset access, whatever its format', () => {
    const sources = ['applications', 'databases', 'database-files'];
    const accesses = dayRead.filter(({ line, event }) => sources.includes(line.source) && event.classUid === 6005);
    expect(accesses.length).toBeGreaterThan(3_000);
    for (const { line, event } of accesses) {
      expect(event.actor, line.line).toMatch(/^acc-/);
      expect(platform.asset(event.asset).level).toBe(event.assetLevel);
      expect(event.clientAddress).not.toBe('');
      expect(event.rows + event.bytes).toBeGreaterThan(0);
    }
  });

  it('knows account, address and outcome of every attempt to sign in', () => {
    const attempts = dayRead.filter(({ event }) => event.action === 'sign-in');
    expect(attempts.length).toBeGreaterThan(1_500);
    for (const { event } of attempts) {
      expect(event.classUid).toBe(3002);
      expect(event.account).not.toBe('');
      expect(event.clientAddress).not.toBe('');
      expect(['success', 'failure']).toContain(event.outcome);
    }
  });

  it('sees the actor, asset and address that each label names', () => {
    const named = incidents(new DayPlan(platform, DAY)).map(({ label, lines }) => ({ label, event: read(lines[0]!) }));
    for (const { label, event } of named) {
      if (label.actor !== '') expect([event.actor, event.account], label.id).toContain(label.actor);
      if (label.asset !== '') expect(event.asset, label.id).toBe(label.asset);
      if (label.clientAddress !== '' && !label.clientAddress.includes('/'))
        expect(event.clientAddress, label.id).toBe(label.clientAddress);
    }
  });
});

describe('what the platform reads from the history', () => {
  it('names the same assets by the same ids as the day itself', () => {
    let count = 0;
    for (const line of history(platform, 3)) {
      const event = read(line);
      expect(event.fault).toBe('');
      expect(event.actor).toMatch(/^acc-/);
      expect(platform.asset(event.asset).id).toBe(event.asset);
      count++;
    }
    expect(count).toBeGreaterThan(5_000);
  });
});
