import { expectedInSlice, publicRhythm } from '../../activity/rhythm.ts';
import { HOUR } from '../../calendar.ts';
import { hash } from '../../random.ts';
import type { YearDay } from './year.ts';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const EVENTS_A_WORKDAY = 40_000;
/** Share that comes from the office only, on workdays. */
const OFFICE = { share: 0.15, from: 8, to: 18 };
/** Weather, news and deadlines move a day as a whole, and each hour a little. */
const DAY_SIGMA = 0.06;
const HOUR_SIGMA = 0.04;
const LAG_SECONDS = 1.2;
const LAG_SIGMA = 0.2;

/** Events taken in, an hour. */
export function eventsByHour(days: readonly YearDay[]): number[] {
  return days.flatMap(({ plan, growth }) => {
    const random = plan.random('year', 'events');
    const today = growth * random.logNormal(1, DAY_SIGMA);
    return HOURS.map((hour) => {
      const from = plan.from + hour * HOUR;
      const isOffice = plan.workday && hour >= OFFICE.from && hour < OFFICE.to;
      const perDay = EVENTS_A_WORKDAY * (isOffice ? 1 : 1 - OFFICE.share);
      return random.poisson(expectedInSlice(plan, from, from + HOUR, perDay) * today * random.logNormal(1, HOUR_SIGMA));
    });
  });
}

/** How late events come, s: longer when much comes, and much longer while a source is worked on, one night in ten. */
export function lagByHour(days: readonly YearDay[]): number[] {
  return days.flatMap(({ plan, growth }) => {
    const random = plan.random('year', 'lag');
    const isMaintained = Math.abs(hash(`maintenance/${plan.platform.seed}/${plan.day}`)) % 10 === 0;
    return HOURS.map((hour) => {
      const load = publicRhythm(plan, plan.from + (hour + 0.5) * HOUR) * growth;
      const held = isMaintained && (hour === 2 || hour === 3) ? random.between(60, 400) : 0;
      return Math.round((random.logNormal(LAG_SECONDS * (1 + load), LAG_SIGMA) + held) * 1_000) / 1_000;
    });
  });
}
