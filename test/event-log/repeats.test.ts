import { expect, it } from 'vitest';
import { Repeats } from '../../src/event-log/repeats.ts';

it('finds what a producer sent twice, also when the first sending arrives late', () => {
  const repeats = new Repeats();
  const sent = ['a/0', 'a/1', 'b/0', 'a/1', 'a/3', 'a/2', 'b/0', 'b/7', 'a/4'];
  expect(sent.filter((each) => !repeats.isRepeat(each))).toEqual(['a/0', 'a/1', 'b/0', 'a/3', 'b/7', 'a/4']);
});

it('takes the records of other producers as they are', () => {
  const repeats = new Repeats();
  for (const foreign of [undefined, undefined, '', '', 'x', 'x']) expect(repeats.isRepeat(foreign)).toBe(false);
});

it('forgets the producers that have been silent longest, not the busy ones', () => {
  const repeats = new Repeats();
  repeats.isRepeat('busy/5');
  repeats.isRepeat('silent/5');
  for (let n = 0; n < 2_000; n++) {
    repeats.isRepeat(`other-${n}/0`);
    repeats.isRepeat(`busy/${6 + n}`);
  }
  expect(repeats.isRepeat('busy/5')).toBe(true);
  expect(repeats.isRepeat('silent/5')).toBe(false);
});
