import { errorPaths, intervalsAround, type ErrorPath, type Interval } from './intervals.ts';
import type { History, ModelName } from './models.ts';
import { bestModel, JUDGED_ORIGINS, originsBefore, type Paths } from './rolling.ts';

/** What would have been forecast at an origin, knowing only what lay before it. */
export interface Judged {
  model: ModelName;
  path: readonly number[];
  errors: readonly ErrorPath[];
  /** undefined when there were too few errors by then. */
  intervals: Interval[] | undefined;
}

/** undefined when no model had four weeks to be chosen by, or the chosen one could not tell. */
export function judgedAt(history: History, paths: Paths, origin: number): Judged | undefined {
  const judged = originsBefore(history.step, origin, JUDGED_ORIGINS);
  const model = judged.length === 0 ? undefined : bestModel(history, paths, judged);
  const path = model && paths.get(origin)?.get(model);
  if (model === undefined || path === undefined) return undefined;
  const errors = errorPaths(model, history, paths, origin);
  const works = history.works.slice(origin, origin + path.length);
  return { model, path, errors, intervals: intervalsAround(path, works, errors) };
}

/** How many of the values that came lay in the intervals that had been given, both ends included. */
export function insideOf(history: History, origin: number, intervals: readonly Interval[]): number {
  // A difference added back differs in the last digits.
  const SLACK = 1e-9;
  return intervals.filter(({ lower, upper }, h) => {
    const came = history.y[origin + h]!;
    return came >= lower - SLACK && came <= upper + SLACK;
  }).length;
}
