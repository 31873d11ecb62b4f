import type { Hint, Refused } from './access.ts';
import { BackOff } from './back-off.ts';

/** Nobody came in; `hint` is for somebody who knows the password. */
export interface Denied {
  denied: true;
  hint?: Hint;
}

/**
 * Tries to come in, slowed by address and by account. The back-off of an account is mild, so that strangers can not lock
 * anybody out; it is strict for who has the password and goes through the codes.
 */
export class Attempts {
  readonly #now: () => number;
  readonly #peers = new BackOff(5);
  readonly #accounts = new BackOff(20, 10_000);
  readonly #codes = new BackOff(5);

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @param name '' when no account is named. */
  async attempt<T extends object>(peer: string, name: string, check: () => Promise<T | Denied>): Promise<T | Refused> {
    const now = this.#now();
    const ofName = name === '' ? 0 : Math.max(this.#accounts.waitMs(name, now), this.#codes.waitMs(name, now));
    const waitMs = Math.max(this.#peers.waitMs(peer, now), ofName);
    if (waitMs > 0) return { outcome: 'wait', retryAfterMs: waitMs };
    const result = await check();
    if (!('denied' in result)) {
      this.#peers.succeeded(peer);
      if (name !== '') this.#codes.succeeded(name);
      return result;
    }
    this.#peers.failed(peer, this.#now());
    if (name !== '') this.#accounts.failed(name, this.#now());
    if (result.hint?.why === 'code-wrong' || result.hint?.why === 'clock-off') this.#codes.failed(name, this.#now());
    return { outcome: 'refused', ...(result.hint ? { hint: result.hint } : {}) };
  }
}
