import { accessJson, usualAccesses, type Access } from './activity/access.ts';
import { DayPlan } from './activity/day-plan.ts';
import { isAssigned } from './activity/maintenance.ts';
import { monthlyExportAccesses } from './activity/look-alikes.ts';
import { momentAt } from './activity/rhythm.ts';
import { signInLine } from './activity/sign-ins.ts';
import { addDays, daysBetween } from './calendar.ts';
import { HISTORY_DAYS } from './history-days.ts';
import type { Line } from './line.ts';
import type { Platform } from './platform.ts';

/**
 * The days before the demo's day, in order: only the dataset accesses, which the baselines learn from, exactly as they are
 * drawn on the day itself, and all as our own JSON. About 130,000 lines for 35 days.
 */
export function* history(platform: Platform, days = HISTORY_DAYS): Generator<Line> {
  for (const plan of plansBefore(platform, days)) yield* inOrder(accessLinesOf(plan));
}

/** The same with the sign-ins of those who use no datasets, so that their accounts are not taken for idle ones. */
export function* historyWithSignIns(platform: Platform): Generator<Line> {
  for (const plan of plansBefore(platform, HISTORY_DAYS))
    yield* inOrder([...accessLinesOf(plan), ...administratorsSignIns(plan)]);
}

function plansBefore(platform: Platform, days: number): DayPlan[] {
  const before = daysBetween(addDays(platform.day, -days), addDays(platform.day, -1));
  return before.map((day) => new DayPlan(platform, day));
}

function inOrder(lines: Line[]): Line[] {
  return lines.sort((a, b) => a.atMs - b.atMs);
}

function accessLinesOf(plan: DayPlan): Line[] {
  return accessesOfDay(plan).map((access) => ({
    atMs: access.atMs,
    source: 'applications',
    transport: 'ingest',
    line: accessJson(access, plan.platform.system(access.asset.system)),
    incident: '',
  }));
}

function administratorsSignIns(plan: DayPlan): Line[] {
  if (!plan.workday) return [];
  return plan.platform.officers
    .filter(({ habits }) => habits.length === 0)
    .map(({ login, address, department }) => {
      const atMs = momentAt(plan, plan.random('history sign-in', login).between(500, 560));
      const system = plan.platform.systems.find((one) => one.department === department)!.id;
      return signInLine({ atMs, account: login, clientAddress: address, system, outcome: 'success' });
    });
}

function accessesOfDay(plan: DayPlan): Access[] {
  return [...ordinaryAccesses(plan), ...monthlyExportAccesses(plan)];
}

/** What everybody usually does; people of vendors only while they are assigned. */
export function ordinaryAccesses(plan: DayPlan): Access[] {
  const { officers, staff, services } = plan.platform;
  return [...officers, ...staff.filter((actor) => isAssigned(plan, actor)), ...services].flatMap((actor) =>
    usualAccesses(plan, actor),
  );
}
