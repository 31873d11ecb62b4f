import { MINUTE, HOUR } from '../calendar.ts';
import type { Actor, Habit } from '../platform/people.ts';
import { isAssigned } from '../activity/maintenance.ts';
import { workOrderOf } from '../activity/access.ts';
import type { Cast, Incident } from './incident.ts';

interface Taking {
  variant: string;
  actor: Actor;
  habit: Habit;
  rows: number;
  chunks: number;
  spanMs: number;
  first: number;
  expected?: boolean;
  zh: string;
  en: string;
}

/** Far more rows of a dataset than the actor usually reads (z ≥ 3.5, three times, ≥ 1,000 rows; 1 h and 24 h). */
export function bulkRead(cast: Cast): Incident[] {
  const { random } = cast;
  const analyst = (log?: string): Actor =>
    cast.officer((one) => one.role === 'analyst' && (log === undefined || logOf(cast, one) === log));
  const clerk = cast.officer((one) => one.role.startsWith('clerk') && logOf(cast, one) !== 'gateway');
  const vendor = cast.staff((one) => isAssigned(cast.plan, one) && one.habits.length > 0);
  const early = cast.plan.platform.services.find((one) => one.habits.some((habit) => habit.minute < 120))!;
  return [
    taking(cast, {
      variant: 'program-at-night',
      ...main(early),
      rows: 9 * early.habits[0]!.medianRows,
      chunks: 6,
      spanMs: 20 * MINUTE,
      first: cast.plan.from + (early.habits[0]!.minute - (early.habits[0]!.minute % 60) + 20) * MINUTE,
      zh: '批处理账号夜间读取量是平时的数倍',
      en: 'a batch account reads several times its usual volume',
    }),
    taking(cast, {
      variant: 'one-query',
      ...main(analyst('json')),
      rows: random.int(40_000, 90_000),
      chunks: 1,
      spanMs: 0,
      first: cast.moment(9, 17),
      zh: '一次查询取走数万行',
      en: 'takes tens of thousands of rows in one query',
    }),
    taking(cast, {
      variant: 'in-chunks',
      ...main(clerk),
      rows: random.int(9_000, 18_000),
      chunks: 30,
      spanMs: 50 * MINUTE,
      first: cast.moment(9, 16),
      zh: '不到一小时分三十次取走',
      en: 'takes it in thirty pieces within an hour',
    }),
    taking(cast, {
      variant: 'database',
      ...main(analyst('pgaudit')),
      rows: random.int(30_000, 60_000),
      chunks: 4,
      spanMs: 12 * MINUTE,
      first: cast.moment(10, 16),
      zh: '直接在数据库中大量查询（pgaudit）',
      en: 'reads much directly in the database (pgaudit)',
    }),
    spreadOverTheDay(cast, analyst('json')),
    taking(cast, {
      variant: 'vendor',
      ...main(vendor),
      rows: 25_000,
      chunks: 5,
      spanMs: 30 * MINUTE,
      first: cast.moment(10, 16),
      zh: '运维人员在工单内超量读取',
      en: "a vendor's engineer reads far too much under a work order",
    }),
    severalTimesTheUsual(cast, analyst('pgaudit')),
    taking(cast, {
      variant: 'bytes-only',
      ...main(cast.officer((one) => one.habits.length > 0 && logOf(cast, one) === 'gateway')),
      rows: 2_000_000,
      chunks: 8,
      spanMs: 40 * MINUTE,
      first: cast.moment(9, 16),
      zh: '经网关下载数百兆（日志只记字节数）',
      en: 'downloads hundreds of megabytes through the gateway, whose log states bytes only',
    }),
    taking(cast, {
      variant: 'under-1000-rows',
      ...main(cast.officer((one) => one.role.startsWith('clerk') && usualRows(main(one).habit) < 60)),
      rows: 800,
      chunks: 2,
      spanMs: 5 * MINUTE,
      first: cast.moment(9, 16),
      expected: false,
      zh: '远超平时但不足 1,000 行',
      en: 'far above the usual, but below 1,000 rows',
    }),
    twiceTheUsual(cast, analyst()),
  ];
}

function taking(cast: Cast, of: Taking): Incident {
  const { actor, habit } = of;
  const workOrder = workOrderOf(cast.plan, actor);
  const rows = Math.ceil(of.rows / of.chunks);
  const lines = cast
    .spread(of.first, of.chunks, of.spanMs)
    .map((atMs) => cast.access({ atMs, actor, asset: habit.asset, rows, workOrder }));
  const label = { actor: actor.id, asset: habit.asset.id, expected: of.expected ?? true };
  return cast.incident(of.variant, { ...label, why: { zh: of.zh, en: of.en } }, lines);
}

/** Each hour looks nearly usual; the day does not. */
function spreadOverTheDay(cast: Cast, actor: Actor): Incident {
  const habit = main(actor).habit;
  return taking(cast, {
    variant: 'over-the-day',
    actor,
    habit,
    rows: Math.max(4_000, 14 * usualRows(habit)),
    chunks: 36,
    spanMs: 8 * HOUR,
    first: cast.moment(9, 9.2),
    zh: '每小时不显眼，全天累计远超平时',
    en: 'no hour stands out much, the day does',
  });
}

/** Near the threshold: about nine times a usual day. */
function severalTimesTheUsual(cast: Cast, actor: Actor): Incident {
  const habit = main(actor).habit;
  return taking(cast, {
    variant: 'nine-times',
    actor,
    habit,
    rows: Math.max(2_000, 9 * usualRows(habit)),
    chunks: 3,
    spanMs: 25 * MINUTE,
    first: cast.moment(10, 16),
    zh: '约为平时一天的九倍（接近阈值）',
    en: 'about nine times a usual day (near the threshold)',
  });
}

function twiceTheUsual(cast: Cast, actor: Actor): Incident {
  const habit = main(actor).habit;
  return taking(cast, {
    variant: 'twice',
    actor,
    habit,
    rows: usualRows(habit),
    chunks: 4,
    spanMs: 3 * HOUR,
    first: cast.moment(10, 13),
    expected: false,
    zh: '约为平时一天的两倍：不足三倍',
    en: 'about twice a usual day: less than three times',
  });
}

/** The dataset that the actor uses most. */
function main(actor: Actor): { actor: Actor; habit: Habit } {
  return { actor, habit: actor.habits[0]! };
}

function usualRows(habit: Habit): number {
  return habit.medianRows * Math.exp(habit.sigma ** 2 / 2) * habit.perDay;
}

function logOf(cast: Cast, actor: Actor): string {
  return cast.plan.platform.system(main(actor).habit.asset.system).log;
}
