/** Longest pause, and how long a key stays known after its last failure. */
const MAX_PAUSE_MS = 5 * 60_000;
const FORGET_MS = 60 * 60_000;
const MAX_KEYS = 10_000;

interface Failures {
  count: number;
  lastAt: number;
}

/**
 * Slows guessing: after `free` failures a key (an address, an account) has to wait 1 s, then twice as long each time, up to
 * five minutes. A success forgets them. Bounded: the longest quiet keys go first.
 */
export class BackOff {
  readonly #free: number;
  readonly #maxPauseMs: number;
  readonly #failures = new Map<string, Failures>();

  constructor(free: number, maxPauseMs: number = MAX_PAUSE_MS) {
    this.#free = free;
    this.#maxPauseMs = maxPauseMs;
  }

  /** How long the key has to wait from `now`, ms; 0 when it may try. */
  waitMs(key: string, now: number): number {
    const known = this.#failures.get(key);
    if (!known || known.count < this.#free) return 0;
    const pauseMs = Math.min(this.#maxPauseMs, 1_000 * 2 ** (known.count - this.#free));
    return Math.max(0, known.lastAt + pauseMs - now);
  }

  failed(key: string, now: number): void {
    const known = this.#failures.get(key);
    const count = known && now - known.lastAt < FORGET_MS ? known.count + 1 : 1;
    this.#failures.delete(key);
    this.#failures.set(key, { count, lastAt: now });
    if (this.#failures.size > MAX_KEYS) this.#failures.delete(this.#failures.keys().next().value!);
  }

  succeeded(key: string): void {
    this.#failures.delete(key);
  }
}
