import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addAmount,
  contributing,
  heaviestWindow,
  noAmounts,
  noIds,
  reachOf,
  timesBetween,
  withId,
} from '../../src/detection/windows.ts';

const KEEP = { horizonMs: 2000, exactEntries: 64, coarseMs: 100 };

function seriesOf(...entries: [time: number, amount: number][]) {
  const series = noAmounts();
  for (const [time, amount] of entries) addAmount(series, time, amount, time, KEEP);
  return series;
}

describe('sliding windows', () => {
  it('hold what is younger than the window, and not what is exactly as old', () => {
    const series = seriesOf([1, 5], [1000, 7]);
    expect(heaviestWindow(series, 1000, 1000, 1000)).toEqual({ amount: 12, end: 1000 });
    expect(heaviestWindow(series, 1000, 1000, 999)).toEqual({ amount: 7, end: 1000 });
  });

  it('say 0 where no entry ends a window', () => {
    expect(heaviestWindow(seriesOf([1, 5]), 2, 9, 1000)).toEqual({ amount: 0, end: 0 });
    expect(heaviestWindow(noAmounts(), 0, 9, 1000)).toEqual({ amount: 0, end: 0 });
  });

  it('find the heaviest of all windows, as a plain search does, in any order of arrival', () => {
    const entries = fc.array(fc.tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 1, max: 9 })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(entries, fc.integer({ min: 1, max: 500 }), fc.nat(900), (pairs, windowMs, from) => {
        const sums = pairs
          .map(([end]) => end)
          .filter((end) => end >= from)
          .map((end) => pairs.filter(([t]) => t > end - windowMs && t <= end).reduce((sum, [, n]) => sum + n, 0));
        expect(heaviestWindow(seriesOf(...pairs), from, 900, windowMs).amount).toBe(Math.max(0, ...sums));
      }),
    );
  });

  it('drop what is past the horizon, and sum into steps above the exact entries', () => {
    const series = noAmounts();
    for (let time = 0; time < 10_000; time++) addAmount(series, time, 1, time, KEEP);
    expect(series.stepMs).toBe(100);
    expect(series.entries.length).toBeLessThanOrEqual(2 * 21);
    expect(heaviestWindow(series, 9999, 9999, 1000).amount).toBeGreaterThanOrEqual(900);
  });

  it('are not pushed on by a clock that runs far ahead', () => {
    expect(reachOf(10_000_000, 1000)).toBe(1000);
    expect(reachOf(200_000, 1000)).toBe(200_000);
    expect(reachOf(10_000_000, 0)).toBe(10_000_000);
  });
});

describe('contributing events', () => {
  it('are the newest twenty by event time, the causing one last', () => {
    let recent = noIds();
    for (let i = 0; i < 30; i++) recent = withId(recent, i % 2 === 0 ? i : 30 - i, `id${i}`);
    const times = timesBetween(recent, 0, 100);
    expect(times).toHaveLength(20);
    expect(times.toSorted((a, b) => a - b)).toEqual(times);
    const fourth = recent[7] as string;
    const ids = contributing(recent, 0, 100, fourth);
    expect(ids).toHaveLength(20);
    expect(ids.at(-1)).toBe(fourth);
    expect(contributing(recent, 0, 100, 'other')).toHaveLength(20);
  });
});
