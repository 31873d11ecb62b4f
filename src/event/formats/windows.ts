import type { Event } from '../event.ts';
import { shortestAddress } from './address.ts';
import { valueIn, type Flat } from './flatten.ts';
import { state } from './format.ts';
import { aside, CLASS, command, manageUser, signIn, signOut } from './outcome.ts';

type Reading = (flat: Flat, event: Event) => void;

const change =
  (action: Parameters<typeof manageUser>[1]): Reading =>
  (flat, event) => {
    manageUser(event, action, data(flat, 'TargetUserName'));
    setAccount(data(flat, 'SubjectUserName'), event);
  };

const membership =
  (action: 'grant' | 'revoke'): Reading =>
  (flat, event) => {
    manageUser(event, action, data(flat, 'MemberName') || data(flat, 'MemberSid'));
    setAccount(data(flat, 'SubjectUserName'), event);
    event.classUid = CLASS.groupManagement;
    event.activityId = action === 'grant' ? 3 : 4;
    event.role = data(flat, 'TargetUserName');
  };

const configured: Reading = (flat, event) => {
  event.action = 'configure';
  event.target = valueIn(flat, 'winlog.channel');
  setAccount(data(flat, 'SubjectUserName'), event);
};

/** Windows security events by id. Those beside a sign-in's own record (4648, 4776, tickets granted) are asides. */
const BY_ID: Readonly<Record<string, Reading>> = {
  4624: (_flat, event) => signIn(event, 'success'),
  4625: (_flat, event) => signIn(event, 'failure'),
  4634: (_flat, event) => signOut(event),
  4647: (_flat, event) => signOut(event),
  4648: (_flat, event) => aside(event, event.outcome),
  4672: (flat, event) => {
    event.classUid = CLASS.authorizeSession;
    event.activityId = 1;
    event.privileged = true;
    setAccount(data(flat, 'SubjectUserName'), event);
  },
  4688: (flat, event) => {
    command(event, 'success');
    setAccount(data(flat, 'SubjectUserName'), event);
    state(event, 'command', data(flat, 'CommandLine') || data(flat, 'NewProcessName'));
  },
  4719: configured,
  4720: change('account-create'),
  4722: change('account-change'),
  4723: change('account-change'),
  4724: change('account-change'),
  4725: change('account-change'),
  4726: change('account-delete'),
  4728: membership('grant'),
  4729: membership('revoke'),
  4732: membership('grant'),
  4733: membership('revoke'),
  4738: change('account-change'),
  4740: change('account-change'),
  4756: membership('grant'),
  4757: membership('revoke'),
  4767: change('account-change'),
  4768: (_flat, event) => aside(event, event.outcome),
  4769: (_flat, event) => aside(event, event.outcome),
  4771: (_flat, event) => signIn(event, 'failure'),
  4776: (_flat, event) => aside(event, event.outcome),
  1102: configured,
};

/** Reads a Windows event as Winlogbeat sends it; the account is the target of a sign-in and the subject of a change. */
export function readWindows(flat: Flat, event: Event): void {
  const id = valueIn(flat, 'winlog.event_id') || valueIn(flat, 'event.code');
  const outcome = event.outcome;
  setAccount(data(flat, 'TargetUserName') || data(flat, 'SubjectUserName') || valueIn(flat, 'winlog.user.name'), event);
  const address = shortestAddress(data(flat, 'IpAddress'));
  if (address !== '') event.clientAddress = address;
  event.device ||= data(flat, 'WorkstationName');
  event.session ||= data(flat, 'TargetLogonId');
  event.host ||= valueIn(flat, 'winlog.computer_name');
  event.service ||= valueIn(flat, 'winlog.provider_name');
  if (Object.hasOwn(BY_ID, id)) BY_ID[id]!(flat, event);
  event.outcome ||= outcome || (event.action === '' ? '' : 'success');
}

function data(flat: Flat, name: string): string {
  const value = valueIn(flat, `winlog.event_data.${name}`);
  return value === '-' ? '' : value;
}

function setAccount(name: string, event: Event): void {
  if (name !== '') event.account = name;
}
