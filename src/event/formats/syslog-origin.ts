import type { Event } from '../event.ts';
import { state, type ParseContext } from './format.ts';
import { COLON, digitsEnd, skipSpaces, SPACE, tokenEnd } from './scan.ts';
import { readFacility } from './syslog-priority.ts';
import { readSyslogTime, syslogTime } from './syslog-time.ts';
import { monthAt } from './time.ts';

const PERCENT = 37;
const MAX_TOKENS = 3;
const MAX_CLOCK_DISTANCE_MS = 3_600_000;

/**
 * Steps over what devices write before the time: Cisco's `29: `, `29: host: ` and `*` or `.` (clock not set, not synchronized),
 * a lone colon (EMBLEM, NX-OS), IOS XR's `RP/0/RSP0/CPU0:`, a version digit. Sets host and the attributes sequence and node.
 * @returns where the time should be.
 */
export function skipPreamble(text: string, start: number, event: Event, context: ParseContext): number {
  let at = skipSpaces(text, start);
  if (text.charCodeAt(at + 3) === SPACE && monthAt(text, at) > 0) return at; // nearly all lines
  if (text.charCodeAt(at) === COLON) at = skipSpaces(text, at + 1);
  for (let token = 0; token < MAX_TOKENS; token++) {
    const next = skipToken(text, at, event, context);
    if (next === at) break;
    at = next;
  }
  return skipMark(text, at);
}

function skipToken(text: string, at: number, event: Event, context: ParseContext): number {
  const end = tokenEnd(text, at);
  const next = skipSpaces(text, end);
  const digits = digitsEnd(text, at);
  if (digits > at && digits === end - 1 && text.charCodeAt(digits) === COLON) {
    state(event, 'sequence', text.slice(at, digits));
    return next;
  }
  if (digits === at + 1 && digits === end && readSyslogTime(text, next, context)) return next;
  const colon = text.indexOf(':', at);
  if (colon <= at || colon >= end) return at;
  if (colon === end - 1) return isNamedByCisco(text, next, event, context) ? takeHost(text, at, colon, event) : at;
  if (monthAt(text, colon + 1) === 0 || !readSyslogTime(text, colon + 1, context)) return at;
  state(event, 'node', text.slice(at, colon));
  return colon + 1;
}

function takeHost(text: string, at: number, colon: number, event: Event): number {
  event.host = text.slice(at, colon);
  return skipSpaces(text, colon + 1);
}

/** `name: ` is the device's name, not a tag, when a time follows and a sequence number went before or a `%` comes after. */
function isNamedByCisco(text: string, at: number, event: Event, context: ParseContext): boolean {
  if (!readSyslogTime(text, skipMark(text, at), context)) return false;
  return event.attributes.includes('sequence') || text.charCodeAt(skipSpaces(text, syslogTime.end)) === PERCENT;
}

function skipMark(text: string, at: number): number {
  const mark = text.charCodeAt(at);
  return (mark === 42 || mark === 46) && monthAt(text, at + 1) > 0 ? at + 1 : at;
}

/**
 * Steps over what stands between host and tag: `auth.info` (OpenWrt), `auth|security:info` (AIX), the address of a second host,
 * and the sequence number and own time of a Cisco device behind a relay, which is taken when both clocks agree.
 * @returns where the tag should be.
 */
export function skipRelayed(text: string, start: number, event: Event, context: ParseContext): number {
  const at = readFacility(text, start, event);
  const digits = digitsEnd(text, at);
  const hasSequence = digits > at && text.charCodeAt(digits) === COLON && text.charCodeAt(digits + 1) === SPACE;
  const timeAt = hasSequence ? skipSpaces(text, digits + 1) : at;
  const clockAt = skipMark(text, timeAt);
  const isTime = readSyslogTime(text, clockAt, context);
  const next = isTime ? skipSpaces(text, syslogTime.end) : timeAt;
  if (text.charCodeAt(next) !== PERCENT) return at;
  if (hasSequence) state(event, 'sequence', text.slice(at, digits));
  if (isTime && clockAt === timeAt && Math.abs(syslogTime.time - event.time) < MAX_CLOCK_DISTANCE_MS)
    event.time = syslogTime.time;
  return next;
}
