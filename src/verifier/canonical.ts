import { hash } from 'node:crypto';
import type { Digest } from './merkle.ts';

const [QUOTE, BACKSLASH, COMMA, OPEN, CLOSE, COLON, SPACE, ZERO] = [34, 92, 44, 91, 93, 58, 32, 48];
/** Below, a loop copies faster than a call. */
const SHORT_BYTES = 32;

/**
 * Leaves of records. A record is a line of an export: a JSON array of texts. Its leaf is the digest of a byte 0 and then,
 * for each text, its length in bytes in decimal, a colon, and its bytes.
 */
export class Leaves {
  readonly #digest: Digest;
  #out = Buffer.alloc(65_536);

  constructor(digest: Digest) {
    this.#digest = digest;
  }

  /** @returns undefined when the bytes from `start` to `end` are no array of texts. */
  leafOf(bytes: Buffer, start: number, end: number): Buffer | undefined {
    // A text of no bytes takes three in the line ("", and a comma) and two in the form (0:).
    const most = 4 * (end - start) + 64;
    if (this.#out.length < most) this.#out = Buffer.alloc(2 * most);
    const length = this.#copy(bytes, start, end) ?? this.#parse(bytes, start, end);
    return length === undefined ? undefined : hash(this.#digest, this.#out.subarray(0, length), 'buffer');
  }

  /** The usual case, without any escape: the texts' bytes as they stand. */
  #copy(bytes: Buffer, start: number, end: number): number | undefined {
    const out = this.#out;
    out[0] = 0;
    let [at, to] = [start + 1, 1];
    if (bytes[start] !== OPEN) return undefined;
    for (;;) {
      while (bytes[at] === SPACE) at++;
      if (bytes[at] !== QUOTE) return undefined;
      const from = ++at;
      for (let byte = bytes[at]!; byte !== QUOTE; byte = bytes[++at]!)
        if (byte === BACKSLASH || byte < SPACE || at >= end) return undefined;
      to = this.#length(at - from, to);
      if (at - from < SHORT_BYTES) for (let byte = from; byte < at; byte++) out[to++] = bytes[byte]!;
      else to += bytes.copy(out, to, from, at);
      at++;
      while (bytes[at] === SPACE) at++;
      if (bytes[at] === COMMA) at++;
      else return bytes[at] === CLOSE && at + 1 === end ? to : undefined;
    }
  }

  #length(length: number, to: number): number {
    let at = to;
    if (length >= 10) at += this.#out.write(String(length), at, 'latin1');
    else this.#out[at++] = ZERO + length;
    this.#out[at++] = COLON;
    return at;
  }

  #parse(bytes: Buffer, start: number, end: number): number | undefined {
    const fields = fieldsOf(bytes, start, end);
    if (fields === undefined) return undefined;
    this.#out[0] = 0;
    let to = 1;
    for (const field of fields) {
      to = this.#length(Buffer.byteLength(field), to);
      to += this.#out.write(field, to);
    }
    return to;
  }
}

export function fieldsOf(bytes: Buffer, start: number, end: number): string[] | undefined {
  try {
    const fields: unknown = JSON.parse(bytes.toString('utf8', start, end));
    return Array.isArray(fields) && fields.every((field) => typeof field === 'string') ? fields : undefined;
  } catch {
    return undefined;
  }
}
