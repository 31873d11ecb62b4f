import { describe, expect, it } from 'vitest';
import { readCursor, writeCursor } from '../../src/store/cursor.ts';
import { likePattern } from '../../src/store/queries.ts';

describe('a text search', () => {
  it('takes its text as it is, without wildcards', () => {
    expect(likePattern('Ab%_\\登录')).toBe('%ab\\%\\_\\\\登录%');
  });
});

describe('the cursor of a page', () => {
  const id = '0190a1b2-0000-8000-8000-000000000001';
  it('comes back as it was given', () => {
    expect(readCursor(writeCursor(1_795_000_000_123, id))).toEqual({ cursorTime: '1795000000123', cursorId: id });
    expect(readCursor('')).toEqual({});
  });

  it('is refused when it is none', () => {
    expect(() => readCursor("1-' OR 1")).toThrow('is no cursor');
  });
});
