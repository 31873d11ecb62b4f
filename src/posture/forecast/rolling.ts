import { CANDIDATES, forecastsAt, type History, type ModelName } from './models.ts';
import { SCALES } from './scale.ts';
import { HORIZON, type Step } from './series.ts';

/** Origins that are judged: one a day for four weeks. */
export const JUDGED_ORIGINS = 28;
const TRAINING_DAYS = 14;
/** Less is what remains of computing there and back. */
const LEAST_ERROR = 1e-9;

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

/** The newest origins whose whole path is known at the `end` of the history, in order. */
export function originsBefore(step: Step, end: number, most: number): number[] {
  const origins: number[] = [];
  for (let at = end - HORIZON[step]; at >= trainingSteps(step) && origins.length < most; at -= A_DAY[step])
    origins.unshift(at);
  return origins;
}

/** Each origin sees only what lies before it. */
export function pathsAt(history: History, origins: readonly number[]): Map<number, Map<ModelName, number[]>> {
  return new Map(origins.map((origin) => [origin, forecastsAt(history, origin)]));
}

/** Mean error over origins and horizons, as a multiple of the naive error of the same horizons; Infinity for none. */
export function maseOf(
  model: ModelName,
  history: History,
  paths: Paths,
  origins: readonly number[],
  scale: number,
): number {
  const error = mean(origins.map((origin) => pathError(history, origin, paths.get(origin)?.get(model))));
  return error < LEAST_ERROR ? 0 : error / scale;
}

/** Mean absolute error of a path in the numbers of the series; Infinity when there is none. */
export function pathError({ measure, y }: History, origin: number, path: readonly number[] | undefined): number {
  if (path === undefined) return Infinity;
  const { from } = SCALES[measure];
  return mean(path.map((value, h) => Math.abs(from(value) - from(y[origin + h]!))));
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? Infinity : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The mean error that the last value makes as a forecast of the 1 … horizon following steps, over the values before `end`.
 * MASE above 1 is so worse than naive at the same distance; 0 when nothing ever changed.
 */
export function naiveError({ step, measure, y }: History, end: number): number {
  const values = y.slice(0, end).map(SCALES[measure].from);
  let [sum, count] = [0, 0];
  for (let origin = 1; origin < end; origin += 1)
    for (let h = 0; h < HORIZON[step] && origin + h < end; h++) {
      sum += Math.abs(values[origin + h]! - values[origin - 1]!);
      count++;
    }
  return count === 0 ? 0 : sum / count;
}

/** The model that would have been best at these origins; undefined when none could forecast at all of them. */
export function bestModel(history: History, paths: Paths, origins: readonly number[]): ModelName | undefined {
  const judged = CANDIDATES[history.measure].map((model) => ({
    model,
    error: maseOf(model, history, paths, origins, 1),
  }));
  const best = judged.reduce<(typeof judged)[number] | undefined>(
    (least, one) => (one.error < (least?.error ?? Infinity) ? one : least),
    undefined,
  );
  return best?.model;
}
