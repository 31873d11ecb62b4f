import { setTimeout as pause } from 'node:timers/promises';
import { DAY_MS } from './posture/finding-risk.ts';
import { dateOfDay, type ZoneClock } from './registry/local-time.ts';

/** A day of arrival (UTC) as the store has it. */
export interface StoredDay {
  /** `2026-11-20` */
  day: string;
  parts: number;
  rows: number;
  block: number;
  bytes: number;
}

export interface DayKeeperParts {
  store: {
    /** Days before that one that are not kept as they are now, the newest first. */
    unkept(before: string): Promise<readonly StoredDay[]>;
    day(day: string): Promise<StoredDay | undefined>;
    merge(day: string, withText: boolean): Promise<void>;
    /** Takes back what a merge that was cut short has left. */
    settle(): Promise<void>;
    sum(day: string, keptAt: number): Promise<void>;
    note(day: StoredDay, keptAt: number): Promise<void>;
  };
  /** Where it is night. */
  clock: Pick<ZoneClock, 'offsetMs'>;
  onProblem: (error: Error, day: string) => void;
  /** The day is kept now; it took so long. */
  onKept?: (day: StoredDay, tookMs: number) => void;
  now?: () => number;
  /** Days with more rows get no text index, default 100 million: it is built at about 40,000 rows a second and core. */
  mostIndexedRows?: number;
  /** How long it rests after a day, as a share of what that took; default 1. */
  restShare?: number;
  /** Larger days are left in several parts, default 50 GB: merging them takes that much of the disk, and hours. */
  mostMergedBytes?: number;
}

const HOUR_MS = 3_600_000;
const LOOK_EVERY_MS = 600_000;
/** By then the store has its tables, also at the very first start. */
const FIRST_LOOK_AFTER_MS = 60_000;
/** Events that were taken in before midnight reach the store a little later. */
const SETTLED_AFTER_MS = HOUR_MS;
/** Hours of the night, local time, in which a day that is over is kept … */
const NIGHT_ENDS_AT_HOUR = 6;
/** … and how long it waits for one: a machine may be off at night. */
const LATEST_AFTER_MS = 36 * HOUR_MS;
const LONGEST_REST_MS = 600_000;

/**
 * Keeps days that are over: merges each into one part, with its text indexes, and sums it up. One at a time, the newest first,
 * at night, and after each it rests for as long as that took, so that ingest has the machine. A day that changes later is
 * kept again. It may run in several programs: what one has done, the others do not repeat.
 */
export class DayKeeper {
  readonly #parts: DayKeeperParts;
  readonly #now: () => number;
  readonly #ended = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #looking = false;
  #settled = false;

  constructor(parts: DayKeeperParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  start(): void {
    const look = (): void => {
      if (this.#looking) return;
      this.#looking = true;
      this.#running = this.look()
        .catch((error: unknown) => this.#problem(error, ''))
        .finally(() => (this.#looking = false));
    };
    this.#timer = setTimeout(() => {
      look();
      this.#timer = setInterval(look, LOOK_EVERY_MS).unref();
    }, FIRST_LOOK_AFTER_MS).unref();
  }

  /** Waits for a statement that runs. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#ended.abort();
    await this.#running;
  }

  /** Keeps the days that are due. @throws the store's error when it can not say which. */
  async look(): Promise<void> {
    const { store, restShare = 1 } = this.#parts;
    if (!this.#settled) await store.settle();
    this.#settled = true;
    const today = dateOfDay(Math.floor(this.#now() / DAY_MS));
    const tried = new Set<string>();
    // Asked anew each time: another program may have kept the next one meanwhile.
    const next = async (): Promise<StoredDay | undefined> =>
      (await store.unkept(today)).find(({ day }) => !tried.has(day) && this.#isDue(day));
    for (let day = await next(); day !== undefined; day = await next()) {
      tried.add(day.day);
      const began = performance.now();
      try {
        await this.#keep(day);
      } catch (error) {
        this.#problem(error, day.day);
      }
      if (this.#ended.signal.aborted) return;
      await this.#wait(Math.min((performance.now() - began) * restShare, LONGEST_REST_MS));
      if (this.#ended.signal.aborted) return;
    }
  }

  async #keep(day: StoredDay): Promise<void> {
    const { store, mostIndexedRows = 100_000_000, mostMergedBytes = 50e9, onKept } = this.#parts;
    const began = performance.now();
    if (day.bytes <= mostMergedBytes) await store.merge(day.day, day.rows <= mostIndexedRows);
    const before = await store.day(day.day);
    if (before === undefined || this.#ended.signal.aborted) return;
    const keptAt = this.#now();
    await store.sum(day.day, keptAt);
    const after = await store.day(day.day);
    // Events came while it was summed up: the next look does it again.
    if (after?.rows !== before.rows || after.block !== before.block) return;
    await store.note(after, keptAt);
    onKept?.(after, performance.now() - began);
  }

  #isDue(day: string): boolean {
    const now = this.#now();
    const over = now - (Date.parse(`${day}T00:00:00Z`) + DAY_MS);
    const localHour = ((now + this.#parts.clock.offsetMs(now)) % DAY_MS) / HOUR_MS;
    return over >= SETTLED_AFTER_MS && (localHour < NIGHT_ENDS_AT_HOUR || over >= LATEST_AFTER_MS);
  }

  #problem(error: unknown, day: string): void {
    if (!this.#ended.signal.aborted) this.#parts.onProblem(error as Error, day);
  }

  async #wait(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#ended.signal }).catch(() => undefined);
  }
}
