import { leafOfFields } from './canonical.ts';
import { blockOf, type Leaf, type LocatedBlock, type SealLimits } from './block.ts';
import type { Digest } from './digest.ts';

/** What is asked of the store (src/store/seal-queries.ts). */
export interface EventPlaces {
  partition: number;
  from: number;
  to: number;
}
export interface StoredEventLeaves {
  rowsByOffset(places: EventPlaces): Promise<readonly { offset: number; rows: number }[]>;
  leaves(places: EventPlaces): Promise<readonly { offset: number; index: number; at: number; leaf: string }[]>;
  lines(places: EventPlaces): Promise<Buffer>;
}

/**
 * Seals the stored events of a partition up to an offset, as every view shows them: what was inserted twice counts once. A
 * block holds whole batches of the log.
 * @param limits of a block, and of all of them about; what is left comes with the next call.
 * @returns blocks that follow each other without a gap from `from` on.
 */
export async function eventBlocks(
  store: StoredEventLeaves,
  digest: Digest,
  { partition, from, to }: EventPlaces,
  limits: SealLimits,
): Promise<LocatedBlock[]> {
  const counted = await store.rowsByOffset({ partition, from, to });
  const stream = `events/${partition}`;
  if (counted.length === 0) return to > from ? [blockOf(digest, { stream, from, to }, [])] : [];
  const blocks: LocatedBlock[] = [];
  let begin = from;
  for (const end of endsOf(counted, limits)) {
    const leaves = await leavesOf(store, digest, { partition, from: begin, to: end });
    blocks.push(blockOf(digest, { stream, from: begin, to: end }, leaves));
    begin = end;
  }
  return blocks;
}

function endsOf(counted: readonly { offset: number; rows: number }[], limits: SealLimits): number[] {
  const ends: number[] = [];
  let [inBlock, inAll] = [0, 0];
  for (const { offset, rows } of counted) {
    if (inBlock > 0 && inBlock + rows > limits.block) {
      ends.push(offset);
      inBlock = 0;
      if (inAll >= limits.seal) return ends;
    }
    inBlock += rows;
    inAll += rows;
  }
  ends.push(counted.at(-1)!.offset + 1);
  return ends;
}

/** The engine knows SHA-256; for SM3 it says what is to be hashed. */
export async function leavesOf(
  store: Pick<StoredEventLeaves, 'leaves' | 'lines'>,
  digest: Digest,
  places: EventPlaces,
): Promise<Leaf[]> {
  const found = await store.leaves(places);
  const hashes =
    digest === 'sha256'
      ? found.map(({ leaf }) => Buffer.from(leaf, 'hex'))
      : linesOf(await store.lines(places)).map((fields) => leafOfFields(digest, fields));
  if (hashes.length !== found.length) throw new Error('events came into a sealed range while it was read');
  return found.map(({ offset, index, at }, n) => ({ place: `${offset}/${index}`, at, hash: hashes[n]! }));
}

export function linesOf(ndjson: Buffer): string[][] {
  const text = ndjson.toString().trimEnd();
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as string[]);
}
