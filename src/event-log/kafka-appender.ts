import { randomBytes } from 'node:crypto';
import kafkajs, { type Kafka, type Message, type Producer, type RecordMetadata } from 'kafkajs';
import {
  AppendQueue,
  RETRY_AFTER_MS,
  sharesOf,
  type AppendRequest,
  type Share,
  type ShareItem,
} from './append-queue.ts';
import { EventLogUnavailable, type NewRecord } from './event-log.ts';
import { SENT_AS } from './repeats.ts';

const SEND_MAX_BYTES = 8 << 20;
const ACKS_TIMEOUT_MS = 10_000;

/** What a topic of Kafka takes. */
export interface TopicLimit {
  /** Name in Kafka, with the prefix. */
  name: string;
  /** Largest batch that the broker takes, bytes. */
  maxBytes: number;
}

/**
 * Appends to Kafka with acks=all. One sending is under way at a time, so that a repeated one can not overtake another;
 * all that comes in meanwhile goes with the next.
 */
export class KafkaAppender {
  readonly #producer: Producer;
  readonly #queue: AppendQueue;
  readonly #limitOf: (topic: string) => TopicLimit;
  readonly #epoch = randomBytes(8).toString('hex');
  #sent = 0;

  /** @param limitOf by our name of the topic. */
  constructor(kafka: Kafka, limitOf: (topic: string) => TopicLimit) {
    this.#producer = kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner:
        () =>
        ({ message }) =>
          message.partition ?? 0,
    });
    this.#limitOf = limitOf;
    this.#queue = new AppendQueue(SEND_MAX_BYTES, (requests) => this.#write(requests));
  }

  start(): Promise<void> {
    return this.#producer.connect();
  }

  async stop(): Promise<void> {
    await this.#queue.stop();
    await this.#producer.disconnect();
  }

  /** @throws RangeError when a record is larger than its topic takes: split it. */
  async append(records: readonly NewRecord[]): Promise<number[]> {
    for (const record of records) {
      const { name, maxBytes } = this.#limitOf(record.topic);
      const bytes = sizeOf(record);
      if (bytes > maxBytes)
        throw new RangeError(`a record of ${bytes} bytes is too large for topic ${name}, which takes ${maxBytes}`);
    }
    return this.#queue.append(records);
  }

  /** Sends messages of one topic in order, without looking for their offsets. @param name in Kafka. */
  async send(name: string, messages: Message[]): Promise<void> {
    await this.#send([{ topic: name, messages }]);
  }

  async #write(requests: readonly AppendRequest[]): Promise<void> {
    let shares = sharesOf(requests);
    while (shares.length > 0) {
      const now = shares.map((share) => this.#firstOf(share));
      this.#settle(now, await this.#send(now.map((share) => this.#topicMessages(share))));
      shares = shares
        .map((share, i) => ({ ...share, items: share.items.slice(now[i]!.items.length) }))
        .filter(({ items }) => items.length > 0);
    }
  }

  /** As much of a share as fits into one batch of its topic. */
  #firstOf(share: Share): Share {
    const { maxBytes } = this.#limitOf(share.topic);
    let bytes = 0;
    let count = 0;
    for (const { record } of share.items) {
      bytes += sizeOf(record);
      if (count > 0 && bytes > maxBytes) break;
      count++;
    }
    return { ...share, items: share.items.slice(0, count) };
  }

  #topicMessages({ topic, partition, items }: Share): { topic: string; messages: Message[] } {
    const messages = items.map(({ record }) => ({
      key: record.key ?? null,
      value: record.value as Buffer,
      partition,
      headers: { [SENT_AS]: `${this.#epoch}/${this.#sent++}` },
    }));
    return { topic: this.#limitOf(topic).name, messages };
  }

  async #send(topicMessages: { topic: string; messages: Message[] }[]): Promise<RecordMetadata[]> {
    try {
      const compression = kafkajs.CompressionTypes.LZ4;
      return await this.#producer.sendBatch({ acks: -1, timeout: ACKS_TIMEOUT_MS, compression, topicMessages });
    } catch (error) {
      const message = `Kafka did not take records: ${error instanceof Error ? error.message : String(error)}`;
      throw new EventLogUnavailable('away', message, RETRY_AFTER_MS, error);
    }
  }

  #settle(shares: readonly Share[], sent: readonly RecordMetadata[]): void {
    for (const { topic, partition, items } of shares) {
      const { name } = this.#limitOf(topic);
      const base = sent.find((each) => each.topicName === name && each.partition === partition)?.baseOffset;
      items.forEach(({ request, index }: ShareItem, i) => (request.offsets[index] = Number(base) + i));
    }
  }
}

/** Bytes of a record in a batch, with room for what Kafka adds to it. */
function sizeOf({ key = '', value }: NewRecord): number {
  return value.length + Buffer.byteLength(key) + 128;
}
