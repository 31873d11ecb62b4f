import { sessionOf } from '../activity/access.ts';
import type { DayPlan } from '../activity/day-plan.ts';
import { hostLine, port } from '../activity/hosts.ts';
import { signInLine } from '../activity/sign-ins.ts';
import type { Line } from '../line.ts';
import { authorized, csvRecord, overSyslog, refused } from '../lines/postgres.ts';
import { acceptedPassword, failedPassword } from '../lines/sshd.ts';
import type { SystemOf } from '../platform/catalogue.ts';
import type { Random } from '../random.ts';

/** The door that somebody tries to get in by. */
export type Door = 'ssh' | 'portal' | 'database' | 'database-file';

export interface Attempt {
  atMs: number;
  account: string;
  address: string;
  outcome: 'success' | 'failure';
}

/** The system whose door it is: databases need one whose log is PostgreSQL's. */
export function systemWith(plan: DayPlan, random: Random, door: Door): SystemOf {
  const log = { ssh: '', portal: '', database: 'pgaudit', 'database-file': 'csvlog' }[door];
  return random.pick(plan.platform.systems.filter((system) => log === '' || system.log === log));
}

/** One attempt as the door's program logs it. @param known whether the account exists on the host */
export function attemptLine(random: Random, door: Door, system: SystemOf, of: Attempt, known = true): Line {
  const { atMs, account, address, outcome } = of;
  if (door === 'portal') return signInLine({ atMs, account, clientAddress: address, system: system.id, outcome });
  if (door === 'ssh') {
    const connection = { atMs, host: system.hosts[0], account, address, port: port(random) };
    return hostLine(atMs, outcome === 'success' ? acceptedPassword(connection) : failedPassword(connection, known));
  }
  const session = sessionOf({ atMs, actor: { login: account, address } }, system);
  const message = outcome === 'success' ? authorized(session) : refused(session);
  const severity = outcome === 'success' ? 'LOG' : 'FATAL';
  if (door === 'database')
    return {
      atMs,
      source: 'databases',
      transport: 'syslog-tcp',
      line: overSyslog(session, severity, message),
      incident: '',
    };
  const line = csvRecord(session, severity, 'authentication', message);
  return { atMs, source: 'database-files', transport: 'file', line, incident: '' };
}
