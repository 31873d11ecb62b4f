import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { keyIdOf, publicPemOf, readSeal, signatureOf, type Note, type Seal, type SignedSeal } from './seal.ts';

export type KeyNote = Note & { kind: 'key' };

/** What is signed when the key changes. */
export interface KeyStatement {
  wanglou: 'key-1';
  /** Public keys, PEM; `old` is '' when it is lost and nobody has a copy. */
  old: string;
  new: string;
  /** The last seal of the old key. */
  seal: number;
  /** Only without the word of the old key: why. */
  anew?: string;
}

/** For a seal of the old key: from the next one on the new key signs. Each key signs the statement. */
export function handOver(old: KeyObject, next: KeyObject, seal: number): KeyNote {
  const said: KeyStatement = { wanglou: 'key-1', old: publicPemOf(old), new: publicPemOf(next), seal };
  const statement = JSON.stringify(said);
  return { kind: 'key', statement, byOld: signatureOf(statement, old), byNew: signatureOf(statement, next) };
}

/** For the first seal of a key that the old one can not or must not vouch for. */
export function newBeginning(key: KeyObject, seal: number, { old, why }: { old: string; why: string }): KeyNote {
  const said: KeyStatement = { wanglou: 'key-1', old, new: publicPemOf(key), seal, anew: why };
  const statement = JSON.stringify(said);
  return { kind: 'key', statement, byOld: '', byNew: signatureOf(statement, key) };
}

export function statementOf({ statement }: KeyNote): KeyStatement {
  return JSON.parse(statement) as KeyStatement;
}

/** Id of the key that signs the seal after this one. */
export function idAfter(head: Seal): string {
  for (const note of head.notes) {
    if (note.kind !== 'key') continue;
    const { new: pem, seal } = statementOf(note);
    if (seal === head.number) return keyIdOf(createPublicKey(pem));
  }
  return head.key;
}

/** Which keys may have signed which seals, as the key in use and those before it say. */
export class KeyHistory {
  readonly #keys = new Map<string, { key: KeyObject; last: number }>();

  /** @param signed all seals that tell of a change of keys. */
  constructor(current: KeyObject, signed: readonly SignedSeal[]) {
    this.#keys.set(keyIdOf(current), { key: createPublicKey(publicPemOf(current)), last: Infinity });
    const notes = signed.flatMap((one) => readSeal(one).notes).filter((note) => note.kind === 'key');
    for (const note of notes.reverse()) this.#learn(note);
  }

  /** The key that signed a seal; undefined when it is none of ours. */
  keyOf({ sealed, signature }: SignedSeal): KeyObject | undefined {
    const { key: id, number } = readSeal({ sealed, signature });
    const known = this.#keys.get(id);
    if (known === undefined || number > known.last) return undefined;
    const bytes = Buffer.from(signature, 'base64');
    const isWhole = bytes.toString('base64') === signature; // what is no base64 in it would be passed over
    return isWhole && verify(null, Buffer.from(sealed), known.key, bytes) ? known.key : undefined;
  }

  /** Going backwards, what a known key signs of the one before it. */
  #learn(note: KeyNote): void {
    const { old, new: fresh, seal } = statementOf(note);
    const known = this.#keys.get(keyIdOf(createPublicKey(fresh)));
    if (known === undefined || old === '') return;
    if (!verify(null, Buffer.from(note.statement), known.key, Buffer.from(note.byNew, 'base64'))) return;
    const key = createPublicKey(old);
    this.#keys.set(keyIdOf(key), { key, last: seal });
  }
}
