import { describe, expect, it } from 'vitest';
import { addDistinct, distinctCount, noDistinct } from '../../src/detection/distinct.ts';

describe('the count of different names', () => {
  const countOf = (names: number, times = 1) => {
    const seen = noDistinct();
    for (let round = 0; round < times; round++) for (let n = 0; n < names; n++) addDistinct(seen, `person-${n}`);
    return distinctCount(seen);
  };

  it('is exact for few names, however often they come', () => {
    expect([countOf(0), countOf(1, 5), countOf(100, 3)]).toEqual([0, 1, 100]);
  });

  it('is about right for many', () => {
    for (const names of [1000, 20_000, 300_000]) {
      expect(countOf(names)).toBeGreaterThan(names * 0.75);
      expect(countOf(names)).toBeLessThan(names * 1.25);
    }
  });
});
