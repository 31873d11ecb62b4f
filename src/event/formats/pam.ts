import type { Event } from '../event.ts';
import { state } from './format.ts';
import { aside, manageUser, signIn, signOut } from './outcome.ts';
import { setPeer } from './peer.ts';
import { between } from './scan.ts';

/** Services whose opened session is itself the sign-in, for want of a line of their own. */
const SIGN_IN_SESSIONS = new Set([
  'login',
  'gdm',
  'gdm-password',
  'lightdm',
  'sddm',
  'remote',
  'vsftpd',
  'su',
  'su-l',
  'su-',
]);

/**
 * Reads what PAM modules write, in both shapes: `pam_unix(sshd:auth): authentication failure; … rhost=x  user=y` and, where
 * the tag already named the module, `authentication failure; …`. @returns whether it was such a line.
 */
export function readPam(text: string, event: Event): boolean {
  let line = text;
  let service = event.service;
  if (text.startsWith('pam_')) {
    const open = text.indexOf('(');
    const close = text.indexOf('): ');
    if (open < 0 || close < open) return false;
    const colon = text.indexOf(':', open);
    service = text.slice(open + 1, colon < close ? colon : close);
    line = text.slice(close + 3);
  } else if (text.startsWith('PAM ')) line = text.slice(4);
  const isPam = readFailure(line, text, event) || readSession(line, service, event) || readRemark(line, text, event);
  if (isPam && text.startsWith('pam_')) state(event, 'pam', service);
  return isPam;
}

function readFailure(line: string, text: string, event: Event): boolean {
  const more = /^(\d+) more authentication failures?; /.exec(line);
  if (more === null && !line.startsWith('uthentication failure; ', 1)) return false;
  event.account = valueOf(line, 'user=') || valueOf(line, 'ruser=');
  setPeer(valueOf(line, 'rhost='), event);
  state(event, 'tty', valueOf(line, ' tty='));
  const uid = valueOf(line, ' uid=');
  state(event, 'uid', uid);
  if (more !== null) state(event, 'repeat', more[1]!);
  if (text.startsWith('PAM ')) aside(event, 'failure');
  else signIn(event, 'failure');
  return true;
}

/** `session opened for user x(uid=1) by y(uid=0)`, `session closed for user x`. */
function readSession(line: string, service: string, event: Event): boolean {
  const opened = line.startsWith('session opened for user ');
  if (!opened && !line.startsWith('session closed for user ')) return false;
  event.account = /^[^ (]*/.exec(line.slice(24))?.[0] ?? '';
  state(event, 'by', /^[^ (]*/.exec(between(line, ' by ', ''))?.[0] ?? '');
  const counts = SIGN_IN_SESSIONS.has(service);
  if (opened && counts) signIn(event, 'success');
  else if (!opened && (counts || service.startsWith('sshd'))) signOut(event);
  else aside(event, 'success');
  return true;
}

/** Of a session that somebody opened as somebody else: account is who asked, target whom they became. */
export function nameBySession(text: string, event: Event): void {
  event.target = event.account;
  const by = / by ([^ (]*)\(uid=(\d+)\)/.exec(text);
  const named = by?.[1] === '' && by[2] === '0' ? 'root' : by?.[1];
  const person = / ruser=(\S+)/.exec(text)?.[1] ?? named;
  if (person !== undefined && person !== '') event.account = person;
}

/** What the modules say of an attempt besides: the account, and for pam_access the client. */
const REMARKS: readonly RegExp[] = [
  /^(?:check pass; )?user unknown/,
  /^bad username \[([^\]]*)\]/,
  /^received for user (.+): \d+ \(/,
  /^user '([^']*)' denied access/,
  /^Consecutive login failures for user (\S+) account temporarily locked/,
  /^user (\S+) \(\d+\) (?:has time limit|tally \d+, deny)/,
  /^account (\S+) (?:has expired|has password changed in future|is locked)/,
  /^access denied for user `([^']*)' from `([^']*)'/,
  /^auth could not identify password for \[([^\]]*)\]/,
  /^requirement ".{0,200}" not met by user "([^"]*)"/,
  /^password check failed for user \(([^)]*)\)/,
  /^conversation failed$/,
];

function readRemark(line: string, text: string, event: Event): boolean {
  const granted = /^user '([^']*)' granted access/.exec(line);
  const changed = /^password changed for (\S+)/.exec(line);
  if (granted !== null) {
    event.account = granted[1]!;
    aside(event, 'success');
  } else if (changed !== null && text.startsWith('pam_')) {
    manageUser(event, 'account-change', changed[1]!);
    event.outcome = 'success';
  } else return readRefusal(line, event);
  return true;
}

function readRefusal(line: string, event: Event): boolean {
  for (const shape of REMARKS) {
    const parts = shape.exec(line);
    if (parts === null) continue;
    event.account = parts[1] ?? '';
    if (parts[2] !== undefined) setPeer(parts[2], event);
    if (parts[0].endsWith('user unknown')) state(event, 'invalidUser', 'true');
    aside(event, 'failure');
    return true;
  }
  return false;
}

/** The value behind `name` up to the next space; the name stands at the start of a word. */
function valueOf(line: string, name: string): string {
  const word = name.startsWith(' ') ? name : ` ${name}`;
  const at = line.indexOf(word);
  if (at < 0) return '';
  const start = at + word.length;
  const end = line.indexOf(' ', start);
  return end < 0 ? line.slice(start) : line.slice(start, end);
}
