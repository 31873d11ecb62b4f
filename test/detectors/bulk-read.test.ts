import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bulkRead } from '../../detectors/bulk-read.ts';
import { NO_BASELINE, judge } from '../detection/judge.ts';
import { BaselineBook } from '../../src/detection/baseline.ts';
import type { Baselines, Expectation } from '../../src/detection/detector.ts';
import { access, later, says, settled, townRegistry, watchedTown } from './town.ts';

const DATE = '2026-11-20';
const NOON = `${DATE}T12:00`;
const registry = townRegistry();
/** A general asset, so that the score is the base. */
const plain = { asset: 'notice-1', assetLevel: 'general-2' as const };

/** A baseline that always gives the same answer. */
function usual(rows: number, mad = 0.15, source: Expectation['source'] = 'self'): { baseline: Baselines } {
  const expected = (): Expectation => ({
    source,
    median: Math.log1p(rows),
    mad,
    sampleSize: 20,
    ownMedian: Math.log1p(rows),
  });
  return { baseline: { ...NO_BASELINE, expected } };
}

describe('bulk-read', () => {
  it('finds a read far above what the actor usually reads', () => {
    const { findings } = judge(bulkRead, [access(NOON, { rows: 48_200 })], { registry, baseline: watchedTown(DATE) });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ observed: 48_200, baseline: 'self', unit: 'rows', windowMs: 3_600_000 });
    expect(findings[0]!.sampleSize).toBeGreaterThanOrEqual(10);
    expect(says(findings[0], { zh: '，阈值 3.5；数量阈值', en: ', threshold 3.5; at least' })).toBe(true);
    expect(says(findings[0], 'wangfang', '48,200', { zh: '低保对象信息', en: 'Aid recipients' })).toBe(true);
    expect(says(findings[0], { zh: '民政局', en: 'Civil Affairs Bureau' }, { zh: '1 小时', en: '1 hour' })).toBe(true);
  });

  it('stays quiet at the usual volume', () => {
    const day = ['09:10', '10:20', '11:05', '14:40'].map((clock) => access(`${DATE}T${clock}`, { rows: 120 }));
    expect(judge(bulkRead, day, { registry, baseline: watchedTown(DATE) }).signals).toEqual([]);
  });

  it('wants three times the usual', () => {
    const at = (rows: number) => judge(bulkRead, [access(NOON, { ...plain, rows })], usual(1000)).signals.length;
    expect([at(2999), at(3000)]).toEqual([0, 1]);
  });

  it('wants a robust z of 3.5 where volumes vary widely', () => {
    const limit = Math.expm1(Math.log1p(1000) + (3.5 * 0.5) / 0.6745);
    const at = (rows: number) => judge(bulkRead, [access(NOON, { ...plain, rows })], usual(1000, 0.5)).signals.length;
    expect([at(Math.floor(limit)), at(Math.ceil(limit))]).toEqual([0, 1]);
  });

  it('never finds fewer than 1,000 rows', () => {
    const at = (rows: number) => judge(bulkRead, [access(NOON, { ...plain, rows })], usual(2)).signals.length;
    expect([at(999), at(1000)]).toEqual([0, 1]);
  });

  it('adds up an hour: what was read exactly an hour ago is outside', () => {
    const reads = (seconds: number) => [
      access(NOON, { ...plain, rows: 6000 }),
      access(later(NOON, seconds), { ...plain, rows: 4000 }),
    ];
    expect(judge(bulkRead, reads(3599)).signals).toHaveLength(1);
    expect(judge(bulkRead, reads(3600)).signals).toEqual([]);
  });

  it('adds up twenty-four hours of reads that no hour shows', () => {
    const reads = Array.from({ length: 12 }, (_, i) =>
      access(later('2026-11-20T08:00', i * 4000), { ...plain, rows: 4500 }),
    );
    expect(judge(bulkRead, reads).findings[0]).toMatchObject({ windowMs: 86_400_000, observed: 54_000 });
    expect(judge(bulkRead, reads.slice(0, 11)).signals).toEqual([]);
  });

  it('takes a fixed cap without a baseline, and says so', () => {
    expect(judge(bulkRead, [access(NOON, { ...plain, rows: 9999 })]).signals).toEqual([]);
    const { signals } = judge(bulkRead, [access(NOON, { ...plain, rows: 10_000 })]);
    expect(signals[0]).toMatchObject({ baseline: 'cap', sampleSize: 0, score: 45, threshold: 10_000 });
    expect(says(signals[0], '10,000', { zh: '固定上限', en: 'fixed cap' })).toBe(true);
  });

  it('allows programs ten times the cap, because batches are their work', () => {
    const at = (rows: number) => judge(bulkRead, [access(NOON, { ...plain, actor: 'etl', rows })]).signals.length;
    expect([at(99_999), at(100_000)]).toEqual([0, 1]);
  });

  it('knows a nightly job after half of the days, and finds the night on which it reads three times as much', () => {
    const nights = (from: string, to: string) => {
      const events = [];
      for (let at = Date.parse(`${from}T02:05+08:00`); at <= Date.parse(`${to}T03:00+08:00`); at += 86_400_000)
        events.push(
          access(new Date(at).toISOString(), { actor: 'etl', rows: 140_000 + ((at / 86_400_000) % 7) * 3000 }),
        );
      return events;
    };
    const baseline = new BaselineBook(() => registry);
    const { signals } = judge(
      bulkRead,
      [...nights('2026-10-20', '2026-11-19'), access('2026-11-20T02:05', { actor: 'etl', rows: 600_000 })],
      { registry, baseline },
    );
    expect(signals.filter(({ baseline: source }) => source === 'cap')).toHaveLength(3);
    expect(signals.filter(({ baseline: source }) => source === 'self').map(({ observed }) => observed)).toEqual([
      600_000,
    ]);
  });

  it('does not add two nights of a job that comes some minutes earlier to one night’s excess', () => {
    const job = { ...plain, actor: 'etl' };
    const twoNights = (second: number) => [
      access('2026-11-19T02:20', { ...job, rows: 45_000 }),
      access('2026-11-20T02:10', { ...job, rows: second }),
    ];
    const judged = (second: number) => judge(bulkRead, twoNights(second), usual(30_000)).signals;
    expect(judged(47_000)).toEqual([]);
    expect(judged(74_999)).toEqual([]);
    expect(judged(75_000)[0]).toMatchObject({ observed: 120_000, threshold: 120_000, windowMs: 86_400_000 });
  });

  it('still adds up what is read before and after midnight', () => {
    const night = ['22:30', '23:45'].map((clock) => access(`2026-11-19T${clock}`, { ...plain, rows: 1900 }));
    const morning = ['01:00', '02:15'].map((clock) => access(`2026-11-20T${clock}`, { ...plain, rows: 1900 }));
    expect(judge(bulkRead, [...night, ...morning], usual(1000)).signals.at(-1)).toMatchObject({ observed: 7600 });
  });

  it('compares with the peers when the actor has too little history', () => {
    const baseline = watchedTown(DATE, { actors: ['lina', 'zhaolei', 'sunyue', 'zhouping', 'wumin'] });
    const { signals } = judge(bulkRead, [access(NOON, { rows: 5000 })], { registry, baseline });
    expect(signals[0]).toMatchObject({ baseline: 'peer' });
    expect(says(signals[0], '5,000', { zh: '同组', en: 'peers' })).toBe(true);
  });

  it('wants three times what the actor itself reads, be its days too few to decide', () => {
    const days = (actor: string, rows: number) =>
      [1, 2, 3].map((n) => access(`2026-11-1${n}T12:00`, { ...plain, actor, rows }));
    const peers = watchedTown(DATE, { actors: ['lina', 'zhaolei', 'sunyue'], asset: 'notice-1', rows: 5 });
    for (const event of days('wangfang', 4000)) peers.observe(event);
    const byPeers = (rows: number) =>
      judge(bulkRead, [access(NOON, { ...plain, rows })], { registry, baseline: peers });
    expect([byPeers(11_999).signals.length, byPeers(12_000).signals.length]).toEqual([0, 1]);
    expect(byPeers(12_000).signals[0]).toMatchObject({ baseline: 'peer', threshold: 12_000 });

    const job = new BaselineBook(() => registry);
    for (const event of days('etl', 300_000)) job.observe(event);
    const nightly = (rows: number) =>
      judge(bulkRead, [access(NOON, { ...plain, actor: 'etl', rows })], { registry, baseline: job }).signals;
    expect([nightly(899_999).length, nightly(900_000).length]).toEqual([0, 1]);
    expect(says(nightly(900_000)[0], '900,000', '300,000', { zh: '本人仅有的几天', en: 'its own few days' })).toBe(
      true,
    );
  });

  it('counts bytes where no rows are stated', () => {
    const { signals } = judge(bulkRead, [access(NOON, { ...plain, bytes: 209_715_200 })]);
    expect(signals[0]).toMatchObject({ unit: 'bytes', observed: 209_715_200 });
    expect(says(signals[0], '200 MiB')).toBe(true);
    expect(judge(bulkRead, [access(NOON, { ...plain, bytes: 104_857_599 })]).signals).toEqual([]);
  });

  it('raises the base by five for each z above the limit, to at most eighty', () => {
    const score = (rows: number) => judge(bulkRead, [access(NOON, { ...plain, rows })], usual(1000)).signals[0]!.score;
    const z = (0.6745 * (Math.log1p(4000) - Math.log1p(1000))) / 0.15;
    expect(score(4000)).toBeCloseTo(45 + 5 * (z - 3.5), 0);
    expect(score(4_000_000)).toBe(80);
  });

  it('weighs the level, personal information and vendors', () => {
    const score = (fields: object) =>
      judge(bulkRead, [access(NOON, { ...plain, rows: 10_000, ...fields })], { registry }).signals[0]!.score;
    expect(score({ asset: 'recipients', assetLevel: 'important' })).toBe(72);
    expect(score({ vendor: 'yunzhan' })).toBe(54);
    expect(score({ asset: 'population', assetLevel: 'core' })).toBe(100);
  });

  it('leaves writes, refused reads and anonymous reads out', () => {
    const others = [{ action: 'update' }, { outcome: 'failure' as const }, { actor: '' }, { asset: '' }];
    for (const fields of others)
      expect(judge(bulkRead, [access(NOON, { ...plain, rows: 90_000, ...fields })]).signals).toEqual([]);
  });

  it('keeps actors and assets apart', () => {
    const events = [1, 2].flatMap((n) => [
      access(NOON, { ...plain, asset: `notice-${n}`, rows: 6000 }),
      access(NOON, { ...plain, actor: `clerk${n}`, rows: 6000 }),
    ]);
    expect(judge(bulkRead, events).signals).toEqual([]);
  });

  it('judges a read that comes hours late by its own time, and adds up what comes late together', () => {
    const late = (clock: string) => {
      const event = access(`${DATE}T${clock}`, { ...plain, rows: 6000 });
      return { ...event, ingestTime: event.time + 3 * 3_600_000 };
    };
    const now = access(`${DATE}T13:00`, { ...plain, rows: 10 });
    const { signals } = judge(bulkRead, [now, late('10:00'), late('10:20')]);
    expect(signals).toHaveLength(1);
    expect(signals[0]).toMatchObject({ observed: 12_000, windowMs: 3_600_000 });
  });

  it('counts an event that comes twice once', () => {
    const one = access(NOON, { ...plain, rows: 6000 });
    expect(judge(bulkRead, [one, one]).signals).toEqual([]);
  });

  it('comes to the same finding in any order within the allowed lateness', () => {
    const events = Array.from({ length: 15 }, (_, i) => access(later(NOON, i * 37), { ...plain, rows: 1500 + i }));
    const inOrder = settled(bulkRead, events);
    expect(inOrder).toHaveLength(1);
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
        expect(settled(bulkRead, shuffled)).toEqual(inOrder);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps a bounded state for an actor that reads all day', () => {
    const state = bulkRead.start(access(NOON));
    const context = { settings: bulkRead.settings.parse({}), registry, baseline: usual(1e9).baseline };
    for (let i = 0; i < 9000; i++) bulkRead.step(state, access(later(NOON, i * 10), { ...plain, rows: 7 }), context);
    const { hour, day } = state.rows!;
    expect(hour!.entries.length).toBeLessThan(2 * 130);
    expect(day.entries.length).toBeLessThan(2 * 130);
    expect(day.entries.reduce((sum, rows, i) => sum + (i % 2 === 1 ? rows : 0), 0)).toBeGreaterThan(8600 * 7);
  });

  it('gives the same ids when the same events are judged again', () => {
    const events = [access(NOON, { ...plain, rows: 30_000 })];
    expect(judge(bulkRead, events)).toEqual(judge(bulkRead, events));
  });
});
