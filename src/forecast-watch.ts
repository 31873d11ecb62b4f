import { setTimeout as pause } from 'node:timers/promises';
import { WanglouError } from './errors.ts';
import type { Bilingual } from './finding/finding.ts';
import type { ForecastRequest, SeriesForecast } from './forecast-desk.ts';
import type { SeriesName } from './forecast-series.ts';
import { zoneClock } from './registry/local-time.ts';
import type { Registry } from './registry/registry.ts';
import { watchedSeries, type WatchedSeries } from './watched-series.ts';

/** A threshold will probably be reached within 7 days: a warning, not an alarm. */
export interface EarlyWarning extends WatchedSeries {
  /** The first day up to which it is probable enough, its beginning in ms since the Unix epoch. */
  by: number;
  probability: number;
  /** In the unit of the series. */
  threshold: number;
  /** The highest that is expected on any of the days. */
  expected: number;
  model: SeriesForecast['model'];
  /** How good such forecasts have been; null where it is known and only counted. */
  mase: number | null;
  coverage: number | null;
  covered: number;
}

export interface HiddenForecast extends WatchedSeries {
  reason: Bilingual;
  mase: number | null;
}

export interface Warnings {
  /** When the last round was through; null before the first. */
  computedAt: number | null;
  timeZone: string;
  /** Series that have been forecast so far. */
  watched: number;
  /** The most probable first. */
  warnings: readonly EarlyWarning[];
  /** Series of which no forecast is good enough to warn by, with the reason. */
  hidden: readonly HiddenForecast[];
}

export interface ForecastWatchParts {
  /** src/forecast-desk.ts */
  desk: { of(request: ForecastRequest): Promise<SeriesForecast> };
  registry: { current(): Registry };
  detectors: readonly { name: string; title: Bilingual }[];
  onProblem: (error: Error) => void;
  now?: () => number;
}

const FIRST_MS = 20_000;
const LOOK_MS = 60_000;
/** Forecasts by day change with the day; what the registry has new is taken up in between. */
const EVERY_MS = 6 * 3_600_000;
const LEAST_PAUSE_MS = 50;

/**
 * Forecasts every series that people are to be warned of, in the background and one after the other, with as much rest
 * between them as each took: what is asked for meanwhile waits for one at most.
 */
export class ForecastWatch {
  readonly #parts: ForecastWatchParts;
  readonly #now: () => number;
  readonly #found = new Map<string, { of: WatchedSeries; forecast: SeriesForecast }>();
  readonly #ended = new AbortController();
  #computedAt: number | null = null;
  #day = -1;

  constructor(parts: ForecastWatchParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  start(): void {
    void this.#watch().catch((error: unknown) => {
      if (!this.#ended.signal.aborted) this.#parts.onProblem(error as Error);
    });
  }

  /** What the store is being asked may still be answered: nobody listens. */
  stop(): void {
    this.#ended.abort();
  }

  /** As far as it is known now. */
  warnings(): Warnings {
    const registry = this.#parts.registry.current();
    const all = [...this.#found.values()];
    return {
      computedAt: this.#computedAt,
      timeZone: registry.timeZone(''),
      watched: all.length,
      warnings: all
        .flatMap(({ of, forecast }) => warningOf(of, forecast) ?? [])
        .sort((a, b) => b.probability - a.probability || a.by - b.by || (a.id < b.id ? -1 : 1)),
      hidden: all
        .filter(({ forecast }) => forecast.hidden.en !== '')
        .map(({ of, forecast }) => ({ ...of, reason: forecast.hidden, mase: forecast.mase })),
    };
  }

  /** Forecasts each of the watched series once. @throws what the desk throws, for instance when the store is away. */
  async round(): Promise<void> {
    const watched = this.#watched();
    const keys = new Set(watched.map(keyOf));
    for (const key of this.#found.keys()) if (!keys.has(key)) this.#found.delete(key);
    for (const of of watched) {
      const begun = performance.now();
      const forecast = await this.#forecast(of);
      if (forecast === undefined) this.#found.delete(keyOf(of));
      else this.#found.set(keyOf(of), { of, forecast });
      await this.#rest(Math.max(LEAST_PAUSE_MS, performance.now() - begun));
    }
    this.#computedAt = this.#now();
  }

  /** undefined for a name that the store knows nothing of, such as a source that never sent anything. */
  async #forecast({ series, id }: WatchedSeries): Promise<SeriesForecast | undefined> {
    try {
      return await this.#parts.desk.of({ series, id, step: 'day', threshold: 'unusual' });
    } catch (error) {
      if (error instanceof WanglouError && error.code === 'WL_NOT_FOUND') return undefined;
      throw error;
    }
  }

  async #watch(): Promise<void> {
    await this.#rest(FIRST_MS);
    for (;;) {
      const day = this.#today();
      if (day !== this.#day || this.#now() - (this.#computedAt ?? 0) >= EVERY_MS)
        await this.round().then(
          () => (this.#day = day),
          (error: unknown) => {
            this.#ended.signal.throwIfAborted();
            this.#parts.onProblem(error as Error);
          },
        );
      await this.#rest(LOOK_MS);
    }
  }

  #watched(): WatchedSeries[] {
    return watchedSeries(this.#parts.registry.current(), this.#parts.detectors, this.#now());
  }

  #today(): number {
    return zoneClock(this.#parts.registry.current().timeZone('')).dayOf(this.#now());
  }

  async #rest(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#ended.signal, ref: false });
  }
}

function keyOf({ series, id }: { series: SeriesName; id: string }): string {
  return `${series}/${id}`;
}

function warningOf(of: WatchedSeries, { crossing, points, ...rest }: SeriesForecast): EarlyWarning | undefined {
  const { model, mase, coverage, covered } = rest;
  const measured = { ...of, model, mase, coverage, covered };
  if (of.series === 'grants-expiring') {
    const ending = points.filter(({ value }) => value > 0);
    const expected = ending.reduce((sum, { value }) => sum + value, 0);
    return ending[0] && { ...measured, by: ending[0].at, probability: 1, threshold: 1, expected };
  }
  if (crossing?.warning !== true || crossing.by === null) return undefined;
  const { by, probability, threshold } = crossing;
  return { ...measured, by, probability, threshold, expected: Math.max(...points.map(({ value }) => value)) };
}
