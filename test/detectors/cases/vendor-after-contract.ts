import { vendorAfterContract } from '../../../detectors/vendor-after-contract.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { later } from '../town.ts';
import { act, vendorTown } from '../vendors.ts';

const contracts = [{ id: 'HT-1', vendor: 'yunzhan', systems: ['aid'], from: '2025-11-01', to: '2026-10-31' }];
const town = { registry: (more = {}) => vendorTown({ contracts, ...more }) };
const signIn = (iso: string) => act(iso, { classUid: 3002, action: 'sign-in' });

export const vendorAfterContractCases = contract(vendorAfterContract, {
  fires: fires(() => [signIn('2026-11-20T12:00'), signIn('2026-11-20T12:05')], town),
  quiet: quiet(() => [signIn('2026-10-20T12:00')], town),
  // The first moment after the last day.
  ...around({ limit: 0, step: 0.001, events: (seconds) => [signIn(later('2026-11-01T00:00', seconds))], ...town }),
  coldStart: 'same',
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
