import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { RecordDecoder, wholeCharacters, type DecodedText } from '../../src/collectors/charset.ts';

/** The bytes that a text was decoded from. */
function bytesOf({ text, encoding }: DecodedText): Buffer {
  if (encoding !== 'utf-8-damaged') return iconv.encode(text, encoding === '' ? 'utf8' : encoding);
  return Buffer.concat(
    Array.from(text, (character) => {
      const code = character.charCodeAt(0);
      return code >= 0xef80 && code <= 0xefff ? Buffer.from([code - 0xef00]) : Buffer.from(character);
    }),
  );
}

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
        expect(bytesOf(decoder.decode(bytes)).equals(bytes)).toBe(true);
      }),
    );
  });

  it('loses no byte of damaged UTF-8, and keeps all of it that is whole', () => {
    const lines = fc.array(fc.constantFrom('用户', '登录', 'ok ', '😀', 'é'), { minLength: 4, maxLength: 30 });
    fc.assert(
      fc.property(lines, fc.nat(), fc.integer({ min: 1, max: 2 }), (words, where, length) => {
        const whole = Buffer.from(`用户登录${words.join('')}`);
        const at = where % (whole.length - length);
        const bytes = Buffer.concat([whole.subarray(0, at), whole.subarray(at + length)]);
        const decoded = new RecordDecoder('utf-8').decode(bytes);
        expect(bytesOf(decoded).equals(bytes)).toBe(true);
        expect(['', 'utf-8-damaged']).toContain(decoded.encoding);
      }),
    );
  });

  it('keeps a line readable whose last character was cut', () => {
    const bytes = Buffer.from('用户 wang 登录失败').subarray(0, -1);
    const { text, encoding } = new RecordDecoder('utf-8').decode(bytes);
    expect(encoding).toBe('utf-8-damaged');
    expect(text).toBe('用户 wang 登录失\uefe8\uefb4');
  });

  it('keeps a line readable into which somebody put bytes that are nothing', () => {
    const bytes = Buffer.concat([Buffer.from('用户 '), Buffer.alloc(50, 0xff), Buffer.from(' 登录')]);
    expect(new RecordDecoder('utf-8').decode(bytes).text).toMatch(/^用户 \uefff{50} 登录$/);
  });

  it('still reads GB18030 for GB18030, and Latin-1 for what is neither', () => {
    for (const text of ['用户登录失败', '访问数据库被拒绝：权限不足', '张三从终端导出了户籍数据']) {
      const bytes = iconv.encode(text, 'gb18030');
      expect(new RecordDecoder('utf-8').decode(bytes)).toEqual({ text, encoding: 'gb18030' });
    }
    expect(new RecordDecoder('utf-8').decode(Buffer.from('fond\xfc bruucht', 'latin1')).encoding).toBe('latin1');
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
