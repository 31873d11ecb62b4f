import { describe, expect, it } from 'vitest';
import { enumeration } from '../../detectors/enumeration.ts';
import type { Event } from '../../src/event/event.ts';
import { judge } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { access, later, says, settled } from './town.ts';

const NINE = '2026-11-20T09:00';
/** Pauses of 3 to 9 seconds, as people make them. */
const uneven = (n: number) => n * 6 + ((n * 7) % 5) - 2;
const even = (n: number) => n * 8;
const looks = (count: number, key: (n: number) => string[], at = uneven, fields: Partial<Event> = {}): Event[] =>
  Array.from({ length: count }, (_, n) => access(later(NINE, at(n)), { rows: 1, attributes: key(n), ...fields }));
const consecutive = (n: number) => ['query', `type=a&id=${40_000 + n}`];
const random = (n: number) => ['query', `id=${(n * 7919) % 100_003}`];
const signals = (events: Event[]) => judge(enumeration, events).signals;

describe('enumeration', () => {
  conforms(enumeration, { events: () => looks(60, consecutive) });

  it('finds sixty records looked up by consecutive keys, not fifty-nine', () => {
    expect(signals(looks(59, consecutive))).toEqual([]);
    const [found] = signals(looks(60, consecutive));
    expect(found).toMatchObject({ observed: 60, threshold: 60, unit: 'records', score: 88 });
    expect(says(found, '100%', { zh: '编号连续', en: 'consecutive keys' })).toBe(true);
  });

  it('finds a machine’s even pace in whatever order, except of machine accounts', () => {
    expect(says(signals(looks(60, random, even))[0], { zh: '均匀如机器', en: 'even pace' })).toBe(true);
    expect(signals(looks(60, random, even, { role: 'service' }))).toEqual([]);
    expect(signals(looks(60, consecutive, even, { role: 'service' }))).not.toEqual([]);
  });

  it('stays quiet about many look-ups of a busy counter, in random order at an uneven pace', () => {
    expect(signals(looks(90, random))).toEqual([]);
  });

  it('stays quiet when they take longer, or are the same few records', () => {
    expect(signals(looks(70, consecutive, (n) => n * 11 + (n % 3)))).toEqual([]);
    expect(signals(looks(90, (n) => ['query', `id=${n % 20}`]))).toEqual([]);
  });

  it('takes data subjects and explicit keys for records, and leaves larger reads out', () => {
    const subjects = Array.from({ length: 60 }, (_, n) =>
      access(later(NINE, even(n)), { rows: 1, dataSubjects: [`h${n}`] }),
    );
    expect(signals(subjects)).toHaveLength(1);
    expect(signals(looks(60, (n) => ['recordKey', String(n)]))).toHaveLength(1);
    expect(signals(looks(60, consecutive, uneven, { rows: 6 }))).toEqual([]);
  });

  it('finds the same when look-ups come late', () => {
    const events = looks(62, consecutive);
    const found = settled(enumeration, events);
    expect(settled(enumeration, [...events.slice(30), ...events.slice(0, 30)])).toMatchObject([{ id: found[0]!.id }]);
  });
});
