import { digestOf, type Digest } from './digest.ts';
import { merkleRoot } from './merkle.ts';
import type { Block } from './seal.ts';

/** How many records a block has at most, unless a single batch of the log has more, and a seal about. */
export interface SealLimits {
  block: number;
  seal: number;
}
export const SEAL_LIMITS: SealLimits = { block: 10_000, seal: 100_000 };
const MARK_BYTES = 4;

/** A record on its way into a block. */
export interface Leaf {
  place: string;
  at: number;
  hash: Buffer;
}

/** A block with the marks that its `locator` is the digest of. */
export interface LocatedBlock {
  block: Block;
  marks: Buffer;
}

/** Puts consecutive records of a stream into one block. `from` and `to` are the places that it covers. */
export function blockOf(
  digest: Digest,
  { stream, from, to }: Pick<Block, 'stream' | 'from' | 'to'>,
  leaves: readonly Leaf[],
): LocatedBlock {
  const hashes = leaves.map(({ hash }) => hash);
  const marks = marksOf(hashes);
  const [first, last] = [leaves[0]?.place ?? '', leaves.at(-1)?.place ?? ''];
  let times: [number, number] = [leaves[0]?.at ?? 0, leaves[0]?.at ?? 0];
  for (const { at } of leaves) times = [Math.min(times[0], at), Math.max(times[1], at)];
  const root = merkleRoot(digest, hashes).toString('hex');
  const locator = digestOf(digest, marks).toString('hex');
  return { block: { stream, from, to, first, last, records: leaves.length, times, root, locator }, marks };
}

/** The first bytes of each leaf: few enough to be kept, enough to tell records apart. */
export function marksOf(hashes: readonly Buffer[]): Buffer {
  return Buffer.concat(hashes.map((hash) => hash.subarray(0, MARK_BYTES)));
}
