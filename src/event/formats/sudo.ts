import type { Event } from '../event.ts';
import { state, type Format } from './format.ts';
import { aside, command, signIn } from './outcome.ts';
import { nameBySession, readPam } from './pam.ts';

const SERVICES = new Set(['sudo', 'sudo-rs', 'doas', 'pkexec']);

/**
 * `user : [reason ; ]TTY=… ; PWD=… ; USER=… ; COMMAND=…`. A command that ran is action command; one that was refused is the
 * same with outcome failure; `3 incorrect password attempts` is a failed sign-in with attribute repeat. PAM's line beside
 * it is an aside. doas and pkexec are read in the same way. Attributes: command, runAs, tty, pwd, reason.
 */
export const sudo: Format = {
  name: 'sudo',

  recognizes(_text, event) {
    return SERVICES.has(event.service);
  },

  parse(text, event) {
    event.message = text;
    if (readPam(text, event)) readPamOfSudo(text, event);
    else if (event.service === 'doas') readDoas(text, event);
    else if (event.service === 'pkexec') readPkexec(text, event);
    else readCommand(text.trimStart(), event);
    return '';
  },
};

/** The session belongs to who asked for it, not to whom they became. */
function readPamOfSudo(text: string, event: Event): void {
  if (event.action === 'sign-in' || event.action === 'sign-out') aside(event, event.outcome);
  if (text.includes('session opened for user ')) nameBySession(text, event);
}

function readCommand(text: string, event: Event): void {
  const colon = text.indexOf(' : ');
  if (colon < 0) return;
  event.account = text.slice(0, colon).trimEnd();
  const commandAt = text.indexOf('COMMAND=', colon);
  const middle = text.slice(colon + 3, commandAt < 0 ? text.length : commandAt);
  let reason = '';
  for (const part of middle.split(' ; ')) {
    if (part.startsWith('TTY=')) state(event, 'tty', part.slice(4));
    else if (part.startsWith('PWD=')) state(event, 'pwd', part.slice(4));
    else if (part.startsWith('USER=')) event.target = part.slice(5).trim();
    else if (!/^[A-Z]+=/.test(part)) reason = reason === '' ? part.trim() : reason;
  }
  state(event, 'runAs', event.target);
  state(event, 'reason', reason);
  event.privileged = event.target === 'root';
  if (commandAt < 0) return;
  state(event, 'command', text.slice(commandAt + 8));
  conclude(reason, event);
}

function conclude(reason: string, event: Event): void {
  const attempts = /^(\d+) incorrect password attempts?/.exec(reason);
  if (attempts !== null) {
    signIn(event, 'failure');
    state(event, 'repeat', attempts[1]!);
  } else command(event, reason === '' ? 'success' : 'failure');
}

/** OpenBSD: `wang ran command ls -l as root from /home/wang`, `command not permitted for wang: ls -l`, `failed auth for wang`. */
function readDoas(text: string, event: Event): void {
  const ran = /^(\S+) ran command (.*) as (\S+) from (\S+)$/.exec(text);
  const refused = /^(?:command not permitted for|failed command for) (\S+?): (.*)$/.exec(text);
  const failed = /^failed auth for (\S+)/.exec(text);
  event.account = ran?.[1] ?? refused?.[1] ?? failed?.[1] ?? '';
  if (ran !== null) become(ran[3]!, ran[4]!, event);
  const line = ran?.[2] ?? refused?.[2] ?? '';
  state(event, 'command', line);
  if (failed !== null) signIn(event, 'failure');
  else if (line !== '') command(event, ran === null ? 'failure' : 'success');
}

/** polkit: `wang: Executing command [USER=root] [TTY=unknown] [CWD=/] [COMMAND=/bin/x]`, `wang: Error executing command as …`. */
function readPkexec(text: string, event: Event): void {
  const colon = text.indexOf(': ');
  if (colon < 0) return;
  const isError = text.startsWith('Error executing command', colon + 2);
  if (!isError && !text.startsWith('Executing command', colon + 2)) return;
  event.account = text.slice(0, colon);
  become(bracketed(text, 'USER'), bracketed(text, 'CWD'), event);
  state(event, 'tty', bracketed(text, 'TTY'));
  state(event, 'command', bracketed(text, 'COMMAND'));
  command(event, isError ? 'failure' : 'success');
}

function become(target: string, folder: string, event: Event): void {
  event.target = target;
  event.privileged = target === 'root';
  state(event, 'runAs', target);
  state(event, 'pwd', folder);
}

/** The value of `[NAME=value]`; the command stands last and may hold brackets itself. */
function bracketed(text: string, name: string): string {
  const at = text.indexOf(`[${name}=`);
  if (at < 0) return '';
  const end = name === 'COMMAND' ? text.lastIndexOf(']') : text.indexOf(']', at);
  return end < 0 ? '' : text.slice(at + name.length + 2, end);
}
