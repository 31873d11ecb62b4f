import { offHoursAccess } from '../../../detectors/off-hours-access.ts';
import { NO_BASELINE } from '../../detection/judge.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { access, later } from '../town.ts';

const watched = { baseline: () => ({ ...NO_BASELINE, observedDays: () => ({ days: 60, spanDays: 80 }) }) };
const night = (...rows: number[]) =>
  rows.map((count, n) =>
    access(later('2026-11-20T02:10', n * 240), { asset: 'notice-1', assetLevel: 'general-2', rows: count }),
  );

export const offHoursAccessCases = contract(offHoursAccess, {
  fires: fires(() => night(90, 80, 70), watched),
  quiet: quiet(() => ['09:30', '12:00', '17:59'].map((clock) => access(`2026-11-20T${clock}`)), watched),
  ...around({ limit: 200, events: (rows) => night(rows), ...watched }),
  coldStart: fires(() => [access('2026-11-20T02:15')]),
  restDay: fires(() => [access('2026-10-01T10:00')], watched),
  makeUpDay: quiet(() => [access('2026-10-10T10:00')], watched),
  late: 'same finding',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
