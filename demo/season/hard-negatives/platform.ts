import type { DayPlan } from '../../activity/day-plan.ts';
import { HOUR, MINUTE } from '../../calendar.ts';
import { LOOK_ALIKE } from '../../activity/look-alikes.ts';
import type { Effect } from '../effects.ts';
import type { World } from '../world.ts';

/** What happens to logs and hosts for good reasons: effects on the day's lines. */
export function platformEffects({ first }: World, plan: DayPlan): Effect[] {
  const day = Math.round((plan.from - Date.parse(`${first}T00:00:00+08:00`)) / (24 * HOUR));
  const effects: Effect[] = [];
  // A source is updated in the night to Sunday, every third week.
  if (plan.weekday === 0 && day % 21 < 7)
    effects.push({
      incident: `${LOOK_ALIKE}source-maintenance`,
      kind: 'mute',
      source: 'monitoring',
      share: 1,
      from: plan.from + 2 * HOUR,
      to: plan.from + 2.7 * HOUR,
    });
  // A repaired host comes up with its clock a little off, and is set right some minutes later.
  if (day % 13 === 6)
    effects.push({
      incident: `${LOOK_ALIKE}clock-step`,
      kind: 'clock',
      host: 'portal-02',
      aheadMs: -42_000,
      from: plan.from + 10 * HOUR,
      to: plan.from + 10 * HOUR + 12 * MINUTE,
    });
  return effects;
}
