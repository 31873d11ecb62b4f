import { EventLogUnavailable, type NewRecord, type Topic } from './event-log.ts';

/** How long a sender whose records were refused had better wait. */
export const RETRY_AFTER_MS = 5_000;

/** One call of append: `write` fills in the offsets of its records. */
export interface AppendRequest {
  records: readonly NewRecord[];
  offsets: number[];
  resolve: (offsets: number[]) => void;
  reject: (error: Error) => void;
}

/** Records of one partition that are written together, and whose they are. */
export interface Share {
  topic: Topic;
  partition: number;
  items: ShareItem[];
}

export interface ShareItem {
  record: NewRecord;
  request: AppendRequest;
  index: number;
}

/** Gathers the appends that come in while the last write is under way, so that one write takes them all, in their order. */
export class AppendQueue {
  readonly #maxBytes: number;
  readonly #write: (requests: readonly AppendRequest[]) => Promise<void>;
  #waiting: AppendRequest[] = [];
  #running: Promise<void> | undefined;
  #stopped = false;

  /**
   * @param maxBytes at which no more requests are added to a write.
   * @param write resolves when all is durable; if it rejects, so do the requests.
   */
  constructor(maxBytes: number, write: (requests: readonly AppendRequest[]) => Promise<void>) {
    this.#maxBytes = maxBytes;
    this.#write = write;
  }

  append(records: readonly NewRecord[]): Promise<number[]> {
    if (records.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      if (this.#stopped) return reject(new EventLogUnavailable('away', 'the event log is stopped', RETRY_AFTER_MS));
      this.#waiting.push({ records, offsets: [], resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Waits for what is under way; appends are refused from now on. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const requests = this.#take();
      try {
        await this.#write(requests);
        for (const { resolve, offsets } of requests) resolve(offsets);
      } catch (error) {
        for (const { reject } of requests) reject(error as Error);
      }
    }
    this.#running = undefined;
  }

  #take(): AppendRequest[] {
    let bytes = 0;
    let count = 0;
    for (const request of this.#waiting) {
      if (count > 0 && bytes > this.#maxBytes) break;
      bytes += bytesOf([request]);
      count++;
    }
    return this.#waiting.splice(0, count);
  }
}

/** The records of the requests by partition, in order. */
export function sharesOf(requests: readonly AppendRequest[]): Share[] {
  const shares = new Map<string, Share>();
  for (const request of requests)
    request.records.forEach((record, index) => {
      const { topic, partition } = record;
      const name = `${topic}/${partition}`;
      let share = shares.get(name);
      if (!share) shares.set(name, (share = { topic, partition, items: [] }));
      share.items.push({ record, request, index });
    });
  return [...shares.values()];
}

export function bytesOf(requests: readonly AppendRequest[]): number {
  let bytes = 0;
  for (const { records } of requests) for (const { value } of records) bytes += value.length;
  return bytes;
}
