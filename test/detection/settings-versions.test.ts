import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bulkRead } from '../../detectors/bulk-read.ts';
import type { Detector } from '../../src/detection/detector.ts';
import { ScopedContexts, SettingsBook } from '../../src/detection/scoped-contexts.ts';
import {
  rankOf,
  settingsWith,
  type SettingsScope,
  type SettingsVersion,
} from '../../src/detection/settings-versions.ts';
import { emptyEvent, type Event } from '../../src/event/event.ts';
import { appendAll, attack, registry, revisions, startEngine, threeStrikes } from './engine-fixture.ts';
import { NO_BASELINE } from './judge.ts';
import { MemoryLog } from './memory-log.ts';

const detector = bulkRead as unknown as Detector;
let made = 0;

function version(scope: SettingsScope, settings: SettingsVersion['settings'], effectiveFrom = 0): SettingsVersion {
  return {
    id: `v${++made}`,
    detector: 'bulk-read',
    scope,
    settings,
    effectiveFrom,
    by: 'lina',
    at: made,
    why: 'census',
  };
}

/** A setting as an event at a time gets it; without any version it is 1,000, by the configuration 2,000. */
function rowsAtLeast(versions: SettingsVersion[], event: Partial<Event> = {}, clock = 10): unknown {
  const configured = { rowsAtLeast: 2_000 };
  const base = { settings: detector.settings.parse(configured), registry, baseline: NO_BASELINE };
  const contexts = new ScopedContexts(detector, configured, base, versions);
  const { settings } = contexts.contextFor({ ...emptyEvent(), ...event }, clock);
  return (settings as { rowsAtLeast: number }).rowsAtLeast;
}

const tax = { department: 'tax' };

describe('settings of a scope', () => {
  it('hold for the events of the scope, over those of the configuration, and nowhere else', () => {
    const versions = [version(tax, { rowsAtLeast: 5_000 })];
    expect(rowsAtLeast(versions, tax)).toBe(5_000);
    expect(rowsAtLeast(versions, { department: 'aid' })).toBe(2_000);
  });

  it('hold from their first moment of ingest time on, and until they are taken back', () => {
    const versions = [version(tax, { rowsAtLeast: 5_000 }, 10), version(tax, null, 20)];
    expect([9, 10, 19, 20].map((clock) => rowsAtLeast(versions, tax, clock))).toEqual([2_000, 5_000, 5_000, 2_000]);
  });

  it('are those of the last version, in whatever order they were read', () => {
    const versions = [version(tax, { rowsAtLeast: 5_000 }, 1), version(tax, { rowsAtLeast: 6_000 }, 2)];
    expect(rowsAtLeast(versions, tax)).toBe(6_000);
    expect(rowsAtLeast(versions.reverse(), tax)).toBe(6_000);
  });

  it('are those of the most specific scope: more fields first, then vendor, department, asset level', () => {
    const level = { assetLevel: 'core' } as const;
    const vendor = { vendor: 'qm' };
    const order: SettingsScope[] = [{}, level, tax, vendor, { ...level, ...tax }, { ...level, ...vendor }, { ...tax, ...vendor }, { ...level, ...tax, ...vendor }]; // prettier-ignore
    expect(order.map(rankOf)).toEqual(order.map(rankOf).sort((a, b) => a - b));
    const versions = order.map((scope, n) => version(scope, { rowsAtLeast: n + 1 }));
    for (const [n, scope] of order.entries()) expect(rowsAtLeast(versions, scope as Partial<Event>)).toBe(n + 1);
  });

  it('leave what they do not set to the scopes around them', () => {
    const wide = version({}, { rowsAtLeast: 3_000 });
    expect(rowsAtLeast([wide, version(tax, { zAtLeast: 9 })], tax)).toBe(3_000);
  });
});

describe('a change of settings', () => {
  it('is refused with field, value and what is allowed', () => {
    expect(() => settingsWith(detector, {}, { rowsAtLeast: 0 })).toThrow(/bulk-read\.rowsAtLeast is 0: .*1/);
    expect(() => settingsWith(detector, {}, { rowsAtleast: 5 })).toThrow('bulk-read has no setting rowsAtleast');
  });
});

describe('the engine', () => {
  const strict = { ...threeStrikes, settings: z.strictObject({ maxFailures: z.number().default(1_000) }) };

  async function judgedWith(versions: SettingsVersion[], partitions: number) {
    const log = new MemoryLog(partitions);
    await appendAll(log, attack(120));
    const book = new SettingsBook();
    book.replace(versions);
    const { engine } = await startEngine(log, { detectors: [strict] as unknown as Detector[], versions: book });
    await log.idle();
    await engine.stop();
    return revisions(log);
  }

  it('judges by the version of each event, the same with one and with eight partitions', async () => {
    const middle = attack(120)[60]!.ingestTime;
    const change = { ...version({}, { maxFailures: 3 }, middle), detector: 'three-strikes' };
    expect((await judgedWith([], 1)).size).toBe(0);
    const found = await judgedWith([change], 1);
    expect(found.size).toBeGreaterThan(3);
    for (const { causedAt } of found.values()) expect(causedAt).toBeGreaterThanOrEqual(middle);
    expect(await judgedWith([change], 8)).toEqual(found);
  });
});
