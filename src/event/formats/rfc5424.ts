import type { Event } from '../event.ts';
import { state, type Format, type ParseContext } from './format.ts';
import { digitsEnd, isDigitAt, SPACE, tokenEnd } from './scan.ts';
import { readStructuredData } from './structured-data.ts';
import { priorityEnd, readPriority } from './syslog-priority.ts';
import { readIsoTime, reading } from './time.ts';
import { instantOf } from './zone.ts';

/**
 * `<PRI>VERSION TIMESTAMP HOST APP PROCID MSGID STRUCTURED-DATA MSG`. Sets time, host, service, severity, message and the
 * attributes syslog.priority/facility/severity, syslog.version (unless 1), pid, syslog.msgid and `<sd-id>.<param>`. What is
 * malformed gives a fault; the rest of the line is then the message.
 */
export const rfc5424: Format = {
  name: 'rfc5424',

  recognizes(text) {
    const end = priorityEnd(text);
    if (end === 0 || !isDigitAt(text, end) || text.charCodeAt(end) === 48) return false;
    const versionEnd = digitsEnd(text, end);
    return versionEnd - end <= 3 && text.charCodeAt(versionEnd) === SPACE && looksLikeTime(text, versionEnd + 1);
  },

  parse(text, event, context) {
    const end = priorityEnd(text);
    const versionEnd = tokenEnd(text, end);
    const fault = readPriority(text, end, event);
    const version = text.slice(end, versionEnd);
    if (version !== '1') state(event, 'syslog.version', version);
    return readHeader(text, versionEnd + 1, event, context) || fault;
  },
};

/** RFC 3164 senders may begin with a number too; a NILVALUE or a year settles it. */
function looksLikeTime(text: string, at: number): boolean {
  return (text.charCodeAt(at) === 45 && !(text.charCodeAt(at + 1) > SPACE)) || text.charCodeAt(at + 4) === 45;
}

function readHeader(text: string, at: number, event: Event, context: ParseContext): string {
  const timeEnd = tokenEnd(text, at);
  const fault = readTime(text, at, timeEnd, event, context);
  const hostEnd = tokenEnd(text, timeEnd + 1);
  const serviceEnd = tokenEnd(text, hostEnd + 1);
  const pidEnd = tokenEnd(text, serviceEnd + 1);
  const idEnd = tokenEnd(text, pidEnd + 1);
  event.host = field(text, timeEnd + 1, hostEnd);
  event.service = field(text, hostEnd + 1, serviceEnd);
  state(event, 'pid', field(text, serviceEnd + 1, pidEnd));
  state(event, 'syslog.msgid', field(text, pidEnd + 1, idEnd));
  if (idEnd >= text.length) return fault || 'the header ends before its structured data';
  return readBody(text, idEnd + 1, event) || fault;
}

function readTime(text: string, at: number, end: number, event: Event, context: ParseContext): string {
  if (end - at === 1 && text.charCodeAt(at) === 45) return '';
  if (!readIsoTime(text, at) || reading.end !== end)
    return `timestamp '${text.slice(at, Math.min(end, at + 40))}' is no time`;
  event.time = reading.time === reading.time ? reading.time : instantOf(reading.wallMs, context.timeZone);
  return '';
}

function field(text: string, start: number, end: number): string {
  if (start >= end || (end - start === 1 && text.charCodeAt(start) === 45)) return '';
  return text.slice(start, end);
}

function readBody(text: string, at: number, event: Event): string {
  const end = readStructuredData(text, at, event);
  if (end < 0) {
    event.message = text.slice(at);
    return 'the structured data is malformed';
  }
  if (end < text.length && text.charCodeAt(end) !== SPACE) {
    event.message = text.slice(end);
    return 'no space after the structured data';
  }
  const start = end + 1;
  event.message = text.slice(text.charCodeAt(start) === 0xfeff ? start + 1 : start);
  return '';
}
