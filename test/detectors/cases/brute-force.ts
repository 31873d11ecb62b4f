import { bruteForce } from '../../../detectors/brute-force.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { later, signIn } from '../town.ts';

const failures = (count: number, everySeconds = 20) =>
  Array.from({ length: count }, (_, n) => signIn(later('2026-11-20T12:00', n * everySeconds), 'failure'));

export const bruteForceCases = contract(bruteForce, {
  fires: fires(() => failures(14)),
  quiet: quiet(() => failures(30, 67)),
  ...around({ limit: 10, events: failures }),
  coldStart: 'same',
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
