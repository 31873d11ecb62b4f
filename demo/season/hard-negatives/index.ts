import type { DayPlan } from '../../activity/day-plan.ts';
import { LOOK_ALIKE, lookAlikes } from '../../activity/look-alikes.ts';
import type { Line } from '../../line.ts';
import type { World } from '../world.ts';
import { emergencyOrderLines } from './emergency-order.ts';
import { businessTrip, goLive, holidayDuty, newsEvent, officeNat, vpnDay } from './people.ts';
import { audit, census, monthEnd, plannedExport } from './reporting.ts';

const HARD_NEGATIVES: Readonly<Record<string, (world: World, plan: DayPlan) => Line[]>> = {
  audit,
  'month-end': monthEnd,
  census,
  'planned-export': plannedExport,
  'news-event': newsEvent,
  'office-nat': officeNat,
  'business-trip': businessTrip,
  'vpn-day': vpnDay,
  'go-live': goLive,
  'holiday-duty': holidayDuty,
  'emergency-order': emergencyOrderLines,
};

/**
 * What looks like wrongdoing and is none, named, so that a false finding can say what misled it. Movers, joiners, long leaves,
 * make-up workdays and an extended contract are in the world itself; their findings are told by who and when.
 */
export function hardNegatives(world: World, plan: DayPlan): Line[] {
  const own = Object.entries(HARD_NEGATIVES).flatMap(([name, lines]) =>
    lines(world, plan).map((line) => ({ ...line, incident: `${LOOK_ALIKE}${name}` })),
  );
  return plan.weekday === 3 && plan.day >= world.first ? [...own, ...lookAlikes(plan)] : own;
}

/** Which hard negative a finding without a marked line can be put down to; '' for none. */
export function circumstanceOf(world: World, plan: DayPlan, actorId: string, vendor: string): string {
  const actor = world.platform.officers.find(({ id }) => id === actorId);
  const login = actor?.login ?? '';
  const leave = world.leaves.get(login);
  if (world.moves.has(login) && plan.day >= world.moves.get(login)!.day) return 'moved-officer';
  if (leave?.kind === 'leave' && plan.day >= leave.to) return 'back-from-leave';
  if (actor !== undefined && plan.from - actor.openedAt < 45 * 86_400_000) return 'new-joiner';
  if (
    vendor === 'zhiyuan' &&
    world.platform.contracts.some(({ id, from }) => id === 'c-zhiyuan-2' && Math.abs(plan.from - from) < 3 * 86_400_000)
  )
    return 'contract-extension';
  if (plan.workday && (plan.weekday === 0 || plan.weekday === 6)) return 'make-up-day';
  return plan.workday ? '' : 'rest-day';
}
