import { vendorReadsBusinessData } from '../../../detectors/vendor-reads-business-data.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { act, order, vendorTown } from '../vendors.ts';

const AT = '2026-11-20T15:00';
const minor = { asset: 'minor', assetLevel: 'general-2' as const };
const read = (fields = {}) =>
  act(AT, { classUid: 6005, action: 'query', asset: 'recipients', assetLevel: 'important', rows: 3, ...fields });
const consent = order({ assets: ['recipients'], ownerConsent: true });
const ordered = { registry: (more = {}) => vendorTown({ 'work-orders': [order()], ...more }) };

export const vendorReadsBusinessDataCases = contract(vendorReadsBusinessData, {
  fires: fires(() => [read(), read({ rows: 5 })], { registry: vendorTown }),
  quiet: quiet(() => [read()], { registry: (more) => vendorTown({ 'work-orders': [consent], ...more }) }),
  ...around({ limit: 20, events: (rows) => [read({ ...minor, rows })], isExclusive: true, ...ordered }),
  coldStart: 'same',
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
