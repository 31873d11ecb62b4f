import { describe, expect, it, vi } from 'vitest';
import { Random } from '../../../demo/random.ts';
import { forecast } from '../../../src/posture/forecast/forecast.ts';
import { historyOf } from '../../../src/posture/forecast/models.ts';
import { maseOf, originsBefore, pathsAt } from '../../../src/posture/forecast/rolling.ts';
import { WanglouError } from '../../../src/errors.ts';
import { dayOf, kindsFrom, seriesOf } from './a-series.ts';

// Models are fitted hundreds of times.
vi.setConfig({ testTimeout: 60_000 });

/** Workdays of about 1,000, rest days of about 100, with noise. */
function officeDays(count: number, first: string, seed: string, sigma = 0.15): number[] {
  const random = new Random(seed);
  return kindsFrom(dayOf(first), count).map((kind) =>
    random.logNormal(kind === 'workday' || kind === 'make-up' ? 1_000 : 100, sigma),
  );
}

describe('the interval', () => {
  it('has held about 80 of 100 values that came later, on noise of any seed', () => {
    const found = [1, 2, 3, 4].map((seed) =>
      forecast(seriesOf(officeDays(150, '2025-06-09', `noise/${seed}`), { first: '2025-06-09' })),
    );
    const covered = found.reduce((sum, one) => sum + one.covered, 0);
    const held = found.reduce((sum, one) => sum + one.coverage! * one.covered, 0) / covered;
    expect(covered).toBe(4 * 28 * 7);
    expect(held).toBeGreaterThan(0.75);
    expect(held).toBeLessThan(0.85);
  });

  it('is wide on days on which people work and narrow on others', () => {
    const { points } = forecast(seriesOf(officeDays(98, '2025-06-09', 'widths')));
    const widths = points.map(({ lower, upper }) => upper - lower);
    expect(Math.min(...widths.slice(0, 5))).toBeGreaterThan(3 * Math.max(...widths.slice(5)));
  });
});

describe('holidays and make-up days', () => {
  it('are forecast as what they are: a week of National Day, and the Saturday that makes up for it', () => {
    const first = '2025-06-09';
    const before = (date: string) => officeDays(dayOf(date) - dayOf(first), first, 'holidays');
    const october = forecast(seriesOf(before('2025-10-06'), { first })).points;
    // 6 to 8 October are days off, the 9th and 10th workdays, Saturday 11th is worked, Sunday is not.
    expect(october.map(({ value }) => value > 500)).toEqual([false, false, false, true, true, true, false]);
  });

  it('halve the error of weeks that have them', () => {
    const first = '2025-06-09';
    const series = seriesOf(officeDays(dayOf('2025-10-20') - dayOf(first), first, 'help'), { first });
    const errorOf = (withCalendar: boolean): number => {
      const history = historyOf(series, withCalendar);
      const origins = originsBefore('day', series.values.length, 21);
      return maseOf('smoothing', history, pathsAt(history, origins), origins, 1);
    };
    expect(errorOf(true)).toBeLessThan(0.5 * errorOf(false));
  });
});

describe('a series that is not as usual', () => {
  it('of three days makes no forecast, and says in both languages how many are needed', () => {
    const found = forecast(seriesOf([3, 4, 5]));
    expect(found).toMatchObject({ model: '', points: [], mase: null, coverage: null });
    expect(found.hidden.en).toBe('The history has 3 days; a forecast can be tested with 48 or more');
    expect(found.hidden.zh).toContain('历史数据只有 3 天');
    expect(forecast(seriesOf([])).points).toEqual([]);
  });

  it('that never changes goes on as it is', () => {
    for (const value of [0, 7]) {
      const { points, mase, hidden } = forecast(seriesOf(Array<number>(60).fill(value)));
      expect(hidden.en).toBe('');
      expect(mase).toBe(0);
      for (const point of points) expect(point).toMatchObject({ value, lower: value, upper: value });
    }
  });

  it('that nobody can foretell is hidden with its errors', () => {
    const found = ['a', 'b', 'c', 'd'].map((seed) => {
      const random = new Random('walk', seed);
      let level = 5_000;
      return forecast(seriesOf(Array.from({ length: 100 }, () => (level += 100 * random.normal()))));
    });
    const hidden = found.filter(({ points }) => points.length === 0);
    expect(hidden.length).toBeGreaterThan(0);
    for (const { mase, naive, hidden: why } of hidden) {
      expect(mase! > 1 || mase! >= naive!).toBe(true);
      expect(why.en).toContain(`MASE ${mase!.toFixed(2)}`);
      expect(why.zh).toContain(mase!.toFixed(2));
    }
    for (const { points, mase, naive } of found)
      if (points.length > 0) expect(mase!).toBeLessThanOrEqual(Math.min(1, naive!));
  });

  it('with one great outlier is expected as without it', () => {
    const values = officeDays(84, '2025-06-09', 'outlier');
    const usual = forecast(seriesOf(values)).points;
    const found = forecast(seriesOf(values.with(81, 500_000))).points;
    found.forEach(({ value }, n) => expect(Math.abs(Math.log(value / usual[n]!.value))).toBeLessThan(0.3));
  });

  it('with days that nobody watched is expected as if they had been usual', () => {
    const values = officeDays(84, '2025-06-09', 'gaps');
    const usual = forecast(seriesOf(values)).points;
    const found = forecast(seriesOf(values.map((value, n) => (n >= 70 && n < 73 ? null : value)))).points;
    found.forEach(({ value }, n) => expect(Math.abs(Math.log(value / usual[n]!.value))).toBeLessThan(0.2));
  });

  it('of few counts stays at 0 or above', () => {
    const random = new Random('few');
    const found = forecast(seriesOf(Array.from({ length: 90 }, () => random.poisson(0.4))));
    for (const { lower, value, upper } of found.points) {
      expect(lower).toBeGreaterThanOrEqual(0);
      expect(value).toBeGreaterThanOrEqual(lower);
      expect(upper).toBeGreaterThanOrEqual(value);
    }
  });
});

describe('an early warning', () => {
  const rising = Array.from({ length: 84 }, (_, n) => 100 * Math.exp(n / 40) * (1 + 0.02 * Math.sin(n)));

  it('is given when a week of growth probably reaches the threshold', () => {
    expect(forecast(seriesOf(rising), 850).crossing).toMatchObject({ threshold: 850, warning: true });
  });

  it('is not given for one that is out of reach, nor without one', () => {
    expect(forecast(seriesOf(rising), 5_000).crossing).toMatchObject({ probability: 0, warning: false });
    expect(forecast(seriesOf(rising)).crossing).toBeUndefined();
  });

  it('names the day by which it is probable enough, and none when it is not', () => {
    const { by } = forecast(seriesOf(rising), 850).crossing!;
    const first = seriesOf(rising).start + rising.length;
    expect(by).toBeGreaterThanOrEqual(first);
    expect(by).toBeLessThan(first + 7);
    expect(forecast(seriesOf(rising), 5_000).crossing!.by).toBeNull();
  });
});

describe('nonsense', () => {
  const refused = (series: object): WanglouError => {
    try {
      forecast({ ...seriesOf([1, 2, 3]), ...series });
    } catch (error) {
      if (error instanceof WanglouError) return error;
    }
    throw new Error('was not refused');
  };

  it('is refused with the field, the value and what would do', () => {
    const minus = refused({ values: [1, -2, 3] });
    expect([minus.code, minus.message]).toEqual(['WL_QUERY_INVALID', 'values[1] of the series is -2']);
    expect(minus.remedy).toBe('Give a number of 0 or more, or null for a step that was not watched.');
    expect(refused({ values: [NaN] }).message).toBe('values[0] of the series is NaN');
    expect(refused({ values: [101], measure: 'score' }).remedy).toBe('Give 100 at most.');
    expect(refused({ start: 0.5 }).message).toBe('start of the series is 0.5');
    expect(refused({ step: 'week' }).remedy).toBe('Say day or hour.');
    expect(refused({ dayKinds: [] }).remedy).toBe('Give the kinds of 10 days, those to forecast included.');
  });
});
