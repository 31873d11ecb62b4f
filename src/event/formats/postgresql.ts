import type { Event } from '../event.ts';
import { shortestAddress } from './address.ts';
import { state } from './format.ts';
import { aside, CLASS, signIn, signOut } from './outcome.ts';
import { setPeer } from './peer.ts';
import { readPgaudit } from './pgaudit.ts';
import { englishMessage, englishSeverity } from './postgresql-chinese.ts';
import { readRoleStatement } from './role-statement.ts';
import { between } from './scan.ts';
import { firstTable, verbMeaning } from './statement.ts';

/** One record of PostgreSQL's log, whichever of the three forms it came in. '' where the form does not say. */
export interface PostgresRecord {
  user: string;
  database: string;
  /** `192.0.2.1`, `192.0.2.1:5432`, `192.0.2.1(5432)` or `[local]`. */
  client: string;
  application: string;
  pid: string;
  session: string;
  /** LOG, NOTICE, WARNING, ERROR, FATAL, PANIC, … */
  severity: string;
  sqlState: string;
  message: string;
  detail: string;
  /** The statement that an error belongs to. */
  statement: string;
}

const SEVERITIES: Readonly<Record<string, number>> = {
  ...{ DEBUG: 1, LOG: 1, INFO: 1, NOTICE: 1, WARNING: 3, ERROR: 4, FATAL: 4, PANIC: 6 },
};

/** Puts a record into the event: who, from where, and what its message means. @returns '' or the fault. */
export function applyPostgres(record: PostgresRecord, event: Event): string {
  event.service = event.service === '' ? 'postgres' : event.service;
  event.account = stated(record.user);
  if (record.client === '[local]') event.device = 'local';
  else if (record.client !== '') setPeer(stated(record.client), event);
  const database = stated(record.database);
  event.session = record.session;
  event.message = record.message;
  const severity = englishSeverity(record.severity);
  event.severity = SEVERITIES[severity.replace(/\d$/, '')] ?? 0;
  state(event, 'database', database);
  state(event, 'application', stated(record.application));
  if (!event.attributes.includes('pid')) state(event, 'pid', record.pid);
  state(event, 'port', portOf(record.client));
  state(event, 'level', severity);
  if (record.sqlState !== '00000') state(event, 'sqlState', record.sqlState);
  state(event, 'detail', record.detail);
  record.severity = severity;
  record.message = englishMessage(withoutSqlState(record));
  return readMessage(record, event);
}

/** `192.0.2.1:5`, `192.0.2.1(5)`, `[2001:db8::1]:5`; an IPv6 address without brackets names no port. */
function portOf(client: string): string {
  const colon = client.indexOf(':');
  if (colon >= 0 && !client.startsWith('[') && client.includes(':', colon + 1))
    return /\((\d{1,5})\)$/.exec(client)?.[1] ?? '';
  return /[:(](\d{1,5})\)?$/.exec(client)?.[1] ?? '';
}

/** log_error_verbosity = verbose puts the SQLSTATE before the message. */
function withoutSqlState({ message, sqlState }: PostgresRecord): string {
  return sqlState === '' && /^(?=\D{0,4}\d)[0-9A-Z]{5}: /.test(message.slice(0, 8)) ? message.slice(7) : message;
}

function stated(name: string): string {
  return name === '[unknown]' ? '' : name;
}

function readMessage(record: PostgresRecord, event: Event): string {
  const message = record.message;
  if (message.startsWith('AUDIT: ')) return readPgaudit(message.slice(7), stated(record.database), event);
  if (record.severity === 'FATAL' && (readRefusal(message, event) || readNoRoom(message, event))) return '';
  if (record.severity === 'ERROR') readError(record, event);
  else if (!readConnection(record, event)) readStatement(record, event);
  return '';
}

/** Refused connections: wrong password, no such role or database, no pg_hba entry. One FATAL for each attempt. */
function readRefusal(message: string, event: Event): boolean {
  const refused =
    message.includes('authentication failed for user ') ||
    message.startsWith('no pg_hba.conf entry') ||
    message.startsWith('pg_hba.conf rejects') ||
    /^(?:role|database|user) "[^"]*" (?:does not exist|is not permitted to log in)/.test(message) ||
    message.startsWith('permission denied for database');
  if (!refused) return false;
  const user = /\b(?:user|role) "([^"]*)"/.exec(message);
  if (user !== null) event.account = user[1]!;
  const host = /\bhost "([^"]*)"/.exec(message);
  if (host !== null) event.clientAddress = shortestAddress(host[1]!);
  signIn(event, 'failure');
  return true;
}

/** A connection that is refused whoever asks: no slot left, starting up, shutting down. */
function readNoRoom(message: string, event: Event): boolean {
  const isRefused =
    /^(?:sorry, too many clients|remaining connection slots|the database system is|too many connections)/;
  if (!isRefused.test(message)) return false;
  connect(event, 'failure');
  return true;
}

/** `permission denied for table t`: a refused access; any other error of a statement is a failed query. */
function readError(record: PostgresRecord, event: Event): void {
  const denied =
    /^permission denied for (?:(?:foreign )?table|relation|(?:materialized )?view|schema|sequence|function|database) "?([^\s"]+)"?/.exec(
      record.message,
    );
  if (denied === null && record.statement === '') return;
  const meaning = verbMeaning(record.statement);
  event.classUid = CLASS.datastore;
  event.action = record.statement === '' ? 'query' : meaning.action;
  event.activityId = record.statement === '' ? 4 : meaning.activityId;
  event.outcome = 'failure';
  state(event, 'statement', record.statement);
  setAsset(firstTable(record.statement) || (denied === null ? '' : `public.${denied[1]!}`), record, event);
}

function setAsset(table: string, record: PostgresRecord, event: Event): void {
  if (table === '') return;
  const database = stated(record.database);
  event.asset = database === '' ? table : `${database}.${table}`;
  state(event, 'assetFrom', 'statement');
}

function readConnection(record: PostgresRecord, event: Event): boolean {
  const { message } = record;
  if (message.startsWith('connection received: ')) connect(event, '');
  else if (message.startsWith('connection authenticated: ')) return readAuthenticated(message, event);
  else if (message.startsWith('connection authorized: ') || message.startsWith('replication connection authorized: '))
    signIn(event, 'success');
  else if (message.startsWith('disconnection: ')) signOut(event);
  else return false;
  readPairs(record, event);
  return true;
}

function connect(event: Event, outcome: Event['outcome']): void {
  event.classUid = CLASS.datastore;
  event.activityId = 3;
  event.action = 'connect';
  event.outcome = outcome;
}

/** `connection authenticated: identity="cn" method=scram-sha-256 (file:97)`, before the authorization, which counts. */
function readAuthenticated(message: string, event: Event): boolean {
  const parts = /identity="([^"]{0,255})" method=([\w-]{1,40})/.exec(message);
  event.account ||= parts?.[1] ?? '';
  state(event, 'method', parts?.[2] ?? '');
  aside(event, 'success');
  return true;
}

/** `user=a database=b application_name=c host=192.0.2.1 port=5` at the end of connection messages. */
function readPairs({ message, database }: PostgresRecord, event: Event): void {
  event.account ||= wordAfter(message, ' user=');
  if (stated(database) === '') state(event, 'database', wordAfter(message, ' database='));
  const host = wordAfter(message, ' host=');
  if (host === '[local]') event.device = 'local';
  else if (event.clientAddress === '' && host !== '') setPeer(host, event);
  if (!event.attributes.includes('application')) state(event, 'application', applicationIn(message));
  if (!event.attributes.includes('port')) state(event, 'port', wordAfter(message, ' port='));
  state(event, 'sessionTime', wordAfter(message, ' session time: '));
}

/** The name may hold spaces; ` SSL enabled` or ` GSS (` may follow it. */
function applicationIn(message: string): string {
  const name = between(message, ' application_name=', '');
  const end = /(?: SSL enabled \(| GSS \().*$/.exec(name.slice(0, 400))?.index;
  return end === undefined ? name : name.slice(0, end);
}

function wordAfter(message: string, name: string): string {
  const at = message.indexOf(name);
  if (at < 0) return '';
  const start = at + name.length;
  const end = message.indexOf(' ', start);
  return end < 0 ? message.slice(start) : message.slice(start, end);
}

/** log_statement and log_min_duration_statement: `[duration: 1.2 ms  ]statement: …` or `execute <name>: …`. */
function readStatement(record: PostgresRecord, event: Event): void {
  const { message } = record;
  const parts = /^(?:duration: ([\d.]+) ms {1,2})?(statement|parse|bind|execute)(?: .{1,100}?)?: /.exec(
    message.slice(0, 200),
  );
  if (parts === null) return;
  const statement = message.slice(parts[0].length);
  if (parts[2] === 'parse' || parts[2] === 'bind') return state(event, 'statement', statement); // `execute` counts
  const meaning = verbMeaning(statement);
  event.classUid = CLASS.datastore;
  event.action = meaning.action;
  event.activityId = meaning.activityId;
  event.outcome = 'success';
  state(event, 'durationMs', parts[1] ?? '');
  state(event, 'statement', statement);
  if (!readRoleStatement(statement, stated(record.database), event)) setAsset(firstTable(statement), record, event);
}
