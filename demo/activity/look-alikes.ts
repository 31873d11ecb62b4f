import { addDays, MINUTE, startOfDay } from '../calendar.ts';
import type { Line } from '../line.ts';
import { overSyslog, refused } from '../lines/postgres.ts';
import type { Actor } from '../platform/people.ts';
import { accessLine, sessionOf, type Access } from './access.ts';
import type { DayPlan, Planned } from './day-plan.ts';
import { momentAt } from './rhythm.ts';
import { signInLine } from './sign-ins.ts';

/** Prefix of `Line.incident` for what is none. */
export const LOOK_ALIKE = 'look-alike/';

const LOOK_ALIKES: Readonly<Record<string, Planned>> = {
  'forgotten-password': forgottenPassword,
  'directory-outage': directoryOutage,
  'expired-password': expiredPassword,
  'monthly-export': monthlyExport,
  'late-evening': lateEvening,
  'new-colleague': newColleague,
  'open-data': openDataForTheFirstTime,
  'duty-evening': dutyEvening,
};

/**
 * What looks like an incident and is none. Nothing of it carries a label, so a finding about it counts as a false one.
 * (Fixed night shifts, duty mornings, batches, a renewed contract and a contract's last day belong to ordinary life.)
 */
export function lookAlikes(plan: DayPlan): Line[] {
  if (!plan.workday) return [];
  return Object.entries(LOOK_ALIKES).flatMap(([name, lines]) =>
    lines(plan).map((line) => ({ ...line, incident: `${LOOK_ALIKE}${name}` })),
  );
}

/** Nine failures, then the right password. */
function forgottenPassword(plan: DayPlan): Line[] {
  const random = plan.random('forgotten');
  return random.sample(plan.platform.officers, 3).flatMap((actor) => {
    const first = momentAt(plan, random.between(540, 990));
    return Array.from({ length: 10 }, (_, n) => {
      const outcome = n < 9 ? ('failure' as const) : ('success' as const);
      const base = { account: actor.login, clientAddress: actor.address, system: 'data-exchange', outcome };
      return signInLine({ ...base, atMs: first + n * random.int(12_000, 40_000) });
    });
  });
}

/** The directory hesitates for some minutes: 14 colleagues behind one address fail once or twice. */
function directoryOutage(plan: DayPlan): Line[] {
  const random = plan.random('outage');
  const department = random.pick(['edu', 'tax', 'land', 'civil']);
  const colleagues = plan.platform.officers.filter((actor) => actor.department === department);
  const first = momentAt(plan, random.between(800, 960));
  return random.sample(colleagues, 14).flatMap((actor) => {
    const atMs = first + random.int(0, 9 * MINUTE);
    const base = { account: actor.login, clientAddress: `172.20.${department.length}.1`, system: 'data-exchange' };
    return [
      signInLine({ ...base, atMs, outcome: 'failure' }),
      signInLine({ ...base, atMs: atMs + 12 * MINUTE, outcome: 'success' }),
    ];
  });
}

/** A program whose password expired tries again every 80 seconds until somebody comes. */
function expiredPassword(plan: DayPlan): Line[] {
  const random = plan.random('expired');
  const system = random.pick(plan.platform.systems.filter((one) => one.log === 'pgaudit'));
  const actor = plan.platform.services.find((one) => one.login.endsWith(system.id.replace('-', '_')))!;
  const first = momentAt(plan, random.between(340, 420));
  return Array.from({ length: 90 }, (_, n) => {
    const atMs = first + n * 80_000;
    const session = sessionOf({ atMs, actor }, system);
    const line = overSyslog(session, 'FATAL', refused(session));
    return { atMs, source: 'databases', transport: 'syslog-tcp', line, incident: '' };
  });
}

/** An analyst's monthly report: fifty times the usual rows, on the 20th (or the workday of the demo). */
function monthlyExport(plan: DayPlan): Line[] {
  return monthlyExportAccesses(plan).map((access) => accessLine(plan.platform, access));
}

/** The export of the demo's day, and that of four weeks before. */
export function monthlyExportAccesses(plan: DayPlan): Access[] {
  const { platform } = plan;
  if (plan.day !== platform.day && plan.day !== addDays(platform.day, -28)) return [];
  const actor = platform.officers.find((one) => one.role === 'analyst' && one.department === 'hrss')!;
  const habit = actor.habits[2]!;
  const rows = Math.round(habit.medianRows * 150);
  return [{ atMs: momentAt(plan, 900), actor, asset: habit.asset, rows, workOrder: '', incident: '' }];
}

/** Two colleagues stay late once: one with ordinary data, one with an important dataset. */
function lateEvening(plan: DayPlan): Line[] {
  const random = plan.random('late');
  const clerks = plan.platform.officers.filter((actor) => actor.role.startsWith('clerk'));
  const ordinary = random.pick(clerks.filter((actor) => !weighty(actor)));
  const important = random.pick(clerks.filter(weighty));
  return [ordinary, important].map((actor) => {
    const atMs = momentAt(plan, random.between(1110, 1170));
    const asset = actor.habits[0]!.asset;
    return accessLine(plan.platform, { atMs, actor, asset, rows: 6, workOrder: '', incident: '' });
  });
}

function weighty(actor: Actor): boolean {
  const level = actor.habits[0]?.asset.level;
  return level === 'core' || level === 'important';
}

/** Colleagues in their first two weeks: everything is new to them. */
function newColleague(plan: DayPlan): Line[] {
  const random = plan.random('new colleague');
  const recent = startOfDay(addDays(plan.platform.day, -14));
  return plan.platform.officers
    .filter((actor) => actor.openedAt > recent)
    .flatMap((actor) =>
      plan.platform.assets
        .filter((asset) => asset.owner === actor.department)
        .slice(0, 5)
        .map((asset) => {
          const atMs = momentAt(plan, random.between(560, 1000));
          return accessLine(plan.platform, { atMs, actor, asset, rows: 5, workOrder: '', incident: '' });
        }),
    );
}

/** Open data that somebody looks at for the first time. */
function openDataForTheFirstTime(plan: DayPlan): Line[] {
  const random = plan.random('open data');
  const open = plan.platform.assets.filter((asset) => asset.level === 'general-1');
  return random.sample(plan.platform.officers, 12).map((actor) => {
    const atMs = momentAt(plan, random.between(560, 1000));
    const asset = random.pick(open);
    return accessLine(plan.platform, { atMs, actor, asset, rows: random.int(3, 40), workOrder: '', incident: '' });
  });
}

/** The department whose duty roster covers this evening works on. */
function dutyEvening(plan: DayPlan): Line[] {
  if (plan.day !== plan.platform.day) return [];
  const random = plan.random('duty');
  const clerks = plan.platform.officers.filter((one) => one.department === 'emergency' && one.role === 'clerk-b');
  return clerks.slice(0, 3).flatMap((actor) =>
    Array.from({ length: 6 }, () => {
      const atMs = momentAt(plan, random.between(1070, 1390));
      const asset = actor.habits[0]!.asset;
      return accessLine(plan.platform, { atMs, actor, asset, rows: 8, workOrder: '', incident: '' });
    }),
  );
}
