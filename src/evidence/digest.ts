import { hash } from 'node:crypto';

/** What seals are made with: SHA-256, or SM3 (GB/T 32905-2016) where that is asked for. */
export const DIGESTS = ['sha256', 'sm3'] as const;
export type Digest = (typeof DIGESTS)[number];

/** @returns 32 bytes. */
export function digestOf(digest: Digest, bytes: Uint8Array | string): Buffer {
  return hash(digest, bytes, 'buffer');
}
