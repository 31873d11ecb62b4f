import { HOUR, MINUTE } from '../calendar.ts';
import type { Random } from '../random.ts';
import type { DayPlan } from './day-plan.ts';

/** A moment in working hours: two humps with a dip at lunch. @param hours minutes after midnight */
export function workingMoment(plan: DayPlan, random: Random, hours: { from: number; to: number }): number {
  const peak = random.chance(0.5) ? 10 * 60 + 10 : 15 * 60 + 10;
  for (let tries = 0; tries < 20; tries++) {
    const minute = peak + 55 * random.normal();
    if (minute >= hours.from + 2 && minute < hours.to - 3) return momentAt(plan, minute);
  }
  return momentAt(plan, random.between(hours.from + 2, hours.to - 3));
}

/** The moment, ms, of a minute after midnight (fractions count). */
export function momentAt(plan: DayPlan, minute: number): number {
  return plan.from + Math.floor(minute * MINUTE);
}

/** How busy the public is at a time of day, 1 at the morning peak. */
export function publicRhythm(plan: DayPlan, atMs: number): number {
  const hour = (atMs - plan.from) / HOUR;
  const hump = (centre: number, width: number): number => Math.exp(-(((hour - centre) / width) ** 2));
  const busy = 0.03 + hump(10.2, 1.7) + 0.9 * hump(15.2, 1.9) + 0.3 * hump(20.5, 1.6);
  return plan.workday ? busy : busy * 0.45;
}

/** Lines expected in a slice when a workday is to have `perDay`. */
export function expectedInSlice(plan: DayPlan, fromMs: number, toMs: number, perDay: number): number {
  return (perDay * publicRhythm(plan, (fromMs + toMs) / 2) * (toMs - fromMs)) / (7.35 * HOUR);
}
