import type { KeyObject } from 'node:crypto';
import { isSignedBy, keyIdOf, readKey, readObject, type KeyChange, type Seal } from './seal.ts';

interface Trusted {
  key: KeyObject;
  /** It signs the seals after `after`, up to and with `last`. */
  after: number;
  last: number;
}

/** The keys that follow from the one that is trusted: when a key is changed, the old one and the new one sign for each other. */
export class TrustedKeys {
  readonly #keys = new Map<string, Trusted>();

  constructor(key: KeyObject) {
    this.#keys.set(keyIdOf(key), { key, after: -1, last: Infinity });
  }

  /** Takes over all changes that follow from trusted keys. @returns those that are forged. */
  learn(changes: readonly KeyChange[]): KeyChange[] {
    const read = changes.map((change) => ({ change, said: readChange(change) }));
    for (let learned = true; learned;) {
      learned = false;
      for (const { said } of read) if (said && this.#take(said)) learned = true;
    }
    return read.filter(({ said }) => said === undefined).map(({ change }) => change);
  }

  has(id: string): boolean {
    return this.#keys.has(id);
  }

  /** Whether a trusted key signed it that signed seals of that number. */
  signed(seal: Pick<Seal, 'key' | 'number'>, text: string, signature: string): boolean {
    const trusted = this.#keys.get(seal.key);
    if (trusted === undefined || seal.number <= trusted.after || seal.number > trusted.last) return false;
    return isSignedBy(trusted.key, text, signature);
  }

  /** Whether any of them signed it: for what has no number. */
  anySigned(text: string, signature: string): boolean {
    return [...this.#keys.values()].some(({ key }) => isSignedBy(key, text, signature));
  }

  #take({ old, fresh, seal }: ReadChange): boolean {
    const [oldId, freshId] = [keyIdOf(old), keyIdOf(fresh)];
    const [known, next] = [this.#keys.get(oldId), this.#keys.get(freshId)];
    if ((known === undefined) === (next === undefined)) {
      if (known) known.last = Math.min(known.last, seal);
      if (next) next.after = Math.max(next.after, seal);
      return false;
    }
    this.#keys.set(oldId, { ...(known ?? { key: old, after: -1 }), last: seal });
    this.#keys.set(freshId, { ...(next ?? { key: fresh, last: Infinity }), after: seal });
    return true;
  }
}

interface ReadChange {
  old: KeyObject;
  fresh: KeyObject;
  /** The last seal of the old key. */
  seal: number;
}

function readChange({ statement, byOld, byNew }: KeyChange): ReadChange | undefined {
  const said = readObject(statement);
  const [old, fresh, seal] = [said?.['old'], said?.['new'], said?.['seal']];
  if (said?.['wanglou'] !== 'key-1' || typeof old !== 'string' || typeof fresh !== 'string') return undefined;
  const [oldKey, freshKey] = [readKey(old), readKey(fresh)];
  if (!oldKey || !freshKey || typeof seal !== 'number') return undefined;
  if (!isSignedBy(oldKey, statement, byOld) || !isSignedBy(freshKey, statement, byNew)) return undefined;
  return { old: oldKey, fresh: freshKey, seal };
}
