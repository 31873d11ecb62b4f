import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonicalRow, RowsDigest } from '../../src/exports/rows-digest.ts';

function digestOf(rows: readonly string[]): string {
  const digest = new RowsDigest();
  for (const row of rows) digest.add(row);
  return digest.hex();
}

describe('the digest of rows', () => {
  it('is the same in any order, and another when a row is changed, left out or there twice', () => {
    const rows = Array.from({ length: 500 }, (_, n) => canonicalRow([`row ${n}`, n]));
    const digest = digestOf(rows);
    expect(digestOf(rows.toReversed())).toBe(digest);
    expect(digestOf(rows.with(7, canonicalRow(['row 7', 8])))).not.toBe(digest);
    expect(digestOf(rows.slice(1))).not.toBe(digest);
    expect(digestOf([...rows, rows[0]!])).not.toBe(digest);
    expect(digestOf([...rows, rows[0]!, rows[0]!])).not.toBe(digest);
  });

  it('is the sum that others compute, however many rows there are', () => {
    const sums = [0n, 0n, 0n, 0n];
    const digest = new RowsDigest();
    const count = 100_003; // beyond where it settles
    for (let n = 0; n < count; n++) {
      const hex = createHash('sha256').update(`r${n}`).digest('hex');
      for (let lane = 0; lane < 4; lane++) sums[lane]! += BigInt(`0x${hex.slice(lane * 15, lane * 15 + 15)}`);
      digest.add(`r${n}`);
    }
    const expected = createHash('sha256')
      .update([count, ...sums].join(','))
      .digest('hex');
    expect(digest.hex()).toBe(expected);
  });

  it('tells cells apart that read the same when put together', () => {
    expect(canonicalRow(['ab', 'c'])).not.toBe(canonicalRow(['a', 'bc']));
    expect(canonicalRow(['', null, '1', 1, true])).toBe('0:0:1:11:14:true');
    expect(canonicalRow(['张'])).toBe('3:张');
  });
});
