import { purposeMismatch } from '../../../detectors/purpose-mismatch.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { grant, sharingTown, use } from '../granted.ts';
import { later } from '../town.ts';

const town = { registry: (more = {}) => sharingTown([grant({ purpose: 'ticket discounts' })], more) };
const bare = (count: number, apart = 60, fields = {}) =>
  Array.from({ length: count }, (_, n) => use(later('2026-06-10T10:00', n * apart), fields));

export const purposeMismatchCases = contract(purposeMismatch, {
  fires: fires(() => bare(6), town),
  quiet: quiet(() => bare(9, 60, { purpose: 'ticket discounts' }), town),
  ...around({ limit: 5, events: (count) => bare(count), ...town }),
  coldStart: 'same',
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
