import { hash } from 'node:crypto';

/** The digests that seals may name. SM3 is GB/T 32905-2016. */
export type Digest = 'sha256' | 'sm3';

const NODE_BYTES = 65;

/** The root of a Merkle tree (RFC 6962) over leaves that come one after the other, without keeping them. */
export class MerkleRoot {
  readonly #digest: Digest;
  readonly #node = Buffer.alloc(NODE_BYTES, 1);
  /** Roots of complete subtrees, largest first; `#count` in binary says how large they are. */
  #subtrees: Buffer[] = [];
  #count = 0;

  constructor(digest: Digest) {
    this.#digest = digest;
  }

  add(leaf: Buffer): void {
    let root = leaf;
    for (let size = this.#count; size % 2 === 1; size = (size - 1) / 2) root = this.#join(this.#subtrees.pop()!, root);
    this.#subtrees.push(root);
    this.#count++;
  }

  /** Hexadecimal. */
  root(): string {
    let root = this.#subtrees.at(-1) ?? hash(this.#digest, '', 'buffer');
    for (let at = this.#subtrees.length - 2; at >= 0; at--) root = this.#join(this.#subtrees[at]!, root);
    return root.toString('hex');
  }

  #join(left: Buffer, right: Buffer): Buffer {
    left.copy(this.#node, 1);
    right.copy(this.#node, 33);
    return hash(this.#digest, this.#node, 'buffer');
  }
}

/** The root that follows from one leaf and its path (RFC 9162, 2.1.3.2), hexadecimal; undefined when the path does not fit. */
export function rootOfPath(
  digest: Digest,
  leaf: Buffer,
  at: { index: number; count: number },
  path: readonly Buffer[],
): string | undefined {
  let [index, last] = [at.index, at.count - 1];
  if (!(index >= 0 && index <= last)) return undefined;
  let root = leaf;
  for (const sibling of path) {
    if (sibling.length !== 32 || last === 0) return undefined;
    const isRight = index % 2 === 1 || index === last;
    root = hash(digest, Buffer.concat([Buffer.from([1]), ...(isRight ? [sibling, root] : [root, sibling])]), 'buffer');
    if (isRight) while (index % 2 === 0 && index !== 0) [index, last] = [index / 2, Math.floor(last / 2)];
    [index, last] = [Math.floor(index / 2), Math.floor(last / 2)];
  }
  return last === 0 ? root.toString('hex') : undefined;
}
