import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import type { LogRecord, Position, Subscription, SubscriptionRequest } from './event-log.ts';
import { assignerWith } from './kafkajs-patches.ts';
import { Repeats, SENT_AS } from './repeats.ts';

/** A killed member holds its partitions this long; kafkajs has no static membership. */
const SESSION_TIMEOUT_MS = 10_000;
const HEARTBEAT_MS = 1_000;
/** A fetch waits this long for records; stopping waits for it. */
const FETCH_WAIT_MS = 500;
/** Of all partitions together, and at least and at most of one. */
const FETCH_BYTES = 8 << 20;
const FETCH_MIN_BYTES = 256 << 10;
const FETCH_MAX_BYTES = 1 << 20;
const RETRY_MIN_MS = 200;
const RETRY_MAX_MS = 5_000;

export interface KafkaSubscriptionParts {
  kafka: Kafka;
  /** The group's name in Kafka. */
  groupId: string;
  /** The topic's name in Kafka, and how many partitions it has. */
  name: string;
  partitions: number;
  committed: (partition: number) => Promise<number | undefined>;
  bounds: (partition: number) => Promise<{ first: number; next: number }>;
  report: (message: string) => void;
  onStopped: () => void;
}

/**
 * One member of a consumer group. Positions are ours: at each assignment a partition begins at what its group has
 * committed, else where this member was, else where the request says.
 */
export class KafkaSubscription implements Subscription {
  readonly #request: SubscriptionRequest;
  readonly #parts: KafkaSubscriptionParts;
  readonly #positions = new Map<number, number>();
  readonly #repeats = new Map<number, Repeats>();
  readonly #stopping = new AbortController();
  #owned: readonly number[] = [];
  #consumer: Consumer;

  constructor(request: SubscriptionRequest, parts: KafkaSubscriptionParts) {
    this.#request = request;
    this.#parts = parts;
    this.#consumer = this.#newConsumer();
  }

  get request(): SubscriptionRequest {
    return this.#request;
  }

  /** Resolves when the group is joined. */
  async start(): Promise<void> {
    const consumer = this.#consumer;
    await consumer.connect();
    await consumer.subscribe({ topics: [this.#parts.name], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.#parts.partitions,
      eachBatch: (payload) => this.#take(payload),
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#consumer.disconnect();
    this.#parts.onStopped();
  }

  /** Commits as a member, so that a partition that has gone to another is not touched. */
  async commit(positions: readonly Position[]): Promise<void> {
    const topic = this.#parts.name;
    await this.#consumer.commitOffsets(
      positions.map(({ partition, offset }) => ({ topic, partition, offset: String(offset) })),
    );
  }

  /**
   * A fetch has room for all partitions. A broker fills it in their order: with less room the last ones would come a fetch
   * later, and who merges partitions by time would wait for them.
   */
  #newConsumer(): Consumer {
    const { partitions } = this.#parts;
    const bytesEach = Math.min(FETCH_MAX_BYTES, Math.max(FETCH_MIN_BYTES, Math.floor(FETCH_BYTES / partitions)));
    const consumer = this.#parts.kafka.consumer({
      groupId: this.#parts.groupId,
      allowAutoTopicCreation: false,
      sessionTimeout: SESSION_TIMEOUT_MS,
      heartbeatInterval: HEARTBEAT_MS,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      maxBytesPerPartition: bytesEach,
      maxBytes: bytesEach * partitions,
      partitionAssigners: [
        assignerWith(
          {
            beforeJoin: () => this.#giveUp(),
            afterJoin: (partitions) => this.#takeOver(partitions),
          },
          this.#request.exclusive ?? false,
        ),
      ],
    });
    consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
      if (this.#stopping.signal.aborted) return;
      this.#parts.report(`group ${this.#request.group} starts again: ${error.message}`);
      if (!restart) void this.#startAgain();
    });
    return consumer;
  }

  /** After an error that kafkajs does not start again from by itself. */
  async #startAgain(): Promise<void> {
    for (let waitMs = RETRY_MIN_MS; ; waitMs = Math.min(2 * waitMs, RETRY_MAX_MS)) {
      await this.#pause(waitMs);
      if (this.#stopping.signal.aborted) return;
      this.#consumer = this.#newConsumer();
      try {
        return await this.start();
      } catch (error) {
        this.#parts.report(`group ${this.#request.group} can not start: ${String(error)}`);
        await this.#consumer.disconnect().catch(() => undefined);
      }
    }
  }

  async #giveUp(): Promise<void> {
    const owned = this.#owned;
    this.#owned = [];
    if (owned.length === 0) return;
    try {
      await this.#request.onRevoked?.(owned);
    } catch (error) {
      this.#parts.report(`group ${this.#request.group} could not finish before a rebalance: ${String(error)}`);
    }
  }

  async #takeOver(partitions: readonly number[]): Promise<void> {
    const { group } = this.#request;
    for (const partition of partitions) {
      const position = await this.#positionOf(partition);
      this.#positions.set(partition, position);
      this.#repeats.set(partition, new Repeats());
      this.#consumer.seek({ topic: this.#parts.name, partition, offset: String(position) });
    }
    this.#owned = partitions;
    if (this.#stopping.signal.aborted) throw new Error(`group ${group} is stopping`);
    await this.#request.onAssigned?.(partitions);
  }

  async #positionOf(partition: number): Promise<number> {
    const { first, next } = await this.#parts.bounds(partition);
    const known = (await this.#parts.committed(partition)) ?? this.#positions.get(partition);
    if (known === undefined) return this.#request.from === 'earliest' ? first : next;
    if (known < first)
      this.#parts.report(
        `group ${this.#request.group} missed offsets ${known} to ${first} of ${this.#parts.name}/${partition}: Kafka has removed them`,
      );
    return Math.min(Math.max(known, first), next);
  }

  async #take(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const { partition } = batch;
    if (!payload.isRunning() || payload.isStale() || this.#stopping.signal.aborted) return;
    const records = this.#recordsOf(partition, batch.messages);
    const last = batch.lastOffset();
    let rebalance: unknown;
    const beat = async (): Promise<void> => {
      await payload.heartbeat().catch((error: unknown) => (rebalance = error));
    };
    if (records.length > 0 && !(await this.#deliver(partition, records, beat))) return;
    payload.resolveOffset(last);
    this.#positions.set(partition, Number(last) + 1);
    if (rebalance === undefined) await beat();
    if (rebalance !== undefined) throw rebalance as Error;
  }

  /** Again and again until it is taken, alive for the group meanwhile. @returns false when stopped before that. */
  async #deliver(partition: number, records: readonly LogRecord[], beat: () => Promise<void>): Promise<boolean> {
    const timer = setInterval(() => void beat(), HEARTBEAT_MS);
    try {
      for (let waitMs = RETRY_MIN_MS; !this.#stopping.signal.aborted; waitMs = Math.min(2 * waitMs, RETRY_MAX_MS))
        try {
          await this.#request.onRecords(partition, records);
          return true;
        } catch (error) {
          if (this.#stopping.signal.aborted) break;
          const { topic, group } = this.#request;
          const at = `${topic}/${partition}/${records[0]!.offset}`;
          this.#parts.report(
            `group ${group} could not take records at ${at}, they are delivered again: ${String(error)}`,
          );
          await this.#pause(waitMs);
        }
      return false;
    } finally {
      clearInterval(timer);
    }
  }

  #recordsOf(partition: number, messages: readonly KafkaMessage[]): LogRecord[] {
    const { topic } = this.#request;
    const position = this.#positions.get(partition) ?? 0;
    const records: LogRecord[] = [];
    for (const { offset, key, value, headers } of messages) {
      if (Number(offset) < position || value === null) continue;
      if (this.#repeats.get(partition)?.isRepeat(headers?.[SENT_AS]?.toString())) continue;
      records.push({ topic, partition, offset: Number(offset), key: key?.toString() ?? '', value });
    }
    return records;
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}
