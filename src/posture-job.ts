import { setImmediate } from 'node:timers/promises';
import type { FindingFacts } from './posture/contributions.ts';
import type { FindingBook } from './posture/finding-book.ts';
import { DAY_MS } from './posture/finding-risk.ts';
import type { LifeEvent } from './finding/lifecycle.ts';
import { USE_DAYS } from './use-keeper.ts';
import { EXACT_MS, type KeptPosture, type PostureDesk } from './posture-desk.ts';

export interface PostureJobStore {
  scores(from: number, to: number): Promise<readonly KeptPosture[]>;
  firstMinute(since: number): Promise<number | undefined>;
}

export interface PostureJobParts {
  desk: PostureDesk;
  store: PostureJobStore;
  write: (scores: readonly KeptPosture[]) => Promise<void>;
  /** What the log has of findings and of their lives, and the store may not have when this is called. */
  unstored: () => Promise<() => AsyncIterable<{ finding?: FindingFacts; life?: LifeEvent }>>;
  onProblem: (error: Error) => void;
  now?: () => number;
}

const MINUTE_MS = 60_000;
/** What happened in a minute is usually here by then. */
const WAIT_MS = 5_000;
const WRITTEN_AT_ONCE = 30;

/**
 * Keeps the score of every scope, once a minute. The findings are in memory: they are loaded once, and follow the log. What
 * comes late (a finding judged late, an entry that was under way) changes the minutes since then, up to a day back: they are
 * written again. Minutes in which nobody was there to write are made up for in the same way, without trust.
 */
export class PostureJob {
  readonly #parts: PostureJobParts;
  readonly #now: () => number;
  /** What came before the store was read. */
  #early: { finding?: FindingFacts; life?: LifeEvent }[] | undefined = [];
  #book: FindingBook | undefined;
  #written = 0;
  /** The earliest change that is not written yet. */
  #changedFrom = Infinity;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(parts: PostureJobParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  finding(finding: FindingFacts): void {
    if (this.#early) this.#early.push({ finding });
    else this.#book!.finding(finding);
  }

  life(life: LifeEvent): void {
    if (this.#early) this.#early.push({ life });
    else this.#book!.life(life);
  }

  /** Loads the findings. May be called again after a failure. @throws the store's or the log's error. */
  async load(): Promise<void> {
    const now = this.#now();
    const unstored = await this.#parts.unstored();
    const book = await this.#parts.desk.load(now - EXACT_MS);
    for await (const one of unstored()) takeIn(book, one);
    const first = await this.#parts.store.firstMinute(now - EXACT_MS);
    this.#book = book;
    for (const one of this.#early ?? []) takeIn(book, one);
    this.#early = undefined;
    book.takeChangedFrom();
    // Whatever the one before did not see or write is made up for with the first minute.
    this.#written = first === undefined ? floor(now - WAIT_MS) - MINUTE_MS : first - MINUTE_MS;
    this.#parts.desk.follow(book);
  }

  /** Begins to write, a few seconds after each full minute. */
  start(): void {
    if (this.#stopped) return;
    const now = this.#now();
    const next = floor(now - WAIT_MS) + MINUTE_MS + WAIT_MS;
    this.#timer = setTimeout(() => {
      this.#running = this.minute()
        .catch((error: unknown) => (this.#stopped ? undefined : this.#parts.onProblem(error as Error)))
        .then(() => this.start());
    }, next - now);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Writes the scores of the minute that is over, and again those before it that have changed. */
  async minute(): Promise<void> {
    const book = this.#book!;
    const minute = floor(this.#now() - WAIT_MS);
    this.#changedFrom = Math.min(this.#changedFrom, book.takeChangedFrom());
    const from = Math.max(Math.min(minute, this.#written + MINUTE_MS, ceil(this.#changedFrom)), ceil(book.exactSince));
    await this.#writeAgain(book, from, minute - MINUTE_MS);
    this.#changedFrom = Infinity;
    const trust = this.#parts.desk.trustAt(minute);
    const scores = this.#parts.desk.scoresAt(minute, book);
    await this.#write(scores.map((one) => ({ ...one, trust: trust.get(`${one.kind}/${one.id}`) ?? null })));
    this.#written = minute;
    book.forgetBefore(this.#now() - EXACT_MS);
    this.#parts.desk.uses.forgetBefore(this.#now() - USE_DAYS * DAY_MS - DAY_MS);
  }

  /** The minutes in [from, to]: those of which the kept score is another one, or none. Trust stays as it was then. */
  async #writeAgain(book: FindingBook, from: number, to: number): Promise<void> {
    for (let begin = from; begin <= to; begin += WRITTEN_AT_ONCE * MINUTE_MS) {
      const end = Math.min(to, begin + (WRITTEN_AT_ONCE - 1) * MINUTE_MS);
      const kept = new Map((await this.#parts.store.scores(begin, end)).map((one) => [keptKey(one), one]));
      const changed: Omit<KeptPosture, 'writtenAt'>[] = [];
      for (let minute = begin; minute <= end; minute += MINUTE_MS) {
        for (const score of this.#parts.desk.scoresAt(minute, book)) {
          const before = kept.get(keptKey(score));
          if (before?.score !== score.score || before.sum !== score.sum)
            changed.push({ ...score, trust: before?.trust ?? null });
        }
        await setImmediate();
      }
      await this.#write(changed);
    }
  }

  async #write(scores: readonly Omit<KeptPosture, 'writtenAt'>[]): Promise<void> {
    const writtenAt = this.#now();
    await this.#parts.write(
      scores.map(({ kind, id, minute, score, sum, trust }) => ({ kind, id, minute, score, sum, trust, writtenAt })),
    );
  }
}

function takeIn(book: FindingBook, { finding, life }: { finding?: FindingFacts; life?: LifeEvent }): void {
  if (finding) book.finding(finding);
  if (life) book.life(life);
}

function keptKey({ kind, id, minute }: { kind: string; id: string; minute: number }): string {
  return `${kind}/${id}/${minute}`;
}

function floor(at: number): number {
  return Math.floor(at / MINUTE_MS) * MINUTE_MS;
}

function ceil(at: number): number {
  return Math.ceil(at / MINUTE_MS) * MINUTE_MS;
}
