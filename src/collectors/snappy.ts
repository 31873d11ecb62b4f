/**
 * Snappy, as Kafka's producers write it: raw (librdkafka, Go) or in the blocks of snappy-java. Only decompression.
 * Formats: google/snappy format_description.txt; xerial/snappy-java SnappyOutputStream.
 */

const JAVA_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
/** Magic, version, lowest compatible version. */
const JAVA_HEADER_BYTES = 16;
/** Three bytes can say 64: no raw block expands more, and a length beyond is a lie. */
const MAX_RATIO = 22;

/** @throws Error when the bytes are not Snappy. */
export function decompressSnappy(bytes: Buffer): Buffer {
  if (!bytes.subarray(0, JAVA_MAGIC.length).equals(JAVA_MAGIC)) return decompressRaw(bytes);
  const blocks: Buffer[] = [];
  for (let at = JAVA_HEADER_BYTES; at < bytes.length;) {
    const start = at + 4;
    const end = start > bytes.length ? Infinity : start + bytes.readUInt32BE(at);
    if (end > bytes.length) throw broken('a block ends early');
    blocks.push(decompressRaw(bytes.subarray(start, end)));
    at = end;
  }
  if (blocks.length === 0) throw broken('it ends early');
  return Buffer.concat(blocks);
}

function decompressRaw(bytes: Buffer): Buffer {
  const { value: length, end } = readLength(bytes);
  if (length > bytes.length * MAX_RATIO) throw broken('the stated length is impossible');
  const out = Buffer.alloc(length);
  let written = 0;
  for (let at = end; at < bytes.length;) {
    const kind = bytes[at]! & 3;
    const { next, count } = kind === 0 ? addLiteral(bytes, at, out, written) : addCopy(bytes, at, out, written);
    written += count;
    at = next;
  }
  if (written !== length) throw broken('it ends early');
  return out;
}

/** What an element came to: where the next begins, and how many bytes were written. */
interface Added {
  next: number;
  count: number;
}

/** Bytes as they are. Their number is in the tag, or in the 1 to 4 bytes behind it. */
function addLiteral(bytes: Buffer, at: number, out: Buffer, written: number): Added {
  const stated = bytes[at]! >> 2;
  const width = Math.max(0, stated - 59);
  const from = at + 1 + width;
  if (from > bytes.length) throw broken('a literal ends early');
  const count = (width === 0 ? stated : bytes.readUIntLE(at + 1, width)) + 1;
  const next = from + count;
  if (next > bytes.length || count > out.length - written) throw broken('a literal is too long');
  bytes.copy(out, written, from, next);
  return { next, count };
}

/** Bytes that were written before. */
function addCopy(bytes: Buffer, at: number, out: Buffer, written: number): Added {
  const kind = bytes[at]! & 3;
  const next = at + COPY_BYTES[kind]!;
  if (next > bytes.length) throw broken('a copy ends early');
  const { offset, count } = copyAt(bytes, at, kind);
  if (offset === 0 || offset > written || count > out.length - written) throw broken('a copy is out of range');
  // Byte by byte: source and target may overlap, which repeats.
  for (let i = written; i < written + count; i++) out[i] = out[i - offset]!;
  return { next, count };
}

/** Bytes of an element by its kind: 1- , 2- and 4-byte offsets. */
const COPY_BYTES = [0, 2, 3, 5];

/** A little-endian base-128 number of at most 32 bits. */
function readLength(bytes: Buffer): { value: number; end: number } {
  let value = 0;
  for (let i = 0; i < 5 && i < bytes.length; i++) {
    value += (bytes[i]! & 0x7f) * 2 ** (7 * i);
    if (bytes[i]! < 0x80) return { value, end: i + 1 };
  }
  throw broken('it states no length');
}

function copyAt(bytes: Buffer, at: number, kind: number): { offset: number; count: number } {
  const tag = bytes[at]!;
  if (kind === 1) return { offset: ((tag & 0xe0) << 3) | bytes[at + 1]!, count: ((tag >> 2) & 7) + 4 };
  const offset = kind === 2 ? bytes.readUInt16LE(at + 1) : bytes.readUInt32LE(at + 1);
  return { offset, count: (tag >> 2) + 1 };
}

function broken(what: string): Error {
  return new Error(`not Snappy: ${what}`);
}
