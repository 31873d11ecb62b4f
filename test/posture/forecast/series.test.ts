import { describe, expect, it } from 'vitest';
import { dayIndex } from '../../../src/posture/forecast/series.ts';
import { dayOf, kindsFrom } from './a-series.ts';

describe('the kind of a day', () => {
  it('tells a weekend from a holiday and a make-up day from a workday', () => {
    // From Friday 26 September 2025: make-up Sunday, two workdays, eight days off, two workdays, make-up Saturday, Sunday.
    expect(kindsFrom(dayOf('2025-09-26'), 17)).toEqual([
      ...['workday', 'rest', 'make-up', 'workday', 'workday'],
      ...Array<string>(8).fill('holiday'),
      ...['workday', 'workday', 'make-up', 'rest'],
    ]);
  });

  it('counts the weekend beside a day off as part of the holiday', () => {
    // Qingming: Friday 4 April 2025 and its weekend.
    expect(kindsFrom(dayOf('2025-04-03'), 5)).toEqual(['workday', 'holiday', 'holiday', 'holiday', 'workday']);
  });
});

describe('a position in a series', () => {
  it('lies in the local day of its hour, wherever the series begins', () => {
    expect([0, 1, 2, 25, 26].map((at) => dayIndex({ step: 'hour', start: 24 * 20_000 + 22 }, at))).toEqual([
      0, 0, 1, 1, 2,
    ]);
  });
});
