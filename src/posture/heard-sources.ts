import type { HeardSource } from './trust.ts';

const SILENT_MS = 5 * 60_000;

/** The sources as the live feed hears them, and those that were last heard before this program began. */
export class HeardSources {
  readonly #live: () => readonly HeardSource[];
  readonly #now: () => number;
  readonly #uneven: () => ReadonlySet<string>;
  #before: readonly { source: string; at: number }[] = [];

  /** @param uneven sources of which the coverage ledger does not balance. */
  constructor(
    live: () => readonly HeardSource[],
    uneven: () => ReadonlySet<string> = () => new Set(),
    now: () => number = Date.now,
  ) {
    this.#live = live;
    this.#uneven = uneven;
    this.#now = now;
  }

  /** Takes in when each source was last heard, as the store knows. */
  recall(before: readonly { source: string; at: number }[]): void {
    this.#before = before;
  }

  now(): HeardSource[] {
    const uneven = this.#uneven();
    return this.#heard().map((one) =>
      one.problem === '' && uneven.has(one.source) ? { ...one, problem: 'uneven' } : one,
    );
  }

  #heard(): HeardSource[] {
    const live = this.#live();
    const heard = new Set(live.filter(({ lastSeenAt }) => lastSeenAt > 0).map(({ source }) => source));
    const quiet = this.#before.filter(({ source }) => !heard.has(source));
    return [
      ...live.filter(({ source }) => heard.has(source)),
      ...quiet.map(({ source, at }): HeardSource => {
        const problem = this.#now() - at > SILENT_MS ? 'silent' : '';
        return { source, lastSeenAt: at, problem };
      }),
    ];
  }
}
