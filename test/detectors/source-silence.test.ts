import { describe, expect, it } from 'vitest';
import { sourceSilence } from '../../detectors/source-silence.ts';
import type { Event } from '../../src/event/event.ts';
import { eventAt, judge } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { later, says, townRegistry } from './town.ts';

const registry = townRegistry();
/** A line each minute from `from` on, for so many minutes. */
const lines = (from: string, minutes: number, everyMinutes = 1, source = 'archive'): Event[] =>
  Array.from({ length: Math.floor(minutes / everyMinutes) }, (_, n) =>
    eventAt(later(from, n * everyMinutes * 60), { source }),
  );
/** Monday to Thursday, day and night; the last line comes on Friday at 9:59. */
const week = (everyMinutes = 1) => lines('2026-11-16T00:00', 4 * 1440 + 600, everyMinutes);
const clock = (iso: string) => eventAt(iso, { source: 'other' });
const signals = (events: Event[], options: object = { registry }) => judge(sourceSilence, events, options).signals;

describe('source-silence', () => {
  conforms(sourceSilence, { events: () => [...week(), clock('2026-11-20T10:30')], options: () => ({ registry }) });

  it('finds a source that is silent for longer than five minutes, when it has one line a minute', () => {
    expect(signals([...week(), clock('2026-11-20T10:03:59')])).toEqual([]);
    const [found] = signals([...week(), clock('2026-11-20T10:04:00')]);
    expect(found).toMatchObject({ observed: 5, threshold: 5, unit: 'minutes of silence', score: 50, baseline: 'self' });
    expect(says(found, 'archive', '2026-11-20 09:59', { zh: '5 分钟', en: '5 minutes' })).toBe(true);
  });

  it('is critical after twice that time, in the same finding', () => {
    const { findings } = judge(sourceSilence, [...week(), clock('2026-11-20T10:30')], { registry });
    expect(findings.map(({ severity }) => severity)).toEqual(['medium', 'critical']);
    expect(new Set(findings.map(({ id }) => id)).size).toBe(1);
  });

  it('waits longer for a source with few lines', () => {
    const slow = week(10);
    expect(signals([...slow, clock('2026-11-20T10:39')])).toEqual([]);
    expect(signals([...slow, clock('2026-11-20T10:41')])).toHaveLength(1);
  });

  it('leaves out sources with fewer than a hundred lines a day, and ones that it has known for fewer than three days', () => {
    expect(signals([...week(15), clock('2026-11-21T10:00')])).toEqual([]);
    expect(signals([...lines('2026-11-18T00:00', 2 * 1440 + 600), clock('2026-11-20T14:00')])).toEqual([]);
  });

  it('says it once, and again when it is silent once more', () => {
    const again = lines('2026-11-20T11:00', 60);
    const found = signals([...week(), ...again, clock('2026-11-20T13:00')]);
    expect(found.map(({ score }) => score)).toEqual([50, 85, 50, 85]);
    expect(new Set(found.map(({ groupKey }) => groupKey)).size).toBe(2);
  });

  it('knows that an office is quiet on rest days and a make-up Saturday is none', () => {
    const office = ['14', '15', '16', '17', '18', '20', '21', '22', '23', '24', '28', '29', '30'].flatMap((day) =>
      lines(`2026-09-${day}T08:00`, 600),
    );
    const october = ['08', '09'].flatMap((day) => lines(`2026-10-${day}T08:00`, 600));
    expect(signals([...office, ...october, clock('2026-10-10T07:50')])).toEqual([]);
    const saturday = [...office, ...october, ...lines('2026-10-10T08:00', 120)];
    expect(registry.dayType(Date.parse('2026-10-10T10:00+08:00'), '')).toBe('workday');
    expect(signals([...saturday, clock('2026-10-10T10:30')]).at(-1)).toMatchObject({ score: 85 });
    const sunday = [...office, ...october, ...lines('2026-10-10T08:00', 600), ...lines('2026-10-11T08:00', 30)];
    expect(signals([...sunday, clock('2026-10-11T15:00')])).toEqual([]);
  });

  it('takes the limit that the registry states from the first day on', () => {
    const stated = townRegistry({ sources: [{ id: 'archive', silenceLimitMinutes: 30 }] });
    const [first] = lines('2026-11-20T09:00', 1);
    expect(signals([first!, clock('2026-11-20T09:29')], { registry: stated })).toEqual([]);
    expect(signals([first!, clock('2026-11-20T09:59')], { registry: stated })).toHaveLength(1);
  });

  it('does not wait for an office that opens in the middle of an hour from the beginning of that hour', () => {
    const office = ['16', '17', '18', '19'].flatMap((day) => lines(`2026-11-${day}T08:30`, 540, 0.5));
    const opened = lines('2026-11-20T08:32', 60, 0.5);
    expect(signals([...office, ...opened])).toEqual([]);
    expect(signals([...office, clock('2026-11-20T08:55')])).not.toEqual([]);
  });

  it('judges a source that is quiet on rest days on the Monday after them', () => {
    const office = ['09', '10', '11', '12', '13'].flatMap((day) => lines(`2026-11-${day}T08:30`, 540, 0.5));
    const monday = lines('2026-11-16T08:30', 120, 0.5);
    expect(signals([...office, ...monday, clock('2026-11-16T10:45')])).not.toEqual([]);
    expect(signals([...office, ...monday])).toEqual([]);
  });
});
