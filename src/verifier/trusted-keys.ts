import type { KeyObject } from 'node:crypto';
import { isSignedBy, keyIdOf, readKey, readObject, type KeyChange, type Seal } from './seal.ts';

interface Trusted {
  key: KeyObject;
  /** It signs the seals after `after`, up to and with `last`. */
  after: number;
  last: number;
}

/** A change of keys as far as it counts. */
export interface TrustedChange {
  /** Ids of the keys; the old one's is '' when nobody has it any more. */
  old: string;
  fresh: string;
  /** The last seal of the old key. */
  seal: number;
  /** Why the new key began without the old one's word; '' when the old one handed over. */
  anew: string;
}

/**
 * The keys that follow from the one that is trusted. When a key is handed over the old one and the new one sign for each
 * other, and who trusts either knows both. Where a key was lost or stolen only the new one has signed: who trusts the old one
 * learns that the trust ends there.
 */
export class TrustedKeys {
  readonly #keys = new Map<string, Trusted>();
  readonly #given: string;
  readonly #changes = new Map<string, TrustedChange>();
  readonly #endings: TrustedChange[] = [];

  constructor(key: KeyObject) {
    this.#given = keyIdOf(key);
    this.#keys.set(this.#given, { key, after: -1, last: Infinity });
  }

  /** Takes over all changes that follow from trusted keys. @returns those that are forged. */
  learn(changes: readonly KeyChange[]): KeyChange[] {
    const forged: KeyChange[] = [];
    let left = changes.flatMap((change) => {
      const said = readChange(change);
      if (said === undefined) forged.push(change);
      return said === undefined ? [] : [{ change, said }];
    });
    for (let learned = true; learned;) {
      learned = false;
      left = left.filter(({ change, said }) => {
        const came = this.#take(said);
        if (came === 'forged') forged.push(change);
        learned ||= came === 'taken';
        return came === 'unknown';
      });
    }
    return forged;
  }

  has(id: string): boolean {
    return this.#keys.has(id);
  }

  /** The changes that were learned, by the last seal of the old key. */
  get changes(): readonly TrustedChange[] {
    return [...this.#changes.values()].sort((a, b) => a.seal - b.seal);
  }

  /** Changes without the word of a trusted key: what the new key signs is checked, and nobody who is trusted vouches for it. */
  get endings(): readonly TrustedChange[] {
    return this.#endings;
  }

  /** The first seal that the given key vouches for by itself or by what it handed over to. */
  get vouchesFrom(): number {
    return this.#keys.get(this.#given)!.after + 1;
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

  #take({ old, fresh, seal, anew }: ReadChange): 'taken' | 'forged' | 'unknown' {
    const [oldId, freshId] = [old === undefined ? '' : keyIdOf(old), keyIdOf(fresh)];
    const [known, next] = [this.#keys.get(oldId), this.#keys.get(freshId)];
    const change = { old: oldId, fresh: freshId, seal, anew };
    if (known === undefined && next === undefined) return 'unknown';
    if (this.#contradicts(change)) return 'forged';
    if (anew !== '' && next === undefined) this.#endings.push(change);
    this.#changes.set(`${oldId} ${freshId}`, change);
    if (old !== undefined) this.#keys.set(oldId, { ...(known ?? { key: old, after: -1 }), last: seal });
    this.#keys.set(freshId, { ...(next ?? { key: fresh, last: Infinity }), after: seal });
    return 'taken';
  }

  /** A key hands over once, to one key, and a key follows one. */
  #contradicts({ old, fresh, seal, anew }: TrustedChange): boolean {
    return [...this.#changes.values()].some((one) => {
      const isSame = one.old === old && one.fresh === fresh;
      const isOfOne = (old !== '' && one.old === old) || one.fresh === fresh;
      return isSame ? one.seal !== seal || one.anew !== anew : isOfOne;
    });
  }
}

/** In which seal of the chain it has to be said: in the last of the old key, or in the first of a key that began anew. */
export function sealOf({ seal, anew }: Pick<TrustedChange, 'seal' | 'anew'>): number {
  return anew === '' ? seal : seal + 1;
}

/** Whether it is said in the right seal. */
export function isInPlace(change: KeyChange, number: number): boolean {
  const said = readChange(change);
  return said !== undefined && sealOf(said) === number;
}

interface ReadChange {
  old: KeyObject | undefined;
  fresh: KeyObject;
  /** The last seal of the old key. */
  seal: number;
  anew: string;
}

function readChange({ statement, byOld, byNew }: KeyChange): ReadChange | undefined {
  const said = readObject(statement);
  const [old, fresh, seal, anew] = [said?.['old'], said?.['new'], said?.['seal'], said?.['anew']];
  if (said?.['wanglou'] !== 'key-1' || typeof old !== 'string' || typeof fresh !== 'string') return undefined;
  if (!Number.isSafeInteger(seal) || (anew !== undefined && (typeof anew !== 'string' || anew === '')))
    return undefined;
  const [oldKey, freshKey] = [readKey(old), readKey(fresh)];
  if (!freshKey || !isSignedBy(freshKey, statement, byNew)) return undefined;
  if (anew === undefined && (!oldKey || !isSignedBy(oldKey, statement, byOld))) return undefined;
  return { old: oldKey, fresh: freshKey, seal: seal as number, anew: anew ?? '' };
}
