import { auditDisabled } from '../../../detectors/audit-disabled.ts';
import { contract, fires, quiet } from '../contract.ts';
import { eventAt } from '../../detection/judge.ts';

const command = (text: string) =>
  eventAt('2026-11-20T03:00', {
    action: 'command',
    outcome: 'success',
    host: 'db01',
    account: 'root',
    actor: 'root@db01',
    attributes: ['command', text],
  });
const NO_COUNT = 'takes a single command, so that nothing is counted';

export const auditDisabledCases = contract(auditDisabled, {
  fires: fires(() => [command('systemctl stop auditd')]),
  quiet: quiet(() => [command('systemctl status auditd'), command('systemctl restart nginx')]),
  coldStart: 'same',
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
  notApplicable: { below: NO_COUNT, at: NO_COUNT, above: NO_COUNT },
});
