import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { RecordDecoder, wholeCharacters } from '../../src/collectors/charset.ts';

describe('decoding records', () => {
  it('reads UTF-8 as it is', () => {
    expect(new RecordDecoder('utf-8').decode(Buffer.from('登录 ok'))).toEqual({ text: '登录 ok', encoding: '' });
  });

  it('reads GB18030 where the bytes are no UTF-8', () => {
    const bytes = iconv.encode('用户登录失败', 'gb18030');
    expect(new RecordDecoder('utf-8').decode(bytes)).toEqual({ text: '用户登录失败', encoding: 'gb18030' });
  });

  it('trusts the registry where bytes are valid in both', () => {
    const bytes = Buffer.from([0xc4, 0xa3, 0xc4, 0xa3]); // GB18030: 模模, UTF-8: ģģ
    expect(new RecordDecoder('gb18030').decode(bytes).text).toBe('模模');
    expect(new RecordDecoder('utf-8').decode(bytes).text).toBe('ģģ');
    expect(new RecordDecoder('gb18030').decode(Buffer.from('望楼')).text).toBe('望楼');
  });

  it('loses no byte of anything', () => {
    const decoder = new RecordDecoder('utf-8');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (some) => {
        const bytes = Buffer.from(some);
        const { text, encoding } = decoder.decode(bytes);
        expect(iconv.encode(text, encoding === '' ? 'utf8' : encoding).equals(bytes)).toBe(true);
      }),
    );
  });
});

describe('cutting UTF-8', () => {
  it('never leaves part of a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '\0', 'é', '望', '楼', '😀', '\ufeff') }),
        fc.nat({ max: 50 }),
        (text, limit) => {
          const bytes = Buffer.from(text);
          const cut = bytes.subarray(0, wholeCharacters(bytes, limit));
          expect(cut.length).toBeLessThanOrEqual(Math.max(limit, 0));
          expect(text.startsWith(cut.toString('utf8'))).toBe(true);
        },
      ),
    );
  });
});
