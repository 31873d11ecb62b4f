import { externalDestination } from '../../../detectors/external-destination.ts';
import { contract, fires, quiet } from '../contract.ts';
import { sharingTown } from '../granted.ts';
import { access } from '../town.ts';

const networks = [
  { id: 'abroad', name: '境外', cidrs: ['203.0.113.0/24'], domestic: false, zone: 'external' as const },
  { id: 'office', name: '办公网', cidrs: ['192.0.2.0/24'] },
];
const town = { registry: (more = {}) => sharingTown([], { networks, ...more }) };
const send = (recipient: string) => access('2026-11-20T10:00', { action: 'share', recipient, rows: 40 });
const NO_COUNT = 'takes a single act, so that nothing is counted';

export const externalDestinationCases = contract(externalDestination, {
  fires: fires(() => [send('203.0.113.7')], town),
  quiet: quiet(() => ['192.0.2.200', 'transport', 'office@civil.gov.cn'].map(send), town),
  coldStart: 'same',
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
  notApplicable: { below: NO_COUNT, at: NO_COUNT, above: NO_COUNT },
});
