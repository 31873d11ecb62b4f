import type { Event } from '../event.ts';
import { shortestAddress } from './address.ts';
import { state, type Format, type ParseContext } from './format.ts';
import { CLASS, signIn } from './outcome.ts';
import { readClock, readIsoTime, reading, monthAt, utc } from './time.ts';
import { instantOf } from './zone.ts';

const SEVERITIES: Readonly<Record<string, number>> = {
  ...{ debug: 1, info: 1, notice: 1, warn: 3, error: 4, crit: 5, alert: 5, emerg: 6 },
};

const SHAPE = /^\[[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d(?:\.\d{1,9})?) (\d{4})\] /;

/**
 * `[Sun Dec 04 04:47:44 2005] [error] [client 192.0.2.1] text`, 2.4's `[module:level] [pid 1:tid 2] [client a:port]`, the same with
 * an ISO time, and without a time inside syslog. Attributes: level, module, pid, referrer.
 */
export const apacheError: Format = {
  name: 'apache-error',

  recognizes(text, event) {
    if (text.charCodeAt(0) !== 91) return false;
    if (text.charCodeAt(4) === 32) return SHAPE.test(text.slice(0, 60));
    if (/^(?:httpd|apache)/.test(event.service)) return levelEnd(text, 0) > 0;
    return readIsoTime(text, 1) && levelEnd(text, reading.end + 2) > 0;
  },

  parse(text, event, context) {
    const start = readTime(text, event, context);
    event.service ||= 'apache';
    event.message = readError(text.slice(readFields(text, Math.abs(start), event)), event);
    readMeaning(event);
    return start < 0 ? 'the time is none' : '';
  },
};

/** End of `[level]` or `[module:level]` at `at`, or 0. */
function levelEnd(text: string, at: number): number {
  const field = /^\[(?:[\w.]{0,40}:)?(\w{2,8})\]/.exec(text.slice(at, at + 60));
  return field !== null && isLevel(field[1]!) ? at + field[0].length : 0;
}

function isLevel(word: string): boolean {
  return Object.hasOwn(SEVERITIES, word) || /^trace[1-8]$/.test(word);
}

/** @returns where the fields begin, negative when the time before them does not exist. */
function readTime(text: string, event: Event, context: ParseContext): number {
  const parts = SHAPE.exec(text.slice(0, 60));
  if (parts === null) {
    if (!readIsoTime(text, 1)) return 0;
    event.time = reading.time === reading.time ? reading.time : instantOf(reading.wallMs, context.timeZone);
    return reading.end + 2;
  }
  const date = utc(Number(parts[4]), monthAt(parts[1]!, 0), Number(parts[2]), 0, 0, 0);
  if (date !== date || !readClock(parts[3]!, 0)) return -parts[0].length;
  event.time = instantOf(date + reading.wallMs, context.timeZone);
  return parts[0].length;
}

/** The bracketed fields behind the time, up to the first that is none of ours. @returns where the text behind them begins. */
function readFields(text: string, start: number, event: Event): number {
  let at = start;
  while (text.charCodeAt(at) === 91) {
    const close = text.indexOf('] ', at);
    const end = close < 0 ? text.lastIndexOf(']') : close;
    if (end < at || !readField(text.slice(at + 1, end), event)) break;
    at = Math.min(end + 2, text.length);
  }
  return at;
}

function readField(value: string, event: Event): boolean {
  const colon = value.indexOf(':');
  const level = value.slice(colon + 1);
  if (value.startsWith('client ') || value.startsWith('remote ')) event.clientAddress = shortestAddress(value.slice(7));
  else if (value.startsWith('pid ')) state(event, 'pid', /^pid (\d+)/.exec(value)?.[1] ?? '');
  else if (isLevel(level)) {
    event.severity = SEVERITIES[level] ?? 1;
    state(event, 'level', level);
    if (colon > 0) state(event, 'module', value.slice(0, colon));
  } else return false;
  return true;
}

/** `(70014)End of file found: [client 192.0.2.1:5] text`: the system's error stands before the client. */
function readError(text: string, event: Event): string {
  const at = text.charCodeAt(0) === 40 ? text.slice(0, 200).indexOf(': [client ') : -1;
  const close = at < 0 ? -1 : text.indexOf('] ', at);
  if (close > 0) event.clientAddress = shortestAddress(text.slice(at + 10, close));
  return text;
}

const REFUSED_SIGN_IN =
  /^(?:AH\d+: |Digest: )?user (?:`([^']{0,255})' in realm .{0,255}|(\S{0,255}?))(?:: authentication failure| not found|: password mismatch)/;
const REFUSED_ACCESS =
  /^(?:AH\d+: )?(?:client denied by server configuration: (.*)|user (\S{1,255}): authorization failure for "(.*)"|Authorization of user (\S{1,255}) to access (.*) failed)/;

/** Refused sign-ins (`user x: authentication failure for "/path"`, `user x not found`) and refused accesses. */
function readMeaning(event: Event): void {
  const at = event.message.lastIndexOf(', referer: ');
  const text = at < 0 ? event.message : event.message.slice(0, at);
  if (at >= 0) state(event, 'referrer', event.message.slice(at + 11));
  const user = REFUSED_SIGN_IN.exec(text);
  if (user !== null) {
    event.account = user[1] ?? user[2] ?? '';
    signIn(event, 'failure');
    return;
  }
  const refused = REFUSED_ACCESS.exec(text);
  if (refused === null) return;
  event.account = refused[2] ?? refused[4] ?? '';
  event.asset = refused[1] ?? refused[3] ?? refused[5] ?? '';
  event.classUid = CLASS.api;
  event.outcome = 'failure';
}
