import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/evidence/digest.ts';
import { inclusionPath, leafOf, merkleRoot } from '../../src/evidence/merkle.ts';
import { MerkleRoot, rootOfPath } from '../../src/verifier/merkle.ts';

/** The leaves of the test vectors of RFC 6962 that Certificate Transparency logs publish. */
const INPUTS = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const leaves = INPUTS.map((hex) => leafOf('sha256', Buffer.from(hex, 'hex')));

describe('Merkle trees', () => {
  it('have the roots of RFC 6962, where they are made and where they are verified', () => {
    const verifier = new MerkleRoot('sha256');
    expect(verifier.root()).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    ROOTS.forEach((root, n) => {
      verifier.add(leaves[n]!);
      expect(merkleRoot('sha256', leaves.slice(0, n + 1)).toString('hex')).toBe(root);
      expect(verifier.root()).toBe(root);
    });
  });

  it.each(['sha256', 'sm3'] as const)('prove each leaf of trees of every size with %s, and no other leaf', (digest) => {
    for (let size = 1; size <= 20; size++) {
      const all = Array.from({ length: size }, (_, n) => leafOf(digest, Buffer.from(`record ${n}`)));
      const root = merkleRoot(digest, all).toString('hex');
      for (let index = 0; index < size; index++) {
        const path = inclusionPath(digest, all, index);
        expect(rootOfPath(digest, all[index]!, { index, count: size }, path)).toBe(root);
        expect(rootOfPath(digest, all[(index + 1) % size]!, { index, count: size }, path) === root).toBe(size === 1);
        if (size > 1) expect(rootOfPath(digest, all[index]!, { index, count: size }, path.slice(1))).not.toBe(root);
        expect(rootOfPath(digest, all[index]!, { index, count: size }, [...path, path[0] ?? all[0]!])).not.toBe(root);
        expect(rootOfPath(digest, all[index]!, { index: index + size, count: size }, path)).toBeUndefined();
      }
    }
  });

  it('know SM3 by the example of GB/T 32905', () => {
    const expected = '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0';
    expect(digestOf('sm3', 'abc').toString('hex')).toBe(expected);
  });
});
