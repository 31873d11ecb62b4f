import { accessLine } from '../../activity/access.ts';
import type { DayPlan } from '../../activity/day-plan.ts';
import { momentAt } from '../../activity/rhythm.ts';
import { addDays, isWorkday, nextWorkday } from '../../calendar.ts';
import type { Line } from '../../line.ts';
import type { Actor } from '../../platform/people.ts';
import { accessed } from '../acts.ts';
import { holdsOn } from '../grants.ts';
import type { World } from '../world.ts';

/** Work that is due at its time and is much more than usual. */

/** On the last workday of a month the analysts of social security and taxes close their books. */
export function monthEnd(_world: World, plan: DayPlan): Line[] {
  if (!plan.workday || !isLastWorkdayOfMonth(plan.day)) return [];
  return plan.platform.officers
    .filter(({ role, department }) => role === 'analyst' && (department === 'hrss' || department === 'tax'))
    .flatMap((actor) => {
      const random = plan.random('month end', actor.login);
      const { asset, medianRows } = actor.habits[0]!;
      return Array.from({ length: 6 }, () => {
        const atMs = momentAt(plan, random.between(560, 1000));
        return accessLine(plan.platform, {
          atMs,
          actor,
          asset,
          rows: Math.round(medianRows * random.between(4, 8)),
          workOrder: '',
          incident: '',
        });
      });
    });
}

function isLastWorkdayOfMonth(day: string): boolean {
  let next = addDays(day, 1);
  while (!isWorkday(next)) next = addDays(next, 1);
  return next.slice(0, 7) !== day.slice(0, 7);
}

/** In the week of the census two departments look up and correct twice as many records as else. */
export function census({ first, days }: World, plan: DayPlan): Line[] {
  const from = addDays(first, Math.floor(days * 0.45));
  if (!plan.workday || plan.day < from || plan.day > addDays(from, 6)) return [];
  return plan.platform.officers
    .filter(
      ({ role, department, shift }) =>
        role.startsWith('clerk') && shift === 'office' && (department === 'civil' || department === 'police'),
    )
    .flatMap((actor) => {
      const random = plan.random('census', actor.login);
      const { asset, medianRows } = actor.habits[0]!;
      return Array.from({ length: 6 }, (_, n) => {
        const atMs = momentAt(plan, random.between(540, 1020));
        if (n < 4)
          return accessLine(plan.platform, {
            atMs,
            actor,
            asset,
            rows: Math.ceil(medianRows * random.between(0.7, 1.5)),
            workOrder: '',
            incident: '',
          });
        return accessed({ atMs, actor, asset, rows: random.int(2, 6), action: 'update' });
      });
    });
}

/** The yearly statistics: an analyst exports the whole period for a department that holds a grant, as agreed. */
export function plannedExport({ first, days, grants }: World, plan: DayPlan): Line[] {
  const nth = [0.2, 0.5, 0.8].findIndex((part) => plan.day === nextWorkday(addDays(first, Math.floor(days * part))));
  if (nth < 0) return [];
  const agreed = grants.filter((grant) => holdsOn(grant, plan.day) && analystOf(plan, grant.asset.id) !== undefined)[
    nth * 2
  ];
  if (agreed === undefined) return [];
  const { asset, recipient, purpose } = agreed;
  const actor = analystOf(plan, asset.id)!;
  const rows = Math.min(asset.rows, 20_000);
  return [accessed({ atMs: momentAt(plan, 640), actor, asset, rows, action: 'export', recipient, purpose })];
}

/** An analyst of the owner who works with the dataset. */
function analystOf({ platform }: DayPlan, asset: string): Actor | undefined {
  return platform.officers.find(
    ({ role, habits }) => role === 'analyst' && habits.some((habit) => habit.asset.id === asset),
  );
}

/** Internal audit: two analysts of the data bureau read much in the week for which they hold grants (registry.ts). */
export function audit(world: World, plan: DayPlan): Line[] {
  const of = auditOf(world);
  if (!plan.workday || plan.day < of.from || plan.day > of.to) return [];
  return of.auditors.flatMap((actor) => {
    const random = plan.random('audit week', actor.login);
    return of.assets.flatMap((asset) =>
      Array.from({ length: 3 }, () =>
        accessed({
          atMs: momentAt(plan, random.between(550, 1000)),
          actor,
          asset,
          rows: random.int(50, 400),
          purpose: AUDIT,
        }),
      ),
    );
  });
}

export const AUDIT = '内部审计';

/** Who audits what, from when to when. */
export function auditOf({ first, days, platform }: World): {
  from: string;
  to: string;
  auditors: World['platform']['officers'];
  assets: World['platform']['assets'];
} {
  const from = nextWorkday(addDays(first, Math.floor(days * 0.3)));
  return {
    from,
    to: addDays(from, 4),
    auditors: platform.officers.filter(({ department, role }) => department === 'data' && role === 'analyst').slice(-2),
    assets: platform.assets.filter(({ owner, sharing }) => owner === 'hrss' && sharing === 'conditional').slice(0, 4),
  };
}
