import { enumeration } from '../../../detectors/enumeration.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { access, later } from '../town.ts';

/** Look-ups with pauses of 3 to 9 seconds, as people make them. */
const looks = (count: number, key: (n: number) => number = (n) => 40_000 + n) =>
  Array.from({ length: count }, (_, n) =>
    access(later('2026-11-20T09:00', n * 6 + ((n * 7) % 5)), { rows: 1, attributes: ['query', `type=a&id=${key(n)}`] }),
  );

export const enumerationCases = contract(enumeration, {
  fires: fires(() => looks(62)),
  quiet: quiet(() => looks(90, (n) => (n * 7919) % 100_003)),
  ...around({ limit: 60, events: (count) => looks(count) }),
  coldStart: 'same',
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
