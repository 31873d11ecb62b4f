import { describe, expect, it } from 'vitest';
import { slowDrip } from '../../detectors/slow-drip.ts';
import type { Event } from '../../src/event/event.ts';
import { judge, NO_BASELINE } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { access, says, townRegistry } from './town.ts';

const registry = townRegistry({
  assets: [
    { id: 'population', name: { zh: '人口库', en: 'Population' }, level: 'core', rows: 200_000 },
    { id: 'register', name: { zh: '登记簿', en: 'Register' }, level: 'important', rows: 40_000 },
    { id: 'notices', name: { zh: '公告', en: 'Notices' }, level: 'general-2', rows: 20_000 },
  ],
});
/** 100 rows a day are usual; with this spread 280 rows are a z of about 2.3. */
const usual = {
  ...NO_BASELINE,
  expected: () =>
    ({ source: 'self', median: Math.log1p(100), mad: 0.3, sampleSize: 20, ownMedian: Math.log1p(100) }) as const,
};
const date = (n: number) => new Date(Date.UTC(2026, 10, 2 + n)).toISOString().slice(0, 10);
const days = (...rows: number[]) => rows.map((count, n) => access(`${date(n)}T10:00`, { rows: count }));
const drip = (events: Event[]) => judge(slowDrip, events, { registry, baseline: usual }).signals;

describe('slow-drip', () => {
  conforms(slowDrip, { events: () => days(280, 280, 280, 280), options: () => ({ registry, baseline: usual }) });

  it('finds days that are each a little above the usual, when their deviations add up to more than five', () => {
    const z = (0.6745 * (Math.log1p(280) - Math.log1p(100))) / 0.3;
    expect(3 * (z - 0.5)).toBeGreaterThan(5);
    expect(drip(days(280, 280, 280))).toEqual([]);
    const [found] = drip(days(280, 280, 280, 100));
    expect(found).toMatchObject({ threshold: 5, baseline: 'self', sampleSize: 20 });
    expect(says(found, '840', { zh: '3 个使用日', en: '3 days' })).toBe(true);
  });

  it('stays quiet about days of usual size, and forgets a deviation when usual days follow', () => {
    expect(drip(days(...Array<number>(20).fill(110)))).toEqual([]);
    expect(drip(days(280, 280, 50, 50, 50, 280, 280, 50))).toEqual([]);
  });

  it('leaves days that are bulk reads to that detector', () => {
    expect(drip(days(5000, 5000, 5000, 5000, 5000))).toEqual([]);
  });

  it('names the largest read of each day that it adds up', () => {
    const read = (n: number, hour: number, rows: number) => access(`${date(n)}T${hour}:00`, { rows });
    const large = [0, 1, 2].map((n) => read(n, 11, 250));
    const small = [0, 1, 2].map((n) => read(n, 12, 30));
    const last = read(3, 10, 100);
    const [found] = drip([0, 1, 2].flatMap((n) => [large[n]!, small[n]!]).concat(last));
    expect(found!.eventIds).toEqual([...large, last].map(({ id }) => id));
  });

  it('counts days that are far above the usual but too small for a bulk read, none for more than its limit', () => {
    expect(drip(days(600, 600, 100))).toHaveLength(1);
    expect(drip(days(999, 100, 100))).toEqual([]);
  });

  it('stays quiet while the rows beyond the usual are few', () => {
    expect(drip(days(260, 260, 260, 100))).toEqual([]);
    expect(drip(days(260, 260, 260, 260, 100))).toHaveLength(1);
  });

  it('says nothing of deviations without a baseline, nor of few rows', () => {
    expect(judge(slowDrip, days(280, 280, 280, 280, 280), { registry }).signals).toEqual([]);
    expect(
      judge(slowDrip, days(280, 280, 280, 280), { registry, baseline: usual, settings: { rowsAtLeast: 841 } }).signals,
    ).toEqual([]);
  });

  it('counts the persons that were seen in thirty days against the size of the asset', () => {
    const look = (asset: string, assetLevel: Event['assetLevel'], persons: number, everyDays = 1) =>
      Array.from({ length: persons / 100 }, (_, n) =>
        access(`${date(Math.floor((n * everyDays) / 4))}T10:0${n % 4}`, {
          asset,
          assetLevel,
          rows: 100,
          dataSubjects: Array.from({ length: 100 }, (_each, i) => `p${n * 100 + i}`),
        }),
      );
    const found = (...args: Parameters<typeof look>) => judge(slowDrip, look(...args), { registry }).signals;
    expect(found('population', 'core', 3000)[0]).toMatchObject({ unit: '% of the persons', threshold: 1 });
    expect(says(found('population', 'core', 3000)[0], '%', { zh: '不同的人', en: 'different persons' })).toBe(true);
    expect(found('population', 'core', 1400)).toEqual([]);
    expect(found('register', 'important', 1400)).toEqual([]);
    expect(found('register', 'important', 2800)).toHaveLength(1);
    expect(found('notices', 'general-2', 1400)).toEqual([]);
    expect(found('notices', 'general-2', 3000)).not.toEqual([]);
    expect(found('elsewhere', 'core', 3000)).toEqual([]);
    expect(found('population', 'core', 3000, 16)).toEqual([]);
  });

  it('does not count the same persons twice', () => {
    const same = Array.from({ length: 40 }, (_, n) =>
      access(`${date(n % 20)}T1${n < 20 ? 0 : 1}:00`, {
        asset: 'population',
        assetLevel: 'core',
        rows: 100,
        dataSubjects: ['p1', 'p2'],
      }),
    );
    expect(judge(slowDrip, same, { registry }).signals).toEqual([]);
  });

  it('takes a read that comes late from an earlier day without closing anything twice', () => {
    const events = days(280, 280, 280, 100);
    const late = access(`${date(1)}T11:00`, { rows: 5 });
    expect(drip([...events.slice(0, 3), late, events[3]!])).toHaveLength(1);
  });
});
