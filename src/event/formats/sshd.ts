import type { Event } from '../event.ts';
import { state, type Format } from './format.ts';
import { aside, signIn, signOut } from './outcome.ts';
import { readPam } from './pam.ts';
import { lastPeer, readPeer } from './peer.ts';
import { readSshdAside } from './sshd-asides.ts';

const SERVICES = new Set(['sshd', 'sshd-session', 'sshd-auth']);

/**
 * OpenSSH's server. Attempts that count (action sign-in): `Accepted …`, `Failed …`, and `error: PAM: … for <existing user>`,
 * which for keyboard-interactive is often the only line. All other lines about an attempt (`Invalid user`, the PAM module's
 * own, `maximum authentication attempts exceeded`, disconnects before authentication) are asides: see outcome.ts.
 * Attributes: method, port, key (fingerprint), repeat (how often the line stands for itself).
 */
export const sshd: Format = {
  name: 'sshd',

  recognizes(text, event) {
    if (SERVICES.has(event.service)) return true;
    return event.service === '' && isBareSshd(text);
  },

  parse(text, event) {
    event.message = text;
    event.service ||= 'sshd';
    readSshd(text, event);
    return '';
  },
};

/** For envelopes that lose the program's name: only the lines that no other program writes. */
function isBareSshd(text: string): boolean {
  switch (text.charCodeAt(0)) {
    case 65: // A
    case 70: // F
      return (text.startsWith('Failed ') || text.startsWith('Accepted ')) && text.includes(' ssh2');
    case 73: // I
      return text.startsWith('Invalid user ') && text.includes(' from ');
    default:
      return false;
  }
}

function readSshd(text: string, event: Event): void {
  switch (text.charCodeAt(0)) {
    case 65: // A
      if (text.startsWith('Accepted ')) return readAttempt(text, 9, event, 'success');
      break;
    case 70: // F
      if (text.startsWith('Failed ')) return readAttempt(text, 7, event, 'failure');
      break;
    case 97: // a
      if (text.startsWith('authentication failure;') && readPam(text, event)) return;
      break;
    case 101: // e
      if (text.startsWith('error: PAM: ')) return readPamError(text, event);
      break;
    case 109: // m
      if (text.startsWith('message repeated ')) return readRepeated(text, event);
      break;
    case 80: // P
      if (text.startsWith('Postponed ') && readNamed(text, 10, event)) return aside(event);
      break;
    case 112: // p
      if (text.startsWith('pam_') && readPamOfSshd(text, event)) return;
      break;
    case 115: // s
      if (text.startsWith('session ') && readPamOfSshd(text, event)) return;
  }
  if (!readPamOfSshd(text, event)) readSshdAside(text, event);
}

/** `<method> for [invalid user ]<user> from <address> port <port> ssh2[: <key type> <fingerprint>]`; the user may hold spaces. */
function readAttempt(text: string, at: number, event: Event, outcome: 'success' | 'failure'): void {
  if (readNamed(text, at, event)) signIn(event, outcome);
}

/** Reads method, account and client. @returns whether all of them are there. */
function readNamed(text: string, at: number, event: Event): boolean {
  const methodEnd = text.indexOf(' for ', at);
  const from = lastPeer(text, methodEnd + 4);
  if (methodEnd < 0 || from < 0) return false;
  setAccount(text, methodEnd + 5, from, event);
  state(event, 'method', text.slice(at, methodEnd));
  readPeer(text, from + 6, event);
  return true;
}

/** Solaris hides the name of an unknown user: `<invalid username>`. */
function setAccount(text: string, at: number, end: number, event: Event): void {
  const isInvalid = text.startsWith('invalid user ', at) || text.startsWith('illegal user ', at);
  const name = text.slice(Math.min(isInvalid ? at + 13 : at, end), end);
  const isHidden = name === '<invalid username>';
  if (isInvalid || isHidden) state(event, 'invalidUser', 'true');
  event.account = isHidden ? '' : name;
}

/** `error: PAM: Authentication failure for [illegal user ]x from <address>`; sshd counts those of unknown users itself. */
function readPamError(text: string, event: Event): void {
  const start = text.indexOf(' for ', 12);
  const from = text.lastIndexOf(' from ');
  if (start < 0 || from < start) return;
  const illegal = text.startsWith('illegal user ', start + 5) || text.startsWith('invalid user ', start + 5);
  event.account = text.slice(start + (illegal ? 18 : 5), from);
  state(event, 'method', 'keyboard-interactive/pam');
  state(event, 'pam', 'sshd');
  readPeer(text, from + 6, event);
  if (illegal) aside(event, 'failure');
  else signIn(event, 'failure');
}

/** `message repeated 5 times: [ Failed password for … ]`: read as the line inside, attribute repeat = 5. */
function readRepeated(text: string, event: Event): void {
  const open = text.indexOf(' times: [ ');
  if (open < 17 || open > 30) return;
  const close = text.endsWith(']') ? text.length - 1 : text.length;
  readSshd(text.slice(open + 10, close).trim(), event);
  if (event.classUid !== 0) state(event, 'repeat', text.slice(17, open));
}

/** Session ends count as sign-out; what PAM says of an attempt stands beside sshd's own line. */
function readPamOfSshd(text: string, event: Event): boolean {
  const fromTag = event.attributes.includes('pam_unix');
  if (!readPam(text, event)) return false;
  if (event.action === 'sign-in' && !(fromTag && event.outcome === 'failure')) aside(event, event.outcome);
  else if (event.action === 'sign-out') signOut(event);
  return true;
}
