import { logTampering } from '../../../detectors/log-tampering.ts';
import { eventAt } from '../../detection/judge.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { later } from '../town.ts';

const NINE = '2026-11-20T09:00';
const line = (second: number, attributes: string[] = []) =>
  eventAt(later(NINE, second), { source: 'archive', host: 'db01', authenticated: true, attributes });
const numbered = (...numbers: number[]) => numbers.map((number, n) => line(n, ['sequence', String(number)]));

export const logTamperingCases = contract(logTampering, {
  fires: fires(() => [...numbered(41, 42, 46), line(700)]),
  quiet: quiet(() => [...numbered(41, 44, 42, 43, 45), line(5000)]),
  // A missing line is waited for: ten minutes after the one behind it.
  ...around({ limit: 602, events: (second) => [...numbered(41, 42, 46), line(second)] }),
  coldStart: quiet(() => [...numbered(5041), line(5000)]),
  restDay: 'same',
  makeUpDay: 'same',
  late: quiet(() => [
    ...numbered(41, 42, 44),
    { ...line(1, ['sequence', '43']), ingestTime: line(590).time },
    line(5000),
  ]),
  duplicated: 'same',
  replay: 'same',
  notApplicable: { daysLate: 'takes numbers in the order of arrival, whatever time the lines state' },
});
