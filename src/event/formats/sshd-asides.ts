import type { Event } from '../event.ts';
import { aside } from './outcome.ts';
import { lastPort, readPeer, setPeer } from './peer.ts';
import { state } from './format.ts';
import { between } from './scan.ts';

/** Lines about an attempt that end in `<user> <address> port <port>`: what precedes the user; an authenticating or invalid one was not in. */
const WITH_USER =
  /^(?:Connection (?:closed|reset) by|Disconnected from|Disconnecting|ssh_dispatch_run_fatal: Connection from) (?:(authenticating|invalid) )?user /;

/** Lines that name the address only. */
const WITH_ADDRESS = [
  'Connection from ',
  'Connection closed by ',
  'Connection reset by ',
  'Received disconnect from ',
  'Disconnected from ',
  'Did not receive identification string from ',
  'Timeout before authentication for connection from ',
  'Timeout before authentication for ',
  'Protocol major versions differ for ',
  'Unable to negotiate with ',
] as const;

/** Reads the lines that tell more about an attempt without being its record. Unknown lines stay a plain message. */
export function readSshdAside(text: string, event: Event): void {
  const line = text.startsWith('error: ') ? text.slice(7) : text.startsWith('fatal: ') ? text.slice(7) : text;
  if (readInvalidUser(line, event) || readRefused(line, event)) return;
  const user = WITH_USER.exec(line);
  if (user !== null) return readUserAndPeer(line, user, event);
  if (readTooMany(line, event) || readSession(line, event) || readNamedInside(line, event)) return;
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

/** Lines that refuse an account: `User x from host not allowed because …`, PAM's account check, root. */
function readRefused(line: string, event: Event): boolean {
  const because = line.indexOf(' not allowed because ');
  if (line.startsWith('User ') && because > 0) {
    const from = line.lastIndexOf(' from ', because);
    event.account = line.slice(5, from > 5 ? from : because);
    if (from > 5) setPeer(line.slice(from + 6, because), event);
    state(event, 'reason', line.slice(because + 21));
  } else if (line.startsWith('ROOT LOGIN REFUSED FROM ')) {
    event.account = 'root';
    readPeer(line, 24, event);
  } else if (line.startsWith('Access denied for user ')) {
    event.account = line.slice(23, Math.max(23, line.lastIndexOf(' by PAM account')));
  } else if (line.startsWith('Login restricted for ')) {
    const colon = line.indexOf(': ', 21);
    event.account = line.slice(21, colon < 0 ? undefined : colon);
    state(event, 'reason', colon < 0 ? '' : line.slice(colon + 2));
  } else return false;
  aside(event, 'failure');
  return true;
}

/** `maximum authentication attempts exceeded for [invalid user ]x from …`, `Disconnecting: Too many authentication failures …`. */
function readTooMany(line: string, event: Event): boolean {
  const attempts = line.startsWith('maximum authentication attempts exceeded for ');
  if (!attempts && !line.startsWith('Disconnecting: Too many authentication failures')) return false;
  const user = attempts ? 45 : line.indexOf(' for ') + 5;
  const from = line.lastIndexOf(' from ');
  if (user >= 5 && from > user) {
    const isInvalid = line.startsWith('invalid user ', user);
    if (isInvalid) state(event, 'invalidUser', 'true');
    event.account = line.slice(isInvalid ? user + 13 : user, from);
    readPeer(line, from + 6, event);
  } else event.account = / for (\S+)/.exec(line)?.[1] ?? '';
  aside(event, 'failure');
  return true;
}

function readUserAndPeer(line: string, start: RegExpExecArray, event: Event): void {
  const at = start[0].length;
  const port = lastPort(line);
  const space = line.lastIndexOf(' ', port - 1);
  if (port > 0 && space >= at - 1) {
    event.account = line.slice(at, Math.max(at, space));
    readPeer(line, space + 1, event);
  }
  if (start[1] === 'invalid') state(event, 'invalidUser', 'true');
  const refused = start[1] !== undefined || line.includes(': Too many authentication failures');
  aside(event, refused ? 'failure' : '');
}

/** `Starting session: shell on pts/2 for x from 192.0.2.1 port 5 id 0`, `Close session: user x from …`, `subsystem request …`. */
function readSession(line: string, event: Event): boolean {
  const subsystem = /^subsystem request for (\S+) by user (.+)$/.exec(line);
  if (subsystem !== null) {
    event.account = subsystem[2]!;
    state(event, 'subsystem', subsystem[1]!);
    aside(event);
    return true;
  }
  const starts = line.startsWith('Starting session: ');
  if (!starts && !line.startsWith('Close session: user ')) return false;
  const from = line.lastIndexOf(' from ');
  const user = starts ? line.lastIndexOf(' for ', from) + 5 : 20;
  if (user >= 5 && from > user) {
    event.account = line.slice(user, from);
    readPeer(line, from + 6, event);
  }
  aside(event);
  return true;
}

/** Lines that name the client inside, or behind words that change. */
function readNamedInside(line: string, event: Event): boolean {
  if (line.startsWith('reverse mapping checking'))
    setPeer(between(line, '[', ']', Math.max(0, line.lastIndexOf('['))), event);
  else if (line.startsWith('Address ')) readPeer(line, 8, event);
  else if (line.startsWith('Bad protocol version') || line.startsWith('banner exchange: Connection from '))
    readPeer(line, line.lastIndexOf(' from ') + 6, event);
  else if (line.startsWith('Nasty PTR record')) setPeer(/for (\S+?),/.exec(line)?.[1] ?? '', event);
  else if (line.startsWith('refused connect from ')) setPeer(/\(([^()]*)\)$/.exec(line)?.[1] ?? '', event);
  else if (line.startsWith('drop connection #')) readDropped(line, event);
  else return false;
  aside(event, /^(?:refused|drop) connect/.test(line) ? 'failure' : '');
  return true;
}

/** `drop connection #3 from [192.0.2.1]:5 on [192.0.2.9]:22 …` of a server that limits or punishes clients. */
function readDropped(line: string, event: Event): void {
  const peer = / from \[([^\]]{0,60})\]:(\d{1,5})/.exec(line);
  setPeer(peer?.[1] ?? '', event);
  state(event, 'port', peer?.[2] ?? '');
}
