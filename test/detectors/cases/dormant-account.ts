import { dormantAccount } from '../../../detectors/dormant-account.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { later, signIn } from '../town.ts';

const DAY_S = 86_400;
const use = (iso: string) => signIn(iso, 'success', { account: 'wangfang' });
const idle = (days: number) => [use('2026-08-01T10:00'), use(later('2026-08-01T10:00', days * DAY_S))];

export const dormantAccountCases = contract(dormantAccount, {
  fires: fires(() => [...idle(70), use(later('2026-08-01T10:00', 70 * DAY_S + 240))]),
  quiet: quiet(() => [...idle(30), use('2026-09-20T10:00')]),
  ...around({ limit: 60, step: 1 / DAY_S, events: idle }),
  coldStart: quiet(() => [use('2026-10-10T10:00')]),
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
