import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyTally, fewIds, occurred, tallyUp } from '../../src/detection/tally.ts';

const RULES = { windowMs: 100, latenessMs: 50, fewAtMost: 2, namesAtLeast: 3, shareAtLeast: 0.6 };

interface Occurrence {
  time: number;
  name: string;
}

/** Names that occurred once or twice in (end − window, end], counted plainly. */
function plainly(all: readonly Occurrence[], end: number) {
  const counts = new Map<string, number>();
  for (const { time, name } of all)
    if (time > end - RULES.windowMs && time <= end) counts.set(name, (counts.get(name) ?? 0) + 1);
  const few = [...counts.values()].filter((n) => n <= RULES.fewAtMost);
  return { names: few.length, occurrences: few.reduce((sum, n) => sum + n, 0) };
}

/** Two apart or at the same time: closer ones of a name that is not few are summed, which is not exact. */
const occurrence = fc.record({
  time: fc.nat(200).map((n) => n * 2),
  name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
});

describe('tally', () => {
  it('counts as a plain count does, for occurrences in order', () => {
    fc.assert(
      fc.property(fc.array(occurrence, { maxLength: 60 }), (all) => {
        const tally = emptyTally();
        const sorted = [...all].sort((a, b) => a.time - b.time);
        sorted.forEach(({ time, name }, i) => {
          tallyUp(tally, time, name, 1, String(i), RULES);
          expect({ names: tally.few, occurrences: tally.fewTotal }).toEqual(plainly(sorted.slice(0, i + 1), time));
        });
      }),
    );
  });

  it('holds the same after occurrences out of order within the lateness', () => {
    fc.assert(
      fc.property(fc.array(occurrence, { maxLength: 60 }), fc.infiniteStream(fc.nat(49)), (all, delays) => {
        const arrivals = all
          .map((one) => ({ ...one, at: one.time + (delays.next().value as number) }))
          .sort((a, b) => a.at - b.at);
        const tally = emptyTally();
        arrivals.forEach(({ time, name }, i) => tallyUp(tally, time, name, 1, String(i), RULES));
        const newest = Math.max(0, ...all.map(({ time }) => time));
        expect({ names: tally.few, occurrences: tally.fewTotal }).toEqual(plainly(all, newest));
      }),
    );
  });

  it('finds a remarkable window, and the ids in it', () => {
    const tally = emptyTally();
    expect(tallyUp(tally, 10, 'a', 1, 'id-a', RULES)).toBeUndefined();
    expect(tallyUp(tally, 20, 'b', 1, 'id-b', RULES)).toBeUndefined();
    expect(tallyUp(tally, 30, 'c', 2, 'id-c', RULES)).toEqual({ names: 3, occurrences: 4, end: 30 });
    expect(tallyUp(tally, 31, 'c', 1, 'id-c2', RULES)).toBeUndefined();
    expect(fewIds(tally, 0, 40, 2)).toEqual(['id-a', 'id-b']);
    expect([occurred(tally, 'a', 5, 10), occurred(tally, 'a', 10, 40), occurred(tally, 'z', 0, 40)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('ignores what is later than window and lateness together', () => {
    const tally = emptyTally();
    tallyUp(tally, 1000, 'a', 1, '1', RULES);
    expect(tallyUp(tally, 850, 'b', 1, '2', RULES)).toBeUndefined();
    expect(tally.entries).toHaveLength(1);
    tallyUp(tally, 851, 'b', 1, '3', RULES);
    expect(tally.entries).toHaveLength(2);
  });

  it('stays bounded and consistent in a flood out of order', () => {
    const tally = emptyTally();
    const rules = { ...RULES, windowMs: 1_000_000 };
    for (let i = 0; i < 12_000; i++) tallyUp(tally, i * 10 - (i % 5) * 35, `n${i % 3000}`, 1, String(i), rules);
    expect(tally.entries.length).toBeLessThanOrEqual(4200);
    const counted = tally.entries.slice(tally.edge).reduce((sum, { amount }) => sum + amount, 0);
    expect(Object.values(tally.counts).reduce((sum, n) => sum + n, 0)).toBe(counted);
  });
});
