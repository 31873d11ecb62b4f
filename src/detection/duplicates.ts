import { isKeyed } from '../event/id.ts';

const HEX = new Uint8Array(128);
for (let i = 0; i < 16; i++) {
  HEX['0123456789abcdef'.charCodeAt(i)] = i;
  HEX['0123456789ABCDEF'.charCodeAt(i)] = i;
}

/**
 * Knows the ids that senders may repeat, over the last `capacity` to 2 × `capacity` ids of one partition: two generations
 * of an exact table of 64 of an id's random bits (at two million ids, one false match in 10⁷ years at 1,000 ids a second).
 * Generations change only between records, at places that a restart can find again.
 */
export class DuplicateFilter {
  readonly #capacity: number;
  #current = new IdTable();
  #previous = new IdTable();
  /** Offsets at which a generation began, the newest last. */
  #generations: number[] = [0];

  /** @param capacity ids of one generation. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** To be called before the events of a record. */
  beginRecord(offset: number): void {
    if (this.#current.size < this.#capacity) return;
    this.#previous = this.#current;
    this.#current = new IdTable();
    this.#generations = [...this.#generations.slice(-3), offset];
  }

  /** Whether the id came before, and remembers it. Ids that can not be repeated are never taken for repeats. */
  isRepeat(id: string): boolean {
    if (!isKeyed(id)) return false;
    const high = bits(id, 0);
    const low = bits(id, 28);
    if (this.#current.has(high, low)) return true;
    const repeat = this.#previous.has(high, low);
    this.#current.add(high, low);
    return repeat;
  }

  /** Offsets at which generations began: enough to build this filter again as it was before any recent record. */
  get generations(): readonly number[] {
    return this.#generations;
  }

  /** Prepares for the ids from the result (an offset) up to `offset` to be read in again. */
  rewindTo(offset: number, generations: readonly number[]): number {
    const begun = generations.filter((begin) => begin <= offset);
    this.#generations = begun.length > 0 ? begun : [0];
    return this.#generations.at(-2) ?? this.#generations[0]!;
  }

  /** Reads a record's ids in again; records come in order from the offset that `rewindTo` gave. */
  reread(offset: number, ids: Iterable<string>): void {
    const newest = this.#generations.at(-1)!;
    const table = offset < newest ? this.#previous : this.#current;
    for (const id of ids) if (isKeyed(id)) table.add(bits(id, 0), bits(id, 28));
  }
}

/** Open-addressed set of 64-bit values, at most half full. (0, 0) marks an empty slot; that value is stored as (0, 1). */
class IdTable {
  size = 0;
  #cells = new Uint32Array(2 << 12);
  #mask = (1 << 12) - 1;

  has(high: number, low: number): boolean {
    const slot = this.#slotOf(high, low);
    return this.#cells[slot] !== 0 || this.#cells[slot + 1] !== 0;
  }

  add(high: number, low: number): void {
    const slot = this.#slotOf(high, low);
    if (this.#cells[slot] !== 0 || this.#cells[slot + 1] !== 0) return;
    this.#cells[slot] = high;
    this.#cells[slot + 1] = high === 0 && low === 0 ? 1 : low;
    this.size++;
    if (this.size * 2 > this.#mask) this.#grow();
  }

  /** Place of the value, or of the empty slot where it belongs. */
  #slotOf(high: number, low: number): number {
    const cells = this.#cells;
    const second = high === 0 && low === 0 ? 1 : low;
    for (let i = (high ^ low) & this.#mask; ; i = (i + 1) & this.#mask) {
      const slot = i * 2;
      if (cells[slot] === high && cells[slot + 1] === second) return slot;
      if (cells[slot] === 0 && cells[slot + 1] === 0) return slot;
    }
  }

  #grow(): void {
    const old = this.#cells;
    this.#cells = new Uint32Array(old.length * 2);
    this.#mask = this.#mask * 2 + 1;
    this.size = 0;
    for (let i = 0; i < old.length; i += 2) if (old[i] !== 0 || old[i + 1] !== 0) this.add(old[i]!, old[i + 1]!);
  }
}

/** Eight hexadecimal digits of an id as a 32-bit number. */
function bits(id: string, from: number): number {
  let value = 0;
  for (let i = from; i < from + 8; i++) value = (value << 4) | HEX[id.charCodeAt(i) & 127]!;
  return value >>> 0;
}
