import { describe, expect, it } from 'vitest';
import { rangeWanted } from '../../src/api/byte-range.ts';

const FILE = { etag: '"abc"', bytes: 100 };

describe('the range that a request wants of a file', () => {
  it.each([
    ['bytes=0-', { from: 0, to: 99 }],
    ['bytes=10-19', { from: 10, to: 19 }],
    ['bytes=99-99', { from: 99, to: 99 }],
    ['bytes=90-1000', { from: 90, to: 99 }],
    ['bytes=-7', { from: 93, to: 99 }],
    ['bytes=-1000', { from: 0, to: 99 }],
    ['bytes=100-', 'none'],
    ['bytes=-0', 'none'],
    ['bytes=100-200', 'none'],
  ])('%s is a part', (header, expected) => expect(rangeWanted(header, undefined, FILE)).toEqual(expected));

  it.each(['bytes=5-2', 'bytes=-', 'bytes=0-1,5-6', 'items=0-1', 'bytes=a-b', `bytes=${'9'.repeat(30)}-`])(
    '%s is the whole',
    (header) => expect(rangeWanted(header, undefined, FILE)).toBe('whole'),
  );

  it('is the whole when the part that the client has is of another file', () => {
    expect(rangeWanted('bytes=10-', '"abc"', FILE)).toEqual({ from: 10, to: 99 });
    expect(rangeWanted('bytes=10-', '"other"', FILE)).toBe('whole');
    expect(rangeWanted('bytes=10-', 'W/"abc"', FILE)).toBe('whole');
    expect(rangeWanted('bytes=10-', 'Thu, 26 Nov 2026 09:00:00 GMT', FILE)).toBe('whole');
  });
});
