import { createHash } from 'node:crypto';
import { wholeCharacters } from './charset.ts';
import { truncation } from './record-stream.ts';

/** A frame that is longer than the limit: its head is kept, the rest is only counted and hashed, in constant memory. */
export class OversizedFrame {
  readonly #head: Buffer;
  readonly #hash = createHash('sha256');
  #length = 0;

  constructor(maxBytes: number) {
    // One byte more than the limit shows whether the limit falls inside a character.
    this.#head = Buffer.allocUnsafe(maxBytes + 1);
  }

  get length(): number {
    return this.#length;
  }

  feed(bytes: Buffer, start: number, end: number): void {
    if (end <= start) return;
    if (this.#length < this.#head.length) bytes.copy(this.#head, this.#length, start, end);
    this.#hash.update(bytes.subarray(start, end));
    this.#length += end - start;
  }

  /** The head and the fault that says length and hash of the whole. */
  finish(): { head: Buffer; fault: string } {
    const kept = this.#head.subarray(0, Math.min(this.#length, this.#head.length));
    const head = kept.subarray(0, wholeCharacters(kept, this.#head.length - 1));
    return { head, fault: truncation(this.#length, this.#hash.digest('hex')) };
  }
}
