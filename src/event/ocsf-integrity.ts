import type { OcsfObject } from './ocsf.ts';

/** The seal that covers a record (docs/evidence.md). */
export interface CoveringSeal {
  chain: string;
  number: number;
  /** When it was made, ms since the Unix epoch. */
  time: number;
  /** What leaves and the seal itself are hashed with. */
  digest: 'sha256' | 'sm3';
  /** Id of the key that signed it. */
  key: string;
  /** Digest of the text that was signed, hexadecimal: by it the next seal knows this one. */
  hash: string;
}

/** By what a record can be checked. */
export interface RecordIntegrity {
  /** Digest of the sealed record in its canonical form, hexadecimal: its leaf in the Merkle tree. */
  leaf: string;
  /** The stream and the place in it: `events/3/812/14`, `audit/97`. */
  place: string;
  seal: CoveringSeal;
}

/** OCSF has no number for SM3. */
const HASHES = { sha256: { algorithm_id: 3, algorithm: 'SHA-256' }, sm3: { algorithm_id: 99, algorithm: 'SM3' } };

/**
 * A record with OCSF's profile `record_integrity`. The fingerprint is of the sealed record, not of these members, so it stays what
 * it is when they are masked; the signature is over the seal, which covers the fingerprint by a Merkle tree.
 */
export function withIntegrity(record: OcsfObject, { leaf, place, seal }: RecordIntegrity): OcsfObject {
  const hash = HASHES[seal.digest];
  const signature = {
    ...{ algorithm_id: 99, algorithm: 'Ed25519', serialization_id: 99, serialization: 'wanglou-seal-1' },
    ...{ created_time: seal.time, digest: { ...hash, value: seal.hash } },
  };
  return {
    ...record,
    metadata: { ...(record['metadata'] as OcsfObject), profiles: ['record_integrity'] },
    attestation: {
      ...{ uid: `${seal.number}/${place}`, authority_uid: seal.key, chain_uid: seal.chain },
      ...{ fingerprint: { ...hash, value: leaf }, signatures: [signature] },
    },
  };
}
