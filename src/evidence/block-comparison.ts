import type { EventLog } from '../event-log/event-log.ts';
import { fieldsOf, leafOfFields, type SealedRecord } from './canonical.ts';
import { digestOf } from './digest.ts';
import { placeOfDifference, storableTime, type StoreDifference } from './difference.ts';
import { leavesOf, type StoredEventLeaves } from './event-blocks.ts';
import { kindOf } from './evidence-export.ts';
import { merkleRoot } from './merkle.ts';
import { SEALED_TABLES, SEALED_TOPICS, timeOfRecord } from './record-streams.ts';
import type { Block, Seal } from './seal.ts';

/** What is compared with blocks: everything that lies there, also what views hide. */
export interface BlockStore extends Pick<StoredEventLeaves, 'leaves' | 'lines'> {
  records(stream: string, from: number, to: number): Promise<readonly SealedRecord[]>;
  /** Those of the records that the table for queries does not show as they were sealed. */
  differing(stream: string, records: readonly SealedRecord[]): Promise<readonly SealedRecord[]>;
}

export type BlockLog = Pick<EventLog, 'bounds' | 'readRange' | 'table'>;

type SealedTopic = (typeof SEALED_TOPICS)[number];
const isTopic = (stream: string): stream is SealedTopic => (SEALED_TOPICS as readonly string[]).includes(stream);
const isTable = (stream: string): boolean => (SEALED_TABLES as readonly string[]).includes(stream);

/** Compares what is stored, in the store and in the log, with the blocks of seals. */
export class BlockComparison {
  readonly #store: BlockStore;
  readonly #log: BlockLog;
  readonly #add: (difference: StoreDifference) => void;
  /** Of the tables of the log to which entries are only added, what was sealed of each key. */
  readonly #entries = new Map<string, Map<string, { digest: string; seal: number; place: string; at: number }>>();
  records = 0;

  constructor(store: BlockStore, log: BlockLog, add: (difference: StoreDifference) => void) {
    this.#store = store;
    this.#log = log;
    this.#add = add;
  }

  /** @param marks of the block; empty when they are not as they were sealed. */
  async compare(seal: Seal, block: Block, marks: Buffer): Promise<void> {
    const { stream, times } = block;
    const said = { seal: seal.number, stream, times };
    const isEvents = kindOf(stream) === 'events';
    const records = isEvents ? [] : await this.#store.records(stream, block.from, block.to);
    const leaves = isEvents ? await this.#events(seal, block) : records.map((one) => leafOf(seal, one));
    this.records += leaves.length;
    const hashes = leaves.map(({ hash }) => hash);
    if (merkleRoot(seal.digest, hashes).toString('hex') !== block.root)
      return this.#add({ ...said, in: 'sealed', place: placeOfDifference(marks, leaves, block.last) });
    const twice = leaves.find(({ place }, n) => place === leaves[n - 1]?.place);
    if (twice) this.#add({ ...said, in: 'sealed', place: twice.place });
    const mistimed = isEvents ? undefined : mistimedOf(records, times);
    if (mistimed) this.#add({ ...said, in: 'sealed', place: String(mistimed.place) });
    for (const { place } of await this.#store.differing(stream, records)) this.#add({ ...said, in: 'table', place: String(place) }); // prettier-ignore
    if (isTopic(stream)) await this.#compareTopic(said, stream, records);
    if (isTable(stream)) this.#compareEntries(said, records);
  }

  /** When all blocks were compared: entries that are no longer in the log's tables as they were sealed. */
  async end(): Promise<void> {
    for (const [stream, sealed] of this.#entries) {
      const missing = new Map(sealed);
      for await (const [key, value] of this.#log.table(stream as (typeof SEALED_TABLES)[number]).entries())
        if (missing.get(key)?.digest === digestOfText(Buffer.from(value).toString())) missing.delete(key);
      for (const { seal, place, at } of missing.values())
        this.#add({ seal, stream, in: 'log', place, times: [at, at] });
    }
  }

  async #events(seal: Seal, { stream, from, to }: Block): Promise<{ place: string; hash: Buffer }[]> {
    return leavesOf(this.#store, seal.digest, { partition: Number(stream.split('/')[1]), from, to });
  }

  /** The log keeps a copy for some time, from which programs that start again read. */
  async #compareTopic(
    said: Pick<StoreDifference, 'seal' | 'stream' | 'times'>,
    topic: SealedTopic,
    records: readonly SealedRecord[],
  ): Promise<void> {
    const last = records.at(-1);
    const { first } = await this.#log.bounds(topic, 0);
    if (last === undefined || last.place < first) return;
    const there = new Map<number, { key: string; record: string }>();
    for await (const { offset, key, value } of this.#log.readRange(topic, 0, Math.max(first, records[0]!.place), last.place + 1))
      there.set(offset, { key, record: Buffer.from(value).toString() }); // prettier-ignore
    const kept = (await this.#log.bounds(topic, 0)).first; // it may have let go of some meanwhile
    for (const { place, key, record } of records) {
      const found = there.get(place);
      if (place >= kept && (found?.key !== key || found.record !== record)) this.#add({ ...said, in: 'log', place: String(place) }); // prettier-ignore
    }
  }

  /** Entries are only added: a key that was sealed again had another content meanwhile. */
  #compareEntries(said: Pick<StoreDifference, 'seal' | 'stream' | 'times'>, records: readonly SealedRecord[]): void {
    const sealed = this.#entries.get(said.stream) ?? new Map<string, { digest: string; seal: number; place: string; at: number }>(); // prettier-ignore
    this.#entries.set(said.stream, sealed);
    for (const { key, record, place, at } of records) {
      const digest = digestOfText(record);
      const before = sealed.get(key);
      if (before === undefined) sealed.set(key, { digest, seal: said.seal, place: String(place), at });
      else if (before.digest !== digest) this.#add({ ...said, in: 'log', place: String(place) });
    }
  }
}

function leafOf(seal: Seal, one: SealedRecord): { place: string; hash: Buffer } {
  return { place: String(one.place), hash: leafOfFields(seal.digest, fieldsOf(one)) };
}

function digestOfText(text: string): string {
  return digestOf('sha256', text).toString('base64');
}

/** What is kept beside a record must be what it says, and what the seal says of all of them. */
function mistimedOf(records: readonly SealedRecord[], [first, last]: Block['times']): SealedRecord | undefined {
  const [least, most] = [storableTime(first), storableTime(last)];
  const wrong = records.find(
    ({ at, record }) => at < least || at > most || storableTime(timeOfRecord(record) ?? at) !== at,
  );
  if (wrong !== undefined || records.length === 0) return wrong;
  const times = records.map(({ at }) => at);
  const isWhole = times.includes(least) && times.includes(most);
  return isWhole ? undefined : records[0];
}
