/** For two numbers of 53 bits. */
const HEAD_ROOM = 20;

/**
 * Writes the cells of ClickHouse's Native format, column by column, into one buffer that is kept and grows.
 * https://clickhouse.com/docs/interfaces/formats/Native
 */
export class NativeWriter {
  #buffer: Buffer;
  #view: DataView;
  #at = HEAD_ROOM;

  constructor(initialBytes = 1 << 20) {
    this.#buffer = Buffer.allocUnsafeSlow(initialBytes);
    this.#view = new DataView(this.#buffer.buffer);
  }

  get position(): number {
    return this.#at;
  }

  /** Begins anew; what was written before is overwritten. Some bytes before it stay free for `viewAfter`. */
  reset(): void {
    this.#at = HEAD_ROOM;
  }

  /** What was written to `head`, at most 20 bytes, and here since reset: the bytes themselves, until the next reset. */
  viewAfter(head: NativeWriter): Buffer {
    const from = HEAD_ROOM - (head.#at - HEAD_ROOM);
    head.#buffer.copy(this.#buffer, from, HEAD_ROOM, head.#at);
    return this.#buffer.subarray(from, this.#at);
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  varint(value: number): void {
    this.#reserve(10);
    while (value >= 0x80) {
      this.#buffer[this.#at++] = (value % 0x80) | 0x80;
      value = Math.floor(value / 0x80);
    }
    this.#buffer[this.#at++] = value;
  }

  string(value: string): void {
    this.#reserve(5 + 3 * value.length);
    this.#cell(value);
  }

  /** @param values at least `count` strings; equal ones in a row cost a copy. */
  strings(values: readonly string[], count: number): void {
    const first = values[0]!;
    let same = 1;
    while (same < count && values[same] === first) same++;
    this.string(first);
    this.#repeat(this.#size(first), same - 1);
    for (let i = same; i < count; i++) this.string(values[i]!);
  }

  uint8(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#at++] = within(value, 0xff);
  }

  uint16(value: number): void {
    this.#reserve(2);
    this.#view.setUint16(this.#at, within(value, 0xffff), true);
    this.#at += 2;
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#at, within(value, 0xffffffff), true);
    this.#at += 4;
  }

  /** @param value what is negative or no number becomes 0, what is beyond `max` becomes `max`. */
  uint64(value: number, max = Number.MAX_SAFE_INTEGER): void {
    this.#reserve(8);
    const whole = within(value, max);
    this.#view.setUint32(this.#at, whole % 0x1_0000_0000, true);
    this.#view.setUint32(this.#at + 4, whole / 0x1_0000_0000, true);
    this.#at += 8;
  }

  /**
   * Two little-endian 64-bit halves, most significant first. '' is the nil UUID.
   * @throws TypeError when the text is no UUID.
   */
  uuid(text: string): void {
    this.#reserve(16);
    const at = this.#at;
    this.#at += 16;
    if (text === '') {
      this.#buffer.fill(0, at, at + 16);
      return;
    }
    let bad = text.length === 36 ? 0 : 1;
    for (let i = 0; i < 16; i++) {
      const from = UUID_DIGIT[i]!;
      const byte = (HEX[text.charCodeAt(from)]! << 4) | HEX[text.charCodeAt(from + 1)]!;
      bad |= byte & ~0xff;
      this.#buffer[at + UUID_BYTE[i]!] = byte;
    }
    if (bad !== 0) throw new TypeError(`an event's id is expected to be a UUID, but is "${text}"`);
  }

  /** The last `bytes` bytes, `times` times more. */
  #repeat(bytes: number, times: number): void {
    const from = this.#at - bytes;
    const total = bytes * (times + 1);
    this.#reserve(total);
    let done = bytes;
    while (done < total) {
      const more = Math.min(done, total - done);
      this.#buffer.copyWithin(from + done, from, from + more);
      done += more;
    }
    this.#at = from + total;
  }

  /** Bytes that the string just written takes, with its length. */
  #size(value: string): number {
    const bytes = Buffer.byteLength(value);
    return bytes + varintSize(bytes);
  }

  /** Needs 5 + 3 × length reserved bytes. */
  #cell(value: string): void {
    const length = value.length;
    if (length > SHORT || !this.#ascii(value)) this.#utf8(value);
  }

  /** Writes a string of up to SHORT ASCII characters; says whether it was one. */
  #ascii(value: string): boolean {
    const buffer = this.#buffer;
    const length = value.length;
    const at = this.#at + 1;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (code > 0x7f) return false;
      buffer[at + i] = code;
    }
    buffer[at - 1] = length;
    this.#at = at + length;
    return true;
  }

  #utf8(value: string): void {
    const expected = varintSize(value.length);
    const start = this.#at;
    const written = this.#buffer.write(value, start + expected);
    const needed = varintSize(written);
    if (needed !== expected) this.#buffer.copyWithin(start + needed, start + expected, start + expected + written);
    this.varint(written);
    this.#at = start + needed + written;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.#at + bytes));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
  }
}

/** Up to here a loop over the characters is faster than a call into native code. */
const SHORT = 24;

/** Where the two digits of a UUID's nth byte are in its text, and where the byte goes. */
const UUID_DIGIT = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const UUID_BYTE = [7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8];

/** Character code → value of the hexadecimal digit; others have bits above a byte. */
const HEX = new Uint16Array(65536).fill(0x100);
for (let digit = 0; digit < 16; digit++) {
  HEX[digit.toString(16).charCodeAt(0)] = digit;
  HEX[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

function varintSize(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  return value < 0x1000_0000 ? 4 : 5;
}

function within(value: number, max: number): number {
  if (!(value > 0) || value === Infinity) return 0;
  return value >= max ? max : Math.floor(value);
}
