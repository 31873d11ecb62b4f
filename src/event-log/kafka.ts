import kafkajs, { type Admin, type Kafka, type KafkaConfig } from 'kafkajs';
import { RETRY_AFTER_MS } from './append-queue.ts';
import {
  EventLogUnavailable,
  type EventLog,
  type KeyedTable,
  type KeyedTopic,
  type LogRecord,
  type NewRecord,
  type Position,
  type Subscription,
  type SubscriptionRequest,
  type Topic,
} from './event-log.ts';
import { KafkaAppender, type TopicLimit } from './kafka-appender.ts';
import { KafkaReader } from './kafka-reader.ts';
import { KafkaSubscription } from './kafka-subscription.ts';
import { KafkaTable } from './kafka-table.ts';
import { settleTopics, type KafkaTopics } from './kafka-topics.ts';
import type { TopicTable } from './topics.ts';

export interface KafkaEventLogOptions {
  /** `host:port` of some brokers. */
  brokers: string[];
  topics: TopicTable;
  /** Before the name of each topic and group, so that several installations can share a cluster. */
  topicPrefix?: string;
  /** Replication factor of topics that are created here. */
  replication?: number;
  clientId?: string;
  /** TLS and signing in (kafka-security.ts). */
  security?: Pick<KafkaConfig, 'ssl' | 'sasl'>;
  /** Told, for people, of what is wrong but does not stop the log: a lost connection, a retry, a gap. */
  onProblem: (message: string) => void;
}

/** The event log in Kafka, through kafkajs. */
export class KafkaEventLog implements EventLog {
  readonly #options: KafkaEventLogOptions;
  readonly #kafka: Kafka;
  readonly #subscriptions = new Set<KafkaSubscription>();
  #open: Opened | undefined;

  constructor(options: KafkaEventLogOptions) {
    this.#options = options;
    this.#kafka = new kafkajs.Kafka({
      brokers: options.brokers,
      clientId: options.clientId ?? 'wanglou',
      ...options.security,
      logLevel: kafkajs.logLevel.NOTHING, // what matters comes back as an error or a crash event
      connectionTimeout: 3_000,
      requestTimeout: 15_000,
      retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8 },
    });
  }

  /** @throws EventLogUnavailable when no broker answers; it may be called again. */
  async start(): Promise<void> {
    const admin = this.#kafka.admin();
    const reader = new KafkaReader(this.#kafka);
    try {
      await admin.connect();
      await reader.start();
      const { topicPrefix: prefix = '', replication = 1 } = this.#options;
      const topics = await settleTopics(admin, this.#options.topics, { prefix, replication });
      const appender = new KafkaAppender(this.#kafka, (topic) => limitOf(topics, topic));
      await appender.start();
      this.#open = { admin, reader, topics, appender };
    } catch (error) {
      await Promise.allSettled([admin.disconnect(), reader.stop()]);
      throw away(error, `Kafka at ${this.#options.brokers.join(', ')} is not ready`);
    }
  }

  async stop(): Promise<void> {
    const open = this.#open;
    if (!open) return;
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.stop()));
    await open.appender.stop();
    this.#open = undefined;
    await Promise.all([open.reader.stop(), open.admin.disconnect()]);
  }

  partitions(topic: Topic): number {
    return this.#opened.topics.partitions.get(topic)!;
  }

  /** @throws RangeError when a record is larger than `maxRecordBytes`: split it. */
  async append(records: readonly NewRecord[]): Promise<number[]> {
    return this.#opened.appender.append(records);
  }

  /** The largest record that the topic takes. */
  maxRecordBytes(topic: Topic): number {
    return limitOf(this.#opened.topics, topic).maxBytes;
  }

  async subscribe(request: SubscriptionRequest): Promise<Subscription> {
    const { topic, group } = request;
    const subscription: KafkaSubscription = new KafkaSubscription(request, {
      kafka: this.#kafka,
      groupId: this.#groupOf(group),
      name: this.#nameOf(topic),
      partitions: this.partitions(topic),
      committed: (partition) => this.committed(group, topic, partition),
      bounds: (partition) => this.bounds(topic, partition),
      report: this.#options.onProblem,
      onStopped: () => this.#subscriptions.delete(subscription),
    });
    this.#subscriptions.add(subscription);
    try {
      await subscription.start();
    } catch (error) {
      await subscription.stop().catch(() => undefined);
      throw away(error, `group ${group} can not subscribe to ${topic}`);
    }
    return subscription;
  }

  /** @throws EventLogUnavailable */
  async commit(group: string, positions: readonly Position[]): Promise<void> {
    for (const [topic, some] of Map.groupBy(positions, (position) => position.topic))
      try {
        await this.#commit(group, topic, some);
      } catch (error) {
        throw away(error, `group ${group} can not commit its positions in ${topic}`);
      }
  }

  async committed(group: string, topic: Topic, partition: number): Promise<number | undefined> {
    const topics = [this.#nameOf(topic)];
    const [found] = await this.#opened.admin.fetchOffsets({ groupId: this.#groupOf(group), topics });
    const offset = Number(found?.partitions.find((each) => each.partition === partition)?.offset ?? -1);
    return offset < 0 ? undefined : offset;
  }

  async bounds(topic: Topic | KeyedTopic, partition: number): Promise<{ first: number; next: number }> {
    return this.#opened.reader.bounds(this.#nameOf(topic), partition);
  }

  async *readRange(topic: Topic, partition: number, from: number, to: number): AsyncGenerator<LogRecord> {
    const { first, next } = await this.bounds(topic, partition);
    const { reader } = this.#opened;
    const found = reader.read(this.#nameOf(topic), partition, Math.max(from, first), Math.min(to, next));
    for await (const { offset, key, value } of found)
      if (value !== null) yield { topic, partition, offset, key, value };
  }

  table(topic: KeyedTopic): KeyedTable {
    const name = this.#nameOf(topic);
    const { appender, reader } = this.#opened;
    const bounds = (): Promise<{ first: number; next: number }> => this.bounds(topic, 0);
    return new KafkaTable({
      next: async () => (await bounds()).next,
      send: (messages) => appender.send(name, messages),
      async *read() {
        const { first, next } = await bounds();
        yield* reader.read(name, 0, first, next);
      },
    });
  }

  async #commit(group: string, topic: Topic, positions: readonly Position[]): Promise<void> {
    for (const subscription of this.#subscriptions)
      if (subscription.request.group === group && subscription.request.topic === topic)
        return subscription.commit(positions);
    const partitions = positions.map(({ partition, offset }) => ({
      partition,
      offset: String(offset),
      metadata: null,
    }));
    await this.#opened.reader.commit(this.#groupOf(group), [{ topic: this.#nameOf(topic), partitions }]);
  }

  #nameOf(topic: Topic | KeyedTopic): string {
    return limitOf(this.#opened.topics, topic).name;
  }

  #groupOf(group: string): string {
    return `${this.#options.topicPrefix ?? ''}${group}`;
  }

  get #opened(): Opened {
    if (!this.#open) throw new Error('the event log is not started');
    return this.#open;
  }
}

interface Opened {
  admin: Admin;
  reader: KafkaReader;
  topics: KafkaTopics;
  appender: KafkaAppender;
}

function limitOf(topics: KafkaTopics, topic: string): TopicLimit {
  return topics.limits.get(topic)!;
}

function away(error: unknown, what: string): EventLogUnavailable {
  const reason = error instanceof Error ? error.message : String(error);
  return new EventLogUnavailable('away', `${what}: ${reason}`, RETRY_AFTER_MS, error);
}
