import { storableTime, type StoreDifference } from './difference.ts';
import { digestOf } from './digest.ts';
import type { KeyHistory } from './key-change.ts';
import { hashOfSeal, readSeal, type Block, type Seal, type SignedSeal } from './seal.ts';

/** A seal as it is kept, with what is kept beside it. */
export interface KeptSeal extends SignedSeal {
  number: number;
  /** ms since the Unix epoch */
  time: number;
  hash: string;
}

/** A block as it is kept beside its seal. */
export interface KeptBlock extends Pick<Block, 'stream' | 'from' | 'to' | 'records' | 'times'> {
  seal: number;
  block: number;
  /** base64 */
  marks: string;
}

/** A seal that is as it was signed. */
export interface SoundSeal {
  seal: Seal;
  /** Marks of its blocks; empty where they are not as they were sealed. */
  marks: Buffer[];
}

/** Walks along the chain and says where it is broken. */
export class ChainComparison {
  readonly #keys: KeyHistory;
  /** Seals from before that time may have expired. */
  readonly #keptSince: number;
  readonly #add: (difference: StoreDifference) => void;
  #before: { seal: Seal; hash: string } | undefined;
  /** The last number of which something else than its seal was there. */
  #broken = 0;

  constructor(keys: KeyHistory, keptSince: number, add: (difference: StoreDifference) => void) {
    this.#keys = keys;
    this.#keptSince = keptSince;
    this.#add = add;
  }

  /** Number of the last seal that is as it was signed. */
  get last(): number {
    return this.#before?.seal.number ?? 0;
  }

  /** The next seal, with all blocks that are kept for its number. @returns undefined when it is not what was signed. */
  take(kept: KeptSeal, blocks: readonly KeptBlock[]): SoundSeal | undefined {
    const seal = this.#read(kept);
    if (seal === undefined || kept.number !== seal.number || seal.number <= this.last) {
      this.#say(kept.number, kept.time);
      this.#broken = kept.number;
      return undefined;
    }
    const hash = hashOfSeal(kept, seal.digest);
    const missing = this.#missingBefore(seal);
    if (missing > 0) this.#say(missing, seal.time);
    else if (kept.time !== seal.time || kept.hash !== hash) this.#say(kept.number, seal.time);
    this.#before = { seal, hash };
    return { seal, marks: this.#marksOf(seal, blocks) };
  }

  /** Seals that are known to have been there, up to that number. */
  end(head: number, time: number): void {
    const last = this.#lastBefore(head + 1);
    if (last < head) this.#say(last + 1, time);
  }

  /** Blocks that belong to no seal. */
  stray(blocks: readonly KeptBlock[]): void {
    for (const { seal, stream, times } of blocks) this.#add({ seal, stream, in: 'chain', place: '', times });
  }

  #read(kept: KeptSeal): Seal | undefined {
    try {
      const seal = readSeal(kept);
      return this.#keys.keyOf(kept) === undefined ? undefined : seal;
    } catch {
      return undefined;
    }
  }

  /** @returns the number of the seal before this one that is not there, or not the one that it continues; 0 when it is. */
  #missingBefore({ number, previous, time }: Seal): number {
    const before = this.#before;
    if (number - 1 === this.#broken) return 0; // said already
    if (before?.seal.number === number - 1) return previous === before.hash ? 0 : number;
    // Seals expire too, in parts of the table: among those that are so old some may be gone.
    if (before === undefined) return (number === 1 && previous === '') || time < this.#keptSince ? 0 : number - 1;
    if (before.seal.time < this.#keptSince) return 0;
    return this.#lastBefore(number) + 1;
  }

  /** The last number below that one of which there was something, its seal or another. */
  #lastBefore(number: number): number {
    return this.#broken < number ? Math.max(this.last, this.#broken) : this.last;
  }

  #marksOf(seal: Seal, kept: readonly KeptBlock[]): Buffer[] {
    const marks: Buffer[] = seal.blocks.map(() => Buffer.alloc(0));
    const wrong = new Set<number>();
    for (const row of kept) {
      const block = seal.blocks[row.block];
      const bytes = Buffer.from(row.marks, 'base64');
      const isMarked = block !== undefined && digestOf(seal.digest, bytes).toString('hex') === block.locator;
      if (isMarked) marks[row.block] = bytes;
      if (!isMarked || !isSame(block, row) || bytes.toString('base64') !== row.marks) wrong.add(row.block);
    }
    const rows = new Set(kept.map(({ block }) => block));
    for (const n of seal.blocks.keys()) if (!rows.has(n) && seal.blocks[n]!.times[1] >= this.#keptSince) wrong.add(n);
    for (const n of wrong)
      this.#add({ seal: seal.number, stream: seal.blocks[n]?.stream ?? '', in: 'chain', place: '', times: [seal.time, seal.time] }); // prettier-ignore
    return marks;
  }

  #say(seal: number, time: number): void {
    this.#add({ seal, stream: '', in: 'chain', place: '', times: [time, time] });
  }
}

function isSame(block: Block, row: KeptBlock): boolean {
  const isTimed = block.times.every((time, n) => storableTime(time) === row.times[n]);
  return block.stream === row.stream && block.from === row.from && block.to === row.to && block.records === row.records && isTimed; // prettier-ignore
}
