import { workingHoursOf } from '../../activity/access.ts';
import type { DayPlan } from '../../activity/day-plan.ts';
import { momentAt, workingMoment } from '../../activity/rhythm.ts';
import type { Line } from '../../line.ts';
import { accessed } from '../acts.ts';
import { holdsOn } from '../grants.ts';
import type { World } from '../world.ts';

/** Case officers look up the persons of their open cases, and say for which case. */
export function caseWork({ cases }: World, plan: DayPlan): Line[] {
  if (!plan.workday) return [];
  const open = cases.filter(({ opened, closed }) => plan.day > opened && plan.day < closed);
  return open.flatMap(({ number, officer, subjects }) => {
    const random = plan.random('case', number);
    return Array.from({ length: random.poisson(0.8) }, () => {
      const atMs = workingMoment(plan, random, workingHoursOf(officer));
      const asset = officer.habits[0]!.asset;
      return accessed({
        atMs,
        actor: officer,
        asset,
        rows: 1,
        caseNumber: number,
        dataSubjects: [random.pick(subjects)],
      });
    });
  });
}

/** Departments use what they hold grants for, and state the purpose. */
export function grantedUse({ grants }: World, plan: DayPlan): Line[] {
  if (!plan.workday) return [];
  const held = grants.filter((grant) => holdsOn(grant, plan.day));
  return held.flatMap(({ id, users, asset, fields, purpose, usualRows }) =>
    users.flatMap((actor) => {
      const random = plan.random('granted', id, actor.login);
      if (!random.chance(0.8)) return [];
      return Array.from({ length: 1 + random.poisson(1) }, () => {
        const atMs = workingMoment(plan, random, workingHoursOf(actor));
        const rows = Math.max(1, Math.round(random.logNormal(usualRows, 0.4)));
        return accessed({ atMs, actor, asset, rows, purpose, fields: random.sample(fields, 3) });
      });
    }),
  );
}

/** Nightly exchange jobs of the owners hand each recipient what it is entitled to. */
export function exchangeJobs({ grants, platform }: World, plan: DayPlan): Line[] {
  return grants.flatMap((grant, n) => {
    const { id, asset, recipient, users } = grant;
    if (n % 2 === 1 || users.length === 0 || !holdsOn(grant, plan.day)) return [];
    const random = plan.random('exchange', id);
    const actor = platform.services.find(({ login }) => login === `svc_${asset.system.replace('-', '_')}`)!;
    const minute = 65 + (n % 48) + random.between(0, 1);
    const rows = Math.round(random.logNormal(400, 0.1));
    return [accessed({ atMs: momentAt(plan, minute), actor, asset, rows, action: 'share', recipient })];
  });
}

/** Clerks correct records, one or two at a time. */
export function corrections(plan: DayPlan): Line[] {
  if (!plan.workday) return [];
  return plan.platform.officers
    .filter(({ role, shift }) => role.startsWith('clerk') && shift === 'office')
    .flatMap((actor) => {
      const random = plan.random('corrections', actor.login);
      return Array.from({ length: random.poisson(0.8) }, () => {
        const atMs = workingMoment(plan, random, workingHoursOf(actor));
        return accessed({ atMs, actor, asset: actor.habits[0]!.asset, rows: random.int(1, 2), action: 'update' });
      });
    });
}

/** Analysts export their weekly report on a weekday of their own. */
export function weeklyReports(plan: DayPlan): Line[] {
  if (!plan.workday) return [];
  return plan.platform.officers
    .filter(({ role }) => role === 'analyst')
    .flatMap((actor, n) => {
      if (n % 5 !== plan.weekday - 1) return [];
      const random = plan.random('report', actor.login);
      const atMs = workingMoment(plan, random, workingHoursOf(actor));
      const rows = Math.round(random.logNormal(150, 0.3));
      return [accessed({ atMs, actor, asset: actor.habits[0]!.asset, rows, action: 'export' })];
    });
}
