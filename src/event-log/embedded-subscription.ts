import { setTimeout as sleep } from 'node:timers/promises';
import type { Doorbells } from './doorbells.ts';
import type { LogRecord, Subscription, SubscriptionRequest, Topic } from './event-log.ts';
import type { LogReader } from './log-reader.ts';
import type { Recent } from './recent.ts';

const DELIVERY_MAX_BYTES = 4 << 20;
const DELIVERY_MAX_RECORDS = 64;
const RETRY_MIN_MS = 200;
const RETRY_MAX_MS = 5_000;

export interface SubscriptionParts {
  reader: LogReader;
  doorbells: Doorbells;
  partitions: number;
  /** Records appended lately by this process. */
  recent: (partition: number) => Recent;
  /** The position of a partition has moved on. */
  onPassed: (partition: number) => void;
  /** Told of a transient fault: an onRecords that rejected. */
  report: (message: string) => void;
  onStopped: () => void;
}

/** Delivers the records of all partitions of a topic, each partition in its own loop. */
export class EmbeddedSubscription implements Subscription {
  readonly #request: SubscriptionRequest;
  readonly #parts: SubscriptionParts;
  readonly #positions: number[] = [];
  readonly #stopping = new AbortController();
  #loops: Promise<unknown> = Promise.resolve();

  constructor(request: SubscriptionRequest, parts: SubscriptionParts) {
    this.#request = request;
    this.#parts = parts;
  }

  get topic(): Topic {
    return this.#request.topic;
  }

  /** The offset that this subscriber waits for. */
  position(partition: number): number {
    return this.#positions[partition] ?? 0;
  }

  async start(): Promise<void> {
    const { reader, partitions } = this.#parts;
    const { topic, group, from } = this.#request;
    const all = Array.from({ length: partitions }, (_, partition) => partition);
    for (const partition of all) {
      const fresh = from === 'earliest' ? reader.first(topic, partition) : reader.head(topic, partition).next;
      this.#positions[partition] = reader.committed(group, topic, partition) ?? fresh;
    }
    await this.#request.onAssigned?.(all);
    this.#loops = Promise.all(all.map((partition) => this.#deliverAll(partition)));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#parts.doorbells.ringAll();
    await this.#loops;
    this.#parts.onStopped();
  }

  async #deliverAll(partition: number): Promise<void> {
    const { doorbells } = this.#parts;
    const bell = `${this.#request.topic}/${partition}`;
    while (!this.#stopping.signal.aborted) {
      try {
        const { records, end } = this.#next(partition);
        if (records.length > 0) await this.#deliver(partition, records);
        else if (end === this.#positions[partition]) await doorbells.wait(bell);
        if (this.#stopping.signal.aborted) return;
        this.#positions[partition] = end;
        this.#parts.onPassed(partition);
      } catch (error) {
        return this.#request.onFault(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }

  /** What comes next, as it is in memory if this process has just appended it, else from the log. */
  #next(partition: number): { records: readonly LogRecord[]; end: number } {
    const position = this.#positions[partition]!;
    const records = this.#fromMemory(partition, position);
    if (records.length > 0) return { records, end: position + records.length };
    const { reader } = this.#parts;
    const { topic } = this.#request;
    const { next } = reader.head(topic, partition);
    return reader.read(topic, partition, position, Math.max(next, position), DELIVERY_MAX_BYTES);
  }

  #fromMemory(partition: number, position: number): readonly LogRecord[] {
    const recent = this.#parts.recent(partition);
    const records: LogRecord[] = [];
    for (let bytes = 0; records.length < DELIVERY_MAX_RECORDS && bytes < DELIVERY_MAX_BYTES;) {
      const record = recent.get(position + records.length);
      if (!record) break;
      records.push(record);
      bytes += record.value.length;
    }
    return records;
  }

  /** Again and again until it is taken: the position must not move past records that nobody has dealt with. */
  async #deliver(partition: number, records: readonly LogRecord[]): Promise<void> {
    for (let waitMs = RETRY_MIN_MS; !this.#stopping.signal.aborted; waitMs = Math.min(2 * waitMs, RETRY_MAX_MS))
      try {
        return await this.#request.onRecords(partition, records);
      } catch (error) {
        if (this.#stopping.signal.aborted) break;
        const { topic, group } = this.#request;
        const at = `${topic}/${partition}/${records[0]!.offset}`;
        this.#parts.report(
          `group ${group} could not take records at ${at}, they are delivered again: ${String(error)}`,
        );
        await sleep(waitMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      }
  }
}
