import { describe, expect, it } from 'vitest';
import { DuplicateFilter } from '../../src/detection/duplicates.ts';
import { IdSequence, keyedId } from '../../src/event/id.ts';

const id = (n: number) => keyedId('test', String(n));

describe('the duplicate filter', () => {
  it('knows every id of the last generation, however many', () => {
    const filter = new DuplicateFilter(100_000);
    for (let n = 0; n < 50_000; n++) expect(filter.isRepeat(id(n))).toBe(false);
    for (let n = 0; n < 50_000; n += 7) expect(filter.isRepeat(id(n))).toBe(true);
  });

  it('never takes an id that a collector drew for a repeat', () => {
    const filter = new DuplicateFilter(10);
    const drawn = new IdSequence().next();
    expect([filter.isRepeat(drawn), filter.isRepeat(drawn)]).toEqual([false, false]);
  });

  it('forgets ids after two generations', () => {
    const filter = new DuplicateFilter(10);
    for (let n = 0; n < 30; n++) {
      filter.beginRecord(n);
      filter.isRepeat(id(n));
    }
    expect(filter.isRepeat(id(25))).toBe(true);
    expect(filter.isRepeat(id(12))).toBe(true);
    expect(filter.isRepeat(id(5))).toBe(false);
  });

  it.each([8, 10, 15, 29, 30])('is the same after a restart at record %i', (restart) => {
    const whole = new DuplicateFilter(10);
    let saved: readonly number[] = [];
    for (let n = 0; n < 33; n++) {
      if (n === restart) saved = whole.generations;
      whole.beginRecord(n);
      whole.isRepeat(id(n));
    }
    const rebuilt = new DuplicateFilter(10);
    for (let n = rebuilt.rewindTo(restart, saved); n < restart; n++) rebuilt.reread(n, [id(n)]);
    for (let n = restart; n < 33; n++) {
      rebuilt.beginRecord(n);
      rebuilt.isRepeat(id(n));
    }
    const known = (filter: DuplicateFilter) => Array.from({ length: 33 }, (_, n) => filter.isRepeat(id(n)));
    expect(known(rebuilt)).toEqual(known(whole));
  });
});
