import { bulkReadVsPeers } from '../../../detectors/bulk-read-vs-peers.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { access, later } from '../town.ts';

const OFFICERS = ['wangfang', 'lina', 'zhaolei', 'sunyue', 'zhouping', 'wumin'];
const NOVEMBER = ['11-02', '11-03', '11-04', '11-05', '11-06', '11-09', '11-10', '11-11', '11-12', '11-13'];
const SEPTEMBER = [
  '09-14',
  '09-15',
  '09-16',
  '09-17',
  '09-18',
  '09-21',
  '09-22',
  '09-23',
  '09-24',
  '09-28',
  '09-29',
  '09-30',
];
/** 400 to 600 rows of each officer on each of the workdays. */
const routine = (dates = NOVEMBER) =>
  dates.flatMap((date, d) =>
    OFFICERS.map((actor, n) => access(`2026-${date}T10:0${n}`, { actor, rows: 400 + ((d * 7 + n * 37) % 200) })),
  );
const today = (...rows: number[]) =>
  rows.map((count, n) => access(later('2026-11-16T15:00', n * 120), { rows: count }));

export const bulkReadVsPeersCases = contract(bulkReadVsPeers, {
  fires: fires(() => [...routine(), ...today(4000, 3000, 2000)]),
  quiet: quiet(() => [...routine(), ...today(200, 250)]),
  // Three times the median of the peers' days decides here.
  ...around({ limit: 1500, step: 60, events: (rows) => [...routine(), ...today(rows)] }),
  coldStart: quiet(() => [...routine(NOVEMBER.slice(0, 4)), ...today(9000)]),
  restDay: quiet(() => [...routine(SEPTEMBER), access('2026-10-07T15:00', { rows: 9000 })]),
  makeUpDay: fires(() => [...routine(SEPTEMBER), access('2026-10-10T15:00', { rows: 9000 })]),
  late: 'same finding',
  duplicated: 'same',
  replay: 'same',
  notApplicable: { daysLate: 'compares running days, and a day that is over takes nothing in any more' },
});
