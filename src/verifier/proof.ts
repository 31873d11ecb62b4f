import { Leaves } from './canonical.ts';
import { rootOfPath } from './merkle.ts';
import { isKeyChange, readKey, readObject, readSeal, type KeyChange, type Seal } from './seal.ts';
import { TrustedKeys } from './trusted-keys.ts';
import { Unusable } from './verify.ts';

export interface ProofReport {
  result: 'intact' | 'tampered';
  seal: number;
  /** When it was sealed, ms since the Unix epoch. */
  time: number;
  stream: string;
  access: string;
  isKeyGiven: boolean;
  /** What does not fit. */
  why: '' | 'signature' | 'path';
  /** Digest of the record, which has to be compared with that of the record at hand when the proof does not have it. */
  leaf: string;
  /** The canonical fields of the record; [] when the proof does not have it. */
  record: readonly string[];
}

/** Verifies an inclusion proof, which stands for itself. @throws Unusable when the text is no proof. */
export function verifyProof(text: string, key?: string): ProofReport {
  const said = readObject(text);
  const { index, block, path, sealed, signature, publicKey, keyChanges, leaf } = said ?? {};
  const record = said?.['record'] ?? [];
  const isProof = said?.['wanglou'] === 'proof-1' && isTexts(record) && isTexts(path) && typeof leaf === 'string';
  if (!isProof || typeof index !== 'number' || typeof block !== 'number') throw new Unusable('proof');
  if (typeof sealed !== 'string' || typeof signature !== 'string') throw new Unusable('proof');
  const pem = key ?? publicKey;
  const trusted = typeof pem === 'string' ? readKey(pem) : undefined;
  const seal = readSeal(sealed);
  if (trusted === undefined || seal === undefined) throw new Unusable(seal === undefined ? 'seal' : 'key');
  const keys = new TrustedKeys(trusted);
  keys.learn(isObjects(keyChanges) ? keyChanges.filter(isKeyChange) : []);
  const isSigned = keys.signed(seal, sealed, signature);
  const fits = isInBlock(seal, block, { leaf, record, index, path });
  const why = !isSigned ? 'signature' : fits ? '' : 'path';
  return {
    result: why === '' ? 'intact' : 'tampered',
    seal: seal.number,
    time: seal.time,
    stream: seal.blocks[block]?.stream ?? '',
    access: seal.access,
    isKeyGiven: key !== undefined,
    why,
    leaf,
    record,
  };
}

interface Inclusion {
  leaf: string;
  record: string[];
  index: number;
  path: string[];
}

function isInBlock(seal: Seal, block: number, { leaf, record, index, path }: Inclusion): boolean {
  const of = seal.blocks[block];
  if (of === undefined || !/^[0-9a-f]{64}$/.test(leaf) || !Number.isSafeInteger(index)) return false;
  const line = Buffer.from(JSON.stringify(record));
  const own = record.length === 0 ? leaf : new Leaves(seal.digest).leafOf(line, 0, line.length)?.toString('hex');
  if (own !== leaf) return false;
  const siblings = path.map((one) => Buffer.from(one, 'hex'));
  return rootOfPath(seal.digest, Buffer.from(leaf, 'hex'), { index, count: of.records }, siblings) === of.root;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isObjects(value: unknown): value is (Record<string, unknown> & KeyChange)[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'object' && one !== null);
}
