/** Characters U+EF80–U+EFFF stand for the bytes 0x80–0xFF that are no UTF-8 (as in MirBSD's OPTU-16): private use, one each. */
const ESCAPE = 0xef00;

export interface DamagedText {
  /** '' when the bytes hold one of the characters that escapes are made of, so that they could not be told apart. */
  text: string;
  /** Bytes in whole characters of three or four bytes: what only UTF-8 has in numbers. */
  wholeBytes: number;
  brokenBytes: number;
}

/**
 * Decodes bytes that are UTF-8 with some bytes that are not: whole characters as they are, each other byte as the character
 * U+EF00 + byte, so that the line stays readable and its bytes can be had back.
 */
export function decodeDamaged(bytes: Buffer): DamagedText {
  const parts: string[] = [];
  let wholeBytes = 0;
  let brokenBytes = 0;
  let start = 0;
  let at = 0;
  while (at < bytes.length) {
    const length = characterLength(bytes, at);
    if (length > 0) {
      if (length > 2) wholeBytes += length;
      at += length;
      continue;
    }
    parts.push(bytes.toString('utf8', start, at), String.fromCharCode(ESCAPE + bytes[at]!));
    brokenBytes++;
    start = ++at;
  }
  parts.push(bytes.toString('utf8', start));
  const isAmbiguous = parts.some((part, n) => n % 2 === 0 && /[\uef80-\uefff]/.test(part));
  return { text: isAmbiguous ? '' : parts.join(''), wholeBytes, brokenBytes };
}

/** Length in bytes of the UTF-8 character that begins at `at`, or 0 when none does (RFC 3629: no overlong forms, no surrogates). */
function characterLength(bytes: Buffer, at: number): number {
  const lead = bytes[at]!;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const second = bytes[at + 1] ?? 0;
  if (lead < 0xe0) return isContinuation(second) ? 2 : 0;
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < lowest || second > highest || !isContinuation(bytes[at + 2] ?? 0)) return 0;
  if (lead < 0xf0) return 3;
  return isContinuation(bytes[at + 3] ?? 0) ? 4 : 0;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
