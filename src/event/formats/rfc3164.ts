import type { Event } from '../event.ts';
import { state, type Format, type ParseContext } from './format.ts';
import { addressOrName, shortestAddress } from './address.ts';
import { COLON, isDigitAt, skipSpaces, tokenEnd } from './scan.ts';
import { skipPreamble, skipRelayed } from './syslog-origin.ts';
import { readTag } from './syslog-tag.ts';
import { readSyslogTime, readUnixTime, syslogTime } from './syslog-time.ts';
import { priorityEnd, readFacility, readPriority } from './syslog-priority.ts';
import { monthAt } from './time.ts';

const ANY_ZONE = { timeZone: 'UTC', now: 0 };

/**
 * BSD syslog as it is found: `<PRI>Mmm dd hh:mm:ss host tag[pid]: text`, with or without PRI, weekday, year, fraction, zone,
 * host; the ISO timestamps of rsyslog's file format and of `journalctl -o short-iso`; what Cisco, Solaris, AIX, OpenWrt and
 * metalog add. Sets time (the source's zone; the year as syslog-time.ts says), host, service, severity, message, attributes
 * syslog.* and pid.
 */
export const rfc3164: Format = {
  name: 'rfc3164',

  recognizes(text) {
    return priorityEnd(text) > 0 || readSyslogTime(text, 0, ANY_ZONE);
  },

  parse(text, event, context) {
    const start = priorityEnd(text);
    const fault = start > 0 ? readPriority(text, start, event) : '';
    const at = skipPreamble(text, start, event, context);
    if (!readSyslogTime(text, at, context) && !(start > 0 && readUnixTime(text, at))) {
      readTag(text, at, event);
      return fault || timeFault(text, at);
    }
    event.time = syslogTime.time;
    readHostAndTag(text, syslogTime.end, event, context);
    return fault;
  },
};

/** A text that begins like a date but is none (`Nov 31`) says so; one without any time is as RFC 3164 allows. */
function timeFault(text: string, at: number): string {
  if (monthAt(text, at) === 0 || !/^[A-Za-z]{3} +\d{1,2} +(?:\d{4} +)?\d?\d:\d\d/.test(text.slice(at, at + 24)))
    return '';
  return `timestamp '${text.slice(at, at + 15)}' is no time`;
}

function readHostAndTag(text: string, at: number, event: Event, context: ParseContext): void {
  const start = readFacility(text, skipSpaces(text, at), event);
  const isForwarded = text.startsWith('Message forwarded from ', start);
  const nameAt = isForwarded ? start + 23 : start;
  const end = tokenEnd(text, nameAt);
  if (text.startsWith('last message repeated ', start) || readLevel(text, start, end, event))
    event.message = text.slice(start);
  else if (readStream(text, start, end, event)) return;
  else if (text.charCodeAt(start) === 91) readBracketedTag(text, start, end, event);
  else if (!isForwarded && (isTag(text, start, end) || text.charCodeAt(start) === 37)) readTag(text, start, event);
  else {
    event.host = text.slice(nameAt, isForwarded && text.charCodeAt(end - 1) === COLON ? end - 1 : end);
    const next = skipSpaces(text, end);
    readBehindHost(text, text.charCodeAt(next) === COLON ? skipSpaces(text, next + 1) : next, event, context);
  }
}

function readBehindHost(text: string, start: number, event: Event, context: ParseContext): void {
  const at = skipRelayed(text, start, event, context);
  const end = tokenEnd(text, at);
  if (isTag(text, at, end)) return readTag(text, at, event);
  const next = skipSpaces(text, end);
  const isSecondHost = shortestAddress(text.slice(at, end)) !== '' && isTag(text, next, tokenEnd(text, next));
  readTag(text, isSecondHost ? next : at, event);
}

const LEVELS = new Map(
  Object.entries({ TRACE: 1, DEBUG: 1, INFO: 1, NOTICE: 2, WARN: 3, WARNING: 3, ERROR: 4, CRITICAL: 5, FATAL: 6 }),
);

/** Applications write their level where syslog has the host: `2026-03-05 08:09:10,123 ERROR [main] text`. */
function readLevel(text: string, start: number, end: number, event: Event): boolean {
  if (end - start < 4 || end - start > 10) return false;
  const isBracketed = text.charCodeAt(start) === 91 && text.charCodeAt(end - 1) === 93;
  const severity = LEVELS.get(isBracketed ? text.slice(start + 1, end - 1) : text.slice(start, end));
  if (severity === undefined) return false;
  event.severity ||= severity;
  return true;
}

/** Kubernetes' container logs: `<time> stdout F text`, P for a part of a line. */
function readStream(text: string, start: number, end: number, event: Event): boolean {
  const stream = text.slice(start, end);
  const mark = text.charCodeAt(end + 1);
  if ((stream !== 'stdout' && stream !== 'stderr') || (mark !== 70 && mark !== 80)) return false;
  if (text.charCodeAt(end + 2) !== 32) return false;
  state(event, 'stream', stream);
  event.message = text.slice(end + 3);
  return true;
}

/** metalog writes `[program] text` and no host; any other bracket belongs to the text. */
function readBracketedTag(text: string, start: number, end: number, event: Event): void {
  const close = text.charCodeAt(end - 1) === COLON ? end - 2 : end - 1;
  const isTag = close > start + 1 && text.charCodeAt(close) === 93 && !isDigitAt(text, start + 1);
  if (isTag) event.service = text.slice(start + 1, close);
  event.message = text.slice(isTag ? skipSpaces(text, end) : start);
}

/** Whether the token behind the time is already the tag: it ends in a colon (and is no IPv6 address) or holds `[`. */
function isTag(text: string, start: number, end: number): boolean {
  if (end === start) return false;
  if (text.charCodeAt(end - 1) !== COLON) return holdsBracket(text, start + 1, end) && !isDigitAt(text, start);
  if (holdsBracket(text, start + 1, end) && !isDigitAt(text, start)) return true;
  return addressOrName(text.slice(start, end)) === '' || text.indexOf(':', start) === end - 1;
}

function holdsBracket(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (text.charCodeAt(i) === 91) return true;
  return false;
}
