import type { ScopeScore } from './feed/protocol.ts';

export interface PosturePushParts {
  /** src/posture-desk.ts */
  desk: { now(): Promise<Omit<ScopeScore, 'dayBefore'>[]>; aDayAgo(): Promise<ReadonlyMap<string, number>> };
  /** src/feed/feed.ts, which tells of what changed. */
  feed: { posture(scores: readonly ScopeScore[]): void };
  onProblem: (error: Error) => void;
}

/** Told at most once in this time. */
const SOON_MS = 1_000;
/** Points of findings fade, grants come near to their end and sources fall silent without anything being told. */
const ANYWAY_MS = 10_000;
const DAY_BEFORE_MS = 60_000;
/** Scores of a hundred thousand findings take their time: at most a tenth of the program's. */
const PAUSE_PER_MS = 9;

/** Tells the feed how the scores stand, soon after something happened and every few seconds. */
export class PosturePush {
  readonly #parts: PosturePushParts;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Infinity;
  /** Not before the last one has been paid for. */
  #restsUntil = 0;
  #dayBefore: ReadonlyMap<string, number> = new Map();
  #dayBeforeAt = -Infinity;
  #running = false;
  #changedMeanwhile = false;
  #stopped = true;

  constructor(parts: PosturePushParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#stopped = false;
    this.#due(0);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Something happened that the scores may follow from. */
  changed(): void {
    this.#changedMeanwhile = true;
    this.#due(SOON_MS);
  }

  #due(inMs: number): void {
    const at = Math.max(performance.now() + inMs, this.#restsUntil);
    if (this.#stopped || this.#running || at >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = at;
    this.#timer = setTimeout(() => void this.#push(), Math.max(0, at - performance.now()));
    this.#timer.unref();
  }

  async #push(): Promise<void> {
    this.#running = true;
    this.#changedMeanwhile = false;
    const begun = performance.now();
    try {
      const scores = await this.#parts.desk.now();
      const tookMs = performance.now() - begun;
      this.#restsUntil = performance.now() + tookMs * PAUSE_PER_MS;
      await this.#lookBack();
      if (this.#stopped) return;
      const dayBefore = (one: { kind: string; id: string }) => this.#dayBefore.get(`${one.kind}/${one.id}`) ?? null;
      this.#parts.feed.posture(scores.map((one) => ({ ...one, dayBefore: dayBefore(one) })));
    } catch (error) {
      this.#parts.onProblem(error as Error);
    } finally {
      this.#running = false;
      this.#dueAt = Infinity;
      this.#due(this.#changedMeanwhile ? SOON_MS : ANYWAY_MS);
    }
  }

  async #lookBack(): Promise<void> {
    if (performance.now() - this.#dayBeforeAt < DAY_BEFORE_MS) return;
    this.#dayBeforeAt = performance.now();
    this.#dayBefore = await this.#parts.desk.aDayAgo().catch((error: unknown) => {
      this.#parts.onProblem(error as Error);
      return this.#dayBefore;
    });
  }
}
