import { createPublicKey, hash, verify, type KeyObject } from 'node:crypto';
import type { Digest } from './merkle.ts';

export interface Block {
  stream: string;
  from: number;
  to: number;
  records: number;
  times: [number, number];
  root: string;
  locator: string;
}

export interface KeyChange {
  statement: string;
  byOld: string;
  byNew: string;
}

export interface Expiry {
  stream: string;
  before: number;
  /** Times of which nothing may be gone, from ≤ time < to. */
  kept: [number, number][];
}

/** A seal as far as it is checked. */
export interface Seal {
  chain: string;
  number: number;
  previous: string;
  time: number;
  digest: Digest;
  key: string;
  access: string;
  ends: Map<string, { to: number; records: number }>;
  blocks: Block[];
  /** Records of a stream taken in before that time may be gone. */
  expired: Expiry[];
  gaps: { stream: string; from: number; to: number }[];
  keyChanges: KeyChange[];
  /** Digest of its text. */
  hash: string;
}

type Fields = Record<string, unknown>;

const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isHex = (value: unknown): value is string => isText(value) && /^[0-9a-f]{64}$/.test(value);

/** Reads JSON that comes from anywhere; undefined when it is none, or no object. */
export function readObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A text with its signature, as every signed thing is handed out. */
export function readSigned(line: string, name: 'sealed' | 'manifest'): { text: string; signature: string } | undefined {
  const fields = readObject(line);
  const [text, signature] = [fields?.[name], fields?.['signature']];
  return isText(text) && isText(signature) ? { text, signature } : undefined;
}

export function isSignedBy(key: KeyObject, text: string, signature: string): boolean {
  const bytes = Buffer.from(signature, 'base64');
  return bytes.toString('base64') === signature && verify(null, Buffer.from(text), key, bytes);
}

/** Undefined when the text is no seal of this version. */
export function readSeal(text: string): Seal | undefined {
  const said = readObject(text);
  if (said?.['wanglou'] !== 'seal-1') return undefined;
  const { chain, number, previous, time, digest, key, access, ends, blocks, notes } = said;
  if (!isText(chain) || !isCount(number) || !isText(previous) || !isCount(time) || !isText(key) || !isText(access))
    return undefined;
  if ((digest !== 'sha256' && digest !== 'sm3') || !isObject(ends)) return undefined;
  if (!Array.isArray(blocks) || !blocks.every(isBlock) || !Array.isArray(notes) || !notes.every(isObject))
    return undefined;
  return {
    ...{ chain, number, previous, time, digest, key, access, blocks },
    ends: new Map(Object.entries(ends).filter(isEnd)),
    expired: notes.filter(isExpiry).map(({ stream, before, kept }) => ({ stream, before, kept: keptOf(kept) })),
    gaps: notes.filter(isGap),
    keyChanges: notes.filter(isKeyChange),
    hash: hash(digest, text, 'hex'),
  };
}

function isBlock(value: unknown): value is Block {
  if (!isObject(value)) return false;
  const { stream, from, to, records, times, root, locator } = value;
  return (
    isText(stream) && isCount(from) && isCount(to) && isCount(records) && isSpan(times) && isHex(root) && isHex(locator)
  );
}

function isEnd(entry: [string, unknown]): entry is [string, { to: number; records: number }] {
  return isObject(entry[1]) && isCount(entry[1]['to']) && isCount(entry[1]['records']);
}

function isExpiry(note: Fields): note is Fields & { stream: string; before: number } {
  return note['kind'] === 'expired' && isText(note['stream']) && isCount(note['before']);
}

function keptOf(value: unknown): [number, number][] {
  return Array.isArray(value) ? value.filter(isSpan) : [];
}

function isSpan(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every((time) => Number.isSafeInteger(time));
}

function isGap(note: Fields): note is Fields & { stream: string; from: number; to: number } {
  return note['kind'] === 'gap' && isText(note['stream']) && isCount(note['from']) && isCount(note['to']);
}

export function isKeyChange(note: Fields): note is Fields & KeyChange {
  return isText(note['statement']) && isText(note['byOld']) && isText(note['byNew']);
}

/** Undefined when the text is no Ed25519 public key. */
export function readKey(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

export function keyIdOf(key: KeyObject): string {
  return hash('sha256', key.export({ type: 'spki', format: 'der' }), 'hex').slice(0, 16);
}
