import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { decodeDamaged } from './damaged-utf8.ts';

/** A record's text and, when its bytes were not UTF-8, the encoding by which they can be had back from it. */
export interface DecodedText {
  text: string;
  /** `utf-8-damaged`: UTF-8 where each byte that is none is the character U+EF00 + byte. */
  encoding: '' | 'gb18030' | 'latin1' | 'utf-8-damaged';
}

/** How much of a text must be whole UTF-8 characters, for each byte that is in none, to be taken for damaged UTF-8 at once. */
const WHOLE_PER_BROKEN = 3;

/** Two whole characters of three bytes: one alone comes about by chance in one of fifty short GB18030 texts. */
const MIN_WHOLE_BYTES = 6;

/**
 * Decodes the records of one sender. UTF-8 first, also when some of its characters are broken (a line cut by its sender); else
 * GB18030 where the bytes are GB18030 throughout; else Latin-1, which maps every byte to the character of the same number. No
 * byte is ever lost.
 */
export class RecordDecoder {
  readonly #isGb18030: boolean;

  /** @param encoding what the source's registry entry says. */
  constructor(encoding: 'utf-8' | 'gb18030') {
    this.#isGb18030 = encoding === 'gb18030';
  }

  /** How all records of a chunk can be decoded without a look at each; '' when each needs its own. */
  encodingOf(chunk: Uint8Array): 'latin1' | 'utf8' | '' {
    if (isAscii(chunk)) return 'latin1';
    return !this.#isGb18030 && isUtf8(chunk) ? 'utf8' : '';
  }

  decode(bytes: Buffer): DecodedText {
    if (isUtf8(bytes)) {
      const text = bytes.toString('utf8');
      if (!this.#isGb18030 || !looksAccidental(text)) return { text, encoding: '' };
    }
    const damaged = decodeDamaged(bytes);
    const { wholeBytes, brokenBytes } = damaged;
    const isMostlyWhole = wholeBytes >= Math.max(MIN_WHOLE_BYTES, WHOLE_PER_BROKEN * brokenBytes) && brokenBytes > 0;
    const isDamaged = damaged.text !== '' && wholeBytes > 0;
    if (isDamaged && isMostlyWhole && !this.#isGb18030) return { text: damaged.text, encoding: 'utf-8-damaged' };
    const text = iconv.decode(bytes, 'gb18030');
    if (iconv.encode(text, 'gb18030').equals(bytes)) return { text, encoding: 'gb18030' };
    if (isDamaged) return { text: damaged.text, encoding: 'utf-8-damaged' };
    return { text: bytes.toString('latin1'), encoding: 'latin1' };
  }
}

/** Pairs of GB18030 bytes that happen to be UTF-8 give two-byte characters only, never Chinese ones. */
function looksAccidental(text: string): boolean {
  let isAscii = true;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x800) return false;
    if (code >= 0x80) isAscii = false;
  }
  return !isAscii;
}

/** The length ≤ limit at which UTF-8 bytes can be cut without cutting a character. Other bytes are cut at the limit. */
export function wholeCharacters(bytes: Uint8Array, limit: number): number {
  if (bytes.length <= limit) return bytes.length;
  let end = limit;
  for (let back = 0; back < 3 && end > 0 && (bytes[end]! & 0xc0) === 0x80; back++) end--;
  return (bytes[end]! & 0xc0) === 0x80 ? limit : end;
}
