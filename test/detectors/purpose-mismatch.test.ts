import { describe, expect, it } from 'vitest';
import { purposeMismatch } from '../../detectors/purpose-mismatch.ts';
import type { Event } from '../../src/event/event.ts';
import { judge } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { grant, sharingTown, use } from './granted.ts';
import { later, says, settled } from './town.ts';

const AT = '2026-06-10T10:00';
const registry = sharingTown([grant({ purpose: 'ticket discounts' })], {
  cases: [
    { number: 'AJ-1', opened: '2026-06-01', closed: '2026-06-05', officer: 'p-chen' },
    { number: 'AJ-2', opened: '2026-06-01', officer: 'p-wang' },
    { number: 'AJ-3', opened: '2026-06-01', officer: 'p-chen' },
    { number: 'AJ-4', opened: '2026-06-20' },
  ],
});
const signals = (...events: Event[]) => judge(purposeMismatch, events, { registry }).signals;
const bare = (count: number, apart = 60, fields: Partial<Event> = {}) =>
  Array.from({ length: count }, (_, n) => use(later(AT, n * apart), fields));

describe('purpose-mismatch', () => {
  conforms(purposeMismatch, { events: () => [use(AT, { purpose: 'research' })], options: () => ({ registry }) });

  it('finds another purpose than the grant’s, at once', () => {
    const [found] = signals(use(AT, { purpose: 'research' }));
    expect(found).toMatchObject({ score: 96, unit: 'purposes that do not fit' });
    expect(says(found, 'research', 'ticket discounts')).toBe(true);
    expect(signals(use(AT, { purpose: ' Ticket Discounts' }))).toEqual([]);
  });

  it('finds a case that is closed, not yet opened, or another officer’s', () => {
    const of = (caseNumber: string) => signals(use(AT, { caseNumber }))[0];
    expect(says(of('AJ-1'), 'AJ-1', { zh: '结案', en: 'closed at' }, '2026-06-06 00:00')).toBe(true);
    expect(says(of('AJ-2'), { zh: '他人承办', en: 'another officer' })).toBe(true);
    expect(says(of('AJ-4'), { zh: '才立案', en: 'opened only' })).toBe(true);
    expect(of('AJ-3')).toBeUndefined();
  });

  it('holds an unknown case against those only who have named a known one', () => {
    expect(signals(use(AT, { caseNumber: 'X-9' }))).toEqual([]);
    const found = signals(use(AT, { caseNumber: 'AJ-3' }), use(later(AT, 60), { caseNumber: 'X-9' }));
    expect(says(found[0], 'X-9', { zh: '没有该案件', en: 'no such case' })).toBe(true);
  });

  it('finds five accesses within an hour without the purpose that the grant has', () => {
    expect(signals(...bare(4))).toEqual([]);
    expect(signals(...bare(5))).toMatchObject([{ observed: 5, threshold: 5 }]);
    expect(signals(...bare(5, 899))).toHaveLength(1);
    expect(signals(...bare(5, 900))).toEqual([]);
    expect(signals(...bare(21, 60, { purpose: 'ticket discounts' }), ...bare(4))).toEqual([]);
  });

  it('finds that more than a fifth of the day’s accesses state none, from ten on', () => {
    const day = (stated: number, missing: number) =>
      signals(...bare(stated, 60, { purpose: 'ticket discounts' }), ...bare(missing, 3600));
    expect(day(8, 2)).toEqual([]);
    expect(day(8, 3)).toMatchObject([{ observed: 27, threshold: 20 }]);
    expect(day(6, 3)).toEqual([]);
  });

  it('asks for nothing where there is no grant with a purpose, or the owner reads', () => {
    expect(signals(...bare(9, 60, { department: 'civil' }))).toEqual([]);
    expect(judge(purposeMismatch, bare(9), { registry: sharingTown([grant()]) }).signals).toEqual([]);
    expect(signals(...bare(9, 60, { caseNumber: 'AJ-3' }))).toEqual([]);
  });

  it('finds the same when the accesses come late, in any order', () => {
    const events = bare(6);
    const found = settled(purposeMismatch, events, { registry });
    expect(settled(purposeMismatch, [...events].reverse(), { registry })[0]!.id).toBe(found[0]!.id);
  });
});
