import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile, rename, rm } from 'node:fs/promises';
import { replacePrivateFile } from '../access/private-file.ts';
import { WanglouError } from '../errors.ts';
import { handOver, idAfter, newBeginning, type KeyNote } from './key-change.ts';
import { drawKey, readKeyFile, readSealKey, sealKeyPath, type SealKeySettings } from './seal-key.ts';
import { keyIdOf, publicPemOf, type Seal } from './seal.ts';

/** The key that signs a seal, and what that seal has to say of keys. */
export interface Signer {
  key: KeyObject;
  notes: KeyNote[];
}

/** Who signs, as the sealer asks it before each seal. */
export interface SealKeys {
  /** @throws WanglouError WL_FILE_UNREADABLE when the key that the chain goes on with is not here. */
  signer(head: Seal | undefined): Promise<Signer>;
  /** The key in use, also for what is signed beside the chain. */
  current(): Promise<KeyObject>;
}

/** Why a chain goes on with a key that the one before did not sign for. */
interface Replacement {
  /** Public key, PEM; '' when nobody has it any more. */
  old: string;
  why: string;
}

/**
 * The key in its file. A key that is to follow waits beside it (`.next`) until a seal of the old key has named it; one that
 * took the place of a lost or stolen key has a note beside it (`.replaced`) until its first seal says so.
 */
export class SealKeyFiles implements SealKeys {
  readonly #settings: SealKeySettings;
  readonly #path: string;

  constructor(settings: SealKeySettings) {
    this.#settings = settings;
    this.#path = sealKeyPath(settings);
  }

  current(): Promise<KeyObject> {
    return readSealKey(this.#settings);
  }

  async signer(head: Seal | undefined): Promise<Signer> {
    const key = await this.current();
    const next = await this.#next();
    const wanted = head === undefined ? keyIdOf(key) : idAfter(head);
    if (next !== undefined && keyIdOf(next) === wanted) {
      await rename(this.#nextPath, this.#path).catch(() => undefined); // a folder that is read-only: it is found there again
      return { key: next, notes: [] };
    }
    if (keyIdOf(key) !== wanted) return { key, notes: [await this.#beginning(head!, key, wanted)] };
    await rm(this.#replacedPath, { force: true }).catch(() => undefined);
    return { key, notes: next === undefined ? [] : [handOver(key, next, (head?.number ?? 0) + 1)] };
  }

  /**
   * Draws the key that is to follow. The next seal hands over to it.
   * @returns its public key, PEM; that of the one that is waiting already when there is one.
   */
  async rotate(): Promise<{ old: string; new: string }> {
    const old = publicPemOf(await this.current());
    if ((await this.#next()) === undefined) await replacePrivateFile(this.#nextPath, drawKey());
    return { old, new: publicPemOf((await this.#next())!) };
  }

  /**
   * Puts a new key in the place of one that was lost or stolen, without its word.
   * @param oldPublicKey PEM, for when the file of the old key is gone.
   */
  async replace(why: string, oldPublicKey?: string): Promise<{ old: string; new: string }> {
    const here = await readKeyFile(this.#path);
    const old = oldPublicKey ?? (here === undefined ? '' : publicPemOf(here));
    if (old !== '') checkPublic(old);
    await rm(this.#nextPath, { force: true });
    await replacePrivateFile(this.#replacedPath, JSON.stringify({ old, why } satisfies Replacement));
    await replacePrivateFile(this.#path, drawKey());
    return { old, new: publicPemOf(await this.current()) };
  }

  async #beginning(head: Seal, key: KeyObject, wanted: string): Promise<KeyNote> {
    const text = await readFile(this.#replacedPath, 'utf8').catch(() => undefined);
    if (text === undefined)
      throw new WanglouError('WL_FILE_UNREADABLE', `${this.#path} has the key ${keyIdOf(key)}; the chain of seals goes on with ${wanted}`, {
        remedy: 'Restore the file. If that key is lost or was stolen: wanglou evidence replace-key (docs/evidence.md).',
      }); // prettier-ignore
    return newBeginning(key, head.number, JSON.parse(text) as Replacement);
  }

  #next(): Promise<KeyObject | undefined> {
    return readKeyFile(this.#nextPath);
  }

  get #nextPath(): string {
    return `${this.#path}.next`;
  }

  get #replacedPath(): string {
    return `${this.#path}.replaced`;
  }
}

function checkPublic(pem: string): void {
  try {
    if (createPublicKey(pem).asymmetricKeyType === 'ed25519') return;
  } catch {
    // said below
  }
  throw new WanglouError('WL_FILE_UNREADABLE', 'The old public key is no Ed25519 public key in PEM', {
    remedy: 'Name the copy that was kept outside, or a public-key.pem of an export.',
  });
}
