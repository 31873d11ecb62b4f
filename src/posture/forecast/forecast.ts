import type { Bilingual } from '../../finding/finding.ts';
import { forecastsAt, historyOf, type History, type ModelName } from './models.ts';
import {
  bestModel,
  errorPaths,
  intervalsOf,
  JUDGED_ORIGINS,
  leastSteps,
  maseOf,
  naiveError,
  originsBefore,
  pathsAt,
  type Paths,
} from './rolling.ts';
import { checkSeries, type Series } from './series.ts';
import { historyTooShort, noBetterThanNaive } from './wording.ts';

export const CANDIDATES: readonly ModelName[] = ['seasonal-naive', 'smoothing', 'seasons'];
const EARLY_WARNING_PROBABILITY = 0.6;
/** An error of one more path than was seen may lie beyond all of them. */
const MORE_PATHS = 1;

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
 * @param withCalendar false takes holidays and make-up days for ordinary ones
 * @throws WanglouError WL_QUERY_INVALID
 */
export function forecast(series: Series, threshold?: number, withCalendar = true): Forecast {
  checkSeries(series);
  const { step, values } = series;
  const end = values.length;
  const needed = leastSteps(step);
  if (end < needed) return hiddenForecast('', historyTooShort(step, end, needed));
  const history = historyOf(series, withCalendar);
  const paths = pathsAt(history, originsBefore(step, end));
  const judged = originsBefore(step, end, JUDGED_ORIGINS);
  const model = bestModel(history, paths, judged, CANDIDATES) ?? 'seasonal-naive';
  const scale = naiveError(history, judged[0]!) || naiveError(history, end);
  const mase = maseOf(model, history, paths, judged, scale);
  const naive = maseOf('naive', history, paths, judged, scale);
  const { coverage, covered } = coverageOf(history, paths, judged, series.max);
  const measured = { mase: rounded(mase), naive: rounded(naive), coverage, covered };
  if (mase > 1 || (mase > 0 && mase >= naive))
    return { ...hiddenForecast(model, noBetterThanNaive(mase, naive)), ...measured };
  const path = forecastsAt(history, end).get(model)!;
  const errors = errorPaths(model, history, paths, end);
  const points = pointsOf(path, errors, series.max).map((point, h) => ({ at: series.start + end + h, ...point }));
  return {
    model,
    points,
    ...measured,
    hidden: SHOWN,
    ...(threshold === undefined ? {} : { crossing: crossingOf(path, errors, threshold) }),
  };
}

/** Value and interval in the numbers of the series, each within what the series can be. */
export function pointsOf(
  path: readonly number[],
  errors: readonly (readonly number[])[],
  max = Infinity,
): { value: number; lower: number; upper: number }[] {
  const intervals = intervalsOf(errors);
  const within = (y: number): number => Math.min(max, Math.max(0, Math.expm1(y)));
  return path.map((y, h) => ({
    value: within(y),
    lower: within(y + (intervals?.[h]?.lower ?? 0)),
    upper: within(y + (intervals?.[h]?.upper ?? 0)),
  }));
}

/** At each origin the model and the interval of then, against what came. */
export function coverageOf(
  history: History,
  paths: Paths,
  origins: readonly number[],
  max = Infinity,
): { coverage: number | null; covered: number } {
  let [inside, count] = [0, 0];
  for (const origin of origins) {
    const model = bestModel(history, paths, originsBefore(history.step, origin, JUDGED_ORIGINS), CANDIDATES);
    const path = model && paths.get(origin)?.get(model);
    const errors = model ? errorPaths(model, history, paths, origin) : [];
    if (path === undefined || intervalsOf(errors) === undefined) continue;
    pointsOf(path, errors, max).forEach(({ lower, upper }, h) => {
      const came = Math.expm1(history.y[origin + h]!);
      // What was computed there and back differs in the last digits.
      const slack = 1e-9 * (1 + came);
      if (came >= lower - slack && came <= upper + slack) inside++;
      count++;
    });
  }
  return { coverage: count === 0 ? null : rounded(inside / count), covered: count };
}

/** Past errors keep together as they came: a day too low is often followed by another. */
function crossingOf(path: readonly number[], errors: readonly (readonly number[])[], threshold: number): Crossing {
  const limit = Math.log1p(threshold);
  const crossed = errors.filter((error) => path.some((value, h) => value + error[h]! >= limit)).length;
  const certain = path.some((value) => value >= limit) ? MORE_PATHS : 0;
  const probability = (crossed + certain) / (errors.length + MORE_PATHS);
  return { threshold, probability: rounded(probability), warning: probability >= EARLY_WARNING_PROBABILITY };
}

function hiddenForecast(model: ModelName | '', hidden: Bilingual): Forecast {
  return { model, points: [], mase: null, naive: null, coverage: null, covered: 0, hidden };
}

/** To a thousandth. */
function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
