import { digestOf, type Digest } from './digest.ts';

/**
 * Merkle trees as RFC 6962 has them: a leaf is hashed with a byte 0 before it, a node with a byte 1 before its two children,
 * so that neither can pass for the other; a last child without a sibling goes up as it is.
 */
const LEAF = Buffer.from([0]);
const node = Buffer.alloc(65);
node[0] = 1;

export function leafOf(digest: Digest, canonical: Uint8Array): Buffer {
  return digestOf(digest, Buffer.concat([LEAF, canonical]));
}

/** The root over the leaves; that of no leaves is the digest of nothing. */
export function merkleRoot(digest: Digest, leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return digestOf(digest, '');
  let level = leaves;
  while (level.length > 1) level = levelAbove(digest, level);
  return level[0]!;
}

/** The siblings on the way from a leaf to the root, lowest first: what an inclusion proof consists of. */
export function inclusionPath(digest: Digest, leaves: readonly Buffer[], index: number): Buffer[] {
  const path: Buffer[] = [];
  let level = leaves;
  for (let at = index; level.length > 1; at >>= 1) {
    const sibling = level[at ^ 1];
    if (sibling !== undefined) path.push(sibling);
    level = levelAbove(digest, level);
  }
  return path;
}

function levelAbove(digest: Digest, level: readonly Buffer[]): Buffer[] {
  const above: Buffer[] = [];
  for (let at = 0; at + 1 < level.length; at += 2) {
    level[at]!.copy(node, 1);
    level[at + 1]!.copy(node, 33);
    above.push(digestOf(digest, node));
  }
  if (level.length % 2 === 1) above.push(level.at(-1)!);
  return above;
}
