import { describe, expect, it } from 'vitest';
import { sourceLag } from '../../detectors/source-lag.ts';
import type { Event } from '../../src/event/event.ts';
import { eventAt, judge } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { later, says, townRegistry } from './town.ts';

const registry = townRegistry();
const WORKDAYS = ['02', '03', '04', '05', '06', '09'];
/** So many events within a quarter of an hour, from ten o'clock on if not said otherwise. */
const quarter = (date: string, count: number, lateMs = 0, clock = '10:00'): Event[] =>
  Array.from({ length: count }, (_, n) => {
    const event = eventAt(later(`${date}T${clock}`, (n * 890) / count), { source: 'archive' });
    return { ...event, time: event.time - lateMs };
  });
const end = (date: string) => eventAt(`${date}T10:30`, { source: 'other' });
/** An even flow around ten o'clock; the days are whole, their last quarter has an event too. */
const history = (days = WORKDAYS) =>
  days.flatMap((day) => [
    ...['09:45', '10:00', '10:15'].flatMap((clock) => quarter(`2026-11-${day}`, 100, 0, clock)),
    eventAt(`2026-11-${day}T23:50`, { source: 'archive' }),
  ]);
const after = (count: number, date = '2026-11-10') =>
  judge(sourceLag, [...history(), ...quarter(date, 100, 0, '09:45'), ...quarter(date, count), end(date)], { registry })
    .signals;

describe('source-lag', () => {
  conforms(sourceLag, {
    events: () => [...history(), ...quarter('2026-11-10', 20), end('2026-11-10')],
    options: () => ({ registry }),
  });

  it('finds a quarter of an hour with less than half of the usual events', () => {
    expect(after(50)).toEqual([]);
    const [found] = after(49);
    expect(found).toMatchObject({ observed: 49, expected: 100, threshold: 50, score: 45, baseline: 'self' });
    expect(says(found, 'archive', '49', '100')).toBe(true);
  });

  it('is critical below a tenth', () => {
    expect(after(10)[0]!.score).toBe(45);
    expect(after(9)[0]!.score).toBe(85);
  });

  it('does not compare a rest day with workdays, and knows nothing at first', () => {
    expect(
      judge(sourceLag, [...history(), ...quarter('2026-11-14', 9), end('2026-11-14')], { registry }).signals,
    ).toEqual([]);
    const young = [...history(WORKDAYS.slice(0, 4)), ...quarter('2026-11-06', 9), end('2026-11-06')];
    expect(judge(sourceLag, young, { registry }).signals).toEqual([]);
  });

  it('finds that more than 5 % of the events come ten minutes late', () => {
    const lag = (late: number, lateMs: number) =>
      judge(
        sourceLag,
        [...quarter('2026-11-10', 100 - late), ...quarter('2026-11-10', late, lateMs), end('2026-11-10')],
        { registry },
      ).signals;
    expect(lag(5, 600_001)).toEqual([]);
    expect(lag(6, 600_001)).toMatchObject([{ observed: 6, threshold: 5, unit: '% of the events late' }]);
    expect(lag(6, 600_000)).toEqual([]);
  });
});
