import { sharedAccount } from '../../../detectors/shared-account.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { access, later } from '../town.ts';

const ADDRESS = { desk: '192.0.2.10', far: '198.51.100.5' };
const at = (minute: number, place: keyof typeof ADDRESS) =>
  access(later('2026-11-18T09:00', minute * 60), { clientAddress: ADDRESS[place], device: place });
/** Both places are active from minute 1 on, the far one until `end`. */
const both = (end: number) => [at(0, 'desk'), at(1, 'far'), at(5, 'desk'), at(end, 'far'), at(end + 1, 'desk')];
/** So many persons behind one account at the bastion, within a day. */
const persons = (count: number) =>
  Array.from({ length: count }, (_, n) =>
    access(later('2026-11-18T09:00', n * 240), { action: 'command', attributes: ['bastionUser', `person${n}`] }),
  );

export const sharedAccountCases = contract(sharedAccount, {
  fires: fires(() => both(18)),
  quiet: quiet(() => [at(0, 'desk'), at(20, 'desk'), at(40, 'desk'), at(45, 'far'), at(90, 'far')]),
  ...around({ limit: 3, events: persons }),
  coldStart: 'same',
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same finding',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
