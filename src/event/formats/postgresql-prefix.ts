import { shortestAddress } from './address.ts';
import type { PostgresRecord } from './postgresql.ts';

/**
 * Reads what is left of a log_line_prefix when the time is taken out: named parts, `user@database` (`/application`), `[pid]`,
 * address with or without `(port)`, `[local]`, session id; where nothing names them, bare words are user, database, application.
 */
export function readPrefix(prefix: string, record: PostgresRecord): void {
  readNamed(prefix, record);
  const userAtDatabase = /([^\s@:,[\]=|<>(]+|\[unknown\])@([^\s@:,[\]=|/<>)]+|\[unknown\])/.exec(prefix);
  if (userAtDatabase !== null && record.user === '') {
    record.user = userAtDatabase[1]!;
    record.database = userAtDatabase[2]!;
    readApplication(prefix.slice(userAtDatabase.index + userAtDatabase[0].length), record);
  }
  record.pid ||= (/\[(\d+)\]/.exec(prefix) ?? /\[(\d+)-\d+\]/.exec(prefix))?.[1] ?? '';
  record.session ||= /(?:^|[^\w.])([0-9a-f]{6,8}\.[0-9a-f]{1,6})(?![\w.])/.exec(prefix)?.[1] ?? '';
  if (record.client === '') record.client = clientIn(prefix);
  if (record.user === '' && userAtDatabase === null && !prefix.includes('=')) readBare(prefix, record);
}

const NAMES: Readonly<Record<string, 'user' | 'database' | 'application' | 'session' | 'client' | 'pid'>> = {
  ...{ user: 'user', u: 'user', db: 'database', database: 'database', d: 'database', app: 'application' },
  ...{ application: 'application', client: 'client', host: 'client', remote: 'client', session: 'session' },
  ...{ sess: 'session', pid: 'pid' },
};

/** `user=alice,db=civil,app=pgAdmin 4,client=192.0.2.1`: a value ends at a comma, a bracket, or the next name. */
function readNamed(prefix: string, record: PostgresRecord): void {
  for (let equals = prefix.indexOf('='); equals > 0; equals = prefix.indexOf('=', equals + 1)) {
    const name = /[A-Za-z]{1,12}$/.exec(prefix.slice(Math.max(0, equals - 12), equals))?.[0] ?? '';
    const field = Object.hasOwn(NAMES, name) ? NAMES[name]! : undefined;
    if (field === undefined || record[field] !== '') continue;
    record[field] = prefix.slice(equals + 1, namedEnd(prefix, equals + 1)).trim();
  }
}

function namedEnd(prefix: string, at: number): number {
  const isUnknown = prefix.startsWith('[unknown]', at) || prefix.startsWith('[local]', at);
  const start = isUnknown ? prefix.indexOf(']', at) + 1 : at;
  const stop = /[,\];|]| \[| [A-Za-z]{1,12}=/.exec(prefix.slice(start));
  return stop === null ? prefix.length : start + stop.index;
}

/** `%q%u@%d %a %h ` and `%u@%d/%a`: what stands between the database and the client is the application. */
function readApplication(rest: string, record: PostgresRecord): void {
  const slashed = /^\/([^\s:,|]+)/.exec(rest);
  if (slashed !== null) {
    record.application = slashed[1]!;
    return;
  }
  const parts = /^ (.+) (\[local\]|\S+) ?$/.exec(rest);
  if (parts === null || (parts[2] !== '[local]' && shortestAddress(parts[2]!) === '')) return;
  record.application = parts[1]!;
  record.client = parts[2]!;
}

function clientIn(prefix: string): string {
  if (prefix.includes('[local]')) return '[local]';
  for (const word of prefix.split(/[\s,:|<>]+/)) if (word.length >= 7 && shortestAddress(word) !== '') return word;
  for (const word of prefix.split(' ')) if (word.includes(':') && shortestAddress(word) !== '') return word;
  return '';
}

/** Words of `%b`, the kind of a backend: not the name of anybody. */
const BACKENDS = new Set([
  ...['client', 'backend', 'autovacuum', 'launcher', 'worker', 'logical', 'replication', 'background', 'writer'],
  ...['parallel', 'checkpointer', 'startup', 'archiver', 'walsender', 'walreceiver', 'walwriter', 'postmaster', 'not'],
  ...['initialized', 'walsummarizer', 'slotsync', 'io', 'idle', 'authentication'],
]);

/** `%r %u %d %c [%p]`: two or three bare words beside what has a shape of its own. */
function readBare(prefix: string, record: PostgresRecord): void {
  const words = prefix
    .split(/[\s,:|;<>]+/)
    .filter((word) => /^[A-Za-z_][\w.$-]*$/.test(word) && !BACKENDS.has(word) && word !== record.session)
    .filter((word) => shortestAddress(word) === '');
  if (words.length < 2 || words.length > 3) return;
  record.user = words[0]!;
  record.database = words[1]!;
  record.application ||= words[2] ?? '';
}
