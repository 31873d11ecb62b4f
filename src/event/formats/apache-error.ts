import type { Event } from '../event.ts';
import { shortestAddress } from './address.ts';
import { state, type Format } from './format.ts';
import { signIn } from './outcome.ts';
import { readClock, reading, monthAt, utc } from './time.ts';
import { instantOf } from './zone.ts';

const SEVERITIES: Readonly<Record<string, number>> = {
  ...{ debug: 1, info: 1, notice: 1, warn: 3, error: 4, crit: 5, alert: 5, emerg: 6 },
};

const SHAPE = /^\[[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d(?:\.\d+)?) (\d{4})\] /;

/** `[Sun Dec 04 04:47:44 2005] [error] [client 192.0.2.1] text`, and 2.4's `[module:level] [pid 1:tid 2] [client a:port]`. */
export const apacheError: Format = {
  name: 'apache-error',

  recognizes(text) {
    return text.charCodeAt(0) === 91 && text.charCodeAt(4) === 32 && SHAPE.test(text);
  },

  parse(text, event, context) {
    const parts = SHAPE.exec(text);
    if (parts === null || !readClock(parts[3]!, 0)) return 'no time at the start';
    const date = utc(Number(parts[4]), monthAt(parts[1]!, 0), Number(parts[2]), 0, 0, 0);
    if (date !== date) return `'${parts[0].trim()}' is no time`;
    event.time = instantOf(date + reading.wallMs, context.timeZone);
    event.message = readFields(text, parts[0].length, event);
    readUser(event);
    return '';
  },
};

/** The bracketed fields behind the time, up to the first that is none of ours. @returns the text behind them. */
function readFields(text: string, start: number, event: Event): string {
  let at = start;
  while (text.charCodeAt(at) === 91) {
    const close = text.indexOf(']', at);
    if (close < 0 || !readField(text.slice(at + 1, close), event)) break;
    at = close + 1;
    if (text.charCodeAt(at) === 32) at++;
  }
  return text.slice(at);
}

function readField(value: string, event: Event): boolean {
  const level = value.slice(value.indexOf(':') + 1);
  if (value.startsWith('client ')) event.clientAddress = shortestAddress(value.slice(7));
  else if (value.startsWith('pid ')) state(event, 'pid', /^pid (\d+)/.exec(value)?.[1] ?? '');
  else if (Object.hasOwn(SEVERITIES, level)) {
    event.severity = SEVERITIES[level]!;
    state(event, 'level', level);
  } else return false;
  return true;
}

/** `AH01617: user x: authentication failure for "/path": Password Mismatch` and `user x not found: /path`. */
function readUser(event: Event): void {
  const user = /(?:^|: )user (\S+?)(?:: authentication failure| not found)/.exec(event.message);
  if (user === null) return;
  event.account = user[1]!;
  signIn(event, 'failure');
}
