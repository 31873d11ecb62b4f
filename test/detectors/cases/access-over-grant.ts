import { accessOverGrant } from '../../../detectors/access-over-grant.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { grant, sharingTown, use } from '../granted.ts';
import { later } from '../town.ts';

const AT = '2026-06-10T10:00';
const quota = { registry: (more = {}) => sharingTown([grant({ quota: { rowsPerDay: 1000 } })], more) };
const reads = (...rows: number[]) => rows.map((count, n) => use(later(AT, n * 60), { rows: count }));

export const accessOverGrantCases = contract(accessOverGrant, {
  fires: fires(() => reads(400, 350, 300, 200), quota),
  quiet: quiet(() => reads(100, 200, 300), quota),
  // The warning at 80 % of the daily quota.
  ...around({ limit: 800, events: (rows) => reads(rows), ...quota }),
  coldStart: 'same',
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same finding',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
