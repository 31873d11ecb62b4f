import { setTimeout as pause } from 'node:timers/promises';
import { BlockComparison, type BlockLog, type BlockStore } from './block-comparison.ts';
import { ChainComparison, type KeptBlock, type KeptSeal } from './chain-comparison.ts';
import type { StoreDifference } from './difference.ts';
import { kindOf } from './evidence-export.ts';
import { KeyHistory } from './key-change.ts';
import { SEALED_TOPICS } from './record-streams.ts';
import type { SealKeys } from './seal-key-files.ts';
import { readSeal, type Block, type Note, type Seal, type SignedSeal } from './seal.ts';

/** What the comparison reads: every row that lies there, also what views hide (src/store/check-queries.ts). */
export interface CheckStore extends BlockStore {
  sealsAfter(number: number, most: number): Promise<readonly KeptSeal[]>;
  /** From ≤ seal ≤ to. */
  blocks(from: number, to: number): Promise<readonly KeptBlock[]>;
  sealsWithNote(kind: 'expired' | 'key'): Promise<readonly SignedSeal[]>;
  /** Rows of the tables for queries that come from no record, sealed or waiting in the log. */
  strangers(stream: string, waiting: () => AsyncIterable<string>): Promise<readonly { id: string; at: number }[]>;
  strangeEvents(
    partitions: readonly { next: number; expiredTo: number; before: number }[],
  ): Promise<readonly { partition: number; offset: number; index: number; at: number }[]>;
  changedViews(): Promise<readonly string[]>;
}

export interface CheckState {
  state: 'never' | 'running' | 'done' | 'failed';
  /** When it began and ended, ms since the Unix epoch; 0 before. */
  beganAt: number;
  endedAt: number;
  seals: { checked: number; total: number };
  records: number;
  differences: readonly StoreDifference[];
  /** Beyond a hundred they are only counted. */
  count: number;
}

export interface StoreCheckParts {
  store: CheckStore;
  log: BlockLog & { partitions(topic: 'events'): number };
  keys: Pick<SealKeys, 'current'>;
  /** The last seal that this program has made or seen; undefined when it has not looked yet. */
  head?: () => Pick<Seal, 'number' | 'time'> | undefined;
  /** Seals that are older may have expired. */
  sealsKeptDays: number;
  onProblem: (problem: string) => void;
  /** Hears of everything that a whole comparison found. */
  onFound?: (differences: readonly StoreDifference[]) => Promise<void>;
  now?: () => number;
  /** Parts of the time that it works; the rest is left to others. */
  share?: number;
}

const DAY_MS = 86_400_000;
const TRY_AFTER_MS = 600_000;
const SEALS_AT_ONCE = 50;
const MAX_DIFFERENCES = 100;
const NEVER: CheckState = { state: 'never', beganAt: 0, endedAt: 0, seals: { checked: 0, total: 0 }, records: 0, differences: [], count: 0 }; // prettier-ignore

/** Compares, once a day and when asked to, everything that is stored with what was sealed. */
export class StoreCheck {
  readonly #parts: StoreCheckParts;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;
  #state = NEVER;
  #found: CheckState | undefined;
  #failure = '';

  constructor(parts: StoreCheckParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  get state(): CheckState {
    return this.#state;
  }

  /** What the last whole comparison found, or why the last one did not end; '' when all is as it was sealed. */
  get problem(): string {
    if (this.#failure !== '') return this.#failure;
    const [first] = this.#found?.differences ?? [];
    if (first === undefined) return '';
    const { seal, stream, place } = first;
    const where = [seal > 0 ? `seal ${seal}` : 'no seal', stream, place && `at ${place}`].filter(Boolean).join(', ');
    return `${this.#found!.count} differences between what is stored and what was sealed, the first in ${where}`;
  }

  start(): void {
    const next = (afterMs: number): void => {
      const again = (): number => (this.#state.state === 'failed' ? TRY_AFTER_MS : DAY_MS);
      this.#timer = setTimeout(() => void this.run().then(() => next(again())), afterMs).unref();
    };
    next(TRY_AFTER_MS);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Begins unless it is running already; resolves when it is over, whatever came of it. */
  run(): Promise<void> {
    return (this.#running ??= this.#compare()
      .catch((error: unknown) => {
        this.#state = { ...this.#state, state: 'failed', endedAt: this.#now() };
        if (this.#stopped) return;
        this.#failure = `the store was not compared with its seals: ${String(error)}`;
        this.#parts.onProblem(this.#failure);
      })
      .finally(() => (this.#running = undefined)));
  }

  async #compare(): Promise<void> {
    const { store, log, keys, head, sealsKeptDays } = this.#parts;
    const began = head?.();
    const total = began?.number ?? 0;
    this.#state = { ...NEVER, state: 'running', beganAt: this.#now(), seals: { checked: 0, total } };
    const history = new KeyHistory(await keys.current(), await store.sealsWithNote('key'));
    const expired = await this.#expired(history);
    const add = (difference: StoreDifference): void => this.#add(difference);
    const chain = new ChainComparison(history, this.#now() - (sealsKeptDays - 1) * DAY_MS, add);
    const blocks = new BlockComparison(store, log, add);
    const ends = new Ends();
    for (let after = 0; ;) {
      const seals = await store.sealsAfter(after, SEALS_AT_ONCE);
      const to = seals.at(-1)?.number;
      if (to === undefined) break;
      const kept = await store.blocks(after + 1, to);
      const numbers = new Set(seals.map(({ number }) => number));
      chain.stray(kept.filter(({ seal }) => !numbers.has(seal)));
      for (const signed of seals) {
        if (this.#stopped) return;
        await this.#inShare(() => this.#compareSeal(signed, kept, { chain, blocks, expired, ends }));
      }
      if (to >= Number.MAX_SAFE_INTEGER) break; // none of ours, and said
      after = to;
    }
    if (began) chain.end(began.number, began.time);
    await blocks.end();
    await this.#compareUnsealed(ends);
    if (this.#stopped) return;
    this.#state = { ...this.#state, state: 'done', endedAt: this.#now() };
    this.#found = this.#state;
    this.#failure = '';
    if (this.problem !== '') this.#parts.onProblem(this.problem);
    if (this.#state.count > 0) await this.#parts.onFound?.(this.#state.differences);
  }

  /** What our own seals say has expired: nobody else's word counts. */
  async #expired(history: KeyHistory): Promise<Note[]> {
    const said = await this.#parts.store.sealsWithNote('expired');
    return said.filter((signed) => history.keyOf(signed) !== undefined).flatMap((signed) => readSeal(signed).notes);
  }

  async #compareSeal(
    signed: KeptSeal,
    kept: readonly KeptBlock[],
    { chain, blocks, expired, ends }: { chain: ChainComparison; blocks: BlockComparison; expired: readonly Note[]; ends: Ends }, // prettier-ignore
  ): Promise<void> {
    const sound = chain.take(
      signed,
      kept.filter(({ seal }) => seal === signed.number),
    );
    if (sound === undefined) return;
    const { seal, marks } = sound;
    for (const [n, block] of seal.blocks.entries()) {
      const gone = expiryOf(block, expired);
      ends.take(block, gone);
      if (block.records > 0 && gone === undefined) await blocks.compare(seal, block, marks[n]!);
    }
    for (const note of seal.notes) if (note.kind === 'gap') ends.gap(note.stream);
    const total = Math.max(this.#state.seals.total, seal.number);
    this.#state = { ...this.#state, seals: { checked: seal.number, total }, records: blocks.records };
  }

  /** What is there and no seal knows of. */
  async #compareUnsealed(ends: Ends): Promise<void> {
    const { store, log } = this.#parts;
    for (const name of await store.changedViews()) this.#add({ seal: 0, stream: '', in: 'view', place: name, times: [this.#now(), this.#now()] }); // prettier-ignore
    for (const stream of SEALED_TOPICS) {
      if (!ends.isWhole(stream)) continue; // of what the log had lost before it was sealed nothing is known
      const waiting = (): AsyncIterable<string> => textsOf(log, stream, ends.of(stream).to);
      for (const { id, at } of await store.strangers(stream, waiting)) this.#add({ seal: 0, stream, in: 'table', place: id, times: [at, at] }); // prettier-ignore
    }
    const partitions = Array.from({ length: log.partitions('events') }, (_, n) => n);
    const nexts = async (): Promise<number[]> => Promise.all(partitions.map(async (n) => (await log.bounds('events', n)).next)); // prettier-ignore
    const before = await nexts();
    const strange = await store.strangeEvents(partitions.map((n) => ({ next: before[n]!, ...ends.of(`events/${n}`) })));
    const after = await nexts();
    for (const { partition, offset, index, at } of strange)
      if (offset < ends.of(`events/${partition}`).expiredTo || offset >= (after[partition] ?? 0))
        this.#add({ seal: 0, stream: `events/${partition}`, in: 'sealed', place: `${offset}/${index}`, times: [at, at] }); // prettier-ignore
  }

  async #inShare(work: () => Promise<void>): Promise<void> {
    const began = performance.now();
    await work();
    const share = this.#parts.share ?? 0.5;
    await pause(((performance.now() - began) * (1 - share)) / share);
  }

  #add(difference: StoreDifference): void {
    const { differences, count } = this.#state;
    const kept = differences.length < MAX_DIFFERENCES ? [...differences, difference] : differences;
    this.#state = { ...this.#state, differences: kept, count: count + 1 };
  }
}

/** Up to where each stream is sealed, and up to where that has expired as a whole. */
class Ends {
  readonly #ends = new Map<string, { to: number; expiredTo: number; before: number }>();
  readonly #gaps = new Set<string>();

  take({ stream, from, to }: Block, gone: Gone | undefined): void {
    const end = this.of(stream);
    if (from > end.to) this.gap(stream);
    const isGone = gone?.isWhole === true && end.expiredTo === end.to; // all before it is gone, too
    this.#ends.set(stream, { to, expiredTo: isGone ? to : end.expiredTo, before: isGone ? gone.before : end.before });
  }

  gap(stream: string): void {
    this.#gaps.add(stream);
  }

  of(stream: string): { to: number; expiredTo: number; before: number } {
    return this.#ends.get(stream) ?? { to: 0, expiredTo: 0, before: 0 };
  }

  isWhole(stream: string): boolean {
    return !this.#gaps.has(stream);
  }
}

interface Gone {
  /** Not only in part. */
  isWhole: boolean;
  before: number;
}

/** Whether records of a block may be gone, as the chain says; undefined when none may. */
function expiryOf({ stream, times: [first, last] }: Block, notes: readonly Note[]): Gone | undefined {
  let gone: Gone | undefined;
  for (const note of notes) {
    if (note.kind !== 'expired' || note.stream !== kindOf(stream) || first >= note.before) continue;
    if (note.kept?.some(([from, to]) => last >= from && first < to)) continue;
    const isWhole = last < note.before && (note.kept ?? []).length === 0;
    gone = { isWhole: isWhole || gone?.isWhole === true, before: Math.max(note.before, gone?.before ?? 0) };
  }
  return gone;
}

async function* textsOf(log: BlockLog, topic: (typeof SEALED_TOPICS)[number], from: number): AsyncIterable<string> {
  const { next } = await log.bounds(topic, 0);
  for await (const { value } of log.readRange(topic, 0, from, next)) yield Buffer.from(value).toString();
}
