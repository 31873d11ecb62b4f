import type { SourceHour, SourceQueries } from '../store/source-queries.ts';

/** What a source sent in the last 24 hours. */
export interface SourceSum {
  source: string;
  hours: readonly { at: number; events: number }[];
  events: number;
  unparsed: number;
  /** Of the events, how many came with proof of who sent them. */
  authenticated: number;
  /** ms, of the last hour in which anything came. */
  lagP50: number;
  lagP99: number;
  lastSeenAt: number;
  lastEventTime: number;
  formats: readonly string[];
  systems: readonly string[];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const HOURS = 24;
/** Hours asked for at once: a busy platform has millions of events in each. */
const HOURS_AT_ONCE = 6;
/** What arrived is stored by then. */
const SETTLED_MS = 300_000;
const DAYS = 30;

/**
 * What all sources sent, hour by hour, and when each was last heard. An hour that is over is asked for once; the days before
 * the last one, which only tell when a silent source was last heard, are read one by one after the first answer.
 */
export class HeardHours {
  readonly #store: Pick<SourceQueries, 'hours' | 'lastHeard'>;
  readonly #hours = new Map<number, readonly SourceHour[]>();
  readonly #heard = new Map<string, number>();
  #past: Promise<void> | undefined;

  constructor(store: Pick<SourceQueries, 'hours' | 'lastHeard'>) {
    this.#store = store;
  }

  /** When each source was last heard within 30 days, as far as that is known by now. */
  get heard(): { source: string; at: number }[] {
    return [...this.#heard].map(([source, at]) => ({ source, at }));
  }

  /** Of the running hour and the 23 before it. */
  async sums(now: number): Promise<SourceSum[]> {
    const last = Math.floor(now / HOUR_MS) * HOUR_MS;
    const first = last - (HOURS - 1) * HOUR_MS;
    for (const at of this.#hours.keys()) if (at < first) this.#hours.delete(at);
    const wanted = Array.from({ length: HOURS }, (_, n) => first + n * HOUR_MS).filter((at) => !this.#hours.has(at));
    for (let at = wanted[0] ?? last; at <= last; at += HOURS_AT_ONCE * HOUR_MS)
      await this.#read(at, Math.min(at + HOURS_AT_ONCE * HOUR_MS, last + HOUR_MS), now);
    const sums = summed([...this.#hours.keys()].sort((a, b) => a - b).flatMap((at) => this.#hours.get(at)!));
    for (const at of this.#hours.keys()) if (at + HOUR_MS + SETTLED_MS > now) this.#hours.delete(at);
    for (const { source, lastSeenAt } of sums) this.#note(source, lastSeenAt);
    return sums;
  }

  /** Reads the days before the last one, once; the answer to a failure is to try again the next time. */
  async readPast(now: number): Promise<void> {
    this.#past ??= this.#readPast(now).catch(() => (this.#past = undefined));
    await this.#past;
  }

  async #read(from: number, to: number, now: number): Promise<void> {
    const rows = await this.#store.hours(from, to);
    for (let at = from; at < to && at <= now; at += HOUR_MS)
      this.#hours.set(
        at,
        rows.filter((row) => row.at === at),
      );
  }

  async #readPast(now: number): Promise<void> {
    for (let days = 1; days < DAYS; days++)
      for (const { source, at } of await this.#store.lastHeard(now - (days + 1) * DAY_MS, now - days * DAY_MS))
        this.#note(source, at);
  }

  #note(source: string, at: number): void {
    this.#heard.set(source, Math.max(at, this.#heard.get(source) ?? 0));
  }
}

/** @param hours in order of time. */
function summed(hours: readonly SourceHour[]): SourceSum[] {
  const bySource = new Map<string, SourceHour[]>();
  for (const hour of hours) {
    const known = bySource.get(hour.source);
    if (known) known.push(hour);
    else bySource.set(hour.source, [hour]);
  }
  return [...bySource.values()].map((own) => {
    const latest = own.at(-1)!;
    const sum = (of: (hour: SourceHour) => number): number => own.reduce((all, hour) => all + of(hour), 0);
    return {
      source: latest.source,
      hours: own.map(({ at, events }) => ({ at, events })),
      events: sum(({ events }) => events),
      unparsed: sum(({ unparsed }) => unparsed),
      authenticated: sum(({ authenticated }) => authenticated),
      lagP50: latest.lagP50,
      lagP99: latest.lagP99,
      lastSeenAt: latest.lastSeenAt,
      lastEventTime: Math.max(...own.map(({ lastEventTime }) => lastEventTime)),
      formats: [...new Set(own.flatMap(({ formats }) => formats))],
      systems: [...new Set(own.flatMap(({ systems }) => systems))],
    };
  });
}
