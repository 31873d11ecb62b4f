import { sourceLag } from '../../../detectors/source-lag.ts';
import { eventAt } from '../../detection/judge.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { later } from '../town.ts';

const quarter = (date: string, count: number, clock = '10:00') =>
  Array.from({ length: count }, (_, n) =>
    eventAt(later(`${date}T${clock}`, (n * 890) / count), { source: 'archive', host: 'db01' }),
  );
/** Days with 100 events in each of three quarters around ten o'clock. */
const history = (days: string[]) =>
  days.flatMap((day) => [
    ...['09:45', '10:00', '10:15'].flatMap((clock) => quarter(day, 100, clock)),
    eventAt(`${day}T23:50`, { source: 'archive', host: 'db01' }),
  ]);
const NOVEMBER = ['02', '03', '04', '05', '06', '09'].map((day) => `2026-11-${day}`);
const SEPTEMBER = ['21', '22', '23', '24', '28', '29', '30'].map((day) => `2026-09-${day}`);
const on = (date: string, count: number, days: string[]) => [
  ...history(days),
  ...quarter(date, 100, '09:45'),
  ...quarter(date, count),
  eventAt(`${date}T10:30`, { source: 'other' }),
];
/** A few of a hundred events come eleven minutes late. */
const lagging = (late: number) => [
  ...quarter('2026-11-10', 100).map((event, n) => (n < late ? { ...event, time: event.time - 660_000 } : event)),
  eventAt('2026-11-10T10:30', { source: 'other' }),
];

export const sourceLagCases = contract(sourceLag, {
  fires: fires(() => on('2026-11-10', 20, NOVEMBER)),
  quiet: quiet(() => on('2026-11-10', 80, NOVEMBER)),
  ...around({ limit: 5, events: lagging, isExclusive: true }),
  coldStart: quiet(() => on('2026-11-06', 9, NOVEMBER.slice(0, 4))),
  restDay: quiet(() => on('2026-10-05', 9, SEPTEMBER)),
  makeUpDay: fires(() => on('2026-10-10', 9, SEPTEMBER)),
  late: quiet(() => lagging(100).map((event) => ({ ...event, time: event.ingestTime - 600_000 }))),
  daysLate: fires(() => lagging(100).map((event) => ({ ...event, time: event.ingestTime - 3 * 86_400_000 }))),
  duplicated: 'same',
  replay: 'same',
});
