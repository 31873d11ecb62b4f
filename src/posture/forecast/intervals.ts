import type { History, ModelName } from './models.ts';
import { originsBefore, type Paths } from './rolling.ts';

/** Intervals come from eight weeks of errors. */
export const INTERVAL_ORIGINS = 56;
/** Fewer errors have no tenth part at either end. */
const LEAST_ERRORS = 9;
const TAIL = 0.1;

/** Errors of a whole path, on the scale of the measure, and whether people worked at its steps. */
export interface ErrorPath {
  errors: readonly number[];
  works: readonly boolean[];
}

/** Where 80 of 100 values lie, on the scale of the measure. */
export interface Interval {
  lower: number;
  upper: number;
}

/** Of a model at the newest origins whose paths are known at `end`. */
export function errorPaths(model: ModelName, { step, y, works }: History, paths: Paths, end: number): ErrorPath[] {
  return originsBefore(step, end, INTERVAL_ORIGINS).flatMap((origin) => {
    const path = paths.get(origin)?.get(model);
    if (path === undefined) return [];
    const to = origin + path.length;
    return [{ errors: path.map((value, h) => y[origin + h]! - value), works: works.slice(origin, to) }];
  });
}

/**
 * Quantiles of past errors of the same horizon: of days on which people worked, or rested, as on the day itself when there
 * are enough of them. undefined with too few errors.
 */
export function intervalsAround(
  path: readonly number[],
  works: readonly boolean[],
  past: readonly ErrorPath[],
): Interval[] | undefined {
  if (past.length < LEAST_ERRORS) return undefined;
  return path.map((value, h) => {
    const alike = past.filter((one) => one.works[h] === works[h]);
    const used = alike.length >= LEAST_ERRORS ? alike : past;
    const sorted = used.map(({ errors }) => errors[h]!).sort((a, b) => a - b);
    return { lower: value + conformal(sorted, TAIL), upper: value + conformal(sorted, 1 - TAIL) };
  });
}

/** The next error falls below the result with this probability, whatever the errors' distribution: rank p · (n + 1). */
function conformal(sorted: readonly number[], probability: number): number {
  const rank = Math.min(sorted.length, Math.max(1, probability * (sorted.length + 1)));
  const [below, above] = [sorted[Math.floor(rank) - 1]!, sorted[Math.ceil(rank) - 1]!];
  return below + (above - below) * (rank - Math.floor(rank));
}

/** Share of the past error paths that, laid onto the path, reach the limit: errors of neighbouring days keep together. */
export function crossingProbability(path: readonly number[], past: readonly ErrorPath[], limit: number): number {
  const crosses = (errors?: readonly number[]): boolean => path.some((value, h) => value + (errors?.[h] ?? 0) >= limit);
  const crossed = past.filter(({ errors }) => crosses(errors)).length;
  // The forecast itself counts as one path, so that no share is taken of nothing.
  return (crossed + (crosses() ? 1 : 0)) / (past.length + 1);
}
