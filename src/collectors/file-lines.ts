import { OversizedFrame } from './oversized-frame.ts';

/** Takes [start, end) of `bytes` as a line that begins at `offset` of the file. */
export type OnLine = (bytes: Buffer, start: number, end: number, offset: number, fault: string) => void;

const LF = 0x0a;
const CR = 0x0d;
const NOTHING = Buffer.alloc(0);

/** Splits a file that is read chunk by chunk into lines and knows where each begins. Memory is bounded by the limit. */
export class FileLines {
  readonly #maxBytes: number;
  readonly #onLine: OnLine;
  /** The line that has no end yet. */
  #partial = NOTHING;
  #oversized: OversizedFrame | undefined;
  /** Where the unfinished line begins, and where the next chunk does. */
  #lineOffset: number;
  #offset: number;

  constructor(maxBytes: number, offset: number, onLine: OnLine) {
    this.#maxBytes = maxBytes;
    this.#lineOffset = this.#offset = offset;
    this.#onLine = onLine;
  }

  /** Offset of the next byte to read. */
  get offset(): number {
    return this.#offset;
  }

  /** Offset behind the last whole line. */
  get lineOffset(): number {
    return this.#lineOffset;
  }

  push(chunk: Buffer): void {
    let at = 0;
    for (let lf = chunk.indexOf(LF); lf !== -1; lf = chunk.indexOf(LF, at)) {
      this.#endLine(chunk, at, lf);
      at = lf + 1;
      this.#lineOffset = this.#offset + at;
    }
    this.#offset += chunk.length;
    if (at < chunk.length) this.#keep(chunk, at);
  }

  /** The file has ended for good: its last line needs no LF. */
  end(): void {
    if (this.#offset > this.#lineOffset) this.#endLine(NOTHING, 0, 0);
    this.#lineOffset = this.#offset;
  }

  #endLine(chunk: Buffer, start: number, end: number): void {
    if (this.#oversized !== undefined) {
      this.#oversized.feed(chunk, start, end);
      this.#emitOversized(this.#oversized);
    } else if (this.#partial.length === 0) this.#emit(chunk, start, end);
    else {
      const line = Buffer.concat([this.#partial, chunk.subarray(start, end)]);
      this.#partial = NOTHING;
      this.#emit(line, 0, line.length);
    }
  }

  #emit(bytes: Buffer, start: number, end: number): void {
    const stop = end > start && bytes[end - 1] === CR ? end - 1 : end;
    // A writer that does not append leaves zeros where a truncated file once was.
    let from = start;
    while (from < stop && bytes[from] === 0) from++;
    if (stop - from > this.#maxBytes) {
      const oversized = new OversizedFrame(this.#maxBytes);
      oversized.feed(bytes, from, stop);
      this.#emitOversized(oversized);
    } else if (stop > from) this.#onLine(bytes, from, stop, this.#lineOffset, '');
  }

  #emitOversized(oversized: OversizedFrame): void {
    this.#oversized = undefined;
    const { head, fault } = oversized.finish();
    this.#onLine(head, 0, head.length, this.#lineOffset, fault);
  }

  #keep(chunk: Buffer, at: number): void {
    if (this.#oversized !== undefined) this.#oversized.feed(chunk, at, chunk.length);
    else if (this.#partial.length + chunk.length - at > this.#maxBytes + 1) {
      this.#oversized = new OversizedFrame(this.#maxBytes);
      this.#oversized.feed(this.#partial, 0, this.#partial.length);
      this.#oversized.feed(chunk, at, chunk.length);
      this.#partial = NOTHING;
    } else this.#partial = Buffer.concat([this.#partial, chunk.subarray(at)]);
  }
}
