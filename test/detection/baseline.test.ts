import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BaselineBook, robustZ } from '../../src/detection/baseline.ts';
import type { Event } from '../../src/event/event.ts';
import { access, townRegistry, watchedTown } from '../detectors/town.ts';

const registry = townRegistry();
const book = () => new BaselineBook(() => registry);
const NOON = Date.parse('2026-11-20T12:00+08:00');
const DAY_MS = 86_400_000;

/** Reads at local times of the days before 2026-11-20 (a Friday), `back` days ago. */
function read(back: number, rows: number, fields: Partial<Event> = {}, clock = '10:00'): Event {
  const date = new Date(NOON - back * DAY_MS).toISOString().slice(0, 10);
  return access(`${date}T${clock}`, { rows, ...fields });
}

/** Three reads of `rows` on each of so many days before 2026-11-20. */
function history(days: number, rows: number, fields: Partial<Event> = {}): Event[] {
  return Array.from({ length: days }, (_, i) =>
    ['09:00', '10:00', '11:00'].map((clock) => read(i + 1, rows, fields, clock)),
  ).flat();
}

function bookOf(...events: Event[]) {
  const made = book();
  for (const event of events) made.observe(event);
  return made;
}

const expectedBy = (made: BaselineBook, actor = 'wangfang', at = NOON) =>
  made.expected('rows-24h', actor, 'recipients', at);

describe('BaselineBook', () => {
  it('knows an actor’s own daily and hourly volume', () => {
    const made = bookOf(...history(14, 100));
    expect(expectedBy(made)).toMatchObject({ source: 'self', mad: 0.15, sampleSize: 10 });
    expect(Math.expm1(expectedBy(made).median)).toBeCloseTo(300);
    expect(Math.expm1(made.expected('rows-1h', 'wangfang', 'recipients', NOON).median)).toBeCloseTo(100);
  });

  it('wants ten active days and thirty reads', () => {
    expect(expectedBy(bookOf(...history(9, 100))).source).toBe('cap');
    expect(expectedBy(bookOf(...history(10, 100))).source).toBe('self');
    expect(expectedBy(bookOf(...history(10, 100).slice(0, 29))).source).toBe('cap');
  });

  it('is content with one read a day on half of the days, as of a nightly job', () => {
    const daily = (days: number) => Array.from({ length: days }, (_, i) => read(i + 1, 30_000, { actor: 'etl' }));
    expect(expectedBy(bookOf(...daily(14)), 'etl').source).toBe('cap');
    expect(expectedBy(bookOf(...daily(15)), 'etl')).toMatchObject({ source: 'self', sampleSize: 11 });
  });

  it('counts only the twenty-eight days before the local day', () => {
    const made = bookOf(...history(40, 100), read(0, 90_000));
    expect(expectedBy(made).median).toBeCloseTo(Math.log1p(300));
    const old = bookOf(...history(37, 100).filter(({ time }) => time < NOON - 27 * DAY_MS));
    expect(expectedBy(old).source).toBe('cap');
  });

  it('splits workdays from rest days where there are enough of either', () => {
    const isRest = ({ time }: Event) => registry.dayType(time, 'civil') === 'rest';
    const made = bookOf(...history(28, 100).map((event) => (isRest(event) ? { ...event, rows: 5000 } : event)));
    expect(Math.expm1(expectedBy(made).median)).toBeCloseTo(300);
    const saturday = expectedBy(made, 'wangfang', NOON + DAY_MS);
    expect(saturday.sampleSize).toBe(8);
    expect(Math.expm1(saturday.median)).toBeCloseTo(15_000);
    const fewRestDays = bookOf(
      ...history(28, 100).filter((event) => !isRest(event) || event.time > NOON - 13 * DAY_MS),
    );
    expect(expectedBy(fewRestDays, 'wangfang', NOON + DAY_MS).sampleSize).toBe(22);
    const workdaysOnly = bookOf(...history(28, 100).filter((event) => !isRest(event)));
    expect(Math.expm1(expectedBy(workdaysOnly, 'wangfang', NOON + DAY_MS).median)).toBeCloseTo(300);
  });

  it('takes a make-up Saturday for the workday it is, and a holiday for a rest day', () => {
    const before = (iso: string) => Date.parse(`${iso}T12:00+08:00`);
    const october = Array.from({ length: 28 }, (_, i) => {
      const date = new Date(before('2026-10-10') - (i + 1) * DAY_MS).toISOString().slice(0, 10);
      return ['09:00', '10:00'].map((clock) => access(`${date}T${clock}`, { rows: 100 }));
    }).flat();
    const made = bookOf(
      ...october.map((event) => (registry.dayType(event.time, 'civil') === 'rest' ? { ...event, rows: 5000 } : event)),
    );
    expect(Math.expm1(expectedBy(made, 'wangfang', before('2026-10-10')).median)).toBeCloseTo(200);
    expect(Math.expm1(expectedBy(made, 'wangfang', before('2026-10-07')).median)).toBeCloseTo(10_000);
  });

  it('asks the peers when the actor’s own history is too short', () => {
    const peers = ['lina', 'zhaolei', 'sunyue'].flatMap((actor) => history(6, 200, { actor }));
    const answer = expectedBy(bookOf(...peers));
    expect(answer).toMatchObject({ source: 'peer', sampleSize: 12 });
    expect(Math.expm1(answer.median)).toBeCloseTo(600);
  });

  it('tells the size of what the actor itself read on three days, which are too few to decide', () => {
    const own = (days: number) => expectedBy(bookOf(...history(days, 900)));
    expect(own(2)).toMatchObject({ source: 'cap', ownMedian: 0 });
    expect(own(3)).toMatchObject({ source: 'cap', ownMedian: Math.log1p(2700) });
    const peers = ['lina', 'zhaolei', 'sunyue'].flatMap((actor) => history(6, 200, { actor }));
    expect(expectedBy(bookOf(...peers, ...history(3, 900)))).toMatchObject({
      ...{ source: 'peer', ownMedian: Math.log1p(2700) },
    });
  });

  it('knows nothing about strangers', () => {
    expect(expectedBy(bookOf(...history(20, 100)), 'ghost@aid01')).toEqual({
      source: 'cap',
      median: 0,
      mad: 0.15,
      sampleSize: 0,
      ownMedian: 0,
    });
  });

  it('keeps a wide spread, and a floor under a narrow one', () => {
    const rows = [10, 1000, 10, 1000, 10, 1000, 10, 1000, 10, 1000, 10, 1000, 10, 1000, 10, 1000];
    const wide = bookOf(...rows.flatMap((n, i) => history(16, n).slice(i * 3, i * 3 + 3)));
    expect(expectedBy(wide).mad).toBeGreaterThan(1);
    expect(expectedBy(bookOf(...history(20, 100))).mad).toBe(0.15);
  });

  it('counts bytes only where no rows are stated, and no volume for writes', () => {
    const made = bookOf(...history(12, 0, { bytes: 5000 }), ...history(12, 100, { asset: 'population', bytes: 5000 }));
    expect(made.expected('bytes-24h', 'wangfang', 'recipients', NOON).source).toBe('self');
    expect(made.expected('bytes-24h', 'wangfang', 'population', NOON).source).toBe('cap');
    expect(expectedBy(bookOf(...history(12, 100, { action: 'update' }))).source).toBe('cap');
  });

  it('adds a late event to its own day', () => {
    const made = bookOf(...history(12, 100));
    const before = expectedBy(made);
    for (let back = 1; back <= 12; back++) made.observe(read(back, 700, {}, '10:30'));
    expect(before.median).toBeCloseTo(Math.log1p(300));
    expect(expectedBy(made).median).toBeCloseTo(Math.log1p(1000));
    expect(made.expected('rows-1h', 'wangfang', 'recipients', NOON).median).toBeGreaterThan(Math.log1p(600));
  });

  it('answers the same whatever the order within a day', () => {
    const events = history(14, 100).map((event, i) => ({ ...event, rows: 100 + i }));
    const inOrder = expectedBy(bookOf(...events));
    const byDay = new Map<number, Event[]>();
    for (const event of events) byDay.set(registryDay(event), [...(byDay.get(registryDay(event)) ?? []), event]);
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
        const shuffled = [...byDay.values()].flatMap((day) =>
          day
            .map((event) => ({ event, key: numbers.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ event }) => event),
        );
        expect(expectedBy(bookOf(...shuffled))).toEqual(inOrder);
      }),
      { numRuns: 30 },
    );
  });

  it('counts peers who used an asset before today', () => {
    const made = bookOf(
      ...history(5, 10, { actor: 'lina' }),
      read(0, 10, { actor: 'zhaolei' }),
      read(29, 10, { actor: 'sunyue' }),
    );
    expect(made.assetUsers('recipients', ['lina', 'zhaolei', 'sunyue', 'wumin'], NOON)).toBe(1);
    expect(made.assetUsers('recipients', ['zhaolei'], NOON + DAY_MS)).toBe(1);
    expect(made.assetUsers('nowhere', ['lina'], NOON)).toBe(0);
  });

  it('knows since when and by how many an asset has been used, today included', () => {
    const made = bookOf(
      read(9, 10, { actor: 'lina' }),
      read(3, 1, { actor: 'lina' }),
      read(0, 10, { actor: 'zhaolei' }),
    );
    expect(made.assetHistory('recipients', NOON)).toEqual({ users: 2, spanDays: 9 });
    made.observe(read(-25, 1, { actor: 'sunyue' }));
    expect(made.assetHistory('recipients', NOON + 25 * DAY_MS)).toEqual({ users: 3, spanDays: 34 });
    made.observe(read(-27, 1, { actor: 'sunyue' }));
    expect(made.assetHistory('recipients', NOON + 27 * DAY_MS)).toEqual({ users: 2, spanDays: 27 });
    expect(made.assetHistory('nowhere', NOON)).toEqual({ users: 0, spanDays: 0 });
  });

  it('knows for how long the platform has watched', () => {
    expect(book().observedDays(NOON)).toEqual({ days: 0, spanDays: 0 });
    const made = bookOf(read(30, 1), read(3, 1), read(3, 1), read(0, 1), read(200, 1));
    expect(made.observedDays(NOON)).toEqual({ days: 2, spanDays: 30 });
  });

  it('ignores refused access, sign-ins, and clocks that run far ahead', () => {
    const ahead = { ...read(-400, 5), ingestTime: NOON };
    const made = bookOf(read(1, 5, { outcome: 'failure' }), read(1, 5, { action: 'sign-in' }), ahead);
    expect(made.size).toBe(0);
    expect(made.observedDays(NOON + DAY_MS).days).toBe(0);
  });

  it('gives back after a restart what it gave before, and counts no place twice', () => {
    const events = history(14, 100);
    const made = book();
    events.forEach((event, place) => made.observe(event, place));
    const kept = [...made.changed()];
    const again = book();
    for (const [key, value] of structuredClone(kept)) again.restore(key, value);
    expect(expectedBy(again)).toEqual(expectedBy(made));
    expect(again.observedDays(NOON)).toEqual(made.observedDays(NOON));
    expect(again.assetHistory('recipients', NOON)).toEqual(made.assetHistory('recipients', NOON));
    events.forEach((event, place) => again.observe(event, place));
    expect(expectedBy(again)).toEqual(expectedBy(made));
  });

  it('says only once what changed', () => {
    const made = bookOf(read(1, 5));
    expect([...made.changed()].map(([key]) => key)).toEqual(['days', 'recipients\u001fwangfang']);
    expect([...made.changed()]).toEqual([]);
    made.observe(read(1, 5));
    expect([...made.changed()].map(([key]) => key)).toEqual(['recipients\u001fwangfang']);
  });

  it('drops what was idle for longer than the history, and says so', () => {
    const made = bookOf(read(40, 5, { actor: 'lina' }));
    Array.from(made.changed());
    made.observe(read(0, 5));
    expect(made.size).toBe(1);
    expect([...made.changed()]).toContainEqual(['recipients\u001flina', undefined]);
  });

  it('holds no more pairs than it is told to', () => {
    const made = new BaselineBook(() => registry, { maxPairs: 100 });
    for (let i = 0; i < 1000; i++) made.observe(read(i < 500 ? 3 : 0, 5, { asset: `set-${i}` }));
    expect(made.size).toBeLessThanOrEqual(100);
    made.observe(read(0, 5, { asset: 'x'.repeat(5000) }));
    expect(made.expected('rows-1h', 'wangfang', 'x'.repeat(5000), NOON).source).toBe('cap');
  });
});

describe('robustZ', () => {
  it('is zero at the median and grows with the logarithm', () => {
    const expectation = {
      source: 'self' as const,
      median: Math.log1p(1000),
      mad: 0.15,
      sampleSize: 20,
      ownMedian: Math.log1p(1000),
    };
    expect(robustZ(1000, expectation)).toBeCloseTo(0);
    expect(robustZ(10_000, expectation)).toBeCloseTo((0.6745 * Math.log(10_001 / 1001)) / 0.15);
  });
});

function registryDay(event: Event): number {
  return Math.floor((event.time + 8 * 3_600_000) / DAY_MS);
}

it('has a fixture whose officers have a baseline', () => {
  expect(watchedTown('2026-11-20').expected('rows-24h', 'lina', 'recipients', NOON).source).toBe('self');
});
