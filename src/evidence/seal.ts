import { createPublicKey, sign, type KeyObject } from 'node:crypto';
import { digestOf, type Digest } from './digest.ts';

/** Up to about 10,000 consecutive records of one stream. */
export interface Block {
  /** `events/<partition>`, `findings`, `triage`, `incidents`, `audit`, `registry`, `reports`, `holds`. */
  stream: string;
  /** Places that it covers, from ≤ place < to: offsets of the event log, or numbers that the sealer gave. */
  from: number;
  to: number;
  /** Places of its first and last record; '' when it has none. An event's is `offset/index`. */
  first: string;
  last: string;
  records: number;
  /** Earliest and latest time of its records, ms since the Unix epoch: of events the ingest time. */
  times: [number, number];
  /** Merkle root over the canonical records, hexadecimal. */
  root: string;
  /** Digest over the first four bytes of each leaf: with them a verifier can say which record was changed. */
  locator: string;
}

/** What else the chain has to say. */
export type Note =
  /** Records of the stream that were taken in before this time may be gone: that was the setting. */
  | {
      kind: 'expired';
      stream: string;
      before: number;
      days: number;
      /** Times from ≤ time < to of which nothing may be gone: they are under a legal hold. */
      kept?: [from: number, to: number][];
    }
  /** The log had lost these places before they could be sealed. */
  | { kind: 'gap'; stream: string; from: number; to: number }
  /** A change of the signing key (key-change.ts); `byOld` is '' where the old one was lost or stolen. */
  | { kind: 'key'; statement: string; byOld: string; byNew: string };

export interface Seal {
  wanglou: 'seal-1';
  /** Drawn with the first seal. */
  chain: string;
  number: number;
  /** Digest of the text of the seal before it; of the first, ''. */
  previous: string;
  /** When it was made, ms since the Unix epoch. */
  time: number;
  digest: Digest;
  /** Id of the key that signs. */
  key: string;
  /** Version of this program. */
  program: string;
  /** `trial` or `full`: in a trial one account does everything. */
  access: string;
  /** For every stream the place up to which it is sealed and how many records that are. */
  ends: Record<string, { to: number; records: number }>;
  blocks: Block[];
  notes: Note[];
}

/** A seal as it is kept and handed out: the text that was signed, and the Ed25519 signature (base64). */
export interface SignedSeal {
  sealed: string;
  signature: string;
}

export function signSeal(seal: Seal, key: KeyObject): SignedSeal {
  const sealed = JSON.stringify(seal);
  return { sealed, signature: signatureOf(sealed, key) };
}

export function signatureOf(text: string, key: KeyObject): string {
  return sign(null, Buffer.from(text), key).toString('base64');
}

export function readSeal({ sealed }: SignedSeal): Seal {
  return JSON.parse(sealed) as Seal;
}

/** By it the next seal, and a copy outside, know this one. */
export function hashOfSeal({ sealed }: SignedSeal, digest: Digest): string {
  return digestOf(digest, sealed).toString('hex');
}

/** The first 16 hexadecimal digits of the SHA-256 of the public key (SPKI, DER). */
export function keyIdOf(key: KeyObject): string {
  const spki = publicOf(key).export({ type: 'spki', format: 'der' });
  return digestOf('sha256', spki).toString('hex').slice(0, 16);
}

export function publicPemOf(key: KeyObject): string {
  return publicOf(key).export({ type: 'spki', format: 'pem' }) as string;
}

function publicOf(key: KeyObject): KeyObject {
  return key.type === 'private' ? createPublicKey(key) : key;
}
