import { passwordSpray } from '../../../detectors/password-spray.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { later, signIn } from '../town.ts';

const spray = (accounts: number, everySeconds = 40) =>
  Array.from({ length: accounts }, (_, n) =>
    signIn(later('2026-11-20T08:30', n * everySeconds), 'failure', { account: `user${n}` }),
  );

export const passwordSprayCases = contract(passwordSpray, {
  fires: fires(() => spray(18)),
  quiet: quiet(() => spray(40, 130)),
  ...around({ limit: 15, events: (accounts) => spray(accounts) }),
  coldStart: 'same',
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
