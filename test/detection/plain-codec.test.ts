import { describe, expect, it } from 'vitest';
import { decodePlain, encodePlain } from '../../src/detection/plain-codec.ts';

const roundTrip = (value: unknown): unknown => decodePlain(encodePlain(value));

describe('plain data', () => {
  it.each([
    [{ times: [1_795_623_745_286, 0.5], name: '望楼 "x" \ud800', none: null, nested: { deep: [[true], []] } }],
    [{ clock: -Infinity, ratio: NaN, zero: -0, missing: undefined }],
    [{ seen: new Map([['a', new Set([1])]]), at: new Date(5), bytes: new Uint8Array([1, 2]), big: 2n ** 70n }],
    [[1, undefined, 3]],
    ['text'],
    [Object.fromEntries([['__proto__', 1]])],
  ])('comes back as it was: %o', (value) => {
    expect(roundTrip(value)).toEqual(value);
  });

  it('keeps the names of others apart from one that ends with a backslash', () => {
    expect(roundTrip({ first: 1, '$\\': 1 })).toEqual({ first: 1, '$\\': 1 });
    for (const name of ['$"', '$\u001f', '$\ud800', '$\n'])
      expect(roundTrip({ first: 1, [name]: 1 })).toEqual({ first: 1, [name]: 1 });
  });

  it('may be cyclic', () => {
    const ring: { next?: unknown } = {};
    ring.next = ring;
    const read = roundTrip(ring) as { next: unknown };
    expect(read.next).toBe(read);
  });

  it('is written as text where that loses nothing', () => {
    expect(Buffer.from(encodePlain({ a: [1, 'x'] })).toString()).toBe('{"a":[1,"x"]}');
  });
});
