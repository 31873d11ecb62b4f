import type { Event } from '../event.ts';
import { state } from './format.ts';
import { aside, signIn, signOut } from './outcome.ts';
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
    state(event, 'pam', service);
  } else if (text.startsWith('PAM ')) line = text.slice(4);
  return readFailure(line, text, event) || readSession(line, service, event) || readUnknown(line, event);
}

function readFailure(line: string, text: string, event: Event): boolean {
  const more = /^(\d+) more authentication failures?; /.exec(line);
  if (more === null && !line.startsWith('authentication failure; ')) return false;
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
  if (!opened) signOut(event);
  else if (SIGN_IN_SESSIONS.has(service)) signIn(event, 'success');
  else aside(event, 'success');
  return true;
}

function readUnknown(line: string, event: Event): boolean {
  if (!line.startsWith('check pass; user unknown') && !line.startsWith('user unknown')) return false;
  state(event, 'invalidUser', 'true');
  aside(event, 'failure');
  return true;
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
