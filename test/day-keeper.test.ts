import { describe, expect, it } from 'vitest';
import { DayKeeper, type DayKeeperParts, type StoredDay } from '../src/day-keeper.ts';

const HOUR_MS = 3_600_000;
const DAY: StoredDay = { day: '2026-11-20', parts: 3, rows: 1_000, block: 7, bytes: 90_000 };
/** 01:00 in Shanghai, an hour after the day of the 20th (UTC) was over nine hours before. */
const NIGHT = Date.parse('2026-11-22T01:00:00+08:00');

/** A store that says what was asked of it. */
function keeperOf(days: readonly StoredDay[], parts: Partial<DayKeeperParts> = {}, now: () => StoredDay[] = () => []) {
  const done: string[] = [];
  const problems: string[] = [];
  const store: DayKeeperParts['store'] = {
    unkept: async () => days,
    day: async (day) => now().find((one) => one.day === day) ?? { ...days.find((one) => one.day === day)!, parts: 1 },
    merge: async (day, withText) => void done.push(`merge ${day}${withText ? ' with text' : ''}`),
    settle: async () => undefined,
    sum: async (day) => void done.push(`sum ${day}`),
    note: async ({ day, rows }) => void done.push(`note ${day} ${rows}`),
  };
  const keeper = new DayKeeper({
    store,
    clock: { offsetMs: () => 8 * HOUR_MS },
    onProblem: (error, day) => problems.push(`${day}: ${error.message}`),
    now: () => NIGHT,
    restShare: 0,
    ...parts,
  });
  return { keeper, done, problems, store };
}

describe('a day that is over', () => {
  it('is merged with its text indexes, then summed up, then noted', async () => {
    const { keeper, done } = keeperOf([DAY]);
    await keeper.look();
    expect(done).toEqual(['merge 2026-11-20 with text', 'sum 2026-11-20', 'note 2026-11-20 1000']);
  });

  it('waits for the night', async () => {
    const evening = keeperOf([DAY], { now: () => Date.parse('2026-11-21T20:00:00+08:00') });
    await evening.keeper.look();
    expect(evening.done).toEqual([]);
  });

  it('is kept in the daytime when no night was used', async () => {
    const late = keeperOf([DAY], { now: () => Date.parse('2026-11-22T20:01:00+08:00') });
    await late.keeper.look();
    expect(late.done).toContain('note 2026-11-20 1000');
  });

  it('is left alone in the first hour, in which its last events still come', async () => {
    const early = keeperOf([DAY], { now: () => Date.parse('2026-11-21T00:59:00Z'), clock: { offsetMs: () => 0 } });
    await early.keeper.look();
    expect(early.done).toEqual([]);
  });

  it('is summed up but not noted when events came meanwhile', async () => {
    let rows = DAY.rows;
    const { keeper, done } = keeperOf([DAY], {}, () => [{ ...DAY, rows: rows++ }]);
    await keeper.look();
    expect(done).toEqual(['merge 2026-11-20 with text', 'sum 2026-11-20']);
  });

  it('is not merged when it is larger than what there is room for, and gets no text index with too many rows', async () => {
    const { keeper, done } = keeperOf([DAY, { ...DAY, day: '2026-11-19', bytes: 1_000 }], {
      mostMergedBytes: 50_000,
      mostIndexedRows: 999,
    });
    await keeper.look();
    expect(done.filter((one) => !one.startsWith('note'))).toEqual([
      'sum 2026-11-20',
      'merge 2026-11-19',
      'sum 2026-11-19',
    ]);
  });

  it('that fails does not keep the others from being kept', async () => {
    const { keeper, done, problems, store } = keeperOf([DAY, { ...DAY, day: '2026-11-19' }]);
    const merge = store.merge.bind(store);
    store.merge = async (day, withText) => {
      if (day === '2026-11-20') throw new Error('no space left');
      await merge(day, withText);
    };
    await keeper.look();
    expect(problems).toEqual(['2026-11-20: no space left']);
    expect(done).toContain('note 2026-11-19 1000');
    expect(done).not.toContain('sum 2026-11-20');
  });
});
