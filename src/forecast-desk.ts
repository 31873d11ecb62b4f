import { WanglouError } from './errors.ts';
import { seriesValues, vendorRiskValues, type ForecastSources, type SeriesName } from './forecast-series.ts';
import type { Bilingual } from './finding/finding.ts';
import type { Crossing, Forecast } from './posture/forecast/forecast.ts';
import { dayIndex, dayKindsOf, HORIZON, type Series, type Step } from './posture/forecast/series.ts';
import { zoneClock, type ZoneClock } from './registry/local-time.ts';
import type { Registry } from './registry/registry.ts';

export interface ForecastRequest {
  series: SeriesName;
  /** Detector, department, asset level, vendor or source; '' for all. */
  id: string;
  step: Step;
  /** In the unit of the series; `unusual` is more than in any of the last four weeks, or where that is declared. */
  threshold?: number | 'unusual' | undefined;
}

/** A forecast for people: times in ms since the Unix epoch, each the beginning of its local day or hour. */
export interface SeriesForecast extends Omit<Forecast, 'model' | 'points' | 'crossing'> {
  series: SeriesName;
  id: string;
  step: Step;
  timeZone: string;
  computedAt: number;
  /** `registry`: what is to come is known, and only counted. */
  model: Forecast['model'] | 'registry';
  /** The last four weeks, or days, before it; null where nothing was seen. */
  history: readonly { at: number; value: number | null }[];
  points: readonly { at: number; value: number; lower: number; upper: number }[];
  /** Days among these on which people rest, or work, other than on the weekday as usual. */
  specialDays: readonly { at: number; kind: 'holiday' | 'make-up' }[];
  crossing?: Crossing;
}

export interface ForecastDeskParts {
  sources: ForecastSources;
  registry: { current(): Registry };
  detectors: readonly { name: string }[];
  /** Computes elsewhere (src/posture/forecast/forecaster.ts). */
  forecaster: { forecast(series: Series, threshold?: number): Promise<Forecast> };
  now?: () => number;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const REMEMBERED_MS = HOUR_MS;
/** Beyond, the oldest is computed again. */
const REMEMBERED = 500;
/** Days that forecasts learn from. */
const LEARNT_DAYS: Readonly<Record<Step, number>> = { day: 200, hour: 100 };
const SHOWN_STEPS: Readonly<Record<Step, number>> = { day: 28, hour: 96 };
/** Where people are to be warned when nobody names a threshold: a high risk, and the limit of the detector source-lag. */
const THRESHOLDS: Partial<Record<SeriesName, number>> = { 'vendor-risk': 65, 'ingest-lag': 600 };
/** What is unusual has been above all of that time, and is worth a look. */
const UNUSUAL_DAYS = 28;
const LEAST_UNUSUAL: Partial<Record<SeriesName, number>> = { findings: 5, rows: 1_000, 'out-edges': 3, events: 1_000 };
const SHOWN: Bilingual = { zh: '', en: '' };

/** Forecasts of the platform's series, on request, each remembered for an hour. */
export class ForecastDesk {
  readonly #parts: ForecastDeskParts;
  readonly #now: () => number;
  readonly #known = new Map<string, { until: number; forecast: Promise<SeriesForecast> }>();

  constructor(parts: ForecastDeskParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  /** @throws WanglouError WL_QUERY_INVALID, WL_NOT_FOUND when there is no such department, detector, level, vendor or source */
  of(request: ForecastRequest): Promise<SeriesForecast> {
    const { series, id, step, threshold } = request;
    const key = JSON.stringify([series, id, step, threshold]);
    const known = this.#known.get(key);
    if (known !== undefined && known.until > this.#now()) return known.forecast;
    const forecast = this.#compute(request);
    this.#known.delete(key);
    this.#known.set(key, { until: this.#now() + REMEMBERED_MS, forecast });
    if (this.#known.size > REMEMBERED) this.#known.delete(this.#known.keys().next().value!);
    // What failed is tried again.
    forecast.catch(() => this.#known.get(key)?.forecast === forecast && this.#known.delete(key));
    return forecast;
  }

  async #compute(request: ForecastRequest): Promise<SeriesForecast> {
    const { series, id, step } = request;
    const { sources, detectors, forecaster } = this.#parts;
    const registry = this.#parts.registry.current();
    const now = this.#now();
    const clock = zoneClock(registry.timeZone(''));
    const end = stepAt(now, step, clock);
    const first = end - LEARNT_DAYS[step] * (step === 'day' ? 1 : 24);
    const range = { step, from: startOf(first, step, clock), to: startOf(end, step, clock), zone: clock.zone };
    const base = { series, id, step, timeZone: clock.zone, computedAt: now };
    if (series === 'grants-expiring') {
      if (step !== 'day' || id !== '') refuse('series', series, 'Ask for it by day and without an id.');
      const to = startOf(end + HORIZON.day, step, clock);
      return { ...base, ...countedAhead(await sources.counts.grantsExpiring({ ...range, to }), end, clock) };
    }
    if (series === 'vendor-risk' && step !== 'day') refuse('step', step, 'Ask for the risk of vendors by day.');
    const values =
      series === 'vendor-risk'
        ? await vendorRiskValues(sources.findings, registry, id, { ...range, first, end }, (at) =>
            startOf(at + 1, step, clock),
          )
        : await seriesValues(sources, registry, detectors, request, { ...range, first, end }, now);
    const start = end - values.length;
    const firstDay = step === 'day' ? start : Math.floor(start / 24);
    const isWorkday = (day: number): boolean => registry.dayType(clock.startOfDay(day) + DAY_MS / 2, '') === 'workday';
    const days = Math.ceil((values.length + HORIZON[step]) / (step === 'day' ? 1 : 24)) + 1;
    const dayKinds = dayKindsOf(isWorkday, firstDay, days);
    const measure = series === 'vendor-risk' ? 'score' : 'count';
    const { threshold: asked } = request;
    const threshold = asked === 'unusual' ? unusual(series, step, values) : (asked ?? THRESHOLDS[series]);
    const found = await forecaster.forecast({ step, start, values, dayKinds, measure }, threshold);
    const atMs = <T extends { at: number }>(point: T): T => ({ ...point, at: startOf(point.at, step, clock) });
    const history = values.map((value, n) => ({ at: start + n, value })).slice(-SHOWN_STEPS[step]);
    const { crossing, ...same } = found;
    const firstShown = dayIndex({ step, start }, values.length - history.length);
    const specialDays = dayKinds.flatMap((kind, n) =>
      n >= firstShown && (kind === 'holiday' || kind === 'make-up')
        ? [{ at: startOf(firstDay + n, 'day', clock), kind }]
        : [],
    );
    return {
      ...base,
      ...same,
      ...{ history: history.map(atMs), points: found.points.map(atMs), specialDays },
      ...(crossing && { crossing: { ...crossing, by: crossing.by && startOf(crossing.by, step, clock) } }),
    };
  }
}

/** What ends on which day stands in the registry: nothing has to be estimated. */
function countedAhead(counted: readonly { at: number; value: number }[], end: number, clock: ZoneClock) {
  const on = new Map(counted.map(({ at, value }) => [at, value]));
  const at = (day: number) => ({ at: startOf(day, 'day', clock), value: on.get(day) ?? 0 });
  const points = Array.from({ length: HORIZON.day }, (_, h) => at(end + h));
  return {
    model: 'registry' as const,
    history: Array.from({ length: SHOWN_STEPS.day }, (_, n) => at(end - SHOWN_STEPS.day + n)),
    points: points.map((point) => ({ ...point, lower: point.value, upper: point.value })),
    ...{ mase: null, naive: null, coverage: null, covered: 0, hidden: SHOWN, specialDays: [] },
  };
}

/** More than in any of the last four weeks. */
function unusual(series: SeriesName, step: Step, values: readonly (number | null)[]): number {
  const declared = THRESHOLDS[series];
  if (declared !== undefined) return declared;
  const recent = values.slice(-UNUSUAL_DAYS * (step === 'day' ? 1 : 24));
  return Math.max(LEAST_UNUSUAL[series] ?? 1, ...recent.map((value) => (value ?? 0) + 1));
}

/** Steps of local time since 1970-01-01 that are over. */
function stepAt(at: number, step: Step, clock: ZoneClock): number {
  const day = clock.dayOf(at);
  return step === 'day' ? day : day * 24 + Math.floor(clock.minuteOf(at) / 60);
}

function startOf(at: number, step: Step, clock: ZoneClock): number {
  if (step === 'day') return clock.startOfDay(at);
  const day = Math.floor(at / 24);
  return clock.startOfDay(day) + (at - day * 24) * HOUR_MS;
}

function refuse(field: string, value: string, remedy: string): never {
  throw new WanglouError('WL_QUERY_INVALID', `${field} is ${value}: there is no such forecast`, { remedy });
}
