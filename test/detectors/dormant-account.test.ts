import { describe, expect, it } from 'vitest';
import { dormantAccount } from '../../detectors/dormant-account.ts';
import type { Event } from '../../src/event/event.ts';
import { judge, NO_BASELINE } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { access, says, signIn, townRegistry } from './town.ts';

const registry = townRegistry();
const use = (iso: string, fields: Partial<Event> = {}) => signIn(iso, 'success', { account: 'wangfang', ...fields });
const found = (first: string, again: string, fields: Partial<Event> = {}) =>
  judge(dormantAccount, [use(first, fields), use(again, fields)], { registry }).signals;

describe('dormant-account', () => {
  conforms(dormantAccount, { events: () => [use('2026-08-01T10:00'), use('2026-10-10T10:00')] });

  it('finds an account that succeeds after sixty days, and says since when it was idle', () => {
    const [signal] = found('2026-08-01T10:00', '2026-10-10T10:00');
    expect(signal).toMatchObject({ observed: 70, threshold: 60, score: 55, actor: 'wangfang' });
    expect(says(signal, '2026-08-01 10:00', { zh: '70 天', en: '70 days' })).toBe(true);
  });

  it('begins at the limit', () => {
    expect(found('2026-08-01T10:00:00', '2026-09-30T09:59:59')).toEqual([]);
    expect(found('2026-08-01T10:00:00', '2026-09-30T10:00:00')).toHaveLength(1);
  });

  it('wants 45 days of vendors and 30 of privileged accounts, which score higher', () => {
    const vendor = { vendor: 'yunzhan' };
    expect(found('2026-08-01T10:00', '2026-09-15T09:59', vendor)).toEqual([]);
    expect(found('2026-08-01T10:00', '2026-09-15T10:00', vendor)).toHaveLength(1);
    const privileged = { privileged: true };
    expect(found('2026-08-01T10:00', '2026-08-31T09:59', privileged)).toEqual([]);
    expect(found('2026-08-01T10:00', '2026-08-31T10:00', privileged)[0]!.score).toBe(75);
  });

  it('stays quiet about accounts in use, over a holiday of nine days too', () => {
    const days = ['2026-09-30', '2026-10-09', '2026-10-10', '2026-10-31'];
    const { signals } = judge(
      dormantAccount,
      days.map((day) => use(`${day}T10:00`)),
      { registry },
    );
    expect(signals).toEqual([]);
  });

  it('does not count refused attempts and sign-outs as activity', () => {
    const events = [
      use('2026-08-01T10:00'),
      signIn('2026-09-20T10:00', 'failure', { account: 'wangfang' }),
      use('2026-09-25T10:00', { action: 'sign-out' }),
      access('2026-10-10T10:00'),
    ];
    expect(judge(dormantAccount, events, { registry }).signals).toHaveLength(1);
    expect(judge(dormantAccount, events.slice(0, 3), { registry }).signals).toEqual([]);
  });

  it('knows nothing about an account at first, and finds one never seen once the platform has watched long enough', () => {
    const watched = (days: number) => ({ ...NO_BASELINE, observedDays: () => ({ days, spanDays: days }) });
    const first = (days: number, account = 'wangfang') =>
      judge(dormantAccount, [use('2026-10-10T10:00', { account })], { registry, baseline: watched(days) }).signals;
    expect(first(84)).toEqual([]);
    expect(first(85)).toHaveLength(1);
    expect(first(85, 'stranger')).toEqual([]);
  });

  it('is not fooled by an event that comes late, or from a clock that runs ahead', () => {
    const late = [use('2026-08-01T10:00'), use('2026-08-20T10:00'), use('2026-08-02T10:00')];
    expect(judge(dormantAccount, late, { registry }).signals).toEqual([]);
    const ahead = { ...use('2027-01-01T10:00'), ingestTime: Date.parse('2026-08-02T10:00+08:00') };
    const events = [use('2026-08-01T10:00'), use('2026-08-03T10:00')];
    expect(judge(dormantAccount, [events[0]!, ahead, events[1]!], { registry }).signals).toHaveLength(1);
  });
});
