import { randomUUID } from 'node:crypto';
import type { EventLog, Subscription } from '../event-log/event-log.ts';
import { blockOf, SEAL_LIMITS, type LocatedBlock, type SealLimits } from './block.ts';
import { fieldsOf, leafOfFields, type SealedRecord } from './canonical.ts';
import type { Digest } from './digest.ts';
import { eventBlocks, type StoredEventLeaves } from './event-blocks.ts';
import { nextOfTopic, SEALED_TABLES, SEALED_TOPICS, SealedTable, type NextRecords } from './record-streams.ts';
import { SEAL_GROUP, SealChain, type SealStore } from './seal-chain.ts';
import type { SealKeys } from './seal-key-files.ts';
import { keyIdOf, signSeal, type Note, type Seal } from './seal.ts';

/** What the sealer asks of the store (src/store/seal-queries.ts). */
export interface SealerStore extends SealStore, StoredEventLeaves {
  records(stream: string, from: number, to: number): Promise<readonly SealedRecord[]>;
  keepRecords(records: readonly SealedRecord[]): Promise<void>;
}

export interface SealerParts {
  log: EventLog;
  store: SealerStore;
  keys: SealKeys;
  digest: Digest;
  /** Version of this program. */
  program: string;
  /** `trial` or `full`. */
  access: string;
  /** What else the next seal has to say; taken out by the call. */
  notes?: () => Note[];
  onProblem: (problem: string, error: Error) => void;
  limits?: SealLimits;
  now?: () => number;
}

export interface Progress {
  blocks: LocatedBlock[];
  ends: Seal['ends'];
  notes: Note[];
  /** Positions of the log that are sealed by then. */
  sealed: { topic: (typeof SEALED_TOPICS)[number]; offset: number }[];
  records: number;
}

/** Its positions keep the log from losing what is not yet sealed. */
const SEALED_GROUP = 'sealed';
const SEAL_EVERY_MS = 60_000;
const LOOK_EVERY_MS = 5_000;
const LATE_MS = 3 * SEAL_EVERY_MS;

/**
 * Seals what is stored, once a minute or when 10,000 events are waiting, in one chain. One program at a time does so: the
 * one that has the subscription to `seals`. Killed at any point, it or another goes on where the chain stands.
 */
export class Sealer {
  readonly #parts: SealerParts;
  readonly #chain: SealChain;
  readonly #tables: readonly (readonly [name: (typeof SEALED_TABLES)[number], table: SealedTable])[];
  readonly #limits: SealLimits;
  readonly #now: () => number;
  readonly #began: number;
  #subscription: Subscription | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #isOurs = false;
  #isOpen = false;
  #stopped = false;
  #failure = '';

  constructor(parts: SealerParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
    this.#limits = parts.limits ?? SEAL_LIMITS;
    this.#began = this.#now();
    this.#chain = new SealChain(parts.log, parts.store);
    this.#tables = SEALED_TABLES.map((name) => [name, new SealedTable(name, parts.log.table(name))] as const);
  }

  /** The log must be started; the store may come later. */
  async start(): Promise<void> {
    const own = async (partitions: readonly number[]): Promise<void> => {
      this.#isOurs = partitions.length > 0;
      this.#isOpen = false;
    };
    this.#subscription = await this.#parts.log.subscribe({
      topic: 'seals',
      group: SEAL_GROUP,
      from: 'earliest',
      exclusive: true,
      onAssigned: own,
      onRevoked: () => own([]),
      onRecords: async () => undefined, // the chain reads them itself
      onFault: (error) => this.#parts.onProblem('nothing is sealed any more', error),
    });
    this.#later(0);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
    await this.#subscription?.stop();
  }

  /** The last seal that this program knows of. */
  get head(): Seal | undefined {
    return this.#chain.head?.seal;
  }

  /** Since when something has been waiting to be sealed, ms; 0 while another program seals. */
  get lagMs(): number {
    return this.#isOurs ? Math.max(0, this.#now() - (this.head?.time ?? this.#began)) : 0;
  }

  /** '' when all is well. */
  get problem(): string {
    if (this.lagMs < LATE_MS) return '';
    const minutes = Math.floor(this.lagMs / 60_000);
    return `nothing has been sealed for ${minutes} min${this.#failure && `: ${this.#failure}`}`;
  }

  /** Seals what there is now, whatever the time. @returns whether more is waiting. @throws the store's or the log's error. */
  async seal(): Promise<boolean> {
    await this.#open();
    return this.#seal(await this.#collect());
  }

  #later(afterMs: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      const began = this.#now();
      this.#running = this.#look().then((more) => this.#later(more ? this.#now() - began : LOOK_EVERY_MS));
    }, afterMs).unref();
  }

  /** @returns whether to look again soon. */
  async #look(): Promise<boolean> {
    if (!this.#isOurs) return false;
    try {
      await this.#open();
      const isDue = this.#now() - (this.head?.time ?? 0) >= SEAL_EVERY_MS;
      if (!isDue && (await this.#waitingEvents()) < this.#limits.block) return false;
      const more = await this.seal();
      this.#failure = '';
      return more;
    } catch (error) {
      this.#failure = (error as Error).message;
      this.#isOpen = false;
      if (this.lagMs >= LATE_MS && !this.#stopped) this.#parts.onProblem(this.problem, error as Error);
      return false;
    }
  }

  async #open(): Promise<void> {
    if (this.#isOpen) return;
    await this.#chain.open();
    for (const [name, table] of this.#tables)
      table.learn(await this.#parts.store.records(name, 0, this.head?.ends[name]?.to ?? 0));
    this.#isOpen = true;
  }

  async #waitingEvents(): Promise<number> {
    let rows = 0;
    for (const places of await this.#storedEvents())
      for (const counted of await this.#parts.store.rowsByOffset(places)) rows += counted.rows;
    return rows;
  }

  /** What detection has put into the store, durably and for the last time, and is not sealed. */
  async #storedEvents(): Promise<{ partition: number; from: number; to: number }[]> {
    const { log } = this.#parts;
    const found = [];
    for (let partition = 0; partition < log.partitions('events'); partition++) {
      const from = this.head?.ends[`events/${partition}`]?.to ?? 0;
      const to = (await log.committed('detect', 'events', partition)) ?? 0;
      if (to > from) found.push({ partition, from, to });
    }
    return found;
  }

  async #collect(): Promise<Progress> {
    const progress: Progress = { blocks: [], ends: { ...this.head?.ends }, notes: [], sealed: [], records: 0 };
    const { log, store, digest } = this.#parts;
    const to = (stream: string): number => progress.ends[stream]?.to ?? 0;
    const left = (): number => this.#limits.seal - progress.records;
    for (const topic of SEALED_TOPICS) {
      await this.#addRecords(progress, topic, await nextOfTopic(log, topic, to(topic), left(), this.#now()));
      progress.sealed.push({ topic, offset: to(topic) });
    }
    for (const [name, table] of this.#tables)
      await this.#addRecords(progress, name, await table.next(to(name), left(), this.#now()));
    for (const places of await this.#storedEvents())
      if (left() > 0)
        for (const located of await eventBlocks(store, digest, places, { ...this.#limits, seal: left() }))
          add(progress, located);
    return progress;
  }

  async #addRecords(progress: Progress, stream: string, { from, to, records }: NextRecords): Promise<void> {
    const sealedTo = progress.ends[stream]?.to ?? 0;
    if (from > sealedTo) progress.notes.push({ kind: 'gap', stream, from: sealedTo, to: from });
    await this.#parts.store.keepRecords(records);
    const { digest } = this.#parts;
    const { block } = this.#limits;
    for (let begin = 0; begin < records.length; begin += block) {
      const some = records.slice(begin, begin + block);
      const leaves = some.map((one) => ({
        place: String(one.place),
        at: one.at,
        hash: leafOfFields(digest, fieldsOf(one)),
      }));
      const last = begin + block >= records.length;
      const places = { from: begin === 0 ? from : some[0]!.place, to: last ? to : some.at(-1)!.place + 1 };
      add(progress, blockOf(digest, { stream, ...places }, leaves));
    }
    if (records.length === 0 && to > sealedTo) add(progress, blockOf(digest, { stream, from, to }, []));
  }

  async #seal({ blocks, ends, notes, sealed, records }: Progress): Promise<boolean> {
    const { keys, digest, program, access, log } = this.#parts;
    const before = this.#chain.head;
    const { key, notes: ofKeys } = await keys.signer(before?.seal);
    const said = this.#parts.notes?.() ?? [];
    const seal: Seal = {
      wanglou: 'seal-1',
      chain: before?.seal.chain ?? randomUUID(),
      number: (before?.seal.number ?? 0) + 1,
      previous: before?.hash ?? '',
      time: Math.max(this.#now(), before?.seal.time ?? 0),
      digest,
      key: keyIdOf(key),
      program,
      access,
      ends,
      blocks: blocks.map(({ block }) => block),
      notes: [...ofKeys, ...notes, ...said],
    };
    const isOurs = await this.#chain.append(
      signSeal(seal, key),
      blocks.map(({ marks }) => marks),
    );
    if (!isOurs) {
      this.#isOpen = false;
      for (const [, table] of this.#tables) table.again();
      return true;
    }
    for (const [name, table] of this.#tables)
      table.learn(await this.#parts.store.records(name, before?.seal.ends[name]?.to ?? 0, ends[name]?.to ?? 0));
    await log.commit(
      SEALED_GROUP,
      sealed.map(({ topic, offset }) => ({ topic, partition: 0, offset })),
    );
    return records >= this.#limits.seal;
  }
}

function add(progress: Progress, located: LocatedBlock): void {
  const { stream, to, records } = located.block;
  progress.blocks.push(located);
  progress.records += records;
  progress.ends = {
    ...progress.ends,
    [stream]: { to, records: (progress.ends[stream]?.records ?? 0) + records },
  };
}
