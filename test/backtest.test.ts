import { describe, expect, it } from 'vitest';
import { progressText, rangeOf } from '../src/backtest-command.ts';
import { packed } from '../src/store/event-slices.ts';

describe('the slices of a backtest', () => {
  it('hold as many steps as fit, and parts of a step that does not fit by itself', () => {
    const step = (n: number, count: number) => ({ from: n * 10, to: n * 10 + 10, count });
    expect(packed([step(0, 40), step(1, 60), step(2, 1), step(7, 250)], 100)).toEqual([
      { from: 0, to: 20, count: 100 },
      { from: 20, to: 30, count: 1 },
      { from: 70, to: 73, count: 83 },
      { from: 73, to: 77, count: 83 },
      { from: 77, to: 80, count: 83 },
    ]);
  });
});

describe('the range of a backtest', () => {
  const now = Date.parse('2026-11-20T00:00:00Z');
  const asked = { warmUpDays: 28 };

  it('is the last week, after a warm-up of four', () => {
    const range = rangeOf(asked, now);
    expect([now - range.to, now - range.from, range.from - range.warmUpFrom]).toEqual([0, 7 * 864e5, 28 * 864e5]);
  });

  it('takes times with their zone, and refuses what is none, with the remedy', () => {
    expect(rangeOf({ ...asked, from: '2026-11-19T08:00:00+08:00' }, now).from).toBe(now - 864e5);
    expect(() => rangeOf({ ...asked, from: 'yesterday' }, now)).toThrow('from is "yesterday": no time');
    expect(() => rangeOf({ ...asked, from: '2026-11-20T08:00:00+08:00' }, now)).toThrow('is not before to');
    expect(() => rangeOf({ warmUpDays: NaN }, now)).toThrow('warm-up-days is NaN');
  });
});

it('the progress of a backtest says how much is done, how fast, and how long it will take', () => {
  const text = progressText({ events: 2_500_000, total: 10_000_000, elapsedMs: 25_000 });
  expect(text).toBe('25 % of 10,000,000 events, 100,000 events/s, 75 s left');
});
