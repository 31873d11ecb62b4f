import { Doorbells } from './doorbells.ts';
import { EmbeddedSubscription } from './embedded-subscription.ts';
import { EmbeddedTable } from './embedded-table.ts';
import type {
  EventLog,
  KeyedTable,
  KeyedTopic,
  LogRecord,
  NewRecord,
  Position,
  Subscription,
  SubscriptionRequest,
  Topic,
} from './event-log.ts';
import { LmdbAppender } from './lmdb-appender.ts';
import { WriteFailures } from './lmdb-failure.ts';
import { double, openLmdb, type LmdbFiles } from './lmdb-files.ts';
import { settledTopics } from './lmdb-topics.ts';
import { groupKey, LogReader } from './log-reader.ts';
import { Recent } from './recent.ts';
import { Retention } from './retention.ts';
import type { TopicTable } from './topics.ts';
import { spaceOf, Volume, type VolumeSpace } from './volume.ts';

const READ_RANGE_BYTES = 4 << 20;
/** Over all partitions of a topic; decoded, it is several times as much. */
const RECENT_MAX_BYTES = 4 << 20;
const SWEEP_EVERY_MS = 60_000;

export interface EmbeddedEventLogOptions {
  /** Directory of the LMDB environment; created if missing. */
  dir: string;
  topics: TopicTable;
  /** Told, for people, of what is wrong but does not stop the log: a damaged record, a filling volume, a retry. */
  onProblem: (message: string) => void;
  /** The log can not be written any more (I/O error): end the process; the log is verified when it is opened again. */
  onFatal: (error: Error) => void;
  /** How long appends of other processes may go unnoticed, ms. */
  pollMs?: number;
  /** Free and whole size of the volume; by default what the file system says. */
  space?: () => Promise<VolumeSpace>;
}

/**
 * The event log on one machine, in LMDB. Several processes may have it open: offsets are taken in the write itself.
 * Within a process a group may subscribe to a topic once; that no other process does so too is up to the wiring.
 */
export class EmbeddedEventLog implements EventLog {
  readonly #options: EmbeddedEventLogOptions;
  readonly #doorbells: Doorbells;
  readonly #volume: Volume;
  readonly #failures: WriteFailures;
  readonly #recent = new Map<string, Recent>();
  readonly #subscriptions = new Map<string, EmbeddedSubscription>();
  #open: Opened | undefined;

  constructor(options: EmbeddedEventLogOptions) {
    this.#options = options;
    this.#doorbells = new Doorbells(options.pollMs ?? 20);
    this.#volume = new Volume(options.space ?? (() => spaceOf(options.dir)), options.onProblem);
    this.#failures = new WriteFailures(this.#volume, options.onFatal);
  }

  async start(): Promise<void> {
    const files = openLmdb(this.#options.dir);
    files.root.readerCheck();
    const topics = await settledTopics(files, this.#options.topics, this.#options.onProblem);
    const reader = new LogReader(files, this.#options.onProblem);
    const appender = new LmdbAppender({
      files,
      reader,
      volume: this.#volume,
      failures: this.#failures,
      onAppended: (topic, partition, records) => this.#appended(`${topic}/${partition}`, records),
    });
    const sweeper = setInterval(() => void this.sweep(Date.now()), SWEEP_EVERY_MS).unref();
    this.#open = { files, topics, reader, appender, sweeper };
  }

  async stop(): Promise<void> {
    const open = this.#open;
    if (!open) return;
    clearInterval(open.sweeper);
    await Promise.all([...this.#subscriptions.values()].map((subscription) => subscription.stop()));
    await open.appender.stop();
    await open.sweep?.catch(() => undefined);
    this.#doorbells.stop();
    this.#open = undefined;
    await open.files.root.close();
  }

  partitions(topic: Topic): number {
    return this.#opened.topics[topic].partitions;
  }

  async append(records: readonly NewRecord[]): Promise<number[]> {
    return this.#opened.appender.append(records);
  }

  async subscribe(request: SubscriptionRequest): Promise<Subscription> {
    const { topic, group } = request;
    const name = `${group}/${topic}`;
    if (this.#subscriptions.has(name)) throw new Error(`group ${group} has already subscribed to ${topic}`);
    const partitions = this.partitions(topic);
    const subscription = new EmbeddedSubscription(request, {
      reader: this.#opened.reader,
      doorbells: this.#doorbells,
      partitions,
      recent: (partition) => this.#recent.get(`${topic}/${partition}`)!,
      onPassed: (partition) => this.#forgetRecent(topic, partition),
      report: this.#options.onProblem,
      onStopped: () => this.#subscriptions.delete(name),
    });
    for (let partition = 0; partition < partitions; partition++) this.#keepRecent(topic, partition);
    this.#subscriptions.set(name, subscription);
    try {
      await subscription.start();
    } catch (error) {
      this.#subscriptions.delete(name);
      throw error;
    }
    return subscription;
  }

  async commit(group: string, positions: readonly Position[]): Promise<void> {
    const { groups } = this.#opened.files;
    await this.#failures.guard(positions.length * 64, () =>
      groups.batch(() => {
        for (const { topic, partition, offset } of positions)
          void groups.put(groupKey(group, topic, partition), double(offset));
      }),
    );
  }

  async committed(group: string, topic: Topic, partition: number): Promise<number | undefined> {
    return this.#opened.reader.committed(group, topic, partition);
  }

  async bounds(topic: Topic, partition: number): Promise<{ first: number; next: number }> {
    const { reader } = this.#opened;
    return { first: reader.first(topic, partition), next: reader.head(topic, partition).next };
  }

  async *readRange(topic: Topic, partition: number, from: number, to: number): AsyncGenerator<LogRecord> {
    const { reader } = this.#opened;
    const last = Math.min(to, reader.head(topic, partition).next);
    for (let at = from; at < last;) {
      const { records, end } = reader.read(topic, partition, at, last, READ_RANGE_BYTES);
      yield* records;
      at = end;
    }
  }

  table(topic: KeyedTopic): KeyedTable {
    return new EmbeddedTable(this.#opened.files, topic, this.#failures, this.#options.onProblem);
  }

  /** Removes what retention lets go; runs by itself once a minute. @returns how many records were removed. */
  async sweep(now: number): Promise<number> {
    const open = this.#opened;
    open.files.root.readerCheck(); // readers of killed processes would keep old pages from being used again
    const retention = new Retention(open.files, open.reader, open.topics);
    open.sweep = this.#failures.guard(0, () => retention.sweep(now));
    try {
      return await open.sweep;
    } catch (error) {
      this.#options.onProblem(`old records could not be removed: ${String(error)}`);
      return 0;
    }
  }

  get #opened(): Opened {
    if (!this.#open) throw new Error('the event log is not started');
    return this.#open;
  }

  #keepRecent(topic: Topic, partition: number): void {
    const name = `${topic}/${partition}`;
    if (!this.#recent.has(name)) this.#recent.set(name, new Recent(RECENT_MAX_BYTES / this.partitions(topic)));
  }

  /** Lets go of what every subscriber of this process has had. */
  #forgetRecent(topic: Topic, partition: number): void {
    let passed = Infinity;
    for (const subscription of this.#subscriptions.values())
      if (subscription.topic === topic) passed = Math.min(passed, subscription.position(partition));
    this.#recent.get(`${topic}/${partition}`)!.forgetBelow(passed);
  }

  #appended(name: string, records: readonly LogRecord[]): void {
    const recent = this.#recent.get(name);
    if (recent) for (const record of records) recent.add(record);
    this.#doorbells.ring(name);
  }
}

interface Opened {
  files: LmdbFiles;
  topics: TopicTable;
  reader: LogReader;
  appender: LmdbAppender;
  sweeper: NodeJS.Timeout;
  sweep?: Promise<number>;
}
