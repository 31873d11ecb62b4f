import type { LogRecord, Topic } from './event-log.ts';
import type { LmdbFiles } from './lmdb-files.ts';
import { decodeRecord, offsetOf, recordKey } from './record-codec.ts';
import { TOPIC_NUMBERS } from './topics.ts';

const LAST_OFFSET = 2 ** 48 - 1;

/** Reads records and heads from LMDB. All reads see every commit that was made, by whichever process, before the call. */
export class LogReader {
  readonly #files: LmdbFiles;
  readonly #report: (message: string) => void;

  /** @param report told of each damaged record; it is left out of what is read. */
  constructor(files: LmdbFiles, report: (message: string) => void) {
    this.#files = files;
    this.#report = report;
  }

  /** The offset that the next record will get, and the bytes appended so far. */
  head(topic: Topic, partition: number): { next: number; bytes: number } {
    this.#files.root.resetReadTxn();
    const entry = this.#files.heads.getEntry(headKey(topic, partition));
    return entry ? { next: entry.version ?? 0, bytes: entry.value.readDoubleLE() } : { next: 0, bytes: 0 };
  }

  /** The first kept offset; the next one when nothing is kept. */
  first(topic: Topic, partition: number): number {
    const { next } = this.head(topic, partition);
    return this.#firstFrom(topic, partition, 0) ?? next;
  }

  committed(group: string, topic: Topic, partition: number): number | undefined {
    this.#files.root.resetReadTxn();
    return this.#files.groups.getBinary(groupKey(group, topic, partition))?.readDoubleLE();
  }

  /**
   * Reads on from `from`, below `to`, up to about `maxBytes`, and at least one record if there is one.
   * @returns the records, and the offset to go on from: what was trimmed or is damaged is passed over.
   */
  read(
    topic: Topic,
    partition: number,
    from: number,
    to: number,
    maxBytes: number,
  ): { records: LogRecord[]; end: number } {
    this.#files.root.resetReadTxn();
    const records: LogRecord[] = [];
    let bytes = 0;
    let offset = from;
    for (; offset < to && bytes < maxBytes; offset++) {
      const key = recordKey(TOPIC_NUMBERS[topic], partition, offset);
      const stored = this.#files.records.getBinary(key);
      if (stored === undefined) {
        offset = (this.#firstFrom(topic, partition, offset) ?? to) - 1;
        continue;
      }
      bytes += stored.length;
      const record = decodeRecord(key, stored);
      if (record) records.push({ topic, partition, offset, key: record.key, value: record.value });
      else this.#report(`record ${topic}/${partition}/${offset} of the event log is damaged (checksum) and left out`);
    }
    return { records, end: Math.min(offset, to) };
  }

  #firstFrom(topic: Topic, partition: number, offset: number): number | undefined {
    const number = TOPIC_NUMBERS[topic];
    const start = recordKey(number, partition, offset);
    const end = recordKey(number, partition, LAST_OFFSET);
    for (const key of this.#files.records.getKeys({ start, end, limit: 1 })) return offsetOf(key);
    return undefined;
  }
}

export function headKey(topic: Topic, partition: number): Buffer {
  return recordKey(TOPIC_NUMBERS[topic], partition, 0).subarray(0, 3);
}

export function groupKey(group: string, topic: Topic, partition: number): Buffer {
  return Buffer.concat([Buffer.from(`${group}\0`), headKey(topic, partition)]);
}
