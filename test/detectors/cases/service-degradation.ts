import { serviceDegradation } from '../../../detectors/service-degradation.ts';
import { eventAt } from '../../detection/judge.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { later } from '../town.ts';
import { vendorTown } from '../vendors.ts';

const contracts = [
  {
    id: 'HT-1',
    vendor: 'yunzhan',
    systems: ['aid'],
    from: '2026-01-01',
    to: '2026-12-31',
    sla: { availability: 0.9375 },
  },
];
const town = { registry: (more = {}) => vendorTown({ contracts, ...more }) };
/** Requests every three seconds; so many of each 128 fail, the last ones. */
const calls = (failed: number, count = 1024) =>
  Array.from({ length: count }, (_, n) => {
    const isFailed = n % 128 >= 128 - failed;
    return eventAt(later('2026-11-20T09:00', n * 3), {
      classUid: 6003,
      action: 'read',
      system: 'aid',
      outcome: isFailed ? 'failure' : 'success',
      attributes: ['status', isFailed ? '500' : '200'],
    });
  });

export const serviceDegradationCases = contract(serviceDegradation, {
  fires: fires(() => calls(90), town),
  quiet: quiet(() => calls(5), town),
  // Six times an error budget of one in sixteen, over what was seen of six hours.
  ...around({ limit: 48, events: (failed) => calls(failed), ...town }),
  coldStart: quiet(() => calls(90, 99), town),
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same finding',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
