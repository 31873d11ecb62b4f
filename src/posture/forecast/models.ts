import { medianAbsoluteDeviation } from 'simple-statistics';
import { seasonsForecast, smoothingForecast } from './augurs.ts';
import { effectsOf, groupsOf, type Effects, type Groups } from './calendar-effects.ts';
import { HORIZON, type Series, type Step } from './series.ts';

export const MODELS = ['naive', 'seasonal-naive', 'smoothing', 'seasons'] as const;
/**
 * - `naive`: the last value; the measure of all others, never chosen;
 * - `seasonal-naive`: the value of a week before, moved by the difference between the kinds of the two days;
 * - `smoothing`: exponential smoothing of what is left when the kinds of days are taken out (Holt-Winters with a calendar);
 * - `seasons`: MSTL of the series with holidays and make-up days turned into ordinary ones.
 */
export type ModelName = (typeof MODELS)[number];

/** Values on the scale of log(1 + x), where growth adds and a weekend is a constant step down. */
export interface History {
  step: Step;
  y: readonly number[];
  groups: Groups;
  /** The same if all days were what their weekdays say. */
  usual: Groups;
}

/** Longer histories make the fit slower, not better. */
const FITTED: Readonly<Record<Step, number>> = { day: 126, hour: 28 * 24 };
const PERIODS: Readonly<Record<Step, readonly number[]>> = { day: [7], hour: [24, 168] };
export const WEEK: Readonly<Record<Step, number>> = { day: 7, hour: 168 };
/** What lies further from level and effect, in robust standard deviations, is drawn in to there. */
const OUTLIER = 3.5;
const LEAST_DEVIATION = 0.05;
/** A trend may reach e times the greatest value ever seen, not more. */
const GROWTH_LIMIT = 1;

/** Values with holes filled from a week before (else from the last one), as log(1 + x). */
export function historyOf(series: Series, withCalendar: boolean): History {
  const { step, values } = series;
  const y: number[] = [];
  values.forEach((value, n) => y.push(value === null ? (y[n - WEEK[step]] ?? y[n - 1] ?? 0) : Math.log1p(value)));
  const length = y.length + HORIZON[step];
  return { step, y, groups: groupsOf(series, length, withCalendar), usual: groupsOf(series, length, false) };
}

/** Forecasts of all models for the steps after the first `origin` values; a model that can not tell is left out. */
export function forecastsAt({ step, y, groups, usual }: History, origin: number): Map<ModelName, number[]> {
  const horizon = HORIZON[step];
  const past = y.slice(0, origin);
  const found = effectsOf(past, groups, step === 'day' ? 1 : 24);
  const effectAt = (position: number): number => found.effects[groups.of[position]!]!;
  const ahead = Array.from({ length: horizon }, (_, h) => origin + h);
  const calm = withoutOutliers(past, found, effectAt);
  const from = Math.max(0, origin - FITTED[step]);
  const flat = calm.slice(from).map((value, n) => value - effectAt(from + n));
  const smoothing = smoothingForecast(flat, horizon)?.map((value, h) => value + effectAt(origin + h));
  // Ordinary days keep their season; only what the calendar changed is taken out, and put back in.
  const changed = (position: number): number => effectAt(position) - found.effects[usual.of[position]!]!;
  const ordinary = calm.slice(from).map((value, n) => value - changed(from + n));
  const seasons = seasonsForecast(ordinary, PERIODS[step], horizon)?.map((value, h) => value + changed(origin + h));
  const before = (position: number): number => Math.max(0, position - WEEK[step]);
  const seasonal = ahead.map((at) => past[before(at)]! + effectAt(at) - effectAt(before(at)));
  const all: [ModelName, number[] | undefined][] = [
    ['naive', ahead.map(() => past[origin - 1]!)],
    ['seasonal-naive', origin >= WEEK[step] ? seasonal : undefined],
    ['smoothing', smoothing],
    ['seasons', seasons],
  ];
  const most = past.reduce((max, value) => Math.max(max, value), 0) + GROWTH_LIMIT;
  return new Map(
    all.flatMap(([name, path]) =>
      path === undefined ? [] : [[name, path.map((value) => Math.min(most, Math.max(0, value)))]],
    ),
  );
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
