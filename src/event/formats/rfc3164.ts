import type { Event } from '../event.ts';
import { state, type Format } from './format.ts';
import { addressOrName } from './address.ts';
import { COLON, digitsEnd, isDigitAt, skipSpaces, SPACE, tokenEnd } from './scan.ts';
import { readTag } from './syslog-tag.ts';
import { readSyslogTime, syslogTime } from './syslog-time.ts';
import { priorityEnd, readPriority } from './syslog-priority.ts';

const ANY_ZONE = { timeZone: 'UTC', now: 0 };

/**
 * BSD syslog as it is found: `<PRI>Mmm dd hh:mm:ss host tag[pid]: text`, with or without PRI, year, fraction, zone, host; the
 * ISO timestamps of rsyslog's file format and of `journalctl -o short-iso`; Cisco's sequence numbers and marks before the
 * time. Sets time (nearest year, the source's zone), host, service, severity, message, attributes syslog.* and pid.
 */
export const rfc3164: Format = {
  name: 'rfc3164',

  recognizes(text) {
    return priorityEnd(text) > 0 || readSyslogTime(text, 0, ANY_ZONE);
  },

  parse(text, event, context) {
    const start = priorityEnd(text);
    const fault = start > 0 ? readPriority(text, start, event) : '';
    const at = skipSequence(text, skipSpaces(text, start), event);
    if (!readSyslogTime(text, at, context)) {
      readTag(text, at, event);
      return fault;
    }
    event.time = syslogTime.time;
    readHostAndTag(text, syslogTime.end, event);
    return fault;
  },
};

/** Cisco writes `29: ` or `29: host: ` and `*` or `.` (clock not set, not synchronized) before the time. */
function skipSequence(text: string, at: number, event: Event): number {
  let next = at;
  const end = digitsEnd(text, at);
  if (end > at && text.charCodeAt(end) === COLON && text.charCodeAt(end + 1) === SPACE) {
    state(event, 'sequence', text.slice(at, end));
    next = skipSpaces(text, end + 1);
  }
  const mark = text.charCodeAt(next);
  return mark === 42 || mark === 46 ? next + 1 : next;
}

function readHostAndTag(text: string, at: number, event: Event): void {
  const start = skipSpaces(text, at);
  const end = tokenEnd(text, start);
  if (isTag(text, start, end) || text.charCodeAt(start) === 37) {
    readTag(text, start, event);
    return;
  }
  event.host = text.slice(start, end);
  const next = skipSpaces(text, end);
  readTag(text, text.charCodeAt(next) === COLON ? skipSpaces(text, next + 1) : next, event);
}

/** Whether the token behind the time is already the tag: it ends in a colon (and is no IPv6 address) or holds `[`. */
function isTag(text: string, start: number, end: number): boolean {
  if (end === start) return false;
  const open = text.indexOf('[', start);
  if (open > start && open < end && !isDigitAt(text, start)) return true;
  if (text.charCodeAt(end - 1) !== COLON) return false;
  return addressOrName(text.slice(start, end)) === '' || text.indexOf(':', start) === end - 1;
}
