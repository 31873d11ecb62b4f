import { WanglouError } from './errors.ts';
import type { Bilingual, Severity } from './finding/finding.ts';
import { heatOf, type HeatRow } from './posture/heat.ts';
import { zoneClock } from './registry/local-time.ts';
import type { Registry } from './registry/registry.ts';
import { validAt } from './registry/versions.ts';
import type { ActsOf, OverviewQueries } from './store/overview-queries.ts';

export type HeatMeasure = 'findings' | 'events';
export type HeatSpan = '24h' | '7d';

/** Departments by hours: of the last 24, or of the day over the last 7 days. */
export interface Heat {
  measure: HeatMeasure;
  span: HeatSpan;
  /** ms since the Unix epoch: from ≤ time < to; the last hour is still going on. */
  from: number;
  to: number;
  timeZone: string;
  /** The hour of the day of each column, and for 24 h its beginning. */
  columns: readonly { hour: number; at: number | null }[];
  /** The heaviest first. */
  rows: readonly HeatRow[];
}

/** What happened since somebody last looked. */
export interface ChangesSince {
  since: number;
  until: number;
  /** Findings that were raised, by the severity that they have now. */
  raised: Readonly<Record<Severity, number>>;
  /** What others did with findings, most first. */
  acts: readonly ActsOf[];
  /** The score of the platform then; null when none is kept of then. */
  scoreThen: number | null;
  /** Vendors that the registry did not know then. */
  newVendors: readonly { id: string; name: Bilingual }[];
}

export interface OverviewDeskParts {
  store: Pick<OverviewQueries, 'findingsByHour' | 'eventsByHour' | 'raisedSince' | 'actsSince'>;
  /** src/store/posture-queries.ts */
  scores: { scoreAt(scope: string, id: string, after: number, at: number): Promise<{ score: number } | undefined> };
  registry: {
    current(): Registry;
    asOf(recordedAt: number): Registry;
    readonly history: { readonly lastRecordedAt: number };
  };
  now?: () => number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const HOURS: Readonly<Record<HeatSpan, number>> = { '24h': 24, '7d': 7 * 24 };
/** Everybody's first page asks the same: the store is asked once in this time. */
const KEPT_MS: Readonly<Record<HeatSpan, number>> = { '24h': 30_000, '7d': 300_000 };
const LONGEST_MS = 31 * DAY_MS;
const NEAR_MS = 600_000;

/** What the first page shows of everything: where and when it is hot, and what changed. */
export class OverviewDesk {
  readonly #parts: OverviewDeskParts;
  readonly #now: () => number;
  readonly #kept = new Map<string, { until: number; heat: Promise<Heat> }>();

  constructor(parts: OverviewDeskParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  /** @throws WanglouError WL_STORE_AWAY */
  heat(measure: HeatMeasure, span: HeatSpan): Promise<Heat> {
    const key = `${measure}/${span}`;
    const known = this.#kept.get(key);
    if (known !== undefined && known.until > this.#now()) return known.heat;
    const heat = this.#heat(measure, span);
    this.#kept.set(key, { until: this.#now() + KEPT_MS[span], heat });
    heat.catch(() => this.#kept.get(key)?.heat === heat && this.#kept.delete(key));
    return heat;
  }

  /**
   * @param me whose own decisions are no news.
   * @throws WanglouError WL_QUERY_INVALID for the future and for more than 31 days ago.
   */
  async changes(since: number, me: string): Promise<ChangesSince> {
    const until = this.#now();
    if (since > until || since < until - LONGEST_MS)
      throw new WanglouError('WL_QUERY_INVALID', `since is ${new Date(since).toISOString()}`, {
        remedy: 'Ask for a time in the last 31 days.',
      });
    const { store, scores } = this.#parts;
    const [raised, acts, score] = await Promise.all([
      store.raisedSince(since),
      store.actsSince(since),
      scores.scoreAt('overall', '', since - NEAR_MS, since),
    ]);
    return {
      ...{ since, until },
      raised: { critical: 0, high: 0, medium: 0, low: 0, ...countsOf(raised) },
      acts: acts.filter(({ by }) => by !== me),
      scoreThen: score?.score ?? null,
      newVendors: this.#newVendors(since, until),
    };
  }

  async #heat(measure: HeatMeasure, span: HeatSpan): Promise<Heat> {
    const registry = this.#parts.registry.current();
    const clock = zoneClock(registry.timeZone(''));
    const now = this.#now();
    const to = now - (clock.minuteOf(now) % 60) * 60_000 - (now % 60_000) + HOUR_MS;
    const from = to - HOURS[span] * HOUR_MS;
    const hourOf = (n: number): number => Math.floor(clock.minuteOf(from + n * HOUR_MS) / 60);
    const { store } = this.#parts;
    const cells =
      measure === 'findings'
        ? (await store.findingsByHour(from, to)).map((one) => ({ ...one, count: one.findings }))
        : (await store.eventsByHour(from, to)).map((one) => ({ ...one, count: one.events }));
    const columns = Array.from({ length: 24 }, (_, n) =>
      span === '24h' ? { hour: hourOf(n), at: from + n * HOUR_MS } : { hour: n, at: null },
    );
    const columnOf = (n: number): number => (span === '24h' ? n : hourOf(n));
    const rows = heatOf(cells, columnOf, registry, now);
    return { measure, span, from, to, timeZone: clock.zone, columns, rows };
  }

  #newVendors(since: number, until: number): ChangesSince['newVendors'] {
    const { registry } = this.#parts;
    if (registry.history.lastRecordedAt <= since) return [];
    const before = new Set(registry.asOf(since).entries.vendors.map(({ id }) => id));
    const now = registry.current().entries.vendors.filter((one) => validAt([one], until) !== undefined);
    return now.filter(({ id }) => !before.has(id)).map(({ id, name }) => ({ id, name }));
  }
}

function countsOf(raised: readonly { severity: Severity; findings: number }[]): Partial<Record<Severity, number>> {
  return Object.fromEntries(raised.map(({ severity, findings }) => [severity, findings]));
}
