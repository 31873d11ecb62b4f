import { ordinaryAccesses } from '../../history.ts';
import { exchangeJobs } from '../life/work.ts';
import type { World } from '../world.ts';
import type { YearDay } from './year.ts';

/** Rows that each department's people read a day. */
export function rowsByDay(days: readonly YearDay[], departments: readonly string[]): Map<string, number[]> {
  const rows = new Map(departments.map((id) => [id, days.map(() => 0)]));
  days.forEach(({ plan, growth }, n) => {
    const departmentOf = new Map(plan.platform.officers.map(({ login, department }) => [login, department]));
    for (const access of ordinaryAccesses(plan)) {
      const of = rows.get(departmentOf.get(access.actor.login) ?? '');
      if (of !== undefined) of[n]! += access.rows * growth;
    }
  });
  return new Map([...rows].map(([id, values]) => [id, values.map(Math.round)]));
}

/** What people pass on on a workday besides the nightly jobs, and on a rest day. */
const BY_HAND = { workday: 9, rest: 0.8 };
const JOB_FAILS = 0.03;

/** Ways that data of a level took to recipients, a day: the exchange jobs under grants, and what people share. */
export function edgesByDay(world: World, days: readonly YearDay[], levels: readonly string[]): Map<string, number[]> {
  const levelOf = new Map(world.platform.assets.map(({ names, level }) => [names[0]!, level.split('-')[0]!]));
  const edges = new Map(levels.map((level) => [level, days.map(() => 0)]));
  days.forEach(({ plan, growth }, n) => {
    const random = plan.random('year', 'edges');
    for (const { line } of exchangeJobs(world, plan)) {
      const of = edges.get(levelOf.get((JSON.parse(line) as { asset: string }).asset) ?? '');
      if (of !== undefined && !random.chance(JOB_FAILS)) of[n]!++;
    }
    for (const of of edges.values()) of[n]! += random.poisson(BY_HAND[plan.workday ? 'workday' : 'rest'] * growth);
  });
  return edges;
}
