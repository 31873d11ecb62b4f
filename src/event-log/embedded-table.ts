import { randomUUID } from 'node:crypto';
import type { KeyedTable, KeyedTopic } from './event-log.ts';
import type { WriteFailures } from './lmdb-failure.ts';
import type { LmdbFiles } from './lmdb-files.ts';
import { decodeRecord, encodeRecord, tableKey } from './record-codec.ts';
import { TOPIC_NUMBERS } from './topics.ts';

const READ_AT_ONCE = 256;
const WRITE_AT_ONCE = 1_000;

/** A keyed topic as rows of LMDB. */
export class EmbeddedTable implements KeyedTable {
  readonly #files: LmdbFiles;
  readonly #topic: KeyedTopic;
  readonly #failures: WriteFailures;
  readonly #report: (message: string) => void;

  constructor(files: LmdbFiles, topic: KeyedTopic, failures: WriteFailures, report: (message: string) => void) {
    this.#files = files;
    this.#topic = topic;
    this.#failures = failures;
    this.#report = report;
  }

  async *entries(): AsyncGenerator<[key: string, value: Uint8Array]> {
    const number = TOPIC_NUMBERS[this.#topic];
    let start = Buffer.from([number]);
    const end = this.#positionKey;
    for (;;) {
      this.#files.root.resetReadTxn();
      const found = [...this.#files.tables.getKeys({ start, end, limit: READ_AT_ONCE })].map((key) => Buffer.from(key));
      const rows = found.map((key) => this.#read(key));
      for (const row of rows) if (row) yield row;
      if (found.length < READ_AT_ONCE) return;
      start = Buffer.concat([found.at(-1)!, Buffer.from([0])]);
    }
  }

  async put(entries: readonly (readonly [key: string, value: Uint8Array | undefined])[]): Promise<void> {
    for (let from = 0; from < entries.length; from += WRITE_AT_ONCE) {
      const some = entries.slice(from, from + WRITE_AT_ONCE);
      const bytes = some.reduce((sum, [, value]) => sum + (value?.length ?? 0), 0);
      await this.#failures.guard(bytes, () =>
        this.#files.tables.batch(() => {
          for (const [key, value] of some) this.#write(key, value);
          void this.#files.tables.put(this.#positionKey, Buffer.from(randomUUID()));
        }),
      );
    }
  }

  async position(): Promise<string> {
    this.#files.root.resetReadTxn();
    return this.#files.tables.getBinary(this.#positionKey)?.toString() ?? 'empty';
  }

  /** Behind all entries: their keys have 0 or 1 in the second place. */
  get #positionKey(): Buffer {
    return Buffer.from([TOPIC_NUMBERS[this.#topic], 2]);
  }

  #write(key: string, value: Uint8Array | undefined): void {
    const row = tableKey(TOPIC_NUMBERS[this.#topic], key);
    if (value === undefined) void this.#files.tables.remove(row);
    else void this.#files.tables.put(row, encodeRecord(row, { appendedAt: Date.now(), bytesBefore: 0, key, value }));
  }

  #read(row: Buffer): [string, Uint8Array] | undefined {
    const stored = this.#files.tables.getBinary(row);
    const record = stored && decodeRecord(row, stored);
    if (record) return [record.key, record.value];
    if (stored) this.#report(`an entry of the event log's table ${this.#topic} is damaged (checksum) and left out`);
    return undefined;
  }
}
