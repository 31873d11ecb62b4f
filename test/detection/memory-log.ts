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
} from '../../src/event-log/event-log.ts';

interface Reader {
  request: SubscriptionRequest;
  next: number[];
  running: Map<number, Promise<void>>;
  stopped: boolean;
}

/**
 * An event log in memory that honours the interface. It outlives engines, as the real one outlives programs: a "crash" is
 * an engine that is let go of, a restart a new engine on the same log.
 */
export class MemoryLog implements EventLog {
  readonly #partitions: number;
  readonly #records = new Map<string, LogRecord[]>();
  #puts = 0;
  readonly #tables = new Map<KeyedTopic, Map<string, Uint8Array>>();
  readonly #committed = new Map<string, number>();
  readonly #readers = new Set<Reader>();
  /** Called before each step that makes something durable; a throw is a fault of the log. */
  beforeStep: (step: 'append findings' | 'put' | 'commit') => void = () => undefined;
  /** Below 1, only this share of the next put is kept, then none: the program was killed in the middle of it. */
  shareOfPut = 1;
  /** Records that go to a subscriber in one call. */
  recordsPerCall = 2;

  constructor(partitions = 1) {
    this.#partitions = partitions;
  }

  async start(): Promise<void> {}
  async stop(): Promise<void> {}

  partitions(topic: Topic): number {
    return topic === 'events' ? this.#partitions : 1;
  }

  async append(records: readonly NewRecord[]): Promise<number[]> {
    if (records.some(({ topic }) => topic === 'findings')) this.beforeStep('append findings');
    const offsets = records.map((record) => {
      const list = this.records(record.topic, record.partition);
      list.push({ ...record, key: record.key ?? '', offset: list.length });
      return list.length - 1;
    });
    for (const reader of this.#readers) this.#deliver(reader);
    return offsets;
  }

  async subscribe(request: SubscriptionRequest): Promise<Subscription> {
    const partitions = Array.from({ length: this.partitions(request.topic) }, (_, partition) => partition);
    await request.onAssigned?.(partitions);
    const next = partitions.map((partition) => this.#committed.get(`${request.group}/${partition}`) ?? 0);
    const reader: Reader = { request, next, running: new Map(), stopped: false };
    this.#readers.add(reader);
    this.#deliver(reader);
    return {
      stop: async () => {
        reader.stopped = true;
        this.#readers.delete(reader);
        await Promise.all(reader.running.values());
      },
    };
  }

  async commit(group: string, positions: readonly Position[]): Promise<void> {
    this.beforeStep('commit');
    for (const { partition, offset } of positions) this.#committed.set(`${group}/${partition}`, offset);
  }

  async committed(group: string, _topic: Topic, partition: number): Promise<number | undefined> {
    return this.#committed.get(`${group}/${partition}`);
  }

  async bounds(topic: Topic, partition: number): Promise<{ first: number; next: number }> {
    return { first: 0, next: this.records(topic, partition).length };
  }

  async *readRange(topic: Topic, partition: number, from: number, to: number): AsyncIterable<LogRecord> {
    for (const record of this.records(topic, partition).slice(from, to)) yield { ...record, live: undefined };
  }

  table(topic: KeyedTopic): KeyedTable {
    const entries = this.#tables.get(topic) ?? new Map<string, Uint8Array>();
    this.#tables.set(topic, entries);
    return {
      position: async () => String(this.#puts),
      entries: async function* () {
        yield* [...entries];
      },
      put: async (changes) => {
        this.beforeStep('put');
        this.#puts++;
        for (const [key, value] of this.#shareOf(changes))
          if (value === undefined) entries.delete(key);
          else entries.set(key, value);
        if (this.shareOfPut === 1) return;
        this.shareOfPut = 0;
        throw new Error('killed');
      },
    };
  }

  records(topic: Topic, partition: number): LogRecord[] {
    const name = `${topic}/${partition}`;
    const list = this.#records.get(name) ?? [];
    this.#records.set(name, list);
    return list;
  }

  /** Lets all subscribers go without a word, as a kill does. */
  crash(): void {
    for (const reader of this.#readers) reader.stopped = true;
    this.#readers.clear();
  }

  /** Resolves when subscribers have taken everything. */
  async idle(): Promise<void> {
    for (const reader of this.#readers)
      while (!reader.stopped && (reader.running.size > 0 || this.#hasMore(reader))) {
        this.#deliver(reader);
        await Promise.all(reader.running.values());
      }
  }

  #shareOf<T>(changes: readonly T[]): readonly T[] {
    return changes.slice(0, Math.ceil(changes.length * this.shareOfPut));
  }

  #hasMore({ request, next }: Reader): boolean {
    return next.some((offset, partition) => offset < this.records(request.topic, partition).length);
  }

  #deliver(reader: Reader): void {
    for (const partition of reader.next.keys()) {
      if (reader.running.has(partition)) continue;
      const turn = this.#deliverPartition(reader, partition).finally(() => reader.running.delete(partition));
      reader.running.set(partition, turn);
    }
  }

  async #deliverPartition(reader: Reader, partition: number): Promise<void> {
    await Promise.resolve();
    while (!reader.stopped) {
      const from = reader.next[partition]!;
      const records = this.records(reader.request.topic, partition).slice(from, from + this.recordsPerCall);
      if (records.length === 0) return;
      await reader.request.onRecords(partition, records);
      reader.next[partition] = from + records.length;
    }
  }
}
