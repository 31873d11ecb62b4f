import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENDED_INSIDE, SyslogFraming } from '../../src/collectors/framing.ts';

interface Frame {
  text: string;
  fault: string;
}

/** The frames of a stream that arrives in the given pieces. */
function framesOf(
  pieces: readonly (string | Buffer)[],
  options: { maxBytes?: number; cleanly?: boolean } = {},
): Frame[] {
  const frames: Frame[] = [];
  const framing = new SyslogFraming(options.maxBytes ?? 65_536, (bytes, start, end, fault) =>
    frames.push({ text: bytes.toString('latin1', start, end), fault }),
  );
  for (const piece of pieces) framing.push(Buffer.from(piece));
  framing.end(options.cleanly ?? true);
  return frames;
}

const texts = (frames: readonly Frame[]): string[] => frames.map((frame) => frame.text);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('syslog framing', () => {
  it('reads octet-counted frames, also when they hold line ends', () => {
    expect(texts(framesOf(['9 <34>1 abc6 <3>a\nb']))).toEqual(['<34>1 abc', '<3>a\nb']);
  });

  it('strips one LF, CR or NUL at the end of a counted frame', () => {
    expect(texts(framesOf(['5 <3>a\n5 <3>b\r5 <3>c\0']))).toEqual(['<3>a', '<3>b', '<3>c']);
    expect(texts(framesOf(['6 <3>a\n\n']))).toEqual(['<3>a\n']);
  });

  it('reads lines that end with LF or CR LF, and skips empty ones', () => {
    expect(texts(framesOf(['<3>a\n\n<3>b\r\n\r\n<3>c\n']))).toEqual(['<3>a', '<3>b', '<3>c']);
  });

  it('reads frames that end with NUL, but leaves a NUL inside a line alone', () => {
    expect(texts(framesOf(['<3>a\0<3>b\0']))).toEqual(['<3>a', '<3>b']);
    expect(texts(framesOf(['<3>a\0b\n<3>c\n']))).toEqual(['<3>a\0b', '<3>c']);
  });

  it('decides for each frame, so that both kinds can share a connection', () => {
    expect(texts(framesOf(['<3>line\n4 <3>a<3>next\n4 <3>b']))).toEqual(['<3>line', '<3>a', '<3>next', '<3>b']);
  });

  it('takes counted frames without a priority when the counts fit', () => {
    expect(texts(framesOf(['5 hello5 world']))).toEqual(['hello', 'world']);
    expect(texts(framesOf(['7 {"a":1}', '7 {"b":2}']))).toEqual(['{"a":1}', '{"b":2}']);
  });

  it.each([
    '2026-11-24 10:00:00 sign-in by zhang\n',
    '12 Jan 2026 10:00:00 gate opened\n',
    '3 users logged in\n',
    '12 monkeys\n',
    '99999999999999999999 <34>1 no count\n',
    '7\n',
  ])('keeps a line of text that begins with digits whole: %j', (line) => {
    expect(texts(framesOf([line, '<34>1 next\n']))).toEqual([line.trimEnd(), '<34>1 next']);
  });

  it('finds its way back at the next LF when a count was wrong', () => {
    expect(texts(framesOf(['6 <3>abcdef\n<3>g\n']))).toEqual(['<3>abc', 'def', '<3>g']);
  });

  it('keeps a last line without LF when the connection ends cleanly, and marks it when it breaks', () => {
    expect(framesOf(['<3>half'])).toEqual([{ text: '<3>half', fault: '' }]);
    expect(framesOf(['<3>half'], { cleanly: false })).toEqual([{ text: '<3>half', fault: ENDED_INSIDE }]);
  });

  it('keeps and marks a counted frame that the end of the connection cut', () => {
    expect(framesOf(['20 <3>half'])).toEqual([{ text: '<3>half', fault: ENDED_INSIDE }]);
    expect(framesOf(['20 pages'])).toEqual([{ text: '20 pages', fault: '' }]);
  });

  it('cuts oversized frames of both kinds, says length and hash, and goes on with the next', () => {
    const long = `<3>${'x'.repeat(500)}`;
    const expected = { text: long.slice(0, 100), fault: `truncated: 503 bytes, sha256 ${sha256(long)}` };
    const next = { text: '<3>next', fault: '' };
    expect(framesOf([`${long}\n<3>next\n`], { maxBytes: 100 })).toEqual([expected, next]);
    expect(framesOf([`503 ${long}7 <3>next`], { maxBytes: 100 })).toEqual([expected, next]);
  });

  it('holds no more than the limit of a line that does not end', () => {
    const frames: Frame[] = [];
    const framing = new SyslogFraming(1_000, (bytes, start, end, fault) =>
      frames.push({ text: bytes.toString('latin1', start, end), fault }),
    );
    const hash = createHash('sha256');
    for (let i = 0; i < 1_000; i++) {
      const chunk = Buffer.alloc(65_536, 97 + (i % 26));
      hash.update(chunk);
      framing.push(chunk);
      expect(framing.isWaiting).toBe(false);
    }
    framing.push(Buffer.from('\n<3>next\n'));
    expect(frames[0]!.fault).toBe(`truncated: 65536000 bytes, sha256 ${hash.digest('hex')}`);
    expect(frames.map((frame) => frame.text.length)).toEqual([1_000, 7]);
  });

  it('does not cut a character of UTF-8 in two', () => {
    const [frame] = framesOf([Buffer.from(`<3>${'望'.repeat(50)}\n`)], { maxBytes: 100 });
    expect(Buffer.from(frame!.text, 'latin1').toString('utf8')).toBe(`<3>${'望'.repeat(32)}`);
  });

  it('decides after a pause what the next byte would have shown', () => {
    const frames: string[] = [];
    const framing = new SyslogFraming(100, (bytes, start, end) => frames.push(bytes.toString('latin1', start, end)));
    framing.push(Buffer.from('5 hello'));
    expect(frames).toEqual([]);
    framing.settle();
    expect(frames).toEqual(['hello']);
  });

  const piece = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.constantFrom('\n', '\r\n', '\0', '<34>1 ', '5 <3>a', '12 ', '9', ' ', '200 <3>', 'x'.repeat(70)),
  );
  const stream = fc.array(piece, { maxLength: 20 }).map((parts) => Buffer.from(parts.join('')));

  it('gives the same frames however the bytes are cut into chunks', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat({ max: 300 })), (bytes, cuts) => {
        const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((place, i) => bytes.subarray(places[i], place));
        const single = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
        const whole = framesOf([bytes], { maxBytes: 50 });
        expect(framesOf(chunks, { maxBytes: 50 })).toEqual(whole);
        expect(framesOf(single, { maxBytes: 50 })).toEqual(whole);
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads back every message that was framed, in both ways', () => {
    const message = fc
      .string({ minLength: 1, maxLength: 60, unit: fc.constantFrom('a', '9', ' ', '<', '\n', '\r', '\0', '望', '😀') })
      .map((text) => `<13>1 ${text}.`);
    fc.assert(
      fc.property(fc.array(fc.tuple(message, fc.boolean())), (messages) => {
        const parts = messages.map(([text, isCounted]) => {
          const line = isCounted ? text : text.replace(/[\n\0]/g, ' ');
          return { line, frame: isCounted ? `${Buffer.byteLength(line)} ${line}` : `${line}\n` };
        });
        const bytes = Buffer.from(parts.map((part) => part.frame).join(''));
        const read = texts(framesOf([bytes])).map((text) => Buffer.from(text, 'latin1').toString('utf8'));
        expect(read).toEqual(parts.map((part) => part.line));
      }),
    );
  });
});
