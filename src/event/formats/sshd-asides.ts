import type { Event } from '../event.ts';
import { aside } from './outcome.ts';
import { readPeer, setPeer } from './peer.ts';
import { state } from './format.ts';

/** Lines about an attempt that end in `<user> <address> port <port>`: what precedes the user. These failed to sign in … */
const WITH_REFUSED_USER = [
  'Connection closed by authenticating user ',
  'Connection closed by invalid user ',
  'Connection reset by authenticating user ',
  'Connection reset by invalid user ',
  'Disconnected from authenticating user ',
  'Disconnected from invalid user ',
  'Disconnecting authenticating user ',
  'Disconnecting invalid user ',
] as const;

/** … and these were in. */
const WITH_USER = ['Disconnected from user ', 'Connection closed by user ', 'Connection reset by user '] as const;

/** Lines that name the address only. */
const WITH_ADDRESS = [
  'Connection from ',
  'Connection closed by ',
  'Connection reset by ',
  'Received disconnect from ',
  'Disconnected from ',
  'Did not receive identification string from ',
  'Timeout before authentication for ',
  'Protocol major versions differ for ',
  'Unable to negotiate with ',
  'Postponed ',
] as const;

/** Reads the lines that tell more about an attempt without being its record. Unknown lines stay a plain message. */
export function readSshdAside(text: string, event: Event): void {
  const line = text.startsWith('error: ') ? text.slice(7) : text.startsWith('fatal: ') ? text.slice(7) : text;
  if (readInvalidUser(line, event) || readRefused(line, event) || readTooMany(line, event)) return;
  for (const start of WITH_REFUSED_USER)
    if (line.startsWith(start)) return readUserAndPeer(line, start.length, event, 'failure');
  for (const start of WITH_USER) if (line.startsWith(start)) return readUserAndPeer(line, start.length, event, '');
  if (readNamedInside(line, event)) return;
  for (const start of WITH_ADDRESS)
    if (line.startsWith(start)) {
      readPeer(line, start.length, event);
      return aside(event);
    }
}

/** `Invalid user x from 192.0.2.1 port 22`, without a port in old versions; the user may be empty or hold spaces. */
function readInvalidUser(line: string, event: Event): boolean {
  const isInvalid = line.startsWith('Invalid user ') || line.startsWith('Illegal user ');
  const from = line.lastIndexOf(' from ');
  if (isInvalid && from >= 12) {
    event.account = line.slice(13, Math.max(13, from));
    readPeer(line, from + 6, event);
  } else if (line.startsWith('input_userauth_request: invalid user ')) {
    event.account = line.slice(37).replace(/ ?\[preauth\]$/, '');
  } else return false;
  state(event, 'invalidUser', 'true');
  aside(event, 'failure');
  return true;
}

/** `User x from host not allowed because …`, `ROOT LOGIN REFUSED FROM 192.0.2.1 port 22`. */
function readRefused(line: string, event: Event): boolean {
  const because = line.indexOf(' not allowed because ');
  const from = line.lastIndexOf(' from ', because);
  if (line.startsWith('User ') && because > 0) {
    event.account = line.slice(5, from > 5 ? from : because);
    if (from > 5) setPeer(line.slice(from + 6, because), event);
    state(event, 'reason', line.slice(because + 21));
  } else if (line.startsWith('ROOT LOGIN REFUSED FROM ')) {
    event.account = 'root';
    readPeer(line, 24, event);
  } else return false;
  aside(event, 'failure');
  return true;
}

/** `maximum authentication attempts exceeded for [invalid user ]x from …`, `Disconnecting: Too many authentication failures …`. */
function readTooMany(line: string, event: Event): boolean {
  const attempts = line.startsWith('maximum authentication attempts exceeded for ');
  if (!attempts && !line.includes('oo many authentication failures')) return false;
  const user = attempts ? 45 : line.indexOf(' for ') + 5;
  const from = line.lastIndexOf(' from ');
  if (user >= 5 && from > user) {
    event.account = line.slice(line.startsWith('invalid user ', user) ? user + 13 : user, from);
    readPeer(line, from + 6, event);
  } else {
    const named = /^Disconnecting (?:authenticating |invalid )?user (.*) (\S+) port \d+:/.exec(line);
    event.account = named?.[1] ?? line.match(/ for (\S+)/)?.[1] ?? '';
    if (named?.[2] !== undefined) setPeer(named[2], event);
  }
  aside(event, 'failure');
  return true;
}

function readUserAndPeer(line: string, at: number, event: Event, outcome: Event['outcome']): void {
  const port = line.lastIndexOf(' port ');
  const space = line.lastIndexOf(' ', port - 1);
  if (port > 0 && space >= at - 1) {
    event.account = line.slice(at, Math.max(at, space));
    readPeer(line, space + 1, event);
  }
  aside(event, outcome);
}

/** `reverse mapping … [192.0.2.1] failed`, `Address 192.0.2.1 maps to …`, `Bad protocol version … from 192.0.2.1 port 5`. */
function readNamedInside(line: string, event: Event): boolean {
  if (line.startsWith('reverse mapping checking')) setPeer(/\[([^\]]*)\]/.exec(line)?.[1] ?? '', event);
  else if (line.startsWith('Address ')) readPeer(line, 8, event);
  else if (line.startsWith('Bad protocol version') || line.startsWith('banner exchange: Connection from '))
    readPeer(line, line.lastIndexOf(' from ') + 6, event);
  else if (line.startsWith('Nasty PTR record')) setPeer(/for (\S+?),/.exec(line)?.[1] ?? '', event);
  else return false;
  aside(event);
  return true;
}
