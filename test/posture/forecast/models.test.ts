import { describe, expect, it, vi } from 'vitest';
import { Random } from '../../../demo/random.ts';
import { historyOf, type ModelName } from '../../../src/posture/forecast/models.ts';
import { maseOf, naiveError, originsBefore, pathsAt } from '../../../src/posture/forecast/rolling.ts';
import type { Series } from '../../../src/posture/forecast/series.ts';
import { seriesOf } from './a-series.ts';

// Models are fitted hundreds of times.
vi.setConfig({ testTimeout: 60_000 });

const DAYS = Array.from({ length: 84 }, (_, n) => n);

/** Errors over the last four weeks, as multiples of the naive error before them. */
function errors(series: Series, model: ModelName): { mase: number; naive: number } {
  const history = historyOf(series, true);
  const origins = originsBefore(series.step, series.values.length, 28);
  const paths = pathsAt(history, origins);
  const scale = naiveError(history, origins[0]!);
  const of = (name: ModelName) => maseOf(name, history, paths, origins, scale);
  return { mase: of(model), naive: of('naive') };
}

describe('a model beats repeating the last value on what it is for', () => {
  const week = [40, 55, 61, 48, 52, 9, 4];

  it('seasonal-naive: a week that comes again', () => {
    const { mase, naive } = errors(seriesOf(DAYS.map((n) => week[n % 7]!)), 'seasonal-naive');
    expect(naive).toBeGreaterThan(0.8);
    expect(mase).toBeLessThan(0.05);
  });

  it('smoothing: noise around a level that grows, in weeks', () => {
    const random = new Random('smoothing');
    const values = DAYS.map((n) => random.logNormal(week[n % 7]! * 20 * Math.exp(n / 60), 0.1));
    const { mase, naive } = errors(seriesOf(values), 'smoothing');
    expect(mase).toBeLessThan(0.35 * naive);
  });

  it('seasons: hours of days of weeks', () => {
    const random = new Random('seasons');
    const values = Array.from({ length: 60 * 24 }, (_, n) => {
      const [hour, weekday] = [n % 24, Math.floor(n / 24) % 7];
      return random.poisson(20 + 200 * Math.max(0, Math.sin(((hour - 6) / 12) * Math.PI)) * (weekday < 5 ? 1 : 0.3));
    });
    const { mase, naive } = errors(seriesOf(values, { step: 'hour' }), 'seasons');
    expect(mase).toBeLessThan(0.35 * naive);
  });

  it('reverting: what always goes back to where it was', () => {
    const random = new Random('reverting');
    const values = DAYS.map(() => random.logNormal(50, 0.5));
    const { mase, naive } = errors(seriesOf(values), 'reverting');
    expect(mase).toBeLessThan(0.85 * naive);
  });

  it('fading: a score that halves in two weeks between jumps', () => {
    const random = new Random('fading');
    let sum = 0;
    const values = Array.from({ length: 200 }, () => {
      sum = sum * 0.5 ** (1 / 14) + (random.chance(1 / 15) ? 40 : 0);
      return 100 * (1 - Math.exp(-sum / 60));
    });
    const { mase, naive } = errors(seriesOf(values, { measure: 'score' }), 'fading');
    expect(mase).toBeLessThan(0.9 * naive);
  });
});
