import { OversizedFrame } from './oversized-frame.ts';

/** Takes [start, end) of `bytes` as one frame; the bytes are only valid during the call. `fault` is '' for a whole frame. */
export type OnFrame = (bytes: Buffer, start: number, end: number, fault: string) => void;

const NUL = 0x00;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const LESS_THAN = 0x3c;
const MAX_COUNT_DIGITS = 10;

export const ENDED_INSIDE = 'connection ended inside the record';

const NOTHING = Buffer.alloc(0);

/** How a scan of one frame came out: its end, or that more bytes are needed. */
const MORE = -1;

/**
 * Splits the byte stream of a syslog connection into frames (RFC 6587, RFC 5425). Each frame's first byte decides: a digit
 * 1–9 begins an octet count, anything else a line that ends with LF, or with a NUL that is followed by the next frame.
 *
 * Digits may also begin a line of text. What follows `count space` is taken as a counted frame when it begins with `<`, or
 * when this connection has sent such frames before; otherwise when the frame so counted is followed by something that can
 * begin a frame and no line ends inside it. Until the bytes for this are here, nothing is decided (`settle` decides).
 *
 * A frame longer than the limit is cut: its head goes out with a fault that tells length and SHA-256 of the whole.
 */
export class SyslogFraming {
  readonly #maxBytes: number;
  readonly #onFrame: OnFrame;
  /** Bytes that are not yet a whole frame: [0, #length) of it. */
  #window = NOTHING;
  #length = 0;
  /** Up to here the window is known to hold no LF. */
  #scanned = 0;
  #isCounting = false;
  #hasNul = false;
  #oversized: OversizedFrame | undefined;
  /** Bytes of an oversized counted frame still to come; Infinity: until LF. */
  #remaining = 0;
  /** No more bytes come for now: what needs the next byte to be decided is decided without. */
  #isSettling = false;

  constructor(maxBytes: number, onFrame: OnFrame) {
    this.#maxBytes = maxBytes;
    this.#onFrame = onFrame;
  }

  /** Whether bytes wait for more. */
  get isWaiting(): boolean {
    return this.#length > 0;
  }

  push(chunk: Buffer): void {
    let from = 0;
    if (this.#oversized !== undefined) from = this.#skip(chunk);
    if (from === chunk.length) return;
    if (this.#length === 0) this.#keep(chunk, this.#scan(chunk, from, chunk.length));
    else {
      this.#append(chunk, from);
      this.#scanWindow();
    }
  }

  /** Nothing came for a while: decides what would need the next byte. */
  settle(): void {
    if (this.#length === 0) return;
    this.#isSettling = true;
    this.#scanWindow();
    this.#isSettling = false;
  }

  /** The connection has ended. @param cleanly whether its end was announced: a last line needs no LF then. */
  end(cleanly: boolean): void {
    this.settle();
    if (this.#oversized !== undefined) this.#finishOversized(`; ${ENDED_INSIDE}`);
    if (this.#length === 0) return;
    const contentAt = this.#countedContent(this.#window, 0, this.#length);
    const isLine = contentAt <= 0 || !this.#isSurelyCounted(this.#window, contentAt, this.#length);
    this.#emit(this.#window, isLine ? 0 : contentAt, this.#length, isLine && cleanly ? '' : ENDED_INSIDE);
    this.#length = 0;
    this.#window = NOTHING;
  }

  /** Emits the whole frames of [from, end) and returns where the first unfinished one begins. */
  #scan(bytes: Buffer, from: number, end: number): number {
    let at = from;
    this.#hasNul = bytes.includes(NUL, from);
    while (at < end) {
      const first = bytes[at]!;
      if (first === LF || first === CR || first === NUL) {
        at++;
        continue;
      }
      const next = first >= 0x31 && first <= 0x39 ? this.#scanCounted(bytes, at, end) : this.#scanLine(bytes, at, end);
      if (next === MORE) return at;
      at = next;
      this.#scanned = 0;
    }
    return at;
  }

  #scanCounted(bytes: Buffer, at: number, end: number): number {
    const contentAt = this.#countedContent(bytes, at, end);
    if (contentAt === MORE) return MORE;
    if (contentAt === 0) return this.#scanLine(bytes, at, end);
    const count = countOf(bytes, at, contentAt - 1);
    if (!this.#isSurelyCounted(bytes, contentAt, end)) {
      const verdict = this.#looksCounted(bytes, contentAt, count, end);
      if (verdict === 'wait') return MORE;
      if (verdict === 'no') return this.#scanLine(bytes, at, end);
    }
    this.#isCounting = true;
    if (count > this.#maxBytes + 1) return this.#beginOversized(bytes, contentAt, end, count);
    if (end - contentAt < count) return MORE;
    this.#emit(bytes, contentAt, withoutTrailer(bytes, contentAt, contentAt + count), '');
    return contentAt + count;
  }

  /** Where the content of a counted frame begins; 0 when the digits are no count; MORE when that can not be told yet. */
  #countedContent(bytes: Buffer, at: number, end: number): number {
    let i = at;
    while (i < end && bytes[i]! >= 0x30 && bytes[i]! <= 0x39 && i - at <= MAX_COUNT_DIGITS) i++;
    if (i === at || i - at > MAX_COUNT_DIGITS) return 0;
    if (i === end) return this.#isSettling ? 0 : MORE;
    if (bytes[i] !== SPACE) return 0;
    return i + 1 === end && !this.#isSettling ? MORE : i + 1;
  }

  #isSurelyCounted(bytes: Buffer, contentAt: number, end: number): boolean {
    return this.#isCounting || (contentAt < end && bytes[contentAt] === LESS_THAN);
  }

  #looksCounted(bytes: Buffer, contentAt: number, count: number, end: number): 'yes' | 'no' | 'wait' {
    const frameEnd = contentAt + count;
    if (count > this.#maxBytes) return 'no';
    const lineEnd = bytes.subarray(0, end).indexOf(LF, contentAt);
    if (lineEnd !== -1 && lineEnd < frameEnd - 1) return 'no';
    if (end < frameEnd) return 'wait';
    if (end > frameEnd) return canBeginFrame(bytes[frameEnd]!) ? 'yes' : 'no';
    return this.#isSettling ? 'yes' : 'wait';
  }

  #scanLine(bytes: Buffer, at: number, end: number): number {
    let from = Math.max(at, this.#scanned);
    for (;;) {
      const stop = this.#nextDelimiter(bytes, from, end);
      if ((stop === MORE ? end : stop) - at > this.#maxBytes + 1) return this.#beginOversized(bytes, at, end, Infinity);
      if (stop === MORE) {
        this.#scanned = end;
        return MORE;
      }
      if (bytes[stop] === NUL) {
        if (stop + 1 === end && !this.#isSettling) {
          this.#scanned = stop;
          return MORE;
        }
        if (stop + 1 < end && !canBeginFrame(bytes[stop + 1]!)) {
          from = stop + 1;
          continue;
        }
      }
      const lineEnd = stop > at && bytes[stop] === LF && bytes[stop - 1] === CR ? stop - 1 : stop;
      this.#emit(bytes, at, lineEnd, '');
      return stop + 1;
    }
  }

  /** The next LF or NUL in [from, end), or MORE. */
  #nextDelimiter(bytes: Buffer, from: number, end: number): number {
    const lf = bytes.indexOf(LF, from);
    const lineEnd = lf === -1 || lf >= end ? end : lf;
    const nul = this.#hasNul ? bytes.subarray(from, lineEnd).indexOf(NUL) : -1;
    if (nul !== -1) return from + nul;
    return lineEnd === end ? MORE : lineEnd;
  }

  #emit(bytes: Buffer, start: number, end: number, fault: string): void {
    if (end - start > this.#maxBytes) {
      const oversized = new OversizedFrame(this.#maxBytes);
      oversized.feed(bytes, start, end);
      this.#emitOversized(oversized, fault === '' ? '' : `; ${fault}`);
    } else if (end > start) this.#onFrame(bytes, start, end, fault);
  }

  #beginOversized(bytes: Buffer, start: number, end: number, length: number): number {
    this.#oversized = new OversizedFrame(this.#maxBytes);
    this.#remaining = length;
    return start + this.#skip(bytes.subarray(start, end));
  }

  /** Feeds the oversized frame; returns how many bytes of the chunk were its own. */
  #skip(chunk: Buffer): number {
    const isLine = this.#remaining === Infinity;
    const stop = isLine ? chunk.indexOf(LF) : Math.min(this.#remaining, chunk.length);
    const own = stop === -1 ? chunk.length : stop;
    this.#oversized!.feed(chunk, 0, own);
    this.#remaining -= own;
    if (isLine ? stop === -1 : this.#remaining > 0) return own;
    this.#finishOversized('');
    return isLine ? own + 1 : own;
  }

  #finishOversized(moreFault: string): void {
    const oversized = this.#oversized!;
    this.#oversized = undefined;
    this.#emitOversized(oversized, moreFault);
  }

  #emitOversized(oversized: OversizedFrame, moreFault: string): void {
    const { head, fault } = oversized.finish();
    this.#onFrame(head, 0, head.length, fault + moreFault);
  }

  #scanWindow(): void {
    const window = this.#window;
    const consumed = this.#scan(window, 0, this.#length);
    if (consumed === 0) return;
    window.copyWithin(0, consumed, this.#length);
    this.#length -= consumed;
    this.#scanned = Math.max(0, this.#scanned - consumed);
    if (this.#length === 0) this.#window = NOTHING;
  }

  #keep(chunk: Buffer, from: number): void {
    if (from >= chunk.length) {
      this.#scanned = 0;
      return;
    }
    this.#window = Buffer.from(chunk.subarray(from));
    this.#length = chunk.length - from;
    this.#scanned = Math.max(0, this.#scanned - from);
  }

  #append(chunk: Buffer, from: number): void {
    const length = this.#length + chunk.length - from;
    if (length > this.#window.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(length, this.#window.length * 2));
      this.#window.copy(larger, 0, 0, this.#length);
      this.#window = larger;
    }
    chunk.copy(this.#window, this.#length, from);
    this.#length = length;
  }
}

function canBeginFrame(byte: number): boolean {
  return byte === LESS_THAN || (byte >= 0x31 && byte <= 0x39) || byte === LF || byte === CR || byte === NUL;
}

function countOf(bytes: Buffer, start: number, end: number): number {
  let count = 0;
  for (let i = start; i < end; i++) count = count * 10 + bytes[i]! - 0x30;
  return count;
}

/** Many senders count their own line end (LF, CR or NUL) as part of the message. */
function withoutTrailer(bytes: Buffer, start: number, end: number): number {
  const last = end > start ? bytes[end - 1]! : SPACE;
  return last === LF || last === CR || last === NUL ? end - 1 : end;
}
