import { addDays, DAY, daysBetween, startOfDay } from '../../calendar.ts';
import type { DayPlan } from '../../activity/day-plan.ts';
import { Calendar } from '../../../src/registry/calendar.ts';
import { dayKindsOf, HORIZON, type Series, type Step } from '../../../src/posture/forecast/series.ts';
import type { Measure } from '../../../src/posture/forecast/scale.ts';
import { buildWorld, type World } from '../world.ts';
import { findingsByDay, riskByDay, RISKY_VENDORS } from './findings.ts';
import { eventsByHour, lagByHour } from './streams.ts';
import { edgesByDay, rowsByDay } from './use.ts';

/** A series of the simulated city: some months that models learn from, then the year. */
export interface YearSeries {
  /** As the API names it, with the department, detector, level or vendor; '' for all. */
  series: string;
  id: string;
  data: Series;
  /** Position of the first step of the year. */
  firstOfYear: number;
}

export interface YearOptions {
  seed: number;
  year: number;
}

/** What is drawn for a day, in order. `growth` is 1 at the beginning and grows by a quarter a year. */
export interface YearDay {
  plan: DayPlan;
  growth: number;
}

const LEAD_IN_DAYS = 120;
const GROWTH_A_YEAR = 0.25;
const DEPARTMENTS = ['police', 'hrss', 'health', 'tax'];
const LEVELS = ['important', 'general'];
const DETECTORS = ['off-hours-access', 'person-record-snooping', 'denial-probing'];

/**
 * The city's year as numbers only: people's use of data, streams and grants are drawn as for the season's lines, and grow.
 * Wrongdoing comes at the season's rates.
 */
export function yearOfSeries({ seed, year }: YearOptions): YearSeries[] {
  const world = buildWorld({ seed, first: `${year}-01-01`, days: 365, leadInDays: LEAD_IN_DAYS });
  const days = daysOf(world);
  const rows = rowsByDay(days, DEPARTMENTS);
  const edges = edgesByDay(world, days, LEVELS);
  const findings = findingsByDay(world, days);
  const daily: [string, string, number[], Measure?][] = [
    ...DEPARTMENTS.map((id): [string, string, number[]] => ['rows', id, rows.get(id)!]),
    ...LEVELS.map((id): [string, string, number[]] => ['out-edges', id, edges.get(id)!]),
    ['findings', '', [...findings.values()].reduce((sum, of) => sum.map((count, n) => count + of[n]!))],
    ...DETECTORS.map((id): [string, string, number[]] => ['findings', id, findings.get(id)!]),
    ...RISKY_VENDORS.map((id): [string, string, number[], Measure] => [
      'vendor-risk',
      id,
      riskByDay(world, days, id),
      'score',
    ]),
  ];
  const series = (step: Step) => seriesMaker(world, step);
  return [
    ...daily.map(([name, id, values, measure]) => series('day')(name, id, values, measure)),
    series('hour')('events', '', eventsByHour(days)),
    series('hour')('ingest-lag', '', lagByHour(days)),
  ];
}

function daysOf(world: World): YearDay[] {
  return daysBetween(world.leadIn, world.last).map((day, n) => ({
    plan: world.planOf(day),
    growth: Math.exp((GROWTH_A_YEAR * (n - LEAD_IN_DAYS)) / 365),
  }));
}

function seriesMaker(world: World, step: Step) {
  const calendar = new Calendar([]);
  const first = Math.round(Date.parse(`${world.leadIn}T00:00:00Z`) / DAY);
  const days = Math.round((startOfDay(addDays(world.last, 1)) - startOfDay(world.leadIn)) / DAY);
  const kinds = dayKindsOf((day) => calendar.isWorkday(day), first, days + HORIZON.day);
  const steps = step === 'day' ? 1 : 24;
  return (name: string, id: string, values: number[], measure: Measure = 'count'): YearSeries => ({
    series: name,
    id,
    data: { step, start: first * steps, values, dayKinds: kinds, measure },
    firstOfYear: LEAD_IN_DAYS * steps,
  });
}
