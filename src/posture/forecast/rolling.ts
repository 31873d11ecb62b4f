import { forecastsAt, type History, type ModelName } from './models.ts';
import { HORIZON, type Step } from './series.ts';

/** Origins that are judged: one a day for four weeks; intervals come from eight weeks of errors. */
export const JUDGED_ORIGINS = 28;
const INTERVAL_ORIGINS = 56;
/** Fewer errors have no tenth part at either end. */
const LEAST_ERRORS = 9;
const TRAINING_DAYS = 14;
const TAIL = 0.1;

export const A_DAY: Readonly<Record<Step, number>> = { day: 1, hour: 24 };

/** What each model said at each origin of the past: origin → model → values of log(1 + x). */
export type Paths = ReadonlyMap<number, ReadonlyMap<ModelName, readonly number[]>>;

/** Values before the first origin that models learn from. */
export function trainingSteps(step: Step): number {
  return TRAINING_DAYS * A_DAY[step];
}

/** The shortest history that can be judged: training, four weeks of origins, and what the last of them forecast. */
export function leastSteps(step: Step): number {
  return trainingSteps(step) + (JUDGED_ORIGINS - 1) * A_DAY[step] + HORIZON[step];
}

/** Origins whose whole path is known at the `end` of the history, newest last; at most as many as the judgement uses. */
export function originsBefore(step: Step, end: number, most = JUDGED_ORIGINS + INTERVAL_ORIGINS): number[] {
  const origins: number[] = [];
  for (let at = end - HORIZON[step]; at >= trainingSteps(step) && origins.length < most; at -= A_DAY[step])
    origins.unshift(at);
  return origins;
}

/** Each origin sees only what lies before it. */
export function pathsAt(history: History, origins: readonly number[]): Map<number, Map<ModelName, number[]>> {
  return new Map(origins.map((origin) => [origin, forecastsAt(history, origin)]));
}

/** Errors of a model in the numbers of the series, as a multiple of the naive error of the same horizons. */
export function maseOf(
  model: ModelName,
  history: History,
  paths: Paths,
  origins: readonly number[],
  scale: number,
): number {
  let [sum, count] = [0, 0];
  for (const origin of origins) {
    const path = paths.get(origin)?.get(model);
    if (path === undefined) return Infinity;
    path.forEach((value, h) => {
      sum += Math.abs(Math.expm1(value) - Math.expm1(history.y[origin + h]!));
      count++;
    });
  }
  if (count === 0) return Infinity;
  const error = sum / count;
  return error < 1e-9 ? 0 : error / scale;
}

/**
 * The mean error that the last value makes as a forecast of the 1 … horizon following steps, over the values before `end`.
 * MASE above 1 is so worse than naive at the same distance; 0 when nothing ever changed.
 */
export function naiveError({ step, y }: History, end: number): number {
  const values = y.slice(0, end).map(Math.expm1);
  let [sum, count] = [0, 0];
  for (let origin = 1; origin < end; origin += 1)
    for (let h = 0; h < HORIZON[step] && origin + h < end; h++) {
      sum += Math.abs(values[origin + h]! - values[origin - 1]!);
      count++;
    }
  return count === 0 ? 0 : sum / count;
}

/** The model that would have been best at these origins; undefined when none could forecast at all of them. */
export function bestModel(
  history: History,
  paths: Paths,
  origins: readonly number[],
  candidates: readonly ModelName[],
): ModelName | undefined {
  const judged = candidates.map((model) => ({ model, error: maseOf(model, history, paths, origins, 1) }));
  const best = judged.reduce<(typeof judged)[number] | undefined>(
    (least, one) => (one.error < (least?.error ?? Infinity) ? one : least),
    undefined,
  );
  return best?.model;
}

/** Errors of whole paths, on the scale of log(1 + x), at origins whose paths are known at `end`. */
export function errorPaths(model: ModelName, history: History, paths: Paths, end: number): number[][] {
  return originsBefore(history.step, end, INTERVAL_ORIGINS).flatMap((origin) => {
    const path = paths.get(origin)?.get(model);
    return path === undefined ? [] : [path.map((value, h) => history.y[origin + h]! - value)];
  });
}

/** What lies between the tenth part of the errors below and that above, per horizon; undefined with too few errors. */
export function intervalsOf(errors: readonly (readonly number[])[]): { lower: number; upper: number }[] | undefined {
  if (errors.length < LEAST_ERRORS) return undefined;
  return errors[0]!.map((_, h) => {
    const sorted = errors.map((path) => path[h]!).sort((a, b) => a - b);
    return { lower: conformal(sorted, TAIL), upper: conformal(sorted, 1 - TAIL) };
  });
}

/** The next error falls below the result with this probability, whatever the errors' distribution: rank p · (n + 1). */
function conformal(sorted: readonly number[], probability: number): number {
  const rank = Math.min(sorted.length, Math.max(1, probability * (sorted.length + 1)));
  const [below, above] = [sorted[Math.floor(rank) - 1]!, sorted[Math.ceil(rank) - 1]!];
  return below + (above - below) * (rank - Math.floor(rank));
}
