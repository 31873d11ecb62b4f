import { readSeal, type Note, type SignedSeal } from './seal.ts';

export interface ExpiryStore {
  /** Time of the oldest sealed record of a stream, ms since the Unix epoch; undefined when there is none. */
  oldest(stream: string): Promise<number | undefined>;
  sealsWithNote(kind: 'expired'): Promise<readonly SignedSeal[]>;
  anyHold(): Promise<boolean>;
  /** Days of ingest before a time with how many of their events are under an open hold, oldest first. */
  heldDays(before: number): Promise<readonly { day: number; held: number }[]>;
  /** Removes the events that were taken in on a day. */
  dropDay(day: number): Promise<void>;
}

export interface ExpiryParts {
  store: ExpiryStore;
  /** Days that records of each stream are kept. */
  days: Readonly<Record<string, number>>;
  /** Makes the store show the legal holds as they are: what it says of them counts here. @throws the store's error. */
  enforceHolds: () => Promise<void>;
  onProblem: (error: Error) => void;
  now?: () => number;
}

type Expired = Note & { kind: 'expired' };

const DAY_MS = 86_400_000;
const LOOK_EVERY_MS = 3_600_000;

/**
 * Has the chain say what may be gone before it goes: each day, what expires until the day after. While a legal hold is open the
 * engine lets go of nothing; then days of events that no hold is about are dropped from here, once the chain has said so.
 */
export class Expiry {
  readonly #parts: ExpiryParts;
  readonly #now: () => number;
  #waiting: Note[] = [];
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: ExpiryParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  start(): void {
    const look = (): void => {
      this.#running = this.look().catch((error: unknown) => this.#parts.onProblem(error as Error));
    };
    this.#timer = setInterval(look, LOOK_EVERY_MS).unref();
    look();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  /** What the next seal has to say. */
  takeNotes(): Note[] {
    return this.#waiting.splice(0);
  }

  /** Looks what expires, and drops what the chain has said may go. @throws the store's error. */
  async look(): Promise<void> {
    const { store, days, enforceHolds } = this.#parts;
    await enforceHolds();
    const said = lastOf(await store.sealsWithNote('expired'));
    const isHeld = await store.anyHold();
    if (isHeld) await this.#dropDays(said.get('events'));
    const notes: Note[] = [];
    for (const [stream, kept] of Object.entries(days)) {
      if (isHeld && stream !== 'events') continue;
      const before = Math.floor(this.#now() / DAY_MS) * DAY_MS - (kept - 2) * DAY_MS;
      const oldest = await store.oldest(stream);
      if (oldest === undefined || oldest >= before) continue;
      const note: Expired = { kind: 'expired', stream, before, days: kept };
      if (isHeld) note.kept = (await store.heldDays(before)).filter(({ held }) => held > 0).map(({ day }) => [day, day + DAY_MS]); // prettier-ignore
      if (JSON.stringify(said.get(stream)) !== JSON.stringify(note)) notes.push(note);
    }
    this.#waiting = notes;
  }

  async #dropDays(said: Expired | undefined): Promise<void> {
    if (said === undefined) return;
    const { store, days } = this.#parts;
    const over = Math.floor(this.#now() / DAY_MS) * DAY_MS - days['events']! * DAY_MS;
    for (const { day, held } of await store.heldDays(Math.min(over, said.before)))
      if (held === 0 && !said.kept?.some(([from]) => from === day)) await store.dropDay(day);
  }
}

function lastOf(seals: readonly SignedSeal[]): Map<string, Expired> {
  const last = new Map<string, Expired>();
  for (const note of seals.flatMap((signed) => readSeal(signed).notes))
    if (note.kind === 'expired') last.set(note.stream, note);
  return last;
}
