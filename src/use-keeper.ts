import { DAY_MS } from './posture/finding-risk.ts';
import type { DayUse, UseBook } from './posture/use-book.ts';
import { dateOfDay } from './registry/local-time.ts';

export interface UseKeeperParts {
  store: {
    /** Who used which assets, of events that were taken in in [from, to), ms since the Unix epoch. */
    usesOfEvents(from: number, to: number): Promise<readonly Omit<DayUse, 'day'>[]>;
    /** What is kept of the days from that one on. */
    uses(from: string): Promise<readonly DayUse[]>;
    /** Ingest time of the first event; undefined when there is none. */
    firstEvent(): Promise<number | undefined>;
  };
  write: (uses: readonly DayUse[]) => Promise<void>;
  book: UseBook;
  onProblem: (error: Error) => void;
  now?: () => number;
}

/** A little longer than a grant may stay unused. */
export const USE_DAYS = 62;
const LOOK_EVERY_MS = 600_000;
const NOBODY = { asset: '', department: '', system: '', person: '', role: '' };

/** Notes once a day who used which assets on the day before, so that unused grants are known without reading months of events. */
export class UseKeeper {
  readonly #parts: UseKeeperParts;
  readonly #now: () => number;
  #days: Set<string> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: UseKeeperParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  start(): void {
    const look = (): void => {
      this.#running = this.#running
        .then(() => this.look())
        .catch((error: unknown) => this.#parts.onProblem(error as Error));
    };
    look();
    this.#timer = setInterval(look, LOOK_EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  /** Notes the whole days that are over, that had events, and that nobody has noted yet. @throws the store's error. */
  async look(): Promise<void> {
    const { store, book, write } = this.#parts;
    const today = Math.floor(this.#now() / DAY_MS) * DAY_MS;
    const oldest = today - USE_DAYS * DAY_MS;
    this.#days ??= await this.#known(oldest);
    const first = await store.firstEvent();
    if (first === undefined) return;
    for (let day = Math.max(oldest, Math.ceil(first / DAY_MS) * DAY_MS); day < today; day += DAY_MS) {
      const name = dateOfDay(day / DAY_MS);
      if (this.#days.has(name)) continue;
      const used = await store.usesOfEvents(day, day + DAY_MS);
      const uses = (used.length === 0 ? [NOBODY] : used).map((use) => ({ ...use, day: name }));
      await write(uses);
      book.add(uses);
      this.#days.add(name);
    }
  }

  async #known(oldest: number): Promise<Set<string>> {
    const uses = await this.#parts.store.uses(dateOfDay(oldest / DAY_MS));
    this.#parts.book.add(uses);
    return new Set(uses.map(({ day }) => day));
  }
}
