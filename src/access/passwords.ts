import { WanglouError } from '../errors.ts';
import { isGuessable } from './guessable.ts';
import { hashPassword, isPassword } from './password.ts';
import { drawSecret } from './secret.ts';

const SHORTEST = 12;
const LONGEST = 256;

/** Hashing and checking, as the sign-in asks for it. */
export interface Hashing {
  hash(password: string): Promise<string>;
  isRight(given: string, hashed: string): Promise<boolean>;
}

export const SCRYPT: Hashing = { hash: (password) => hashPassword(password), isRight: isPassword };

/** Checks passwords one at a time (each takes 128 MiB), and for an account that does not exist as long as for any other. */
export class Passwords {
  readonly #hashing: Hashing;
  #nobodys = '';
  #checking: Promise<unknown> = Promise.resolve();

  constructor(hashing: Hashing) {
    this.#hashing = hashing;
  }

  async start(): Promise<void> {
    this.#nobodys = await this.#hashing.hash(drawSecret());
  }

  /** @param hashed '' when there is nothing that the password could be right for. */
  isRight(given: string, hashed: string): Promise<boolean> {
    return this.#alone(async () => {
      const isRight = await this.#hashing.isRight(given, hashed === '' ? this.#nobodys : hashed);
      return isRight && hashed !== '';
    });
  }

  /** @throws WanglouError WL_BODY_INVALID when it is too easy to guess. */
  async hash(password: string, account: string): Promise<string> {
    const why = await weaknessOf(password.normalize('NFC'), account);
    if (why !== '')
      throw new WanglouError('WL_BODY_INVALID', `The new password ${why}`, {
        details: { reason: 'password-weak' },
        remedy: `Take ${SHORTEST} to ${LONGEST} characters that nobody would try; a sentence is good.`,
      });
    return this.#alone(() => this.#hashing.hash(password));
  }

  async stop(): Promise<void> {
    await this.#checking.catch(() => undefined);
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#checking.then(work, work);
    this.#checking = done;
    return done;
  }
}

/** No rule of what characters it must have, and none of its age (NIST SP 800-63B): long, and not what anybody would try. */
async function weaknessOf(password: string, account: string): Promise<string> {
  const { length } = Array.from(password);
  if (length < SHORTEST) return `has ${length} characters: fewer than ${SHORTEST}`;
  if (length > LONGEST) return `has ${length} characters: more than ${LONGEST}`;
  if (new Set(password).size < 5) return 'repeats the same few characters';
  if (password.toLowerCase().includes(account)) return 'has the name of the account in it';
  return (await isGuessable(password, [account])) ? 'is among the first that would be tried' : '';
}
