import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { marksOf } from './block.ts';
import { fieldsOf, leafOfFields, type SealedRecord } from './canonical.ts';
import { leavesOf, type StoredEventLeaves } from './event-blocks.ts';
import { kindOf } from './evidence-export.ts';
import { merkleRoot } from './merkle.ts';
import { hashOfSeal, keyIdOf, readSeal, type Block, type Note, type Seal, type SignedSeal } from './seal.ts';

export interface CheckStore extends Pick<StoredEventLeaves, 'leaves' | 'lines'> {
  seals(from: number, to: number): Promise<readonly SignedSeal[]>;
  lastSeal(): Promise<SignedSeal | undefined>;
  sealsWithNote(kind: 'expired'): Promise<readonly SignedSeal[]>;
  records(stream: string, from: number, to: number): Promise<readonly SealedRecord[]>;
  marks(
    streams: readonly string[],
    from: number,
    to: number,
  ): Promise<readonly { seal: number; block: number; marks: string }[]>;
  /** Those of the records that the table for queries does not show as they were sealed. */
  differing(stream: string, records: readonly SealedRecord[]): Promise<readonly SealedRecord[]>;
}

/** Something that is not as it was sealed. */
export interface StoreDifference {
  seal: number;
  /** '' when it is the seal itself. */
  stream: string;
  /** `sealed` rows, or the `table` that people query, or the `chain`. */
  in: 'sealed' | 'table' | 'chain';
  /** Place of the first record that differs, as far as that can be known. */
  place: string;
  times: [number, number];
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
  key: KeyObject;
  onProblem: (problem: string) => void;
  now?: () => number;
  /** Parts of the time that it works; the rest is left to others. */
  share?: number;
}

const DAY_MS = 86_400_000;
const FIRST_AFTER_MS = 600_000;
const SEALS_AT_ONCE = 100;
const MAX_DIFFERENCES = 100;

/** Compares, once a day and when asked to, everything that is stored with what was sealed. */
export class StoreCheck {
  readonly #parts: StoreCheckParts;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;
  #state: CheckState = { state: 'never', beganAt: 0, endedAt: 0, seals: { checked: 0, total: 0 }, records: 0, differences: [], count: 0 }; // prettier-ignore
  #found: CheckState | undefined;

  constructor(parts: StoreCheckParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  get state(): CheckState {
    return this.#state;
  }

  /** What the last whole comparison found; '' when all is as it was sealed. */
  get problem(): string {
    const [first] = this.#found?.differences ?? [];
    if (first === undefined) return '';
    const where = `seal ${first.seal}${first.stream && `, ${first.stream}`}${first.place && ` at ${first.place}`}`;
    return `${this.#found!.count} differences between what is stored and what was sealed, the first in ${where}`;
  }

  start(): void {
    const next = (afterMs: number): void => {
      this.#timer = setTimeout(() => void this.run().then(() => next(DAY_MS)), afterMs).unref();
    };
    next(FIRST_AFTER_MS);
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
        if (!this.#stopped) this.#parts.onProblem(`the store was not compared with its seals: ${String(error)}`);
      })
      .finally(() => (this.#running = undefined)));
  }

  async #compare(): Promise<void> {
    const { store } = this.#parts;
    const clean = { seals: { checked: 0, total: 0 }, records: 0, differences: [], count: 0 };
    this.#state = { state: 'running', beganAt: this.#now(), endedAt: 0, ...clean };
    const last = await store.lastSeal();
    const total = last === undefined ? 0 : readSeal(last).number;
    this.#state = { ...this.#state, seals: { checked: 0, total } };
    const expired = (await store.sealsWithNote('expired')).flatMap((signed) => readSeal(signed).notes);
    let before: SignedSeal | undefined;
    for (let from = 1; from <= total; from += SEALS_AT_ONCE)
      for (const signed of await store.seals(from, Math.min(total + 1, from + SEALS_AT_ONCE))) {
        if (this.#stopped) return;
        await this.#compareSeal(signed, before, expired);
        before = signed;
      }
    this.#state = { ...this.#state, state: 'done', endedAt: this.#now() };
    this.#found = this.#state;
    if (this.problem !== '') this.#parts.onProblem(this.problem);
  }

  async #compareSeal(signed: SignedSeal, before: SignedSeal | undefined, expired: readonly Note[]): Promise<void> {
    const began = performance.now();
    const seal = readSeal(signed);
    if (!this.#isLinked(signed, before)) this.#add({ seal: seal.number, stream: '', in: 'chain', place: '', times: [seal.time, seal.time] }); // prettier-ignore
    for (const [n, block] of seal.blocks.entries())
      if (block.records > 0 && !mayBeGone(block, expired)) await this.#compareBlock(seal, n, block);
    this.#state = { ...this.#state, seals: { ...this.#state.seals, checked: seal.number } };
    const share = this.#parts.share ?? 0.5;
    await pause(((performance.now() - began) * (1 - share)) / share);
  }

  #isLinked(signed: SignedSeal, before: SignedSeal | undefined): boolean {
    const seal = readSeal(signed);
    const { key } = this.#parts;
    const isOurs = seal.key === keyIdOf(key);
    const [text, signature] = [Buffer.from(signed.sealed), Buffer.from(signed.signature, 'base64')];
    if (isOurs && !verify(null, text, createPublicKey(key), signature)) return false;
    if (before === undefined) return true; // seals expire too: the first that is there is taken as it is
    const previous = readSeal(before);
    return seal.number === previous.number + 1 && seal.previous === hashOfSeal(before, previous.digest);
  }

  async #compareBlock(seal: Seal, n: number, block: Block): Promise<void> {
    const { store } = this.#parts;
    const { stream, from, to, times } = block;
    const isEvents = kindOf(stream) === 'events';
    const records = isEvents ? [] : await store.records(stream, from, to);
    const leaves = isEvents
      ? await leavesOf(store, seal.digest, { partition: Number(stream.split('/')[1]), from, to })
      : records.map((one) => ({ place: String(one.place), hash: leafOfFields(seal.digest, fieldsOf(one)) }));
    const hashes = leaves.map(({ hash }) => hash);
    this.#state = { ...this.#state, records: this.#state.records + leaves.length };
    const said = { seal: seal.number, stream, times };
    if (merkleRoot(seal.digest, hashes).toString('hex') !== block.root) {
      const sealed = (await store.marks([kindOf(stream)], seal.number, seal.number + 1)).find((one) => one.block === n);
      const at = firstDifference(Buffer.from(sealed?.marks ?? '', 'base64'), marksOf(hashes));
      return this.#add({ ...said, in: 'sealed', place: leaves[at]?.place ?? '' });
    }
    for (const { place } of await store.differing(stream, records)) this.#add({ ...said, in: 'table', place: String(place) }); // prettier-ignore
  }

  #add(difference: StoreDifference): void {
    const { differences, count } = this.#state;
    const kept = differences.length < MAX_DIFFERENCES ? [...differences, difference] : differences;
    this.#state = { ...this.#state, differences: kept, count: count + 1 };
  }
}

function mayBeGone({ stream, times: [first, last] }: Block, notes: readonly Note[]): boolean {
  return notes.some(
    (note) =>
      note.kind === 'expired' &&
      note.stream === kindOf(stream) &&
      first < note.before &&
      !note.kept?.some(([from, to]) => last >= from && first < to),
  );
}

/** Which record, by marks of four bytes each; -1 when that can not be known. */
function firstDifference(sealed: Buffer, found: Buffer): number {
  for (let at = 0; at < found.length; at += 4)
    if (sealed.length > 0 && !sealed.subarray(at, at + 4).equals(found.subarray(at, at + 4))) return at / 4;
  return -1;
}
