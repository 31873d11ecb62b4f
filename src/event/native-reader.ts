/** A batch that can not be read: `column` and `at` (byte offset) say where. */
export class BatchInvalid extends Error {
  readonly column: string;
  readonly at: number;

  constructor(column: string, at: number, problem: string) {
    super(`batch invalid at byte ${at}${column === '' ? '' : ` in column ${column}`}: ${problem}`);
    this.column = column;
    this.at = at;
  }
}

/** Reads the cells of ClickHouse's Native format. Nothing is believed: every length is checked against what is there. */
export class NativeReader {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  #at = 0;
  /** Name of the column that is being read, for errors. */
  column = '';

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get position(): number {
    return this.#at;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  fail(problem: string): never {
    throw new BatchInvalid(this.column, this.#at, problem);
  }

  /** Moves over `bytes` bytes and returns where they begin. */
  skip(bytes: number): number {
    const from = this.#at;
    if (bytes > this.#bytes.length - from) this.fail(`${bytes} more bytes are needed, ${this.left} are left`);
    this.#at = from + bytes;
    return from;
  }

  varint(): number {
    const first = this.uint8();
    if (first < 0x80) return first;
    let value = first & 0x7f;
    for (let scale = 0x80; scale < Number.MAX_SAFE_INTEGER; scale *= 0x80) {
      const byte = this.uint8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return this.fail('a length of more than 53 bits');
  }

  uint8(): number {
    return this.#bytes[this.skip(1)]!;
  }

  uint32(): number {
    return this.#view.getUint32(this.skip(4), true);
  }

  /** Beyond 2^53 - 1 it is 2^53 - 1. */
  uint64(): number {
    const at = this.skip(8);
    const value = this.#view.getUint32(at + 4, true) * 0x1_0000_0000 + this.#view.getUint32(at, true);
    return value > Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : value;
  }

  /** Milliseconds since the epoch; times before it are 0. */
  time(): number {
    const at = this.skip(8);
    const high = this.#view.getInt32(at + 4, true);
    return high < 0 || high >= 0x20_0000 ? 0 : high * 0x1_0000_0000 + this.#view.getUint32(at, true);
  }

  /** The nil UUID is ''. */
  uuid(): string {
    const at = this.skip(16);
    const bytes = this.#bytes;
    let any = 0;
    for (let i = 0; i < 16; i++) {
      const byte = bytes[at + UUID_BYTE[i]!]!;
      any |= byte;
      const to = UUID_DIGIT[i]!;
      UUID_TEXT[to] = DIGIT[byte >> 4]!;
      UUID_TEXT[to + 1] = DIGIT[byte & 15]!;
    }
    return any === 0 ? '' : UUID_TEXT.toString('latin1');
  }

  string(): string {
    const length = this.varint();
    if (length === 0) return '';
    const from = this.skip(length);
    return length <= KNOWN_MAX ? this.#known(from, length) : this.#bytes.toString('utf8', from, from + length);
  }

  /** Names repeat a lot: they are looked up by their bytes, which is faster than a new string and keeps one copy. */
  #known(from: number, length: number): string {
    const bytes = this.#bytes;
    const last = from + length - 1;
    const sample = (bytes[last]! * 131 + bytes[from + (length >> 1)]!) * 131 + bytes[length > 1 ? last - 1 : last]!;
    const slot = (sample * 31 + bytes[from]! + length * 7) & (KNOWN.length - 1);
    const candidate = KNOWN[slot]!;
    if (candidate.length === length) {
      let i = 0;
      while (i < length && candidate.charCodeAt(i) === bytes[from + i]!) i++;
      if (i === length) return candidate;
    }
    const text = bytes.toString('utf8', from, last + 1);
    if (text.length === length) KNOWN[slot] = text; // one byte each: only then characters can be compared with bytes
    return text;
  }

  /**
   * The ends of `rows` arrays, counted in elements.
   * @param minBytes the least that one element takes, so that no more are believed than fit.
   */
  ends(rows: number, minBytes: number): number[] {
    const ends: number[] = [];
    let before = 0;
    for (let i = 0; i < rows; i++) {
      const end = this.uint64();
      if (end < before || end * minBytes > this.#bytes.length) this.fail(`an array that ends at element ${end}`);
      ends.push(end);
      before = end;
    }
    return ends;
  }

  /** How many elements `rows` arrays have together; rows ≥ 1. */
  lastEnd(rows: number): number {
    this.skip(8 * (rows - 1));
    return this.uint64();
  }
}

const UUID_DIGIT = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const UUID_BYTE = [7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8];
const UUID_TEXT = Buffer.from('00000000-0000-0000-0000-000000000000');
const DIGIT = Buffer.from('0123456789abcdef');

const KNOWN_MAX = 40;
/** Strings met lately, by a few of their bytes; a slot keeps the last one. */
const KNOWN: string[] = new Array<string>(4096).fill('');
