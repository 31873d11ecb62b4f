import { vendorPrivilegeEscalation } from '../../../detectors/vendor-privilege-escalation.ts';
import { eventAt } from '../../detection/judge.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { later } from '../town.ts';
import { act, order, vendorTown } from '../vendors.ts';

const AT = '2026-11-20T15:00';
const officer = {
  vendor: '',
  contract: '',
  actor: 'wangfang',
  account: 'wangfang',
  person: 'p-wang',
  department: 'civil',
};
const give = (target: string, fields = {}, iso = AT) =>
  act(iso, { action: 'grant', target, attributes: ['role', 'DBA'], ...fields });
const ordered = { registry: (more = {}) => vendorTown({ 'work-orders': [order()], ...more }) };

export const vendorPrivilegeEscalationCases = contract(vendorPrivilegeEscalation, {
  fires: fires(() => [give('yz_liu'), give('yz_chen')], { registry: vendorTown }),
  quiet: quiet(() => [give('lina', officer), give('yz_liu', { ...officer, attributes: ['role', 'reader'] })], ordered),
  // A right that an officer gave under a work order, eight hours after its end.
  ...around({
    limit: 8 * 3600,
    events: (seconds) => [give('yz_liu', officer), eventAt(later('2026-11-20T18:00', seconds))],
    ...ordered,
  }),
  coldStart: 'same',
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
