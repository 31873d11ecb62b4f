import type { Event } from '../event.ts';
import { state, type Format } from './format.ts';
import { aside, command, signIn } from './outcome.ts';
import { readPam } from './pam.ts';

/**
 * `user : [reason ; ]TTY=… ; PWD=… ; USER=… ; COMMAND=…`. A command that ran is action command; one that was refused is the
 * same with outcome failure; `3 incorrect password attempts` is a failed sign-in with attribute repeat. PAM's line beside
 * it is an aside. Attributes: command, runAs, tty, pwd, reason.
 */
export const sudo: Format = {
  name: 'sudo',

  recognizes(_text, event) {
    return event.service === 'sudo';
  },

  parse(text, event) {
    event.message = text;
    if (readPam(text, event)) {
      if (event.action === 'sign-in') aside(event, event.outcome);
      else if (event.action === 'sign-out') aside(event, 'success');
      return '';
    }
    readCommand(text.trimStart(), event);
    return '';
  },
};

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
  if (commandAt >= 0) state(event, 'command', text.slice(commandAt + 8));
  event.privileged = event.target === 'root';
  conclude(reason, event);
}

function conclude(reason: string, event: Event): void {
  const attempts = /^(\d+) incorrect password attempts?/.exec(reason);
  if (attempts !== null) {
    signIn(event, 'failure');
    state(event, 'repeat', attempts[1]!);
  } else command(event, reason === '' ? 'success' : 'failure');
}
