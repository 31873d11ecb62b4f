import { describe, expect, it } from 'vitest';
import { exportSpike } from '../../detectors/export-spike.ts';
import type { Baselines } from '../../src/detection/detector.ts';
import type { Event } from '../../src/event/event.ts';
import { judge, NO_BASELINE } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { access, later, says, settled, townRegistry } from './town.ts';

const registry = townRegistry();
const plain = { asset: 'notice-1', assetLevel: 'general-2' as const };
const exported = (iso: string, fields: Partial<Event> = {}) => access(iso, { action: 'export', ...plain, ...fields });
const many = (count: number, fields: Partial<Event> = {}) =>
  Array.from({ length: count }, (_, n) => exported(later('2026-11-20T09:00', n * 60), fields));
/** Twelve days with two exports of 1 MiB each. */
const history = Array.from({ length: 12 }, (_, n) =>
  ['09:00', '15:00'].map((clock) =>
    exported(`2026-11-${String(n + 2).padStart(2, '0')}T${clock}`, { bytes: 1_048_576 }),
  ),
).flat();
const signals = (events: Event[], baseline = NO_BASELINE) => judge(exportSpike, events, { registry, baseline }).signals;
const watched: Baselines = { ...NO_BASELINE, observedDays: () => ({ days: 20, spanDays: 30 }) };

describe('export-spike', () => {
  conforms(exportSpike, { events: () => [...history, ...many(8)] });

  it('finds far more exports in a day than the account usually makes', () => {
    expect(signals([...history, ...many(4)])).toEqual([]);
    const [found] = signals([...history, ...many(8)]);
    expect(found).toMatchObject({ unit: 'exports', baseline: 'self', sampleSize: 12, expected: 2 });
    expect(found!.observed).toBe(found!.threshold);
    expect(says(found, { zh: '当天导出', en: 'in one day' }, { zh: '12 天', en: '12 days' })).toBe(true);
  });

  it('finds far more bytes, from ten mebibytes on', () => {
    expect(signals([...history, exported('2026-11-20T09:00', { bytes: 9_000_000 })])).toEqual([]);
    expect(signals([...history, exported('2026-11-20T09:00', { bytes: 90_000_000 })])).toMatchObject([
      { unit: 'bytes', observed: 90_000_000 },
    ]);
  });

  it('takes a fixed cap where there are fewer than ten days', () => {
    expect(signals(many(49))).toEqual([]);
    expect(signals(many(50))).toMatchObject([{ baseline: 'cap', observed: 50, threshold: 50 }]);
  });

  it('finds a first export of important data, once the account and the platform are old enough', () => {
    const first = (fields: Partial<Event> = {}, baseline = watched) =>
      signals([exported('2026-11-20T09:00', { asset: 'recipients', assetLevel: 'important', ...fields })], baseline);
    expect(first()).toMatchObject([{ score: 64 }]);
    expect(says(first()[0], { zh: '首次导出', en: 'had exported nothing' })).toBe(true);
    expect(first({}, NO_BASELINE)).toEqual([]);
    expect(first(plain)).toEqual([]);
    expect(first({ account: 'newcomer', actor: 'newcomer' })).toEqual([]);
    expect(first({ account: 'etl', actor: 'etl', role: 'service' })).toEqual([]);
    expect(
      signals([history[0]!, exported('2026-11-20T09:00', { asset: 'recipients', assetLevel: 'important' })], watched),
    ).toEqual([]);
  });

  it('leaves refused exports and reads out', () => {
    expect(signals(many(60, { outcome: 'failure' }))).toEqual([]);
    expect(signals(many(60, { action: 'query' }))).toEqual([]);
  });

  it('counts an export that comes late into its own day', () => {
    const events = [...history, ...many(9)];
    const late = [...history, ...many(9)].reverse();
    expect(settled(exportSpike, events, { registry })[0]!.observed).toBe(9);
    expect(settled(exportSpike, [...history, ...late.slice(0, 9)], { registry })[0]!.observed).toBe(9);
  });
});
