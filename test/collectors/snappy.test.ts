import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decompressSnappy } from '../../src/collectors/snappy.ts';

/** Record batches of the same four messages, as they were on the wire. */
const LIBRDKAFKA = Buffer.from(
  '+wHwSHoAAAABbuW8oOS4ieWcqOaUv+WKoeaVsOaNruWFseS6q+W5s+WPsOafpeivouS6hiAxMiDmnaHorrDlvZUA4gEAAAIB1AFhYWH+AgCaAg' +
    'CoAEYAAAQBOnsidXNlciI6ImxpIiwiYWN0aW9uIjoicmVhZCJ9AEoAAAYBPlokACBleHBvcnQifQA=',
  'base64',
);
const KAFKA_BROKER = Buffer.from(
  'glNOQVBQWQAAAAABAAAAAQAAAI37AfBJegAAAAFu5byg5LiJ5Zyo5pS/5Yqh5pWw5o2u5YWx5Lqr5bmz5Y+w5p+l6K+i5LqGIDEyIOadoeiusO' +
    'W9lQDiAQAAAgHUAWFhYWH+AwCWAwCoAEYAAAQBOnsidXNlciI6ImxpIiwiYWN0aW9uIjoicmVhZCJ9AEoAAAYBPlokACBleHBvcnQifQA=',
  'base64',
);

const MESSAGES = [
  '张三在政务数据共享平台查询了 12 条记录',
  'a'.repeat(102),
  '{"user":"li","action":"read"}',
  '{"user":"li","action":"export"}',
];

describe('Snappy', () => {
  it.each([
    ['librdkafka', LIBRDKAFKA],
    ['the Java of a broker', KAFKA_BROKER],
  ])('is read as %s writes it', (_, bytes) => {
    const batch = decompressSnappy(bytes);
    expect(batch).toHaveLength(251);
    for (const message of MESSAGES) expect(batch.includes(message)).toBe(true);
  });

  it('repeats what overlaps, in all sizes of copies and literals', () => {
    const copies = [8, 4, ...Buffer.from('ab'), 0b0000_1001, 2]; // 'ab', then 6 bytes from 2 back
    expect(decompressSnappy(Buffer.from(copies)).toString()).toBe('abababab');
    const wide = [6, 0, 0x78, 0b0000_1010, 1, 0, 0b0000_0111, 1, 0, 0, 0]; // x, 3 by two bytes, 2 by four
    expect(decompressSnappy(Buffer.from(wide)).toString()).toBe('xxxxxx');
    const long = Buffer.concat([Buffer.from([0xac, 0x02, 61 << 2, 0x2b, 0x01]), Buffer.alloc(300, 'y')]);
    expect(decompressSnappy(long).toString()).toBe('y'.repeat(300));
  });

  it('is refused when it is cut anywhere, or states a length that it can not have', () => {
    for (const whole of [LIBRDKAFKA, KAFKA_BROKER])
      for (let end = 1; end < whole.length; end++)
        expect(() => decompressSnappy(whole.subarray(0, end)).toString('latin1')).toThrow(/not Snappy/);
    expect(() => decompressSnappy(Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0, 1]))).toThrow(/impossible/);
  });

  it('fails only with an error, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          expect(decompressSnappy(Buffer.from(bytes)).length).toBeLessThanOrEqual(bytes.length * 22);
        } catch (error) {
          expect(String(error)).toContain('not Snappy');
        }
      }),
      { numRuns: 5_000 },
    );
  });
});
