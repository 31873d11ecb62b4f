import { vendorOutsideWindow } from '../../../detectors/vendor-outside-window.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { later } from '../town.ts';
import { act, order, vendorTown } from '../vendors.ts';

const town = { registry: (more = {}) => vendorTown({ 'work-orders': [order()], ...more }) };

export const vendorOutsideWindowCases = contract(vendorOutsideWindow, {
  fires: fires(() => [act('2026-11-23T15:00'), act('2026-11-23T15:04')], town),
  quiet: quiet(() => [act('2026-11-20T15:00')], town),
  // Half an hour after the window's end.
  ...around({ limit: 1800, events: (seconds) => [act(later('2026-11-20T18:00', seconds))], ...town }),
  coldStart: quiet(() => [act('2026-11-23T15:00')], { registry: vendorTown }),
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
