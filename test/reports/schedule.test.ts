import { describe, expect, it } from 'vitest';
import { registryFrom } from '../../src/registry/registry-from.ts';
import { checkSchedule, duesOf, nextDue, type Schedule } from '../../src/reports/schedule.ts';

const registry = registryFrom({
  calendar: [{ year: 2026, rest: ['2026-10-01..2026-10-07'], workdays: ['2026-10-10'] }],
});
const isWorkday = (at: number): boolean => registry.dayType(at, '') === 'workday';
const schedule = (changes: Partial<Schedule> = {}) => ({
  ...{ every: 'month' as const, day: 1, minute: 9 * 60, onWorkdays: false, timeZone: 'Asia/Shanghai' },
  ...changes,
});
const at = (iso: string): number => Date.parse(iso);
const dues = (changes: Partial<Schedule>, from: string, to: string) =>
  duesOf(schedule(changes), at(from), at(to), isWorkday);

describe('a schedule', () => {
  it('reports the month before, from midnight to midnight of its zone', () => {
    expect(dues({}, '2026-10-15T00:00+08:00', '2026-12-15T00:00+08:00')).toEqual([
      {
        ...{ period: '2026-10', at: at('2026-11-01T09:00+08:00') },
        ...{ from: at('2026-10-01T00:00+08:00'), to: at('2026-11-01T00:00+08:00') },
      },
      {
        ...{ period: '2026-11', at: at('2026-12-01T09:00+08:00') },
        ...{ from: at('2026-11-01T00:00+08:00'), to: at('2026-12-01T00:00+08:00') },
      },
    ]);
  });

  it('waits for the next workday of the calendar, holidays and make-up days included', () => {
    const [due] = dues({ onWorkdays: true }, '2026-09-15T00:00+08:00', '2026-10-20T00:00+08:00');
    expect(due).toMatchObject({ period: '2026-09', at: at('2026-10-08T09:00+08:00') });
    // 2026-10-10 is a Saturday on which people work.
    expect(dues({ onWorkdays: true, day: 10 }, '2026-10-09T00:00+08:00', '2026-10-20T00:00+08:00')[0]!.at).toBe(
      at('2026-10-10T09:00+08:00'),
    );
  });

  it('keeps its time of day and loses and doubles no hour where clocks change', () => {
    const zone = { timeZone: 'Europe/Berlin', every: 'week' as const, day: 1 };
    const all = dues(zone, '2026-03-16T12:00+01:00', '2026-04-08T00:00+02:00');
    expect(all.map((due) => new Date(due.at).toISOString())).toEqual([
      '2026-03-23T08:00:00.000Z',
      '2026-03-30T07:00:00.000Z',
      '2026-04-06T07:00:00.000Z',
    ]);
    const hours = all.map(({ from, to }) => (to - from) / 3_600_000);
    expect(hours).toEqual([168, 167, 168]);
    for (const [n, { from }] of all.entries()) if (n > 0) expect(from).toBe(all[n - 1]!.to);
    const skipped = dues({ ...zone, day: 7, minute: 150 }, '2026-03-28T00:00Z', '2026-03-30T00:00Z');
    expect(skipped).toHaveLength(1);
    const twice = dues({ ...zone, day: 7, minute: 150 }, '2026-10-24T00:00Z', '2026-10-26T00:00Z');
    expect(twice).toHaveLength(1);
  });

  it('takes the last day of a month that has fewer, and a year with its leap day', () => {
    expect(dues({ day: 31 }, '2028-02-10T00:00+08:00', '2028-03-10T00:00+08:00').map((due) => due.at)).toEqual([
      at('2028-02-29T09:00+08:00'),
    ]);
    const [year] = dues({ every: 'year' }, '2028-06-01T00:00+08:00', '2029-06-01T00:00+08:00');
    expect(year).toMatchObject({
      period: '2028',
      from: at('2028-01-01T00:00+08:00'),
      to: at('2029-01-01T00:00+08:00'),
    });
  });

  it('has each period once, however the span is cut', () => {
    const whole = dues({ every: 'week', onWorkdays: true }, '2026-01-01T00:00Z', '2027-01-01T00:00Z');
    const cut = Array.from({ length: 365 }, (_, day) => {
      const from = at('2026-01-01T00:00Z') + day * 86_400_000;
      return duesOf(schedule({ every: 'week', onWorkdays: true }), from, from + 86_400_000, isWorkday);
    }).flat();
    expect(cut).toEqual(whole);
    expect(new Set(whole.map(({ period }) => period)).size).toBe(whole.length);
    expect(whole.length).toBeGreaterThanOrEqual(51);
  });

  it('says when the next one is due', () => {
    expect(nextDue(schedule({ every: 'year', day: 32 }), at('2026-11-26T00:00Z'), isWorkday)!.at).toBe(
      at('2027-02-01T09:00+08:00'),
    );
  });

  it.each([
    [{ kind: 'incident', every: 'month', day: 1 }, /at the incident/],
    [{ kind: 'monthly-posture', every: 'year', day: 1 }, /every month/],
    [{ kind: 'sharing-ledger', every: 'week', day: 8 }, /1 to 7/],
  ] as const)('that can not be is refused with what to do: %j', (wish, remedy) => {
    let thrown: unknown;
    try {
      checkSchedule(wish);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'WL_QUERY_INVALID', remedy: expect.stringMatching(remedy) as string });
  });
});
