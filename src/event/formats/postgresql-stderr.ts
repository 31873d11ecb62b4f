import { shortestAddress } from './address.ts';
import { state, type Format } from './format.ts';
import { applyPostgres, type PostgresRecord } from './postgresql.ts';
import { readIsoTime, reading } from './time.ts';
import { instantIn } from './zone.ts';

const MAX_PREFIX = 400;
const SEVERITY =
  /(?:^|[^A-Za-z])(LOG|FATAL|ERROR|WARNING|NOTICE|INFO|PANIC|DEBUG[1-5]?|DETAIL|HINT|CONTEXT|STATEMENT): {1,2}/;
const DATE = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/;

/**
 * PostgreSQL's stderr log with any usual log_line_prefix: the parts are found by their shape (time, `[pid]`, `user@database`,
 * `user=a,db=b,app=c,client=d`, address with or without `(port)`, `[local]`), wherever they stand. Lines that continue a
 * statement have been joined before (see assemble.ts).
 */
export const postgresqlStderr: Format = {
  name: 'postgresql',

  recognizes(text, event) {
    if (event.service !== '' && !event.service.startsWith('postgres')) return false;
    const head = text.slice(0, MAX_PREFIX);
    return SEVERITY.test(head) && (event.service !== '' || DATE.test(head));
  },

  parse(text, event, context) {
    const severity = SEVERITY.exec(text.slice(0, MAX_PREFIX));
    if (severity === null) return 'no severity such as LOG: or ERROR:';
    const record = emptyRecord();
    const start = severity.index + severity[0].length;
    const prefix = text.slice(0, severity.index + (severity[0].startsWith(severity[1]!) ? 0 : 1));
    record.severity = severity[1]!;
    splitContinuation(text.slice(start), record);
    const date = DATE.exec(prefix);
    const withoutTime = date === null ? prefix : readTime(prefix, date.index);
    if (date !== null && timeRead.ok) event.time = instantIn(timeRead.wallMs, timeRead.zone, context.timeZone);
    readPrefix(withoutTime, record);
    const fault = applyPostgres(record, event);
    if (record.severity === 'STATEMENT' || record.severity === 'DETAIL') state(event, 'belongsTo', 'the line before');
    return date !== null && !timeRead.ok ? `'${date[0]}' is no time` : fault;
  },
};

function emptyRecord(): PostgresRecord {
  return {
    ...{ user: '', database: '', client: '', application: '', pid: '', session: '', severity: '', sqlState: '' },
    ...{ message: '', detail: '', statement: '' },
  };
}

const timeRead = { ok: false, wallMs: NaN, zone: '' };

/** Takes the time and its zone word out of the prefix. */
function readTime(prefix: string, at: number): string {
  timeRead.ok = readIsoTime(prefix, at);
  if (!timeRead.ok) return prefix;
  timeRead.wallMs = reading.time === reading.time ? reading.time : reading.wallMs;
  const { end } = reading;
  const zone =
    reading.time === reading.time
      ? null
      : /^ ([A-Za-z]{1,5}|[+-]\d\d(?::?\d\d)?|[A-Z]\w+\/\w+)(?=[\s:,\]|-]|$)/.exec(prefix.slice(end));
  timeRead.zone = reading.time === reading.time ? 'UTC' : (zone?.[1] ?? '');
  return `${prefix.slice(0, at)} ${prefix.slice(end + (zone?.[0].length ?? 0))}`;
}

/** Records that were joined: DETAIL and STATEMENT stand on lines of their own behind the message. */
function splitContinuation(text: string, record: PostgresRecord): void {
  const detail = /\n[^\n]{0,400}?\bDETAIL: {1,2}([^\n]*)/.exec(text);
  const statement = /\n[^\n]{0,400}?\bSTATEMENT: {1,2}([^]*)/.exec(text);
  const end = Math.min(detail?.index ?? text.length, statement?.index ?? text.length);
  record.message = text.slice(0, end);
  record.detail = detail?.[1] ?? '';
  record.statement = statement?.[1] ?? '';
}

function readPrefix(prefix: string, record: PostgresRecord): void {
  readNamed(prefix, record);
  const userAtDatabase = /([^\s@:,[\]=|]+|\[unknown\])@([^\s@:,[\]=|]+|\[unknown\])/.exec(prefix);
  if (userAtDatabase !== null && record.user === '') {
    record.user = userAtDatabase[1]!;
    record.database = userAtDatabase[2]!;
    readApplication(prefix.slice(userAtDatabase.index + userAtDatabase[0].length), record);
  }
  record.pid ||= /\[(\d+)(?:-\d+)?\]/.exec(prefix)?.[1] ?? '';
  if (record.client === '') record.client = clientIn(prefix);
}

/** `user=alice,db=civil,app=psql,client=192.0.2.1`; psql's names may hold spaces. */
function readNamed(prefix: string, record: PostgresRecord): void {
  for (const part of prefix.matchAll(/\b(user|db|database|app|application|client|host|session)=([^,\s]*)/g)) {
    const value = part[2]!;
    if (part[1] === 'user') record.user = value;
    else if (part[1]!.startsWith('d')) record.database = value;
    else if (part[1]!.startsWith('a')) record.application = value;
    else if (part[1] === 'session') record.session = value;
    else record.client = value;
  }
}

/** `%q%u@%d %a %h `: what stands between the database and the client is the application. */
function readApplication(rest: string, record: PostgresRecord): void {
  const parts = /^ (.+) (\[local\]|\S+) ?$/.exec(rest);
  if (parts === null || (parts[2] !== '[local]' && shortestAddress(parts[2]!) === '')) return;
  record.application = parts[1]!;
  record.client = parts[2]!;
}

function clientIn(prefix: string): string {
  if (prefix.includes('[local]')) return '[local]';
  for (const word of prefix.split(/[\s,:|]+/)) if (word.length >= 7 && shortestAddress(word) !== '') return word;
  for (const word of prefix.split(' ')) if (word.includes(':') && shortestAddress(word) !== '') return word;
  return '';
}
