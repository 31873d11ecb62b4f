import type { Bilingual } from '../../finding/finding.ts';
import { crossingProbability, INTERVAL_ORIGINS } from './intervals.ts';
import { insideOf, judgedAt, type Judged } from './judge.ts';
import { forecastsAt, historyOf, type History, type ModelName } from './models.ts';
import { JUDGED_ORIGINS, leastSteps, maseOf, naiveError, originsBefore, pathsAt, type Paths } from './rolling.ts';
import { SCALES } from './scale.ts';
import { checkSeries, type Series } from './series.ts';
import { historyTooShort, noBetterThanNaive } from './wording.ts';

const EARLY_WARNING_PROBABILITY = 0.6;

export interface ForecastPoint {
  /** Steps of local time since 1970-01-01, as in the series. */
  at: number;
  value: number;
  /** 80 of 100 values are to lie between the two, both included. */
  lower: number;
  upper: number;
}

export interface Crossing {
  threshold: number;
  /** Share of the past paths of errors, laid onto the forecast, that reach the threshold. */
  probability: number;
  warning: boolean;
  /** The first step up to which the probability is enough for a warning; null without one. */
  by: number | null;
}

export interface Forecast {
  /** '' when the history is too short to choose one. */
  model: ModelName | '';
  /** [] when hidden. */
  points: readonly ForecastPoint[];
  /** Over the last 28 origins; null when there is nothing to measure. `naive` is that of repeating the last value. */
  mase: number | null;
  naive: number | null;
  /** Share of past values that lay in the 80 % interval that was given before they came, and of how many values. */
  coverage: number | null;
  covered: number;
  /** Both '' when it is shown. */
  hidden: Bilingual;
  crossing?: Crossing;
}

const SHOWN: Bilingual = { zh: '', en: '' };

/**
 * The forecast of the next 7 days, or 24 hours, by the model that forecast the last four weeks best.
 * @param threshold to tell how probable it is that a value reaches it
 * @throws WanglouError WL_QUERY_INVALID
 */
export function forecast(series: Series, threshold?: number): Forecast {
  checkSeries(series);
  const { step, values } = series;
  const end = values.length;
  if (end < leastSteps(step)) return { ...NOTHING, hidden: historyTooShort(step, end, leastSteps(step)) };
  const history = historyOf(series, true);
  const origins = originsBefore(step, end, JUDGED_ORIGINS + INTERVAL_ORIGINS);
  const paths = pathsAt(history, origins).set(end, forecastsAt(history, end));
  const ahead = judgedAt(history, paths, end);
  const { mase, naive } = measuresOf(history, paths, ahead?.model ?? 'naive');
  const judged = origins.slice(-JUDGED_ORIGINS);
  const measured = { mase: finite(mase), naive: finite(naive), ...coverageOf(history, paths, judged) };
  if (ahead === undefined || isHidden(mase, naive))
    return { ...NOTHING, model: ahead?.model ?? '', ...measured, hidden: noBetterThanNaive(mase, naive) };
  return {
    model: ahead.model,
    points: pointsOf(ahead, series),
    ...measured,
    hidden: SHOWN,
    ...(threshold === undefined ? {} : { crossing: crossingOf(ahead, threshold, series) }),
  };
}

const NOTHING = { model: '', points: [], mase: null, naive: null, coverage: null, covered: 0 } as const;

/** Not better than repeating the last value: nobody should act on it. */
export function isHidden(mase: number, naive: number): boolean {
  return mase > 1 || (mase > 0 && mase >= naive);
}

/** Of a model and of repeating the last value, over the four weeks that end with the history. */
function measuresOf(history: History, paths: Paths, model: ModelName): { mase: number; naive: number } {
  const end = history.y.length;
  const judged = originsBefore(history.step, end, JUDGED_ORIGINS);
  const scale = naiveError(history, judged[0]!) || naiveError(history, end);
  const of = (name: ModelName): number => maseOf(name, history, paths, judged, scale);
  return { mase: of(model), naive: of('naive') };
}

/** At each origin the model and the interval of then, against what came. */
function coverageOf(
  history: History,
  paths: Paths,
  origins: readonly number[],
): Pick<Forecast, 'coverage' | 'covered'> {
  let [inside, covered] = [0, 0];
  for (const origin of origins) {
    const intervals = judgedAt(history, paths, origin)?.intervals;
    if (intervals === undefined) continue;
    inside += insideOf(history, origin, intervals);
    covered += intervals.length;
  }
  return { coverage: covered === 0 ? null : rounded(inside / covered), covered };
}

/** Value and interval in the numbers of the series, each within what the series can be. */
function pointsOf({ path, intervals }: Judged, { start, values, measure }: Series): ForecastPoint[] {
  const within = (y: number): number => rounded(SCALES[measure].from(y));
  return path.map((y, h) => ({
    at: start + values.length + h,
    value: within(y),
    lower: within(Math.min(y, intervals?.[h]?.lower ?? y)),
    upper: within(Math.max(y, intervals?.[h]?.upper ?? y)),
  }));
}

function crossingOf({ path, errors }: Judged, threshold: number, { measure, start, values }: Series): Crossing {
  const limit = SCALES[measure].to(threshold);
  const upTo = path.map((_, h) => crossingProbability(path.slice(0, h + 1), errors, limit));
  const soonest = upTo.findIndex((probability) => probability >= EARLY_WARNING_PROBABILITY);
  const by = soonest < 0 ? null : start + values.length + soonest;
  return { threshold, probability: rounded(upTo.at(-1)!), warning: by !== null, by };
}

/** What JSON can not say is null. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? rounded(value) : null;
}

/** To a thousandth. */
function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
