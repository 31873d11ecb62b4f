import { AppendQueue, bytesOf, sharesOf, type AppendRequest, type Share } from './append-queue.ts';
import type { LogRecord, NewRecord, Topic } from './event-log.ts';
import { double, type LmdbFiles } from './lmdb-files.ts';
import type { WriteFailures } from './lmdb-failure.ts';
import { headKey, type LogReader } from './log-reader.ts';
import { encodeRecord, recordKey } from './record-codec.ts';
import { TOPIC_NUMBERS } from './topics.ts';
import type { Volume } from './volume.ts';

const COMMIT_MAX_BYTES = 16 << 20;
/** Below this share of free space these are refused, so that findings, states and positions can still be written. */
const REFUSED_WHEN_FULL: ReadonlySet<Topic> = new Set(['events', 'unparsed']);

export interface AppenderOptions {
  files: LmdbFiles;
  reader: LogReader;
  volume: Volume;
  failures: WriteFailures;
  /** Called with the records once they are durable, before their append resolves. */
  onAppended: (topic: Topic, partition: number, records: readonly LogRecord[]) => void;
}

/**
 * Appends with one commit for all that came in while the last commit went to the disk. Offsets are taken inside the write:
 * the head of a partition is replaced only if nobody else has moved it, so other processes may append too.
 */
export class LmdbAppender {
  readonly #options: AppenderOptions;
  readonly #heads = new Map<string, { next: number; bytes: number }>();
  readonly #queue: AppendQueue;

  constructor(options: AppenderOptions) {
    this.#options = options;
    this.#queue = new AppendQueue(COMMIT_MAX_BYTES, (requests) => this.#append(requests));
  }

  append(records: readonly NewRecord[]): Promise<number[]> {
    return this.#queue.append(records);
  }

  /** Waits for what is under way; appends are refused from now on. */
  stop(): Promise<void> {
    return this.#queue.stop();
  }

  async #append(requests: readonly AppendRequest[]): Promise<void> {
    const admitted = await this.#admit(requests);
    try {
      await this.#options.failures.guard(bytesOf(admitted), () => this.#commit(admitted));
    } catch (error) {
      this.#heads.clear();
      throw error;
    }
  }

  /** Leaves out, and refuses, what must not be written while the volume is full. */
  async #admit(requests: readonly AppendRequest[]): Promise<readonly AppendRequest[]> {
    const { volume, failures } = this.#options;
    if (!(await volume.full())) return requests;
    const error = failures.full();
    const refused = (request: AppendRequest): boolean =>
      request.records.some(({ topic }) => REFUSED_WHEN_FULL.has(topic));
    for (const request of requests) if (refused(request)) request.reject(error);
    return requests.filter((request) => !refused(request));
  }

  async #commit(requests: readonly AppendRequest[]): Promise<void> {
    let shares = sharesOf(requests);
    while (shares.length > 0) {
      const done = await Promise.all(shares.map(async (share) => this.#write(share)));
      shares = shares.filter((_, i) => !done[i]!);
    }
  }

  /** @returns false when another process has appended meanwhile: nothing was written, and it is to be tried again. */
  async #write({ topic, partition, items }: Share): Promise<boolean> {
    const { files, reader, onAppended } = this.#options;
    const name = `${topic}/${partition}`;
    const head = this.#heads.get(name) ?? reader.head(topic, partition);
    const appended: LogRecord[] = [];
    let bytes = head.bytes;
    const isMine = await files.heads.ifVersion(headKey(topic, partition), versionOf(head), () => {
      for (const { record } of items) {
        const offset = head.next + appended.length;
        const stored = put(files, record, offset, bytes);
        bytes += stored.length;
        // As a part of the stored bytes, so that the batch that was given is free at once.
        appended.push(delivered(record, offset, stored.subarray(stored.length - record.value.length)));
      }
      void files.heads.put(headKey(topic, partition), double(bytes), head.next + items.length);
    });
    if (!isMine) {
      this.#heads.delete(name);
      return false;
    }
    this.#heads.set(name, { next: head.next + items.length, bytes });
    items.forEach(({ request, index }, i) => (request.offsets[index] = head.next + i));
    onAppended(topic, partition, appended);
    return true;
  }
}

/** For a head that does not exist yet lmdb wants null; its types do not know it. */
function versionOf(head: { next: number }): number {
  return head.next === 0 ? (null as unknown as number) : head.next;
}

/** @returns the record as it is stored. */
function put(files: LmdbFiles, record: NewRecord, offset: number, bytesBefore: number): Buffer {
  const key = recordKey(TOPIC_NUMBERS[record.topic], record.partition, offset);
  const stored = { appendedAt: Date.now(), bytesBefore, key: record.key ?? '', value: record.value };
  const bytes = encodeRecord(key, stored);
  void files.records.put(key, bytes);
  return bytes;
}

function delivered({ topic, partition, key = '', live }: NewRecord, offset: number, value: Uint8Array): LogRecord {
  return { topic, partition, offset, key, value, ...(live === undefined ? {} : { live }) };
}
