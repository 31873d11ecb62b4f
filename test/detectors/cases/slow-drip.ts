import { slowDrip } from '../../../detectors/slow-drip.ts';
import { NO_BASELINE } from '../../detection/judge.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { access } from '../town.ts';

/** 100 rows a day are usual; with this spread 280 rows are a z of about 2.3. */
const usual = {
  baseline: () => ({
    ...NO_BASELINE,
    expected: () =>
      ({ source: 'self', median: Math.log1p(100), mad: 0.3, sampleSize: 20, ownMedian: Math.log1p(100) }) as const,
  }),
};
const date = (n: number) => new Date(Date.UTC(2026, 10, 2 + n)).toISOString().slice(0, 10);
const days = (...rows: number[]) => rows.map((count, n) => access(`${date(n)}T10:00`, { rows: count }));
const drip = (count: number) => days(...Array<number>(count).fill(280), 100);

export const slowDripCases = contract(slowDrip, {
  fires: fires(() => drip(6), usual),
  quiet: quiet(() => days(...Array<number>(20).fill(110)), usual),
  // The deviations of three such days add up to more than five.
  ...around({ limit: 3, events: drip, ...usual }),
  coldStart: quiet(() => drip(12)),
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same',
  duplicated: 'same',
  replay: 'same',
  daysLate: 'same',
});
