import { firstTimeAsset } from '../../../detectors/first-time-asset.ts';
import { NO_BASELINE } from '../../detection/judge.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { access, later, watchedTown } from '../town.ts';

const NOON = '2026-11-20T12:00';
const watched = { baseline: () => ({ ...NO_BASELINE, observedDays: () => ({ days: 40, spanDays: 60 }) }) };
const notice = (rows: number, n = 1) =>
  access(later(NOON, n * 60), { asset: `notice-${n}`, assetLevel: 'general-2', rows });

export const firstTimeAssetCases = contract(firstTimeAsset, {
  fires: fires(() => [access(NOON), ...[1, 2, 3, 4, 5].map((n) => notice(150, n))], watched),
  quiet: quiet(() => [access(later(NOON, -3600)), notice(20)], {
    baseline: () => ({ ...NO_BASELINE, observedDays: () => ({ days: 5, spanDays: 5 }) }),
  }),
  ...around({ limit: 100, events: (rows) => [notice(rows)], ...watched }),
  coldStart: quiet(() => [access(NOON)], {
    baseline: () => watchedTown('2026-11-20', { days: 13, asset: 'notice-6' }),
  }),
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
