import { zstdDecompressSync } from 'node:zlib';
import { decompressFrameSync } from 'lz4-napi';
import kafkajs, {
  type CompressionTypes as CompressionType,
  type Consumer,
  type EachBatchPayload,
  type KafkaConfig,
  type KafkaMessage,
} from 'kafkajs';
import { RecordDecoder } from './charset.ts';
import type { Collector, CollectorStatus, Identify, Intake, IntakeStream, Origin } from './collector.ts';
import { decompressSnappy } from './snappy.ts';

const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = kafkajs;

export interface KafkaTopicOptions {
  intake: Intake;
  identify: Identify;
  /** Comma-separated. */
  brokers: string;
  topic: string;
  /** Consumer group, of this topic alone; '' for `wanglou-<topic>`. */
  group: string;
  /** Registry id of the source. */
  source: string;
  /** TLS and signing in to the brokers, for kafkajs. */
  security?: Pick<KafkaConfig, 'ssl' | 'sasl'>;
  /** First pause after a failure; it doubles up to 5 s. */
  retryMs?: number;
}

const LONGEST_RETRY_MS = 5_000;
/** After this long a program that was killed is given up, and its partitions go to the others. */
const SESSION_TIMEOUT_MS = 10_000;

/**
 * Takes the messages of a Kafka topic that others write: each value is a record (JSON, a syslog line, …), its key is topic,
 * partition and offset. Offsets are committed when what was taken is durable. A broker that is away is waited for.
 */
export class KafkaTopic implements Collector {
  readonly name: string;
  readonly #options: KafkaTopicOptions;
  readonly #origin: Origin;
  readonly #decoder: RecordDecoder;
  #consumer: Consumer | undefined;
  #isRunning = false;
  #isConnected = false;
  #problem = 'not connected yet';
  #received = 0;
  #loop: Promise<void> = Promise.resolve();
  #crashed: ((error: Error) => void) | undefined;
  #endPause: (() => void) | undefined;

  constructor(options: KafkaTopicOptions) {
    this.#options = options;
    this.name = `kafka ${options.topic}`;
    this.#origin = options.identify({
      collector: this.name,
      protocol: 'kafka',
      address: options.topic,
      certificateSubject: '',
      boundSource: options.source,
      hasToken: false,
    });
    this.#decoder = new RecordDecoder(this.#origin.encoding);
  }

  /** Begins to connect; that the broker can be reached is shown in the status, not waited for. */
  async start(): Promise<void> {
    registerCodecs();
    this.#isRunning = true;
    this.#loop = this.#keepConsuming();
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#endPause?.();
    this.#crashed?.(new Error('stopped'));
    await this.#loop;
    await this.#options.intake.durable();
  }

  status(): CollectorStatus {
    return {
      name: this.name,
      listening: `${this.#options.topic} at ${this.#options.brokers}`,
      ready: this.#isConnected,
      problem: this.#problem,
      received: this.#received,
      refused: 0,
      lost: 0,
      connections: this.#isConnected ? 1 : 0,
    };
  }

  async #keepConsuming(): Promise<void> {
    const first = this.#options.retryMs ?? 500;
    for (let retryMs = first; this.#isRunning;) {
      try {
        await this.#consume(() => (retryMs = first));
      } catch (error) {
        this.#problem = error instanceof Error ? error.message : String(error);
      }
      this.#isConnected = false;
      if (!this.#isRunning) return;
      await this.#pause(retryMs);
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
    }
  }

  /** Consumes until it fails or is stopped. */
  async #consume(onConnected: () => void): Promise<void> {
    const { brokers, topic, security } = this.#options;
    const group = this.#options.group || `wanglou-${topic}`;
    const kafka = new Kafka({
      clientId: 'wanglou',
      ...security,
      brokers: brokers.split(','),
      logLevel: logLevel.NOTHING,
    });
    const retry = { retries: 3, restartOnFailure: async () => false };
    const consumer = kafka.consumer({ groupId: group, sessionTimeout: SESSION_TIMEOUT_MS, retry });
    this.#consumer = consumer;
    const ended = new Promise<never>((_, reject) => (this.#crashed = reject));
    ended.catch(() => {}); // also when nobody waits for it yet
    consumer.on(consumer.events.CRASH, ({ payload }) => this.#crashed?.(payload.error));
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: (payload) => this.#takeBatch(payload),
      });
      this.#isConnected = true;
      this.#problem = '';
      onConnected();
      await ended;
    } finally {
      this.#crashed = undefined;
      await consumer.disconnect().catch(() => {});
    }
  }

  async #takeBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const { intake } = this.#options;
    const stream = intake.open(this.#origin);
    for (const message of batch.messages) this.#take(stream, message, `${batch.topic} ${batch.partition}`);
    stream.end();
    // Until it is durable the member stays in the group; a log that is away holds the topic back, it loses nothing.
    for (;;) {
      try {
        await intake.durable();
        break;
      } catch (error) {
        this.#problem = error instanceof Error ? error.message : String(error);
        if (!payload.isRunning() || payload.isStale()) return;
        await payload.heartbeat();
      }
    }
    this.#problem = '';
    await payload.heartbeat();
    if (!payload.isRunning() || payload.isStale()) return;
    payload.resolveOffset(batch.lastOffset());
    const next = String(BigInt(batch.lastOffset()) + 1n);
    const { topic, partition } = batch;
    await this.#consumer?.commitOffsets([{ topic, partition, offset: next }]);
  }

  #take(stream: IntakeStream, message: KafkaMessage, place: string): void {
    if (message.value === null) return; // a tombstone says nothing
    this.#received++;
    const { text, encoding } = this.#decoder.decode(message.value);
    const key = `kafka ${place} ${message.offset}`;
    if (encoding === '') stream.accept(text, key);
    else stream.accept(text, key, { fault: '', encoding });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, ms);
      this.#endPause = () => {
        clearTimeout(timer);
        done();
      };
    });
  }
}

/** kafkajs brings gzip only; producers also use Snappy, LZ4 and Zstandard. The table is kafkajs's own and global. */
function registerCodecs(): void {
  registerReader(CompressionTypes.ZSTD, zstdDecompressSync);
  registerReader(CompressionTypes.LZ4, decompressFrameSync);
  registerReader(CompressionTypes.Snappy, decompressSnappy);
}

function registerReader(type: CompressionType, decompress: (bytes: Buffer) => Buffer): void {
  if (!isMissing(type)) return;
  (CompressionCodecs as Record<number, () => unknown>)[type] = () => ({
    compress: () => Promise.reject(new Error('this compression is only read here')),
    decompress: async (bytes: Buffer) => decompress(bytes),
  });
}

function isMissing(type: number): boolean {
  try {
    (CompressionCodecs as Record<number, () => unknown>)[type]!();
    return false;
  } catch {
    return true;
  }
}
