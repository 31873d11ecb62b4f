import { accessJson, usualAccesses, type Access } from './activity/access.ts';
import { DayPlan } from './activity/day-plan.ts';
import { isAssigned } from './activity/maintenance.ts';
import { monthlyExportAccesses } from './activity/look-alikes.ts';
import { addDays, daysBetween } from './calendar.ts';
import { HISTORY_DAYS } from './history-days.ts';
import type { Line } from './line.ts';
import type { Platform } from './platform.ts';

/**
 * The days before the demo's day, in order: only the dataset accesses, which the baselines learn from, exactly as they are
 * drawn on the day itself, and all as our own JSON. About 130,000 lines for 35 days.
 */
export function* history(platform: Platform, days = HISTORY_DAYS): Generator<Line> {
  for (const day of daysBetween(addDays(platform.day, -days), addDays(platform.day, -1)))
    yield* historyOfDay(new DayPlan(platform, day));
}

function historyOfDay(plan: DayPlan): Line[] {
  return accessesOfDay(plan)
    .sort((a, b) => a.atMs - b.atMs)
    .map((access) => ({
      atMs: access.atMs,
      source: 'applications',
      transport: 'ingest',
      line: accessJson(access, plan.platform.system(access.asset.system)),
      incident: '',
    }));
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
