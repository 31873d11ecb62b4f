import { clockSkew } from '../../../detectors/clock-skew.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { eventAt } from '../../detection/judge.ts';
import { later } from '../town.ts';

const NINE = '2026-11-20T09:00';
/** Six lines of a host whose clock is off by so many seconds, and another's after ten minutes. */
const lines = (offBy: number, count = 6) => [
  ...Array.from({ length: count }, (_, n) => {
    const event = eventAt(later(NINE, n * 10), { source: 'archive', host: 'db01', sequence: n * 4 });
    return { ...event, time: event.time + offBy * 1000 };
  }),
  eventAt(later(NINE, 600), { source: 'archive', host: 'other', sequence: 100 }),
];
const ARRIVAL = 'compares the stated time with arrival, so that a line that is late is what it measures';

export const clockSkewCases = contract(clockSkew, {
  fires: fires(() => lines(90)),
  quiet: quiet(() => lines(3)),
  ...around({ limit: 60, events: lines, isExclusive: true }),
  coldStart: quiet(() => lines(90, 4)),
  restDay: 'same',
  makeUpDay: 'same',
  duplicated: 'same',
  replay: 'same',
  notApplicable: { late: ARRIVAL, daysLate: ARRIVAL },
});
