import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AutoETS, initSync as startEts } from '@bsull/augurs/ets';
import { MSTL, initSync as startMstl } from '@bsull/augurs/mstl';

const LEAST_CHANGE = 1e-9;

let started = false;

/** Loads the WebAssembly of the package; later calls do nothing. */
function start(): void {
  if (started) return;
  const bytes = (name: string) =>
    readFileSync(fileURLToPath(import.meta.resolve(`@bsull/augurs/${name}`)).replace(/\.js$/, '_bg.wasm'));
  startEts({ module: bytes('ets') });
  startMstl({ module: bytes('mstl') });
  started = true;
}

/** Exponential smoothing with the error and trend that fit best; no season. undefined when nothing fits. */
export function smoothingForecast(y: readonly number[], horizon: number): number[] | undefined {
  start();
  return predicted(() => new AutoETS(1, 'ZZN'), y, horizon);
}

/** Seasons by STL, the rest by exponential smoothing. undefined with less than two of the longest period. */
export function seasonsForecast(
  y: readonly number[],
  periods: readonly number[],
  horizon: number,
): number[] | undefined {
  start();
  if (y.length < 2 * Math.max(...periods)) return undefined;
  return predicted(() => MSTL.ets([...periods]), y, horizon);
}

interface Model {
  fit(y: Float64Array): void;
  predict(horizon: number): { point: number[] };
  free(): void;
}

/** A series that a model can not be fitted to makes no forecast: the other models are there. */
function predicted(make: () => Model, y: readonly number[], horizon: number): number[] | undefined {
  // The search for parameters takes a hundred times longer where there is nothing to fit.
  if (Math.max(...y) - Math.min(...y) < LEAST_CHANGE) return Array.from({ length: horizon }, () => y[0] ?? 0);
  const model = make();
  try {
    model.fit(Float64Array.from(y));
    const { point } = model.predict(horizon);
    return point.length === horizon && point.every(Number.isFinite) ? point : undefined;
  } catch {
    return undefined;
  } finally {
    model.free();
  }
}
