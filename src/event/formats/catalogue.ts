import { accessLog } from './access-log.ts';
import { apacheError } from './apache-error.ts';
import { auditd } from './auditd.ts';
import { mssqlError, mysqlError } from './database-errors.ts';
import type { Format } from './format.ts';
import { json } from './json.ts';
import { login } from './login.ts';
import { networkDevice } from './network-device.ts';
import { nginxError } from './nginx-error.ts';
import { postgresqlCsv } from './postgresql-csv.ts';
import { postgresqlStderr } from './postgresql-stderr.ts';
import { rfc3164 } from './rfc3164.ts';
import { rfc5424 } from './rfc5424.ts';
import { sshd } from './sshd.ts';
import { su } from './su.ts';
import { sudo } from './sudo.ts';

/** Formats that carry the text of another one: their message is recognized again. */
export const ENVELOPES: readonly Format[] = [rfc5424, rfc3164];

/** Formats of the text itself, the sure and the frequent first. */
export const PAYLOADS: readonly Format[] = [
  ...[sshd, json, auditd, accessLog, sudo, su, postgresqlCsv, mssqlError, mysqlError, nginxError, apacheError],
  ...[postgresqlStderr, login, networkDevice],
];

/** Names under which a source's registry entry may fix a format, beside the format's own. */
const ALIASES: Readonly<Record<string, string>> = {
  ...{ nginx: 'web-access', 'nginx-access': 'web-access', 'nginx-combined': 'web-access', apache: 'web-access' },
  ...{ 'apache-access': 'web-access', 'apache-combined': 'web-access', combined: 'web-access', common: 'web-access' },
  ...{ postgres: 'postgresql', 'postgresql-stderr': 'postgresql', pgaudit: 'postgresql', csvlog: 'postgresql-csv' },
  ...{ 'postgres-csv': 'postgresql-csv', 'postgresql-json': 'json', jsonlog: 'json', ecs: 'json', otel: 'json' },
  ...{ ocsf: 'json', wanglou: 'json', laurel: 'json', 'nginx-json': 'json', audit: 'auditd', mysql: 'mysql-error' },
  ...{ mariadb: 'mysql-error', mssql: 'mssql-error', syslog: 'rfc3164' },
};

const BY_NAME = new Map([...ENVELOPES, ...PAYLOADS].map((format) => [format.name, format]));

/** The format of a name or alias, or undefined. */
export function formatNamed(name: string): Format | undefined {
  return BY_NAME.get(Object.hasOwn(ALIASES, name) ? ALIASES[name]! : name);
}

/** Every name that a source's registry entry may fix. */
export function formatNames(): string[] {
  return [...BY_NAME.keys(), ...Object.keys(ALIASES)].sort();
}
