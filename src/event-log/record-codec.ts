import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * How records lie in the embedded log. Key: topic (1 byte), partition (2), offset (6), big-endian, so that LMDB's order is
 * the log's. Value: CRC-32 of all that follows and of the key (4), append time in ms (8), bytes of the partition before
 * this record (8), length of the record's key (4), the record's key, the record's value; numbers little-endian.
 */
const KEY_BYTES = 9;
const HEAD_BYTES = 24;

export interface StoredRecord {
  appendedAt: number;
  bytesBefore: number;
  key: string;
  value: Buffer;
}

export function recordKey(topic: number, partition: number, offset: number): Buffer {
  const key = Buffer.allocUnsafe(KEY_BYTES);
  key[0] = topic;
  key.writeUInt16BE(partition, 1);
  key.writeUIntBE(offset, 3, 6);
  return key;
}

export function offsetOf(recordKey: Buffer): number {
  return recordKey.readUIntBE(3, 6);
}

/** @param key as of `recordKey`; the checksum covers it, so that a record in the wrong place is found. */
export function encodeRecord(key: Buffer, record: Omit<StoredRecord, 'value'> & { value: Uint8Array }): Buffer {
  const keyBytes = Buffer.byteLength(record.key);
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + keyBytes + record.value.length);
  bytes.writeDoubleLE(record.appendedAt, 4);
  bytes.writeDoubleLE(record.bytesBefore, 12);
  bytes.writeUInt32LE(keyBytes, 20);
  bytes.write(record.key, HEAD_BYTES);
  bytes.set(record.value, HEAD_BYTES + keyBytes);
  bytes.writeUInt32LE(checksum(key, bytes), 0);
  return bytes;
}

/** @returns undefined when the bytes are not what was written. */
export function decodeRecord(key: Buffer, bytes: Buffer): StoredRecord | undefined {
  if (bytes.length < HEAD_BYTES || bytes.readUInt32LE(0) !== checksum(key, bytes)) return undefined;
  const valueAt = HEAD_BYTES + bytes.readUInt32LE(20);
  return {
    appendedAt: bytes.readDoubleLE(4),
    bytesBefore: bytes.readDoubleLE(12),
    key: bytes.toString('utf8', HEAD_BYTES, valueAt),
    value: bytes.subarray(valueAt),
  };
}

function checksum(key: Buffer, bytes: Buffer): number {
  return crc32(bytes.subarray(4), crc32(key));
}

/** LMDB's keys are bounded: longer ones are replaced by their digest (the record itself has the whole key). */
const TABLE_KEY_MAX_BYTES = 512;

/** Key of a keyed topic's entry: topic, 0 and the key, or 1 and its digest. */
export function tableKey(topic: number, key: string): Buffer {
  const bytes = Buffer.from(key);
  if (bytes.length <= TABLE_KEY_MAX_BYTES) return Buffer.concat([Buffer.from([topic, 0]), bytes]);
  return Buffer.concat([Buffer.from([topic, 1]), createHash('sha256').update(bytes).digest()]);
}
