import { describe, expect, it } from 'vitest';
import { denialProbing } from '../../detectors/denial-probing.ts';
import type { Event } from '../../src/event/event.ts';
import { judge } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { access, later, says, settled, townRegistry } from './town.ts';

const NOON = '2026-11-20T12:00';
const registry = townRegistry();
const tried = (n: number, outcome: Event['outcome'], seconds = n * 10, asset = `table-${n}`) =>
  access(later(NOON, seconds), { asset, assetLevel: '', outcome });
const doors = (count: number, apart = 10) => Array.from({ length: count }, (_, n) => tried(n, 'failure', n * apart));
const signals = (events: Event[]) => judge(denialProbing, events, { registry }).signals;

describe('denial-probing', () => {
  conforms(denialProbing, { events: () => doors(8), options: () => ({ registry }) });

  it('finds eight refused assets, not seven', () => {
    expect(signals(doors(7))).toEqual([]);
    const [found] = signals(doors(8));
    expect(found).toMatchObject({ observed: 8, threshold: 8, score: 50, unit: 'assets' });
    expect(says(found, { zh: '8 个数据资产', en: '8 assets' }, { zh: '15 分钟', en: '15 minutes' })).toBe(true);
  });

  it('stays quiet when they are spread over longer than the window', () => {
    expect(signals(doors(8, 128))).toHaveLength(1);
    expect(signals(doors(8, 129))).toEqual([]);
  });

  it('finds twenty refusals on one asset when they are half of all attempts', () => {
    const same = (denied: number, allowed: number) => [
      tried(0, 'failure', 0, 'one'),
      ...Array.from({ length: allowed }, (_, n) => tried(n, 'success', n + 1, 'two')),
      ...Array.from({ length: denied - 1 }, (_, n) => tried(n, 'failure', 100 + n, 'one')),
    ];
    expect(signals(same(19, 0))).toEqual([]);
    expect(signals(same(20, 20))).toHaveLength(1);
    expect(signals(same(20, 21))).toEqual([]);
  });

  it('is high when a door that had refused opens', () => {
    const found = signals([...doors(8), tried(3, 'success', 200)]);
    expect(found.at(-1)!.score).toBeGreaterThanOrEqual(65);
    expect(says(found.at(-1), 'table-3', { zh: '访问成功', en: 'succeeded' })).toBe(true);
    expect(signals([...doors(8), tried(99, 'success', 200)])).toHaveLength(1);
    expect(signals([...doors(8), tried(3, 'success', 3600)])).toHaveLength(1);
  });

  it('leaves refused sign-ins to other detectors', () => {
    expect(signals(doors(9).map((event) => ({ ...event, classUid: 3002 })))).toEqual([]);
  });

  it('finds the same when events come late', () => {
    const events = doors(9, 30);
    const late = [...events.slice(4), ...events.slice(0, 4)];
    expect(settled(denialProbing, late, { registry })[0]!.id).toBe(settled(denialProbing, events, { registry })[0]!.id);
  });
});
