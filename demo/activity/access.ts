import { DEPARTMENTS } from '../platform/departments.ts';
import type { AssetOf, SystemOf } from '../platform/catalogue.ts';
import type { Actor, Habit } from '../platform/people.ts';
import type { Line } from '../line.ts';
import { datasetAccess, gatewayCall } from '../lines/json.ts';
import { auditedRead, csvRecord, overSyslog, type Session } from '../lines/postgres.ts';
import type { Platform } from '../platform.ts';
import type { Random } from '../random.ts';
import { hash } from '../random.ts';
import type { DayPlan } from './day-plan.ts';
import { momentAt, workingMoment } from './rhythm.ts';

/** One actor reads one dataset once. */
export interface Access {
  atMs: number;
  actor: Pick<Actor, 'login' | 'address'>;
  asset: AssetOf;
  rows: number;
  /** Work order that it is done under; '' for none. */
  workOrder: string;
  incident: string;
}

const HOURS = new Map(DEPARTMENTS.map(({ id, workingHours }) => [id, workingHours]));
const OFFICE = { from: 510, to: 1050 };
const COLUMNS = ['id, name', 'id, name, id_card, phone', 'id, status, updated_at', '*'];

export function workingHoursOf(actor: Pick<Actor, 'department'>): { from: number; to: number } {
  return HOURS.get(actor.department) ?? OFFICE;
}

/** Everything that an actor usually does with datasets on a day; the same in history and on the demo's day. */
export function usualAccesses(plan: DayPlan, actor: Actor): Access[] {
  if (actor.openedAt > plan.from) return [];
  const random = plan.random('access', actor.login);
  if (actor.shift === 'batch') return batchAccesses(plan, actor, random);
  if (actor.shift === 'night') return nightAccesses(plan, actor, random);
  if (!plan.workday) return weekendDuty(plan, actor, random);
  const hours = workingHoursOf(actor);
  return actor.habits.flatMap((habit) => {
    if (!random.chance(habit.share)) return [];
    const count = 1 + random.poisson(habit.perDay - 1);
    return Array.from({ length: count }, () => access(plan, actor, habit, workingMoment(plan, random, hours), random));
  });
}

function batchAccesses(plan: DayPlan, actor: Actor, random: Random): Access[] {
  return actor.habits.flatMap((habit) =>
    Array.from({ length: habit.perDay }, (_, n) =>
      access(plan, actor, habit, momentAt(plan, habit.minute + n + random.between(0, 0.9)), random),
    ),
  );
}

/** Two fixed nights a week, 19:00 to 07:00, with calls all through. */
function nightAccesses(plan: DayPlan, actor: Actor, random: Random): Access[] {
  const nights = nightsOf(actor);
  const spans = [
    ...(nights.includes((plan.weekday + 6) % 7) ? [{ from: 0, to: 420 }] : []),
    ...(nights.includes(plan.weekday) ? [{ from: 1140, to: 1440 }] : []),
  ];
  return spans.flatMap(({ from, to }) =>
    Array.from({ length: random.poisson(((to - from) / 60) * 4.5) }, () =>
      access(plan, actor, random.pick(actor.habits), momentAt(plan, random.between(from, to)), random),
    ),
  );
}

/** Weekdays on whose evenings the actor's night shift begins. */
export function nightsOf(actor: Actor): number[] {
  const first = Math.abs(hash(actor.person)) % 7;
  return [first, (first + 3) % 7];
}

/** One colleague of each section is on duty on the mornings of rest days: the same one each Saturday, and each Sunday. */
function weekendDuty(plan: DayPlan, actor: Actor, random: Random): Access[] {
  const habit = actor.habits[0];
  if (habit === undefined || !actor.role.startsWith('clerk') || Math.abs(hash(actor.person)) % 20 !== plan.weekday)
    return [];
  const hours = [9, 10, 11];
  return hours.flatMap((hour) =>
    Array.from({ length: 2 }, () =>
      access(plan, actor, habit, momentAt(plan, hour * 60 + random.between(2, 57)), random),
    ),
  );
}

function access(plan: DayPlan, actor: Actor, habit: Habit, atMs: number, random: Random): Access {
  const rows = Math.max(1, Math.round(random.logNormal(habit.medianRows, habit.sigma)));
  return { atMs, actor, asset: habit.asset, rows, workOrder: workOrderOf(plan, actor), incident: '' };
}

/** Vendors' work is under a work order of its day; officers need none. */
export function workOrderOf(plan: DayPlan, actor: Actor): string {
  return actor.vendor === '' ? '' : `WO-${plan.day.replaceAll('-', '')}-${actor.login}`;
}

/** The line that the asset's system writes about it. */
export function accessLine(platform: Platform, of: Access): Line {
  const system = platform.system(of.asset.system);
  const base = { atMs: of.atMs, incident: of.incident };
  // The forms of PostgreSQL have no place for a work order: such work goes through the application.
  const log = of.workOrder === '' ? system.log : 'json';
  if (log === 'gateway') return { ...base, source: 'gateway', transport: 'bulk', line: gatewayLine(of, system) };
  if (log === 'json') return { ...base, source: 'applications', transport: 'ingest', line: accessJson(of, system) };
  const session = sessionOf(of, system);
  const message = auditedRead(of.asset.table, COLUMNS[hash(session.account) & 3]!, ' WHERE region = $1', of.rows);
  if (log === 'csvlog')
    return { ...base, source: 'database-files', transport: 'file', line: csvRecord(session, 'LOG', 'SELECT', message) };
  return { ...base, source: 'databases', transport: 'syslog-tcp', line: overSyslog(session, 'LOG', message) };
}

/** The same access as our own JSON says it: what history is sent as. */
export function accessJson(of: Access, system: SystemOf): string {
  return datasetAccess({
    atMs: of.atMs,
    account: of.actor.login,
    clientAddress: of.actor.address,
    system: of.asset.system,
    asset: system.log === 'gateway' ? of.asset.path : of.asset.names[0]!,
    action: 'query',
    rows: system.log === 'gateway' ? 0 : of.rows,
    bytes: of.rows * of.asset.rowBytes,
    ...(of.workOrder === '' ? {} : { workOrder: of.workOrder }),
  });
}

function gatewayLine(of: Access, system: SystemOf): string {
  return gatewayCall({
    atMs: of.atMs,
    account: of.actor.login,
    clientAddress: of.actor.address,
    system: system.id,
    path: of.asset.path,
    status: 200,
    bytes: of.rows * of.asset.rowBytes,
    durationMs: 20 + (of.rows % 400),
  });
}

export function sessionOf(of: Pick<Access, 'atMs' | 'actor'>, system: SystemOf): Session {
  return {
    atMs: of.atMs,
    host: system.hosts[1],
    database: system.database,
    account: of.actor.login,
    address: of.actor.address,
    pid: 1000 + Math.abs(hash(of.actor.login, of.atMs) % 30_000),
    application: 'psql',
  };
}
