import { state, type Format } from './format.ts';
import { CHINESE_SEVERITIES, englishSeverity } from './postgresql-chinese.ts';
import { readPrefix } from './postgresql-prefix.ts';
import { applyPostgres, type PostgresRecord } from './postgresql.ts';
import { readIsoTime, reading, timeOfNumber } from './time.ts';
import { instantIn } from './zone.ts';

const MAX_PREFIX = 400;
const SEVERITY = new RegExp(
  '(?:^|[^A-Za-z])(LOG|FATAL|ERROR|WARNING|NOTICE|INFO|PANIC|DEBUG[1-5]?|DETAIL|HINT|CONTEXT|STATEMENT|QUERY|LOCATION|' +
    `${CHINESE_SEVERITIES}): {1,2}`,
);
const DATE = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/;
const UNIX_TIME = /(?:^|[^\w.])(\d{10}\.\d{3})(?![\w.])/;

/** What PostgreSQL writes about the message before, on lines of their own. */
const CONTINUATIONS = new Set(['DETAIL', 'HINT', 'CONTEXT', 'STATEMENT', 'QUERY', 'LOCATION']);

/**
 * PostgreSQL's stderr log with any usual log_line_prefix, in English or Chinese: the parts are found by their shape, wherever
 * they stand (see postgresql-prefix.ts). Lines that continue a statement have been joined before (see assemble.ts).
 */
export const postgresqlStderr: Format = {
  name: 'postgresql',

  recognizes(text, event) {
    if (event.service !== '' && !event.service.startsWith('postgres')) return false;
    const head = text.slice(0, MAX_PREFIX);
    const severity = SEVERITY.exec(head);
    if (severity === null) return false;
    return event.service !== '' || isPrefix(head.slice(0, severity.index + 1), severity[0].endsWith('  '));
  },

  parse(text, event, context) {
    const severity = SEVERITY.exec(text.slice(0, MAX_PREFIX));
    if (severity === null) return 'no severity such as LOG: or ERROR:';
    const record = emptyRecord();
    const start = severity.index + severity[0].length;
    record.severity = englishSeverity(severity[1]!);
    splitContinuation(text.slice(start), record);
    const prefix = text.slice(0, severity.index + (severity[0].startsWith(severity[1]!) ? 0 : 1));
    const withoutTime = readTime(event.service === '' ? prefix : prefix.replace(/^\[\d+-\d+\] /, ''));
    if (timeRead.ok) event.time = instantIn(timeRead.wallMs, timeRead.zone, context.timeZone);
    readPrefix(withoutTime, record);
    const fault = applyPostgres(record, event);
    if (CONTINUATIONS.has(record.severity)) state(event, 'belongsTo', 'the line before');
    return timeRead.fault || fault;
  },
};

/** A date, or what only PostgreSQL writes: two spaces behind the severity, and a process or a user before it. */
function isPrefix(prefix: string, twoSpaces: boolean): boolean {
  if (DATE.test(prefix)) return twoSpaces || /@|\b(?:user|db)=/.test(prefix);
  return twoSpaces && (prefix.length <= 1 || UNIX_TIME.test(prefix) || /\w@\w|\[\d+\]|\buser=/.test(prefix));
}

/** Whether the line belongs to the message before it (DETAIL, STATEMENT, …) rather than being one. */
export function continuesMessage(line: string): boolean {
  const severity = SEVERITY.exec(line.slice(0, MAX_PREFIX));
  return severity !== null && CONTINUATIONS.has(englishSeverity(severity[1]!));
}

function emptyRecord(): PostgresRecord {
  return {
    ...{ user: '', database: '', client: '', application: '', pid: '', session: '', severity: '', sqlState: '' },
    ...{ message: '', detail: '', statement: '' },
  };
}

const timeRead = { ok: false, wallMs: NaN, zone: '', fault: '' };

const ZONE = /^ ([A-Za-z]{1,5}|[+-]\d\d(?::?\d\d)?|[A-Z]\w+(?:\/\w+){1,2})(?![\w/])/;

/** Takes the time and its zone word out of the prefix. */
function readTime(prefix: string): string {
  const date = DATE.exec(prefix);
  timeRead.ok = date !== null && readIsoTime(prefix, date.index);
  timeRead.fault = date === null || timeRead.ok ? '' : `'${date[0]}' is no time`;
  if (date === null) return readUnixTime(prefix);
  if (!timeRead.ok) return prefix;
  const { end, time, wallMs } = reading;
  timeRead.wallMs = time === time ? time : wallMs;
  const zone = time === time ? null : ZONE.exec(prefix.slice(end, end + 40));
  timeRead.zone = time === time ? 'UTC' : (zone?.[1] ?? '');
  return `${prefix.slice(0, date.index)} ${prefix.slice(end + (zone?.[0].length ?? 0))}`;
}

/** `%n`: seconds since 1970 with three decimals. */
function readUnixTime(prefix: string): string {
  const found = UNIX_TIME.exec(prefix);
  if (found === null) return prefix;
  timeRead.ok = true;
  timeRead.zone = 'UTC';
  timeRead.wallMs = timeOfNumber(Number(found[1]));
  return prefix.replace(found[1]!, ' ');
}

/**
 * Records that were joined: DETAIL, STATEMENT and their kin stand on lines of their own behind the message; a line of the
 * message itself begins with a tab that PostgreSQL put there.
 */
function splitContinuation(text: string, record: PostgresRecord): void {
  let open: string[] = [];
  const parts = new Map([['message', open]]);
  for (const line of text.split('\n')) {
    const severity = open.length === 0 || line.charCodeAt(0) === 9 ? null : SEVERITY.exec(line.slice(0, MAX_PREFIX));
    const name = severity === null ? '' : englishSeverity(severity[1]!);
    if (severity === null || !isContinuation(name, line.slice(0, severity.index + 1), severity[0]))
      open.push(line.charCodeAt(0) === 9 && open.length > 0 ? line.slice(1) : line);
    else {
      open = [line.slice(severity.index + severity[0].length)];
      parts.set(name, open);
    }
  }
  record.message = parts.get('message')!.join('\n');
  record.detail = parts.get('DETAIL')?.join('\n') ?? '';
  record.statement = parts.get('STATEMENT')?.join('\n') ?? '';
}

/** A line of the statement may hold such a word too; PostgreSQL's own has two spaces behind it and a prefix before. */
function isContinuation(name: string, prefix: string, severity: string): boolean {
  return CONTINUATIONS.has(name) && severity.endsWith('  ') && (prefix.length <= 1 || isPrefix(prefix, true));
}
