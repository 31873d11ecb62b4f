import type { CoveringSeal } from '../event/ocsf-integrity.ts';
import { hashOfSeal, readSeal, type SignedSeal } from './seal.ts';

/** A place of a stream: of events an offset of `events/<partition>`. */
export interface StreamPlace {
  stream: string;
  place: number;
}

/** Places of a stream that a block covers, from ≤ place < to, and its seal. */
export interface CoveringBlock {
  stream: string;
  from: number;
  to: number;
  seal: number;
}

/** What is asked of the store (src/store/seal-queries.ts). */
export interface CoveringStore {
  blocksAt(places: readonly StreamPlace[]): Promise<readonly CoveringBlock[]>;
  sealedTo(streams: readonly string[]): Promise<readonly { stream: string; to: number }[]>;
  sealsNumbered(numbers: readonly number[]): Promise<readonly SignedSeal[]>;
}

const MOST_SEALS = 10_000;
/** Of a stream: records that are read together lie in few. */
const MOST_BLOCKS = 32;

/** Finds the seals that cover places, for many at once; what it remembers is bounded. What is sealed after it began counts as not sealed. */
export class CoveringSeals {
  readonly #store: CoveringStore;
  /** Of each stream the place from which on nothing is sealed. */
  readonly #ends = new Map<string, number>();
  readonly #blocks = new Map<string, CoveringBlock[]>();
  readonly #seals = new Map<number, CoveringSeal>();

  constructor(store: CoveringStore) {
    this.#store = store;
  }

  /** @returns for each place its seal; undefined where nothing is sealed yet. */
  async of(places: readonly StreamPlace[]): Promise<(CoveringSeal | undefined)[]> {
    await this.#learnEnds(new Set(places.map(({ stream }) => stream)));
    const sealed = new Map(
      places.filter((one) => one.place < this.#ends.get(one.stream)!).map((one) => [keyOf(one), one]),
    );
    const seals = new Map<string, number>();
    const unknown: StreamPlace[] = [];
    for (const [key, one] of sealed) {
      const block = this.#blocks.get(one.stream)?.find((known) => covers(known, one));
      if (block === undefined) unknown.push(one);
      else seals.set(key, block.seal);
    }
    if (unknown.length > 0) {
      const found = Map.groupBy(await this.#store.blocksAt(unknown), ({ stream }) => stream);
      for (const one of unknown) {
        const block = found.get(one.stream)?.find((known) => covers(known, one));
        if (block !== undefined) seals.set(keyOf(one), block.seal);
      }
      for (const [stream, blocks] of found) this.#blocks.set(stream, blocks.slice(-MOST_BLOCKS));
    }
    await this.#learnSeals(new Set(seals.values()));
    return places.map((one) => this.#seals.get(seals.get(keyOf(one)) ?? -1));
  }

  async #learnEnds(streams: ReadonlySet<string>): Promise<void> {
    const missing = [...streams].filter((stream) => !this.#ends.has(stream));
    if (missing.length === 0) return;
    for (const stream of missing) this.#ends.set(stream, 0);
    for (const { stream, to } of await this.#store.sealedTo(missing)) this.#ends.set(stream, to);
  }

  async #learnSeals(numbers: ReadonlySet<number>): Promise<void> {
    if (this.#seals.size > MOST_SEALS) this.#seals.clear();
    const missing = [...numbers].filter((number) => !this.#seals.has(number));
    if (missing.length === 0) return;
    for (const signed of await this.#store.sealsNumbered(missing)) {
      const { chain, number, time, digest, key } = readSeal(signed);
      this.#seals.set(number, { chain, number, time, digest, key, hash: hashOfSeal(signed, digest) });
    }
  }
}

function covers({ from, to }: CoveringBlock, { place }: StreamPlace): boolean {
  return from <= place && place < to;
}

function keyOf({ stream, place }: StreamPlace): string {
  return `${stream}/${place}`;
}
