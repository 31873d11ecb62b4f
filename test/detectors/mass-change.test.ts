import { describe, expect, it } from 'vitest';
import { massChange } from '../../detectors/mass-change.ts';
import type { Event } from '../../src/event/event.ts';
import { judge, NO_BASELINE } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { access, later, says, settled } from './town.ts';
import { order, vendorTown } from './vendors.ts';

const NOON = '2026-11-20T15:00';
const registry = vendorTown({
  'work-orders': [order()],
  assets: [
    { id: 'recipients', name: { zh: '低保对象信息', en: 'Aid recipients' }, level: 'important', rows: 20_000 },
    { id: 'secret', name: { zh: '涉密名单', en: 'Sealed list' }, level: 'core' },
  ],
});
const change = (iso: string, rows: number, fields: Partial<Event> = {}) =>
  access(iso, { action: 'update', rows, ...fields });
const signals = (...events: Event[]) => judge(massChange, events, { registry }).signals;
const history = (rows: number) =>
  Array.from({ length: 12 }, (_, n) => change(`2026-11-${String(n + 2).padStart(2, '0')}T10:00`, rows + n));

describe('mass-change', () => {
  conforms(massChange, { events: () => [change(NOON, 200)], options: () => ({ registry }) });

  it('finds a change of one percent of the asset within an hour', () => {
    expect(signals(change(NOON, 199))).toEqual([]);
    expect(signals(change(NOON, 200))).toMatchObject([{ observed: 200, threshold: 200, score: 88 }]);
    expect(signals(change(NOON, 120), change(later(NOON, 3599), 80))).toHaveLength(1);
    expect(signals(change(NOON, 120), change(later(NOON, 3600), 80))).toEqual([]);
    expect(says(signals(change(NOON, 400))[0], '400', '2.0%')).toBe(true);
  });

  it('finds a thousand rows where few are usual, and stays quiet about a routine', () => {
    const unsized = { asset: 'elsewhere', assetLevel: '' as const };
    const after = (usual: number, rows: number) =>
      signals(...history(usual).map((event) => ({ ...event, ...unsized })), change(NOON, rows, unsized));
    expect(after(10, 999)).toEqual([]);
    expect(after(10, 1000)).toMatchObject([{ baseline: 'self', sampleSize: 12, observed: 1000 }]);
    expect(after(1000, 1500)).toEqual([]);
    expect(signals(...history(300), change(NOON, 320)).filter(({ baseline }) => baseline === 'self')).toEqual([]);
  });

  it('finds one percent that is spread over the day, when the account usually changes little', () => {
    const spread = (rows: number) => Array.from({ length: 8 }, (_, n) => change(later(NOON, (n - 6) * 3600), rows));
    expect(signals(...history(5), ...spread(30))).toMatchObject([{ windowMs: 86_400_000, baseline: 'self' }]);
    expect(signals(...history(5), ...spread(20))).toEqual([]);
    expect(signals(...history(150), ...spread(30))).toEqual([]);
    expect(signals(...spread(30))).toEqual([]);
  });

  it('knows of an account that has changed nothing in four weeks that any change is unusual', () => {
    const watched = (spanDays: number) => ({ ...NO_BASELINE, observedDays: () => ({ days: spanDays, spanDays }) });
    const spread = Array.from({ length: 8 }, (_, n) => change(later(NOON, (n - 6) * 3600), 30));
    const found = (spanDays: number) => judge(massChange, spread, { registry, baseline: watched(spanDays) }).signals;
    expect(found(28)).toMatchObject([{ windowMs: 86_400_000, baseline: 'self', sampleSize: 0 }]);
    expect(found(27)).toEqual([]);
  });

  it('finds that a table is dropped or emptied, and is critical for core data', () => {
    const drop = (statement: string, fields: Partial<Event> = {}) =>
      signals(change(NOON, 0, { action: 'delete', attributes: ['statement', statement], ...fields }));
    expect(drop('DROP TABLE aid.recipients')).toMatchObject([{ unit: 'tables dropped or emptied' }]);
    expect(drop('truncate aid.recipients', { asset: 'secret', assetLevel: 'core' })[0]!.score).toBe(100);
    expect(drop('DELETE FROM aid.recipients WHERE id = 4')).toEqual([]);
    expect(drop('DROP TABLE aid.recipients', { outcome: 'failure' })).toEqual([]);
  });

  it('accepts changes under an open work order, not under one that is over or unknown', () => {
    const under = (iso: string, workOrder: string) => signals(change(iso, 4000, { workOrder }));
    expect(under(NOON, 'GD-1')).toEqual([]);
    expect(under('2026-11-20T18:00', 'GD-1')).toHaveLength(1);
    expect(under(NOON, 'GD-9')).toHaveLength(1);
  });

  it('finds the same when changes come late', () => {
    const events = [change(NOON, 120), change(later(NOON, 600), 120)];
    const found = settled(massChange, events, { registry });
    expect(settled(massChange, [...events].reverse(), { registry })).toMatchObject([
      { id: found[0]!.id, observed: 240 },
    ]);
  });
});
