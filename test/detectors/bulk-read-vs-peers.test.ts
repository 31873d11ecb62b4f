import { describe, expect, it } from 'vitest';
import { bulkReadVsPeers } from '../../detectors/bulk-read-vs-peers.ts';
import type { Event } from '../../src/event/event.ts';
import { judge } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { access, says, townRegistry, watchedTown } from './town.ts';

const registry = townRegistry();
const OFFICERS = ['wangfang', 'lina', 'zhaolei', 'sunyue', 'zhouping', 'wumin'];
/** Workdays of a week in November 2026; the 7th and 8th are a weekend. */
const WORKDAYS = ['02', '03', '04', '05', '06', '09', '10', '11', '12', '13'];

/** What the officers usually do: 400 to 600 rows of one asset on each of the days. */
const routine = (days = WORKDAYS): Event[] =>
  days.flatMap((day, d) =>
    OFFICERS.map((actor, n) => access(`2026-11-${day}T10:0${n}`, { actor, rows: 400 + ((d * 7 + n * 37) % 200) })),
  );
const today = (rows: number, fields: Partial<Event> = {}) => access('2026-11-16T15:00', { rows, ...fields });
const signals = (events: Event[], settings = {}) => judge(bulkReadVsPeers, events, { registry, settings }).signals;

describe('bulk-read-vs-peers', () => {
  conforms(bulkReadVsPeers, { events: () => [...routine(), today(9000)], options: () => ({ registry }) });

  it('finds rows of a day that are far above those of the peers', () => {
    const [found] = signals([...routine(), today(9000)]);
    expect(found).toMatchObject({ observed: 9000, unit: 'rows', baseline: 'peer' });
    expect(found!.sampleSize).toBeGreaterThan(30);
    expect(says(found, '9,000', 'wangfang', { zh: '同组 7 人', en: 'group of 7' })).toBe(true);
  });

  it('stays quiet at what is usual in the group, and below a thousand rows', () => {
    expect(signals([...routine(), today(600)])).toEqual([]);
    expect(signals([...routine(), today(999)])).toEqual([]);
    const { threshold } = signals([...routine(), today(9000)])[0]!;
    expect(signals([...routine(), today(threshold - 60)])).toEqual([]);
    expect(signals([...routine(), today(threshold + 60)])).toHaveLength(1);
  });

  it('finds someone who uses many more assets than the others', () => {
    const assets = ['a', 'b', 'c', 'd', 'e', 'f'].map((name, n) =>
      access(`2026-11-16T15:0${n}`, { asset: name, rows: 5 }),
    );
    expect(signals([...routine(), ...assets])[0]).toMatchObject({ unit: 'assets', observed: 5 });
    expect(signals([...routine(), ...assets.slice(0, 4)])).toEqual([]);
  });

  it('says nothing before it knows thirty person-days, or of a group of fewer than five', () => {
    expect(signals([...routine(WORKDAYS.slice(0, 4)), today(9000)])).toEqual([]);
    expect(signals([...routine(), today(9000)], { peersAtLeast: 8 })).toEqual([]);
  });

  it('compares a make-up workday with workdays and a holiday with rest days', () => {
    const makeUp = '2026-10-10T15:00';
    const holiday = '2026-10-07T15:00';
    expect(registry.dayType(Date.parse(`${makeUp}+08:00`), 'civil')).toBe('workday');
    expect(registry.dayType(Date.parse(`${holiday}+08:00`), 'civil')).toBe('rest');
    const before = (iso: string) => {
      const days = ['14', '15', '16', '17', '18', '21', '22', '23', '24', '28', '29', '30'];
      const events = days.flatMap((day, d) =>
        OFFICERS.map((actor, n) => access(`2026-09-${day}T10:0${n}`, { actor, rows: 400 + ((d * 7 + n * 37) % 200) })),
      );
      return signals([...events, access(iso, { rows: 9000 })]);
    };
    expect(before(makeUp)).toHaveLength(1);
    expect(before(holiday)).toEqual([]);
  });

  it('scores higher when the actor’s own baseline says the same', () => {
    const scoreWith = (rows: number) =>
      judge(bulkReadVsPeers, [...routine(), today(9000)], { registry, baseline: watchedTown('2026-11-16', { rows }) })
        .signals[0]!.score;
    expect(scoreWith(100) - scoreWith(9000)).toBeCloseTo(15 * 1.6, 5);
  });

  it('keeps at most 512 members of a group, and those who read most among them', () => {
    const crowd = (rows: number) =>
      Array.from({ length: 600 }, (_, n) => access('2026-11-16T14:00', { actor: `clerk${n}`, rows }));
    const found = signals([...routine(), today(900), ...crowd(450), today(8100)]);
    expect(found).toMatchObject([{ actor: 'wangfang', observed: 9000 }]);
  });

  it('counts nothing into a day that is over', () => {
    const late = access('2026-11-13T16:00', { rows: 9000 });
    expect(signals([...routine(), today(500), late])).toEqual([]);
  });
});
