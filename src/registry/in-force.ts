const MAX_REMEMBERED = 1_000_000;

interface Slices<T> {
  /** Moments at which something begins or ends, ascending. */
  edges: Float64Array;
  /** What is in force from the edge before to the edge at this place, once it was asked for. */
  lists: (readonly T[] | undefined)[];
  all: T[];
}

/**
 * Which entries of a key are in force at a time. Between two edges the answer is the same, so that it is made once and then
 * only found: a map read and a binary search over the key's own edges.
 */
export class InForce<T> {
  readonly #period: (entry: T) => { from: number; to: number };
  readonly #byKey = new Map<string, Slices<T>>();
  readonly #none: readonly T[] = Object.freeze([]);
  #remembered = 0;

  /** @param period of an entry, ms; `to` is exclusive. */
  constructor(period: (entry: T) => { from: number; to: number }) {
    this.#period = period;
  }

  add(key: string, entry: T): void {
    const slices = this.#byKey.get(key);
    if (slices) slices.all.push(entry);
    else this.#byKey.set(key, { edges: new Float64Array(), lists: [], all: [entry] });
  }

  /** All of the key, whatever their times. */
  all(key: string): readonly T[] {
    return this.#byKey.get(key)?.all ?? this.#none;
  }

  at(key: string, at: number): readonly T[] {
    const slices = this.#byKey.get(key);
    if (slices === undefined) return this.#none;
    if (slices.lists.length === 0) this.#slice(slices);
    const place = edgesUpTo(slices.edges, at);
    return slices.lists[place] ?? this.#fill(slices, place, at);
  }

  #slice(slices: Slices<T>): void {
    const edges = new Set<number>();
    for (const entry of slices.all) {
      const { from, to } = this.#period(entry);
      if (from > -Infinity) edges.add(from);
      if (to < Infinity) edges.add(to);
    }
    slices.edges = Float64Array.from(edges).sort();
    slices.lists = Array.from({ length: edges.size + 1 });
  }

  #fill(slices: Slices<T>, place: number, at: number): readonly T[] {
    const list = slices.all.filter((entry) => {
      const { from, to } = this.#period(entry);
      return at >= from && at < to;
    });
    if (this.#remembered > MAX_REMEMBERED) this.#forget();
    this.#remembered += list.length;
    slices.lists[place] = list;
    return list;
  }

  #forget(): void {
    for (const slices of this.#byKey.values()) slices.lists.fill(undefined);
    this.#remembered = 0;
  }
}

/** How many edges are at or before the time. */
function edgesUpTo(edges: Float64Array, at: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (edges[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
