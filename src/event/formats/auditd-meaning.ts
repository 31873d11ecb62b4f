import type { Event } from '../event.ts';
import { fieldOf, type AuditRecord } from './auditd-record.ts';
import { shortestAddress } from './address.ts';
import { state } from './format.ts';
import { aside, CLASS, command, manageUser, signIn, signOut } from './outcome.ts';

/** Programs that write USER_LOGIN for every attempt, so that their USER_AUTH is an aside. */
const WRITE_USER_LOGIN = /(?:sshd|sshd-session|login|gdm|lightdm|sddm)[^/]*$/;

type Meaning = (record: AuditRecord, event: Event, outcome: Event['outcome']) => void;

const MEANINGS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['USER_LOGIN', (_record, event, outcome) => attempt(event, outcome)],
  ['USER_LOGOUT', (_record, event) => signOut(event)],
  ['USER_AUTH', authenticate],
  ['USER_ERR', (_record, event, outcome) => aside(event, outcome)],
  ['USER_ACCT', (_record, event, outcome) => aside(event, outcome)],
  ['USER_START', (record, event, outcome) => become(record, event, outcome)],
  ['USER_END', endSession],
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
  readSocket(records, event);
}

/** '' where the record says nothing of a result: it was cut off, or has none. */
function outcomeOf(record: AuditRecord): Event['outcome'] {
  const result = fieldOf(record, 'res') || fieldOf(record, 'result') || fieldOf(record, 'success');
  if (result === '') return '';
  return result === 'failed' || result === '0' || result === 'no' || result === 'fail' ? 'failure' : 'success';
}

function attempt(event: Event, outcome: Event['outcome']): void {
  if (outcome === '') aside(event);
  else signIn(event, outcome);
}

function authenticate(record: AuditRecord, event: Event, outcome: Event['outcome']): void {
  if (WRITE_USER_LOGIN.test(fieldOf(record, 'exe'))) return aside(event, outcome);
  become(record, event, outcome);
  attempt(event, outcome);
}

/** su names whom it makes of its caller: account is who asked, target whom they became. */
function become(record: AuditRecord, event: Event, outcome: Event['outcome']): void {
  aside(event, outcome);
  const actor = actorOf(record);
  if (!/\/(?:su|runuser)$/.test(fieldOf(record, 'exe')) || actor === '') return;
  event.target = event.account;
  event.account = actor;
}

/** Only sessions that began with a sign-in end with a sign-out: not those of cron, sudo and su. */
function endSession(record: AuditRecord, event: Event, outcome: Event['outcome']): void {
  become(record, event, outcome);
  if (WRITE_USER_LOGIN.test(fieldOf(record, 'exe'))) signOut(event);
}

function runCommand(record: AuditRecord, event: Event, outcome: Event['outcome']): void {
  event.message = fieldOf(record, 'cmd');
  state(event, 'command', event.message);
  command(event, outcome === 'failure' ? 'failure' : 'success');
}

type UserAction = Parameters<typeof manageUser>[1];

/** The target of an account change is `acct`, or the numeric `id`; the account is who did it. */
function manage(record: AuditRecord, event: Event, action: UserAction, outcome: Event['outcome']): void {
  const target = fieldOf(record, 'acct') || fieldOf(record, 'ID') || fieldOf(record, 'id');
  if (event.account === fieldOf(record, 'acct')) event.account = actorOf(record);
  manageUser(event, membership(record) || action, target);
  event.outcome = outcome;
}

/** `op=add-user-to-group`, `op=delete-user-from-group` (and older `op=adding user to group`). */
function membership(record: AuditRecord): 'grant' | 'revoke' | '' {
  if (record.type !== 'USER_MGMT' || fieldOf(record, 'grp') === '') return '';
  return /^(?:delet|remov)/.test(fieldOf(record, 'op')) ? 'revoke' : 'grant';
}

function actorOf(record: AuditRecord): string {
  const name = fieldOf(record, 'AUID') || fieldOf(record, 'UID');
  if (name !== '' && name !== 'unset') return name;
  const auid = fieldOf(record, 'auid');
  const uid = auid === '' || auid === '4294967295' ? fieldOf(record, 'uid') : auid;
  if (uid === '') return '';
  return uid === '0' ? 'root' : `uid:${uid}`;
}

function manageGroup(record: AuditRecord, event: Event, activityId: number, outcome: Event['outcome']): void {
  manage(record, event, 'account-change', outcome);
  event.classUid = CLASS.groupManagement;
  event.activityId = activityId;
  event.target = fieldOf(record, 'grp') || event.target;
}

function configure(record: AuditRecord, event: Event, outcome: Event['outcome']): void {
  event.action = 'configure';
  event.outcome = outcome;
  const setting = ['audit_enabled', 'audit_failure', 'audit_backlog_limit', 'enforcing'].find(
    (name) => fieldOf(record, name) !== '',
  );
  event.target =
    fieldOf(record, 'unit') || fieldOf(record, 'key') || setting || fieldOf(record, 'op') || record.type.toLowerCase();
}

function deny(record: AuditRecord, event: Event): void {
  const refused = fieldOf(record, 'apparmor') === 'DENIED' || record.text.includes('denied');
  event.outcome = refused && fieldOf(record, 'permissive') !== '1' ? 'failure' : 'success';
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

/** The other end of a socket call: attributes socket.address and socket.port, or socket.path. */
function readSocket(records: readonly AuditRecord[], event: Event): void {
  const sockaddr = records.find((record) => record.type === 'SOCKADDR');
  const saddr = sockaddr === undefined ? '' : fieldOf(sockaddr, 'saddr');
  if (!/^[0-9A-Fa-f]{16,}$/.test(saddr)) return;
  const bytes = Buffer.from(saddr, 'hex');
  const family = bytes.readUInt16LE(0);
  if (family === 2) state(event, 'socket.address', [...bytes.subarray(4, 8)].join('.'));
  else if (family === 10 && bytes.length >= 24) state(event, 'socket.address', ipv6Of(bytes));
  else if (family === 1) return state(event, 'socket.path', /^\0?([^\0]*)/.exec(bytes.toString('utf8', 2))?.[1] ?? '');
  else return;
  state(event, 'socket.port', String(bytes.readUInt16BE(2)));
}

function ipv6Of(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, n) => bytes.readUInt16BE(8 + 2 * n).toString(16));
  return shortestAddress(groups.join(':'));
}

const MAX_ARGUMENTS = 256;

/** Arguments in order; long ones come in pieces `a1[0]`, `a1[1]`. */
function argumentsOf(execve: AuditRecord): string {
  const words: string[] = [];
  for (let i = 0; i + 1 < execve.fields.length && words.length < MAX_ARGUMENTS; i += 2) {
    const name = execve.fields[i]!;
    const value = execve.fields[i + 1]!;
    if (/^a\d+\[[1-9]\d*\]$/.test(name)) words.push((words.pop() ?? '') + value);
    else if (/^a\d+(?:\[0\])?$/.test(name)) words.push(value);
  }
  return words.join(' ');
}
