import { describe, expect, it } from 'vitest';
import { privilegeBurst } from '../../detectors/privilege-burst.ts';
import type { Event } from '../../src/event/event.ts';
import { eventAt, judge, NO_BASELINE } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { later, says, settled, townRegistry } from './town.ts';

const registry = townRegistry();
const NINE = '2026-11-20T09:00';
const act = (iso: string, action: 'grant' | 'revoke', target: string, fields: Partial<Event> = {}): Event =>
  eventAt(iso, { classUid: 3005, action, outcome: 'success', account: 'admin', actor: 'admin', target, ...fields });
const grants = (count: number, secondsApart = 60, from = NINE) =>
  Array.from({ length: count }, (_, n) => act(later(from, n * secondsApart), 'grant', `user${n}`));
const signals = (events: Event[]) => judge(privilegeBurst, events, { registry }).signals;

describe('privilege-burst', () => {
  conforms(privilegeBurst, { events: () => grants(10) });

  it('finds ten rights within an hour, not nine, and not when they take longer', () => {
    expect(signals(grants(9))).toEqual([]);
    expect(signals(grants(10))[0]).toMatchObject({ observed: 10, threshold: 10, score: 50, baseline: 'cap' });
    expect(says(signals(grants(10))[0], 'admin', { zh: '10 项权限', en: '10 rights' })).toBe(true);
    expect(signals(grants(10, 399))).toHaveLength(1);
    expect(signals(grants(10, 400))).toEqual([]);
  });

  it('finds fewer when the account hardly ever grants any, and not when it often does', () => {
    const history = (perDay: number) =>
      Array.from({ length: 12 }, (_, n) =>
        grants(perDay, 3000, `2026-11-${String(n + 2).padStart(2, '0')}T09:00`),
      ).flat();
    expect(signals([...history(1), ...grants(4)]).at(-1)).toMatchObject({
      observed: 4,
      baseline: 'self',
      sampleSize: 12,
    });
    expect(signals([...history(1), ...grants(3)])).toEqual([]);
    expect(signals([...history(4), ...grants(6)])).toEqual([]);
  });

  it('finds a few from an account that never grants any, once the platform has watched for four weeks', () => {
    const watched = (spanDays: number) => ({ ...NO_BASELINE, observedDays: () => ({ days: spanDays, spanDays }) });
    const few = (count: number, spanDays: number) =>
      judge(privilegeBurst, grants(count), { registry, baseline: watched(spanDays) }).signals;
    expect(few(4, 28)).toMatchObject([{ observed: 4, baseline: 'self' }]);
    expect(few(3, 28)).toEqual([]);
    expect(few(4, 27)).toEqual([]);
  });

  it('finds a right that is taken back within two hours', () => {
    const taken = (seconds: number, target = 'li') =>
      signals([act(NINE, 'grant', 'li'), act(later(NINE, seconds), 'revoke', target)]);
    expect(taken(7200)[0]).toMatchObject({ unit: 'minutes until taken back', observed: 120 });
    expect(says(taken(1800)[0], { zh: '30 分钟后即收回', en: 'took it back 30 minutes later' })).toBe(true);
    expect(taken(7201)).toEqual([]);
    expect(taken(60, 'chen')).toEqual([]);
  });

  it('leaves refused grants out and weighs vendors', () => {
    expect(signals(grants(12).map((event) => ({ ...event, outcome: 'failure' as const })))).toEqual([]);
    expect(signals(grants(10).map((event) => ({ ...event, vendor: 'yunzhan' })))[0]!.score).toBe(60);
  });

  it('finds the same whatever the order within the hour', () => {
    const events = grants(11);
    const found = settled(privilegeBurst, events);
    expect(settled(privilegeBurst, [...events].reverse())).toMatchObject([{ id: found[0]!.id, observed: 11 }]);
  });
});
