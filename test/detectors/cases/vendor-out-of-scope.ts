import { vendorOutOfScope } from '../../../detectors/vendor-out-of-scope.ts';
import { contract, fires, quiet } from '../contract.ts';
import { act, vendorTown } from '../vendors.ts';

const town = { registry: vendorTown };
const work = (system: string) => act('2026-11-20T15:00', { system });
const NO_COUNT = 'compares a system with the list in the contract, so that nothing is counted';

export const vendorOutOfScopeCases = contract(vendorOutOfScope, {
  fires: fires(() => [work('tickets')], town),
  quiet: quiet(() => [work('aid')], town),
  coldStart: 'same',
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
  notApplicable: { below: NO_COUNT, at: NO_COUNT, above: NO_COUNT },
});
