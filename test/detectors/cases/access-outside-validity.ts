import { accessOutsideValidity } from '../../../detectors/access-outside-validity.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { grant, sharingTown, use } from '../granted.ts';
import { later } from '../town.ts';

const ended = { registry: (more = {}) => sharingTown([grant()], more) };

export const accessOutsideValidityCases = contract(accessOutsideValidity, {
  fires: fires(() => [use('2026-11-20T10:00')], ended),
  quiet: quiet(() => [use('2026-10-20T10:00')], ended),
  // Five minutes after the last day of the grant.
  ...around({ limit: 300, events: (seconds) => [use(later('2026-11-01T00:00', seconds))], ...ended }),
  coldStart: 'same',
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
