import { clockOf } from '../calendar.ts';
import { rfc3164 } from './syslog.ts';

const LOCAL0_INFO = 134;

/** A session of a PostgreSQL server whose log names it with `log_line_prefix = '%m [%p] %u@%d %a %h '`. */
export interface Session {
  atMs: number;
  host: string;
  database: string;
  account: string;
  address: string;
  pid: number;
  application: string;
}

/** pgaudit with log_relation and log_rows on: one READ of one table. */
export function auditedRead(table: string, columns: string, condition: string, rows: number): string {
  return `AUDIT: SESSION,1,1,READ,SELECT,TABLE,${table},"SELECT ${columns} FROM ${table}${condition}",<none>,${rows}`;
}

export const authorized = (of: Session): string =>
  `connection authorized: user=${of.account} database=${of.database} application_name=${of.application}`;

export const refused = (of: Session): string => `password authentication failed for user "${of.account}"`;

/** A line of the stderr log, sent over syslog. */
export function overSyslog(of: Session, severity: 'LOG' | 'FATAL', message: string): string {
  const { date, time, ms } = clockOf(of.atMs);
  const text = `[${1 + (of.pid % 9)}-1] ${date} ${time}.${ms} CST [${of.pid}] ${of.account}@${of.database} ${of.application} ${of.address} ${severity}:  ${message}`;
  return rfc3164(LOCAL0_INFO, of.atMs, of.host, 'postgres', of.pid, text);
}

/** A record of the csvlog (PostgreSQL 15: 26 columns). */
export function csvRecord(of: Session, severity: 'LOG' | 'FATAL', tag: string, message: string): string {
  const { date, time, ms } = clockOf(of.atMs);
  const start = `${date} ${time} CST`;
  const session = `${Math.floor(of.atMs / 1000).toString(16)}.${of.pid.toString(16)}`;
  const state = severity === 'FATAL' ? '28P01' : '00000';
  const port = 30_000 + (of.pid % 20_000);
  return (
    `${date} ${time}.${ms} CST,"${of.account}","${of.database}",${of.pid},"${of.address}:${port}",${session},1,` +
    `"${tag}",${start},3/${of.pid % 100},0,${severity},${state},"${message.replaceAll('"', '""')}",` +
    `,,,,,,,,"${of.application}","client backend",,0`
  );
}
