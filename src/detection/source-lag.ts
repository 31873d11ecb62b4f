import type { Event } from '../event/event.ts';

const LATENESS_MS = 600_000;
const FUTURE_MS = 300_000;
const MAX_SOURCES = 10_000;

/** How one source's events come in. */
export interface SourceCounts {
  source: string;
  events: number;
  /** Events older than the watermark: by more than 10 minutes behind what their partition had reached. */
  late: number;
  /** Events more than 5 minutes ahead of their arrival. */
  future: number;
  /** Arrival of the last event, and its delay after the time that it claims, ms. */
  lastIngestTime: number;
  lagMs: number;
}

/** Event time of one partition: how far it has come, and which sources are behind or ahead. */
export class SourceLag {
  readonly #sources = new Map<string, SourceCounts>();
  #reached = -Infinity;
  #last: SourceCounts | undefined;

  /** Event time up to which events are expected to be in: the highest seen, minus the allowed lateness. */
  get watermark(): number {
    return this.#reached - LATENESS_MS;
  }

  /** Highest event time so far; -Infinity before the first event. */
  get reached(): number {
    return this.#reached;
  }

  /** Goes on where events had come to before a restart. */
  resume(reached: number): void {
    this.#reached = Math.max(this.#reached, reached);
  }

  /** @returns whether the event is older than the watermark. */
  observe(event: Event): boolean {
    const counts = this.#last?.source === event.source ? this.#last : this.#countsOf(event.source);
    this.#last = counts;
    counts.events++;
    counts.lastIngestTime = event.ingestTime;
    counts.lagMs = event.ingestTime - event.time;
    const limit = event.ingestTime + FUTURE_MS;
    const isLate = event.time <= limit && event.time < this.#reached - LATENESS_MS;
    if (event.time > limit) counts.future++;
    else if (isLate) counts.late++;
    this.#reached = Math.max(this.#reached, Math.min(event.time, limit));
    return isLate;
  }

  sources(): readonly SourceCounts[] {
    return [...this.#sources.values()];
  }

  /** Sources beyond the bound are counted together under ''. */
  #countsOf(source: string): SourceCounts {
    const name = this.#sources.has(source) || this.#sources.size < MAX_SOURCES ? source : '';
    let counts = this.#sources.get(name);
    if (counts === undefined) {
      counts = { source: name, events: 0, late: 0, future: 0, lastIngestTime: 0, lagMs: 0 };
      this.#sources.set(name, counts);
    }
    return counts;
  }
}
