import { MINUTE } from '../calendar.ts';
import type { Line } from '../line.ts';
import { serviceEvent, userCommand } from '../lines/auditd.ts';
import { probe } from '../lines/json.ts';
import { authorized, overSyslog } from '../lines/postgres.ts';
import {
  acceptedKey,
  acceptedPassword,
  disconnected,
  failedPassword,
  sessionOpened,
  sudo,
  type Connection,
} from '../lines/sshd.ts';
import type { Random } from '../random.ts';
import { sessionOf, workingHoursOf } from './access.ts';
import type { DayPlan } from './day-plan.ts';
import { momentAt, workingMoment } from './rhythm.ts';

const COMMANDS = [
  '/usr/bin/systemctl restart nginx',
  '/usr/bin/journalctl -u app --since today',
  '/usr/bin/apt-get upgrade -y',
  '/usr/bin/tail -n 200 /var/log/app/app.log',
];
const UNITS = ['logrotate', 'certbot', 'sysstat-collect', 'fstrim', 'man-db'];
const SCANNED = ['root', 'admin', 'test', 'oracle', 'ubuntu', 'postgres', 'git', 'user', 'ftpuser', 'deploy'];
const PROBE_INTERVAL_MS = 5 * MINUTE;

/** Administrators sign in to the hosts of their department, work with sudo, and leave. */
export function administrators(plan: DayPlan): Line[] {
  if (!plan.workday) return [];
  return plan.platform.officers
    .filter((actor) => actor.role === 'system-admin')
    .flatMap((actor) => {
      const random = plan.random('ssh', actor.login);
      const systems = plan.platform.systems.filter((one) => one.department === actor.department);
      return Array.from({ length: random.int(2, 6) }, () => {
        const atMs = workingMoment(plan, random, workingHoursOf(actor));
        const host = random.pick(systems).hosts[0];
        const connection = { atMs, host, account: actor.login, address: actor.address, port: port(random) };
        return hostSession(connection, random);
      }).flat();
    });
}

/** Lines of one sign-in to a host: sometimes a mistyped password first. */
export function hostSession(of: Connection, random: Random, incident = ''): Line[] {
  const typo = random.chance(0.06);
  const end = of.atMs + random.int(3, 40) * MINUTE;
  const lines: [number, string][] = [
    ...(typo ? [[of.atMs - 7_000, failedPassword({ ...of, atMs: of.atMs - 7_000 })] as [number, string]] : []),
    [of.atMs, random.chance(0.5) ? acceptedPassword(of) : acceptedKey(of, random.base64(43))],
    [of.atMs + 40, sessionOpened({ ...of, atMs: of.atMs + 40 })],
    [of.atMs + 45_000, sudo(of.atMs + 45_000, of.host, of.account, random.pick(COMMANDS), random.int(2_000, 30_000))],
    [end, disconnected({ ...of, atMs: end })],
  ];
  return lines.map(([atMs, line]) => hostLine(atMs, line, incident));
}

export function hostLine(atMs: number, line: string, incident = ''): Line {
  return { atMs, source: 'hosts', transport: 'syslog-tcp', line, incident };
}

export function port(random: Random): number {
  return random.int(32_768, 60_999);
}

/** The usual noise on addresses that face the Internet: lone guesses from everywhere, never many from one network. */
export function scanners(plan: DayPlan): Line[] {
  const random = plan.random('scanners');
  return Array.from({ length: 180 }, (_, n) => {
    const address = `198.19.${n + 1}.${random.int(2, 250)}`;
    const account = random.pick(SCANNED);
    const first = momentAt(plan, random.between(0, 1438));
    return Array.from({ length: random.int(1, 3) }, (__, attempt) => {
      const atMs = first + attempt * 2_100;
      const connection = { atMs, host: 'data-portal-app', account, address, port: port(random) };
      const line = failedPassword(connection, account === 'root');
      return { atMs, source: 'hosts-legacy', transport: 'syslog-udp' as const, line, incident: '' };
    });
  }).flat();
}

/** auditd of the database hosts: units that come and go, and administrators' commands. */
export function hostAudit(plan: DayPlan): Line[] {
  return plan.platform.systems.flatMap((system, n) => {
    const random = plan.random('audit', system.id);
    const dba = plan.platform.officers.find((one) => one.department === system.department && one.role === 'dba')!;
    let serial = 1000 * n + random.int(1, 900);
    const record = (atMs: number): { atMs: number; host: string; serial: number; pid: number } => ({
      atMs,
      host: system.hosts[1],
      serial: ++serial,
      pid: random.int(900, 32_000),
    });
    const units = Array.from({ length: 48 }, (_, half) => {
      const at = record(momentAt(plan, half * 30 + random.between(0, 29)));
      const type = random.chance(0.5) ? 'SERVICE_START' : 'SERVICE_STOP';
      return auditLine(at.atMs, serviceEvent(at, type, random.pick(UNITS)));
    });
    if (!plan.workday) return units;
    const at = record(workingMoment(plan, random, workingHoursOf(dba)));
    return [...units, auditLine(at.atMs, userCommand(at, 1004, dba.login, random.pick(COMMANDS)))];
  });
}

function auditLine(atMs: number, line: string): Line {
  return { atMs, source: 'audit', transport: 'syslog-tcp', line, incident: '' };
}

/** Backups connect to each PostgreSQL server at night. */
export function backups(plan: DayPlan): Line[] {
  return plan.platform.systems
    .filter((system) => system.log === 'pgaudit')
    .map((system, n) => {
      const atMs = momentAt(plan, 60 + n * 9);
      const actor = { login: `svc_${system.id.replace('-', '_')}`, address: '10.10.200.5' };
      const session = { ...sessionOf({ atMs, actor }, system), application: 'pg_dump' };
      const line = overSyslog(session, 'LOG', authorized(session));
      return { atMs, source: 'databases', transport: 'syslog-tcp', line, incident: '' };
    });
}

/** Every host is probed every five minutes; once in a while one does not answer. */
export function healthChecks(plan: DayPlan, fromMs: number, toMs: number): Line[] {
  const random = plan.random('probes', fromMs);
  const hosts = plan.platform.systems.flatMap((system) => system.hosts);
  const lines: Line[] = [];
  hosts.forEach((host, n) => {
    const offset = (n * 3_457) % PROBE_INTERVAL_MS;
    const first = plan.from + offset + Math.ceil((fromMs - plan.from - offset) / PROBE_INTERVAL_MS) * PROBE_INTERVAL_MS;
    for (let atMs = first; atMs < toMs; atMs += PROBE_INTERVAL_MS) {
      const line = probe(atMs, host, !random.chance(0.0005), random.int(1, 40));
      lines.push({ atMs, source: 'monitoring', transport: 'bulk', line, incident: '' });
    }
  });
  return lines;
}
