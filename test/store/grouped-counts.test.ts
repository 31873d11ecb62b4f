import { describe, expect, it } from 'vitest';
import type { SeriesRange } from '../../src/store/forecast-queries.ts';
import { GroupedCounts } from '../../src/store/grouped-counts.ts';

const RANGE: SeriesRange = { step: 'day', from: 0, to: 10, zone: 'Asia/Shanghai' };

function counting() {
  const clock = { now: 0 };
  const asked: string[] = [];
  const state = { fault: undefined as Error | undefined };
  const all = [
    { id: 'tax', at: 1, value: 5 },
    { id: 'aid', at: 2, value: 7 },
    { id: 'tax', at: 2, value: 1 },
    { id: '', at: 3, value: 2 },
  ];
  const one = (name: string) => async (id: unknown) => (asked.push(`${name} ${String(id)}`), []);
  const grouped = (name: string) => async () => {
    asked.push(name);
    if (state.fault) throw state.fault;
    return all;
  };
  const queries = {
    ...{ findings: one('findings'), findingsByDetector: grouped('all findings') },
    ...{ rows: one('rows'), rowsByDepartment: grouped('all rows') },
    ...{ ingestLag: one('lag'), ingestLagBySource: grouped('all lag') },
    ...{ outEdges: one('edges'), events: one('events'), grantsExpiring: one('grants') },
  };
  return {
    counts: new GroupedCounts(
      queries,
      () => ['tax'],
      () => clock.now,
    ),
    asked,
    clock,
    state,
  };
}

describe('series by day', () => {
  it('are read once for all departments, with 0 on days on which only others did anything', async () => {
    const { counts, asked } = counting();
    const [aid, tax, all] = await Promise.all(['aid', 'tax', ''].map((id) => counts.rows(id, RANGE)));
    expect(aid!.map(({ value }) => value)).toEqual([0, 7, 0]);
    expect(tax!.map(({ value }) => value)).toEqual([5, 1, 0]);
    expect(all!.map(({ value }) => value)).toEqual([5, 8, 2]);
    expect(asked).toEqual(['all rows']);
  });

  it('are read again after an hour, for another day, and after a fault', async () => {
    const { counts, asked, clock, state } = counting();
    await counts.findings('tax', RANGE);
    clock.now += 3_600_000;
    state.fault = new Error('away');
    await expect(counts.findings('tax', RANGE)).rejects.toThrow('away');
    state.fault = undefined;
    await counts.findings('tax', RANGE);
    await counts.findings('tax', { ...RANGE, to: 11 });
    expect(asked).toHaveLength(4);
  });

  it('have of a source only the days on which it sent, and read alone what is not watched', async () => {
    const { counts, asked } = counting();
    expect((await counts.ingestLag('tax', RANGE)).map(({ at }) => at)).toEqual([1, 2]);
    await counts.ingestLag('other', RANGE);
    await counts.rows('aid', { ...RANGE, step: 'hour' });
    expect(asked).toEqual(['all lag', 'lag other', 'rows aid']);
  });
});
