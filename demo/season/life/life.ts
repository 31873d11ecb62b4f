import { accessLine } from '../../activity/access.ts';
import type { DayPlan } from '../../activity/day-plan.ts';
import { administrators, backups, hostAudit, scanners } from '../../activity/hosts.ts';
import { vendorMaintenance } from '../../activity/maintenance.ts';
import { administrationOfTheDay, signIns } from '../../activity/sign-ins.ts';
import { ordinaryAccesses } from '../../history.ts';
import type { Line } from '../../line.ts';
import type { Effects } from '../effects.ts';
import type { World } from '../world.ts';
import { streams } from './streams.ts';
import { caseWork, corrections, exchangeJobs, grantedUse, weeklyReports } from './work.ts';

/** What all but the streams comes to on a workday. */
const FIXED_LINES = 14_000;

/** Everybody's ordinary day. @param volume lines of a workday, roughly; the streams fill what is left */
export function lifeOf(world: World, plan: DayPlan, effects: Effects, volume: number): Line[] {
  return [
    ...ordinaryAccesses(plan).map((access) => accessLine(plan.platform, access)),
    ...signIns(plan),
    ...administrationOfTheDay(plan),
    ...administrators(plan),
    ...scanners(plan),
    ...hostAudit(plan),
    ...backups(plan),
    ...vendorMaintenance(plan),
    ...caseWork(world, plan),
    ...grantedUse(world, plan),
    ...exchangeJobs(world, plan),
    ...corrections(plan),
    ...weeklyReports(plan),
    ...streams(plan, effects, Math.max(1_000, volume - FIXED_LINES)),
  ];
}
