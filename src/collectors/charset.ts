import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

/** A record's text and, when its bytes were not UTF-8, the encoding by which they can be had back from it. */
export interface DecodedText {
  text: string;
  encoding: '' | 'gb18030' | 'latin1';
}

/**
 * Decodes the records of one sender. UTF-8 first; else GB18030 where the bytes are GB18030 throughout; else Latin-1, which
 * maps every byte to the character of the same number, so that no byte is lost.
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
    const text = iconv.decode(bytes, 'gb18030');
    if (iconv.encode(text, 'gb18030').equals(bytes)) return { text, encoding: 'gb18030' };
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
