import { HOUR } from '../calendar.ts';
import { isAssigned } from '../activity/maintenance.ts';
import { workOrderOf } from '../activity/access.ts';
import type { AssetOf } from '../platform/catalogue.ts';
import type { Actor } from '../platform/people.ts';
import type { Cast, Incident } from './incident.ts';

interface Curiosity {
  variant: string;
  actor: Actor;
  assets: readonly AssetOf[];
  rows: number;
  first: number;
  expected?: boolean;
  zh: string;
  en: string;
}

/** A dataset that the actor has never used: important alone; general when rare and ≥ 100 rows; five in a day. */
export function firstTimeAsset(cast: Cast): Incident[] {
  const clerk = (): Actor => cast.officer((one) => one.role.startsWith('clerk'));
  const { random } = cast;
  const engineer = cast.staff((one) => isAssigned(cast.plan, one));
  const insider = cast.officer((one) => one.role === 'clerk-a');
  const night = cast.plan.platform.services[random.int(20, 39)]!;
  const [one, two, three, four, five] = [clerk(), clerk(), clerk(), clerk(), clerk()];
  return [
    curiosity(cast, {
      variant: 'program-at-night',
      actor: night,
      assets: [foreign(cast, night, ['important'])],
      rows: 300,
      first: cast.plan.from + (night.habits[0]!.minute - (night.habits[0]!.minute % 60) + 25) * 60_000,
      zh: '批处理账号读取从未用过的重要数据',
      en: 'a batch account reads important data that it never used',
    }),
    curiosity(cast, {
      variant: 'core-of-others',
      actor: one,
      assets: [foreign(cast, one, ['core'])],
      rows: 3,
      first: cast.moment(9, 17),
      zh: '首次访问其他部门的核心数据',
      en: "uses another department's core data for the first time",
    }),
    curiosity(cast, {
      variant: 'important-of-others',
      actor: two,
      assets: [foreign(cast, two, ['important'])],
      rows: 40,
      first: cast.moment(9, 17),
      zh: '首次访问其他部门的重要数据',
      en: "uses another department's important data for the first time",
    }),
    curiosity(cast, {
      variant: 'own-department',
      actor: insider,
      assets: cast.plan.platform.assets.filter((asset) => asset.owner === insider.department).slice(3, 4),
      rows: 15,
      first: cast.moment(9, 17),
      zh: '首次访问本部门、但不属其科室的重要数据',
      en: 'uses important data of its own department that its section never touches',
    }),
    curiosity(cast, {
      variant: 'six-in-a-day',
      actor: three,
      assets: random.sample(others(cast, three, ['general-2', 'general-3']), 6),
      rows: 30,
      first: cast.moment(9, 11),
      zh: '一天内首次访问六个数据集',
      en: 'six datasets for the first time in one day',
    }),
    curiosity(cast, {
      variant: 'rare-general',
      actor: four,
      assets: [foreign(cast, four, ['general-3', 'general-4'])],
      rows: 180,
      first: cast.moment(9, 17),
      zh: '首次读取同类人员都不用的一般数据 180 行',
      en: 'reads 180 rows of general data that no peer uses',
    }),
    curiosity(cast, {
      variant: 'vendor',
      actor: engineer,
      assets: [foreign(cast, engineer, ['important'])],
      rows: 12,
      first: cast.moment(10, 16),
      zh: '运维人员首次读取重要数据',
      en: "a vendor's engineer reads important data for the first time",
    }),
    curiosity(cast, {
      variant: 'rare-general-few-rows',
      actor: five,
      assets: [foreign(cast, five, ['general-3'])],
      rows: 60,
      first: cast.moment(9, 17),
      expected: false,
      zh: '首次读取一般数据 60 行：不足 100 行',
      en: '60 rows of general data for the first time: below 100',
    }),
  ];
}

function curiosity(cast: Cast, of: Curiosity): Incident {
  const { actor, assets, rows } = of;
  const workOrder = workOrderOf(cast.plan, actor);
  const times = cast.spread(of.first, assets.length, assets.length > 1 ? 4 * HOUR : 0);
  const lines = assets.map((asset, n) => cast.access({ atMs: times[n]!, actor, asset, rows, workOrder }));
  const asset = assets.length === 1 ? assets[0]!.id : '';
  const label = { actor: actor.id, asset, expected: of.expected ?? true };
  return cast.incident(of.variant, { ...label, why: { zh: of.zh, en: of.en } }, lines);
}

function foreign(cast: Cast, actor: Actor, levels: readonly string[]): AssetOf {
  return cast.random.pick(others(cast, actor, levels));
}

/** Datasets of other departments that the actor does not use; logged with rows. */
function others(cast: Cast, actor: Actor, levels: readonly string[]): AssetOf[] {
  const used = new Set(actor.habits.map((habit) => habit.asset.id));
  return cast.plan.platform.assets.filter(
    (asset) =>
      asset.owner !== actor.department &&
      levels.includes(asset.level) &&
      !used.has(asset.id) &&
      cast.plan.platform.system(asset.system).log !== 'gateway',
  );
}
