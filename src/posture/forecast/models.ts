import { mean, median, medianAbsoluteDeviation } from 'simple-statistics';
import { seasonsForecast, smoothingForecast } from './augurs.ts';
import { effectsOf, groupsOf, worksOf, type Effects, type Groups } from './calendar-effects.ts';
import { HALF_LIFE_DAYS } from '../finding-risk.ts';
import { SCALES, type Measure } from './scale.ts';
import { HORIZON, type Series, type Step } from './series.ts';

export const MODELS = ['naive', 'seasonal-naive', 'smoothing', 'seasons', 'reverting', 'fading'] as const;
/**
 * - `naive`: the last value; the measure of all others, never chosen;
 * - `seasonal-naive`: the value of a week before, moved by the difference between the kinds of the two days;
 * - `smoothing`: exponential smoothing of what is left when the kinds of days are taken out (Holt-Winters with a calendar);
 * - `seasons`: MSTL of the series with holidays and make-up days turned into ordinary ones;
 * - `reverting`: without the kinds of days, from the last value back to the mean, as fast as it used to go back;
 * - `fading`: for scores of what halves in so many days: what is there fades, and what is new is as in the middle of the past.
 */
export type ModelName = (typeof MODELS)[number];

/** Models that forecasts of a measure are chosen from. */
export const CANDIDATES: Readonly<Record<Measure, readonly ModelName[]>> = {
  count: ['seasonal-naive', 'smoothing', 'seasons', 'reverting'],
  score: ['fading'],
};

/** A series on the scale of its measure (scale.ts). */
export interface History {
  step: Step;
  measure: Measure;
  y: readonly number[];
  groups: Groups;
  /** The same if all days were what their weekdays say. */
  usual: Groups;
  /** Whether people work then: how wide an interval is depends on it. */
  works: readonly boolean[];
}

/** Holidays are rare: what they are like is learnt from more than a year. */
const COMPARED: Readonly<Record<Step, number>> = { day: 400, hour: 60 * 24 };
/** Longer histories make the fit slower, not better. */
const FITTED: Readonly<Record<Step, number>> = { day: 126, hour: 28 * 24 };
const PERIODS: Readonly<Record<Step, readonly number[]>> = { day: [7], hour: [24, 168] };
const WEEK: Readonly<Record<Step, number>> = { day: 7, hour: 168 };
/** Of points of risk: see ../finding-risk.ts. */
const SCORE_HALF_LIFE: Readonly<Record<Step, number>> = { day: HALF_LIFE_DAYS, hour: 24 * HALF_LIFE_DAYS };
/** What lies further from level and effect, in robust standard deviations, is drawn in to there. */
const OUTLIER = 3.5;
const LEAST_DEVIATION = 0.05;
/** A trend may reach e times the greatest value ever seen, not more. */
const GROWTH_LIMIT = 1;

/** Holes are filled from a week before, else from the last value. */
export function historyOf(series: Series, withCalendar: boolean): History {
  const { step, measure, values } = series;
  const { to } = SCALES[measure];
  const y: number[] = [];
  values.forEach((value, n) => y.push(value === null ? (y[n - WEEK[step]] ?? y[n - 1] ?? 0) : to(value)));
  const length = y.length + HORIZON[step];
  const groups = groupsOf(series, length, withCalendar);
  return { step, measure, y, groups, usual: groupsOf(series, length, false), works: worksOf(series, groups) };
}

/** What lies before an origin, taken apart; positions count from the first value that is looked at. */
interface Past {
  step: Step;
  y: readonly number[];
  /** The same with outliers drawn in. */
  calm: readonly number[];
  /** What the kind of the day, or hour, adds: as the calendar has it, and as the weekday alone would. */
  effectAt: (position: number) => number;
  usualEffectAt: (position: number) => number;
}

type Model = (past: Past, horizon: number) => number[] | undefined;

const FORECAST: Readonly<Record<ModelName, Model>> = {
  naive: ({ y }, horizon) => Array.from({ length: horizon }, () => y.at(-1)!),
  'seasonal-naive': ({ step, y, effectAt }, horizon) => {
    const before = (h: number): number => y.length + h - WEEK[step];
    if (before(0) < 0) return undefined;
    return steps(horizon, (h) => y[before(h)]! + effectAt(y.length + h) - effectAt(before(h)));
  },
  smoothing: ({ step, calm, effectAt }, horizon) =>
    onTopOf(effectAt, calm, step, (flat) => smoothingForecast(flat, horizon)),
  // Ordinary days keep their season; only what the calendar changes is taken out, and put back in.
  seasons: ({ step, calm, effectAt, usualEffectAt }, horizon) =>
    onTopOf(
      (position) => effectAt(position) - usualEffectAt(position),
      calm,
      step,
      (ordinary) => seasonsForecast(ordinary, PERIODS[step], horizon),
    ),
  reverting: ({ step, calm, effectAt }, horizon) =>
    onTopOf(effectAt, calm, step, (flat) => revertingForecast(flat, horizon)),
  fading: ({ step, y }, horizon) => fadingForecast(y.slice(-FITTED[step]), horizon, SCORE_HALF_LIFE[step]),
};

function fadingForecast(y: readonly number[], horizon: number, halfLife: number): number[] {
  return steps(horizon, (h) => {
    const left = 0.5 ** ((h + 1) / halfLife);
    const added = y.slice(h + 1).map((value, n) => value - y[n]! * left);
    return y.at(-1)! * left + (added.length === 0 ? 0 : median(added));
  });
}

/** An autoregression of the first order. */
function revertingForecast(y: readonly number[], horizon: number): number[] {
  const centre = mean(y);
  const left = y.map((value) => value - centre);
  const kept = left.slice(1).reduce((sum, value, n) => sum + value * left[n]!, 0);
  const all = left.reduce((sum, value) => sum + value * value, 0);
  const stays = all === 0 ? 0 : Math.max(0, Math.min(1, kept / all));
  return steps(horizon, (h) => centre + left.at(-1)! * stays ** (h + 1));
}

/** Forecasts of naive and all candidates for the steps after the first `origin` values; a model that can not tell is left out. */
export function forecastsAt(history: History, origin: number): Map<ModelName, number[]> {
  const past = pastOf(history, origin);
  const names: readonly ModelName[] = ['naive', ...CANDIDATES[history.measure]];
  const most = past.y.reduce((max, value) => Math.max(max, value), 0) + GROWTH_LIMIT;
  const paths = new Map<ModelName, number[]>();
  for (const name of names) {
    const path = FORECAST[name](past, HORIZON[history.step]);
    if (path !== undefined)
      paths.set(
        name,
        path.map((value) => Math.min(most, Math.max(0, value))),
      );
  }
  return paths;
}

function pastOf({ step, y, groups, usual }: History, origin: number): Past {
  const first = Math.max(0, origin - COMPARED[step]);
  const past = y.slice(first, origin);
  const found = effectsOf(past, { ...groups, of: groups.of.slice(first) }, step === 'day' ? 1 : 24);
  const effectAt = (position: number): number => found.effects[groups.of[first + position]!]!;
  const usualEffectAt = (position: number): number => found.effects[usual.of[first + position]!]!;
  return { step, y: past, calm: withoutOutliers(past, found, effectAt), effectAt, usualEffectAt };
}

/** A forecast of the newest part of what is left without the effects, with the effects put back. */
function onTopOf(
  effectAt: (position: number) => number,
  y: readonly number[],
  step: Step,
  forecastLeft: (left: number[]) => number[] | undefined,
): number[] | undefined {
  const from = Math.max(0, y.length - FITTED[step]);
  const left = y.slice(from).map((value, n) => value - effectAt(from + n));
  return forecastLeft(left)?.map((value, h) => value + effectAt(y.length + h));
}

function withoutOutliers(
  past: readonly number[],
  { level }: Effects,
  effectAt: (position: number) => number,
): number[] {
  const left = past.map((value, n) => value - level[n]! - effectAt(n));
  const most = OUTLIER * Math.max(LEAST_DEVIATION, medianAbsoluteDeviation(left) / 0.6745);
  return past.map((value, n) => value - left[n]! + Math.max(-most, Math.min(most, left[n]!)));
}

function steps(count: number, valueAt: (h: number) => number): number[] {
  return Array.from({ length: count }, (_, h) => valueAt(h));
}
