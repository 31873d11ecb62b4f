import type { CoveringSeal } from '../event/ocsf-integrity.ts';
import { hashOfSeal, readSeal, type SignedSeal } from './seal.ts';

/** A place of a stream: of events an offset of `events/<partition>`. */
export interface StreamPlace {
  stream: string;
  place: number;
}

/** What is asked of the store (src/store/seal-queries.ts). */
export interface CoveringStore {
  sealsAt(places: readonly StreamPlace[]): Promise<readonly (StreamPlace & { seal: number })[]>;
  sealsNumbered(numbers: readonly number[]): Promise<readonly SignedSeal[]>;
}

const MOST_KNOWN = 10_000;

/** Finds the seals that cover places, for many at once; what it knows of seals is bounded. */
export class CoveringSeals {
  readonly #store: CoveringStore;
  readonly #seals = new Map<number, CoveringSeal>();

  constructor(store: CoveringStore) {
    this.#store = store;
  }

  /** @returns for each place its seal; undefined where nothing is sealed yet. */
  async of(places: readonly StreamPlace[]): Promise<(CoveringSeal | undefined)[]> {
    const asked = new Map(places.map((one) => [keyOf(one), one]));
    if (asked.size === 0) return [];
    const numbers = new Map((await this.#store.sealsAt([...asked.values()])).map((one) => [keyOf(one), one.seal]));
    await this.#learn(new Set(numbers.values()));
    return places.map((one) => this.#seals.get(numbers.get(keyOf(one)) ?? -1));
  }

  async #learn(numbers: ReadonlySet<number>): Promise<void> {
    if (this.#seals.size > MOST_KNOWN) this.#seals.clear();
    const missing = [...numbers].filter((number) => !this.#seals.has(number));
    if (missing.length === 0) return;
    for (const signed of await this.#store.sealsNumbered(missing)) {
      const { chain, number, time, digest, key } = readSeal(signed);
      this.#seals.set(number, { chain, number, time, digest, key, hash: hashOfSeal(signed, digest) });
    }
  }
}

function keyOf({ stream, place }: StreamPlace): string {
  return `${stream}/${place}`;
}
