import { describe, expect, it } from 'vitest';
import { heldTogether } from '../../src/store/hold-queries.ts';

const DAY = 86_400_000;

describe('days under a legal hold', () => {
  it('keep the days with which they share a sealed block, and those that share one with these', () => {
    const days = [0, 1, 2, 3, 4].map((n) => ({ day: n * DAY, held: n === 3 ? 7 : 0 }));
    const spans = [
      { first: 1.9 * DAY, last: 2.1 * DAY },
      { first: 2.9 * DAY, last: 3.2 * DAY },
    ];
    expect(heldTogether(days, spans).filter(({ held }) => held > 0).map(({ day }) => day / DAY)).toEqual([1, 2, 3]); // prettier-ignore
    expect(heldTogether(days, []).filter(({ held }) => held > 0).map(({ day }) => day / DAY)).toEqual([3]); // prettier-ignore
  });
});
