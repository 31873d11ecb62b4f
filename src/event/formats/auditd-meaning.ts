import type { Event } from '../event.ts';
import { fieldOf, type AuditRecord } from './auditd-record.ts';
import { state } from './format.ts';
import { aside, CLASS, command, manageUser, signIn, signOut } from './outcome.ts';

/** Programs that write USER_LOGIN for every attempt, so that their USER_AUTH is an aside. */
const WRITE_USER_LOGIN = /(?:sshd|sshd-session|login|gdm|lightdm|sddm)[^/]*$/;

type Meaning = (record: AuditRecord, event: Event, outcome: 'success' | 'failure') => void;

const MEANINGS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['USER_LOGIN', (_record, event, outcome) => signIn(event, outcome)],
  ['USER_LOGOUT', (_record, event) => signOut(event)],
  ['USER_AUTH', authenticate],
  ['USER_ERR', (_record, event, outcome) => aside(event, outcome)],
  ['USER_ACCT', (_record, event, outcome) => aside(event, outcome)],
  ['USER_START', (_record, event, outcome) => aside(event, outcome)],
  ['USER_END', (_record, event) => signOut(event)],
  ['CRED_ACQ', (_record, event, outcome) => aside(event, outcome)],
  ['CRED_REFR', (_record, event, outcome) => aside(event, outcome)],
  ['CRED_DISP', (_record, event, outcome) => aside(event, outcome)],
  ['LOGIN', (_record, event, outcome) => aside(event, outcome)],
  ['USER_CMD', runCommand],
  ['ADD_USER', (record, event, outcome) => manage(record, event, 'account-create', outcome)],
  ['DEL_USER', (record, event, outcome) => manage(record, event, 'account-delete', outcome)],
  ['USER_MGMT', (record, event, outcome) => manage(record, event, 'account-change', outcome)],
  ['ACCT_LOCK', (record, event, outcome) => manage(record, event, 'account-change', outcome)],
  ['ACCT_UNLOCK', (record, event, outcome) => manage(record, event, 'account-change', outcome)],
  ['USER_CHAUTHTOK', (record, event, outcome) => manage(record, event, 'account-change', outcome)],
  ['ROLE_ASSIGN', (record, event, outcome) => manage(record, event, 'grant', outcome)],
  ['ROLE_REMOVE', (record, event, outcome) => manage(record, event, 'revoke', outcome)],
  ['ADD_GROUP', (record, event, outcome) => manageGroup(record, event, 6, outcome)],
  ['DEL_GROUP', (record, event, outcome) => manageGroup(record, event, 5, outcome)],
  ['GRP_MGMT', (record, event, outcome) => manageGroup(record, event, 99, outcome)],
  ['CONFIG_CHANGE', configure],
  ['USYS_CONFIG', configure],
  ['DAEMON_START', configure],
  ['DAEMON_END', configure],
  ['DAEMON_ABORT', configure],
  ['DAEMON_CONFIG', configure],
  ['MAC_STATUS', configure],
  ['MAC_POLICY_LOAD', configure],
  ['MAC_CONFIG_CHANGE', configure],
  ['SERVICE_START', configure],
  ['SERVICE_STOP', configure],
  ['AVC', deny],
  ['USER_AVC', deny],
]);

/** Sets class, action, outcome, target and asset from the records of one event. */
export function conclude(records: readonly AuditRecord[], event: Event): void {
  for (const record of records) {
    const meaning = MEANINGS.get(record.type);
    if (meaning !== undefined) return meaning(record, event, outcomeOf(record));
  }
  const execve = records.find((record) => record.type === 'EXECVE');
  const syscall = records.find((record) => record.type === 'SYSCALL');
  if (syscall !== undefined) event.outcome = fieldOf(syscall, 'success') === 'no' ? 'failure' : 'success';
  const failed = event.outcome === 'failure';
  if (execve !== undefined) command(event, failed ? 'failure' : 'success');
  if (execve !== undefined) state(event, 'command', argumentsOf(execve));
  event.message = execve === undefined ? '' : argumentsOf(execve);
  if (execve === undefined) readPath(records, event);
}

function outcomeOf(record: AuditRecord): 'success' | 'failure' {
  const result = fieldOf(record, 'res') || fieldOf(record, 'result') || fieldOf(record, 'success');
  return result === 'failed' || result === '0' || result === 'no' || result === 'fail' ? 'failure' : 'success';
}

function authenticate(record: AuditRecord, event: Event, outcome: 'success' | 'failure'): void {
  if (WRITE_USER_LOGIN.test(fieldOf(record, 'exe'))) aside(event, outcome);
  else signIn(event, outcome);
}

function runCommand(record: AuditRecord, event: Event, outcome: 'success' | 'failure'): void {
  event.message = fieldOf(record, 'cmd');
  state(event, 'command', event.message);
  command(event, outcome);
}

type UserAction = Parameters<typeof manageUser>[1];

/** The target of an account change is `acct`, or the numeric `id`; the account is who did it. */
function manage(record: AuditRecord, event: Event, action: UserAction, outcome: 'success' | 'failure'): void {
  const target = fieldOf(record, 'acct') || fieldOf(record, 'ID') || fieldOf(record, 'id');
  if (event.account === fieldOf(record, 'acct')) event.account = actorOf(record);
  manageUser(event, action, target);
  event.outcome = outcome;
}

function actorOf(record: AuditRecord): string {
  const name = fieldOf(record, 'AUID') || fieldOf(record, 'UID');
  if (name !== '' && name !== 'unset') return name;
  const auid = fieldOf(record, 'auid');
  const uid = auid === '' || auid === '4294967295' ? fieldOf(record, 'uid') : auid;
  if (uid === '') return '';
  return uid === '0' ? 'root' : `uid:${uid}`;
}

function manageGroup(record: AuditRecord, event: Event, activityId: number, outcome: 'success' | 'failure'): void {
  manage(record, event, 'account-change', outcome);
  event.classUid = CLASS.groupManagement;
  event.activityId = activityId;
  event.target = fieldOf(record, 'grp') || event.target;
}

function configure(record: AuditRecord, event: Event, outcome: 'success' | 'failure'): void {
  event.action = 'configure';
  event.outcome = outcome;
  event.target =
    fieldOf(record, 'unit') || fieldOf(record, 'key') || fieldOf(record, 'op') || record.type.toLowerCase();
}

function deny(record: AuditRecord, event: Event): void {
  const refused = fieldOf(record, 'apparmor') === 'DENIED' || record.text.includes('denied');
  event.outcome = refused ? 'failure' : 'success';
  event.asset = fieldOf(record, 'name') || fieldOf(record, 'path');
}

/** PATH gives the file; relative names are joined to the working directory. */
function readPath(records: readonly AuditRecord[], event: Event): void {
  const paths = records.filter((record) => record.type === 'PATH' && fieldOf(record, 'nametype') !== 'PARENT');
  const name = paths[0] === undefined ? '' : fieldOf(paths[0], 'name');
  const cwd = records.find((record) => record.type === 'CWD');
  const folder = cwd === undefined ? '' : fieldOf(cwd, 'cwd');
  event.asset = name === '' || name.startsWith('/') || folder === '' ? name : `${folder.replace(/\/$/, '')}/${name}`;
}

const MAX_ARGUMENTS = 256;

function argumentsOf(execve: AuditRecord): string {
  const words: string[] = [];
  for (let i = 0; i + 1 < execve.fields.length && words.length < MAX_ARGUMENTS; i += 2)
    if (/^a\d+(\[\d+\])?$/.test(execve.fields[i]!)) words.push(execve.fields[i + 1]!);
  return words.join(' ');
}
