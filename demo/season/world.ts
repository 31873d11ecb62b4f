import { DayPlan } from '../activity/day-plan.ts';
import { isAssigned } from '../activity/maintenance.ts';
import { addDays, daysBetween } from '../calendar.ts';
import { HISTORY_DAYS } from '../history-days.ts';
import { buildPlatform, type Platform } from '../platform.ts';
import type { Actor } from '../platform/people.ts';
import { Random } from '../random.ts';
import { casesOf, type CaseOf } from './cases.ts';
import { seasonContracts } from './contracts.ts';
import { grantsOf, type GrantOf } from './grants.ts';
import { leavesOf, movesOf, presentOn, withJoiners, type Leave, type Move } from './people.ts';

export interface WorldOptions {
  seed: number;
  /** First day of the season, `YYYY-MM-DD`. */
  first: string;
  days: number;
  /** Days of ordinary life that the platform has watched before. */
  leadInDays: number;
}

/** The simulated city over a season: who and what exists, and what everybody is entitled to. */
export interface World {
  seed: number;
  /** First and last day of the season, and the first day of the life before it. */
  first: string;
  last: string;
  leadIn: string;
  days: number;
  /** With everybody who is there at any time. */
  platform: Platform;
  leaves: ReadonlyMap<string, Leave>;
  moves: ReadonlyMap<string, Move>;
  grants: readonly GrantOf[];
  cases: readonly CaseOf[];
  /** Persons under special watch, as logs carry them. */
  watched: readonly string[];
  /** The day with those who are there on it. */
  planOf(day: string): DayPlan;
}

export function buildWorld({ seed, first, days, leadInDays }: WorldOptions): World {
  const leadIn = addDays(first, -leadInDays);
  const base = buildPlatform(seed, first);
  const officers = withJoiners(seed, first, days, base.officers);
  const leaves = new Map(
    leavesOf(
      seed,
      first,
      officers.filter(({ openedAt }) => openedAt < Date.parse(leadIn)),
    ).map((leave) => [leave.login, leave]),
  );
  const settled = officers.filter(({ login, openedAt }) => !leaves.has(login) && openedAt < Date.parse(leadIn));
  const moves = new Map(
    movesOf(seed, first, days, settled, new Set(leaves.keys())).map((move) => [move.before.login, move]),
  );
  const rooted = settled.filter(({ login }) => !moves.has(login));
  const platform = { ...base, officers, contracts: seasonContracts(first, days, base.systems, base.staff) };
  const random = new Random(seed, 'watched');
  const world: World = {
    seed,
    first,
    last: addDays(first, days - 1),
    leadIn,
    days,
    platform,
    leaves,
    moves,
    grants: grantsOf(seed, first, days, base.assets, rooted),
    cases: casesOf(seed, leadIn, days + leadInDays, rooted),
    watched: Array.from({ length: 8 }, () => random.hex(16)),
    planOf: (day) => new DayPlan({ ...platform, officers: presentOn(day, officers, leaves, moves) }, day),
  };
  return world;
}

/** Days after the platform's own day that the world around it knows: the demo goes on until today. */
const DAYS_AHEAD = 60;

/** The world around the one day of a platform, with its people and contracts as they are. */
export function worldAround(platform: Platform): World {
  const { seed, day } = platform;
  const leadIn = addDays(day, -HISTORY_DAYS);
  const settled = platform.officers.filter(({ openedAt }) => openedAt < Date.parse(leadIn));
  const random = new Random(seed, 'watched');
  return {
    seed,
    first: day,
    last: addDays(day, DAYS_AHEAD),
    leadIn,
    days: DAYS_AHEAD + 1,
    platform,
    leaves: new Map(),
    moves: new Map(),
    grants: grantsOf(seed, day, DAYS_AHEAD, platform.assets, settled),
    cases: casesOf(seed, leadIn, HISTORY_DAYS + DAYS_AHEAD, settled),
    watched: Array.from({ length: 8 }, () => random.hex(16)),
    planOf: (other) => new DayPlan(platform, other),
  };
}

/** Workdays with the staff of vendors who are assigned on them: each has a work order for the day. */
export function assignments(world: World): { day: string; staff: readonly Actor[] }[] {
  return daysBetween(world.leadIn, world.last)
    .map((day) => new DayPlan(world.platform, day))
    .filter(({ workday }) => workday)
    .map((plan) => ({ day: plan.day, staff: world.platform.staff.filter((actor) => isAssigned(plan, actor)) }));
}
