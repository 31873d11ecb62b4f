import { HOUR } from '../calendar.ts';
import type { Actor } from '../platform/people.ts';
import { DUTY_DEPARTMENT } from '../registry.ts';
import type { Cast, Incident } from './incident.ts';

interface Visit {
  variant: string;
  actor: Actor;
  rows: number;
  first: number;
  accesses?: number;
  expected?: boolean;
  zh: string;
  en: string;
}

/** Outside the department's hours, in an hour of the week in which the actor is never seen. */
export function offHoursAccess(cast: Cast): Incident[] {
  return cast.plan.workday ? onWorkdays(cast) : onRestDays(cast);
}

function onWorkdays(cast: Cast): Incident[] {
  return [
    visit(cast, {
      variant: 'deep-night',
      actor: colleague(cast, ['core', 'important']),
      rows: 8,
      first: cast.moment(1, 3),
      accesses: 4,
      zh: '凌晨访问重要数据',
      en: 'uses important data deep in the night',
    }),
    visit(cast, {
      variant: 'core-at-night',
      actor: colleague(cast, ['core']),
      rows: 1,
      first: cast.moment(22, 23.5),
      zh: '深夜访问核心数据，仅一条',
      en: 'looks at a single record of core data late at night',
    }),
    visit(cast, {
      variant: 'evening',
      actor: colleague(cast, ['important']),
      rows: 20,
      first: cast.moment(20, 21.5),
      accesses: 3,
      zh: '晚间访问重要数据，从未有过',
      en: 'uses important data in the evening, for the first time',
    }),
    visit(cast, {
      variant: 'general-many-rows',
      actor: colleague(cast, ['general-4']),
      rows: 350,
      first: cast.moment(21, 23),
      zh: '夜间读取一般数据 350 行',
      en: 'reads 350 rows of general data at night',
    }),
    visit(cast, {
      variant: 'general-cumulative',
      actor: colleague(cast, ['general-4']),
      rows: 70,
      accesses: 4,
      first: cast.plan.from + 5 * HOUR,
      zh: '清晨分四次读取一般数据，累计超过 200 行',
      en: 'reads general data in four pieces in the early morning, over 200 rows together',
    }),
    visit(cast, {
      variant: 'general-few-rows',
      actor: colleague(cast, ['general-4']),
      rows: 120,
      first: cast.moment(21, 23),
      expected: false,
      zh: '夜间读取一般数据 120 行：不足 200 行',
      en: '120 rows of general data at night: below 200',
    }),
  ];
}

function onRestDays(cast: Cast): Incident[] {
  return [
    visit(cast, {
      variant: 'rest-day-noon',
      actor: colleague(cast, ['important']),
      rows: 12,
      first: cast.moment(13, 15),
      accesses: 3,
      zh: '休息日访问重要数据',
      en: 'uses important data on a rest day',
    }),
    visit(cast, {
      variant: 'rest-day-core',
      actor: colleague(cast, ['core']),
      rows: 2,
      first: cast.moment(17, 20),
      zh: '休息日傍晚访问核心数据，值班已结束',
      en: 'uses core data in the evening of a rest day, when the duty is over',
    }),
    visit(cast, {
      variant: 'rest-day-general',
      actor: colleague(cast, ['general-4']),
      rows: 500,
      first: cast.moment(16, 19),
      zh: '休息日读取一般数据 500 行',
      en: 'reads 500 rows of general data on a rest day',
    }),
    visit(cast, {
      variant: 'rest-day-night',
      actor: colleague(cast, ['important']),
      rows: 5,
      first: cast.moment(2, 4),
      zh: '休息日凌晨访问重要数据',
      en: 'uses important data in the night of a rest day',
    }),
  ];
}

function visit(cast: Cast, of: Visit): Incident {
  const { actor } = of;
  const asset = actor.habits[0]!.asset;
  const count = of.accesses ?? 1;
  const lines = cast
    .spread(of.first, count, (count - 1) * 8 * 60_000)
    .map((atMs) => cast.access({ atMs, actor, asset, rows: of.rows }));
  const label = { actor: actor.id, asset: asset.id, expected: of.expected ?? true };
  return cast.incident(of.variant, { ...label, why: { zh: of.zh, en: of.en } }, lines);
}

/** Somebody who only works in office hours and whose usual dataset has the level; logged with rows. */
function colleague(cast: Cast, levels: readonly string[]): Actor {
  const duty = cast.plan.day === cast.plan.platform.day ? DUTY_DEPARTMENT : '';
  return cast.officer((one) => {
    const asset = one.habits[0]?.asset;
    if (asset === undefined || one.shift !== 'office' || one.department === duty) return false;
    return levels.includes(asset.level) && cast.plan.platform.system(asset.system).log !== 'gateway';
  });
}
