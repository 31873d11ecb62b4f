import { accessWithoutGrant } from '../../../detectors/access-without-grant.ts';
import { contract, fires, quiet } from '../contract.ts';
import { grant, sharingTown, use } from '../granted.ts';

const others = { registry: (more = {}) => sharingTown([grant({ recipient: 'transport' })], more) };

export const accessWithoutGrantCases = contract(accessWithoutGrant, {
  fires: fires(() => [use('2026-06-10T10:00'), use('2026-06-10T11:00')], others),
  quiet: quiet(() => [use('2026-06-10T10:00')], { registry: (more) => sharingTown([grant()], more) }),
  // One grant is the threshold: none, one, two of them.
  below: fires(() => [use('2026-06-10T10:00')], others),
  at: quiet(() => [use('2026-06-10T10:00')], { registry: (more) => sharingTown([grant()], more) }),
  above: quiet(() => [use('2026-06-10T10:00')], {
    registry: (more) => sharingTown([grant(), grant({ id: 'SQ-2' })], more),
  }),
  coldStart: 'same',
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
