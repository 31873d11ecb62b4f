import { describe, expect, it } from 'vitest';
import { gapsOf } from '../../src/sources/gaps.ts';

const MINUTE = 60_000;
/** Something every minute from `first` on, `count` times. */
const steady = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, n) => (first + n) * MINUTE);

describe('the gaps of a source', () => {
  it('are silences of five minutes or more, and not those a minute shorter', () => {
    const short = [...steady(0, 60), ...steady(64, 60)];
    expect(gapsOf(short, MINUTE, 124 * MINUTE, 0).gaps).toEqual([]);
    const long = [...steady(0, 60), ...steady(65, 60)];
    expect(gapsOf(long, MINUTE, 125 * MINUTE, 0).gaps).toEqual([{ from: 60 * MINUTE, to: 65 * MINUTE, open: false }]);
  });

  it('go on while nothing comes', () => {
    const { gaps } = gapsOf(steady(0, 60), MINUTE, 70 * MINUTE + 1, 0);
    expect(gaps).toEqual([{ from: 60 * MINUTE, to: 70 * MINUTE + 1, open: true }]);
  });

  it('are none where a source is used to pauses', () => {
    const everyTenMinutes = Array.from({ length: 40 }, (_, n) => n * 10 * MINUTE);
    const { gaps, limitMs } = gapsOf(everyTenMinutes, MINUTE, 400 * MINUTE, 0);
    expect(limitMs).toBe(27 * MINUTE);
    expect(gaps).toEqual([]);
  });

  it("are longer than the registry's limit where it states one", () => {
    const long = [...steady(0, 60), ...steady(65, 60)];
    expect(gapsOf(long, MINUTE, 125 * MINUTE, 6 * MINUTE)).toEqual({ gaps: [], limitMs: 6 * MINUTE });
    expect(gapsOf(long, MINUTE, 125 * MINUTE, 4 * MINUTE).gaps).toHaveLength(1);
  });

  it('are none before the first event, and none of a source that never sent', () => {
    expect(gapsOf(steady(500, 10), MINUTE, 511 * MINUTE, 0).gaps).toEqual([]);
    expect(gapsOf([], MINUTE, 511 * MINUTE, 0).gaps).toEqual([]);
  });
});
