import { z } from 'zod';
import { isDataRead } from '../src/detection/access-kinds.ts';
import { robustZ } from '../src/detection/baseline.ts';
import { defineDetector, type Expectation, type Measure, type StepContext } from '../src/detection/detector.ts';
import { localDay, sinceMidnight } from '../src/detection/local-day.ts';
import { isNews, nothingTold, type Told } from '../src/detection/news.ts';
import { attack, dataSecurityLaw } from '../src/detection/references.ts';
import { weightedScore } from '../src/detection/score.ts';
import { signalAt } from '../src/detection/signal.ts';
import { actorAsset } from '../src/detection/subjects.ts';
import {
  addAmount,
  amountBetween,
  contributing,
  copyOfAmounts,
  heaviestWindow,
  isFull,
  LATENESS_MS,
  noAmounts,
  noIds,
} from '../src/detection/windows.ts';
import { reachOf, withId, type RecentIds, type TimedAmounts, type Window } from '../src/detection/windows.ts';
import { actorNamed, amount, assetNamed, byteSize, counted, duration } from '../src/detection/wording.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const volume = (standard: number) => z.number().min(1).default(standard);

const settings = z.strictObject({
  zAtLeast: z
    .number()
    .min(0)
    .default(3.5)
    .describe('Robust z against the baseline: 0.6745 · (log1p(x) − median) / MAD.'),
  ratioAtLeast: z.number().min(1).default(3).describe('Times the usual volume (the median of the baseline).'),
  rowsAtLeast: volume(1000).describe('Rows below which nothing is a bulk read.'),
  bytesAtLeast: volume(10_485_760).describe('The same in bytes, where a source states no rows.'),
  capRowsPerHour: volume(10_000).describe('Without a baseline: rows in 1 hour that are a finding.'),
  capRowsPerDay: volume(50_000).describe('Without a baseline: rows in 24 hours that are a finding.'),
  capBytesPerHour: volume(104_857_600).describe('Without a baseline: bytes in 1 hour that are a finding.'),
  capBytesPerDay: volume(524_288_000).describe('Without a baseline: bytes in 24 hours that are a finding.'),
  machineRoles: z.array(z.string()).default(['service']).describe('Roles of machine accounts.'),
  machineCapTimes: z.number().min(1).default(10).describe('Their caps are so many times as high.'),
  base: z.number().min(0).max(100).default(45).describe('Base score; 5 more for each z above the limit.'),
  highestBase: z.number().min(0).max(100).default(80).describe('Highest base score.'),
});
type Settings = z.output<typeof settings>;

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const NONE: readonly Signal[] = Object.freeze([]);

/** Volumes of one unit. */
interface Volumes {
  day: TimedAmounts;
  /** Once the day's entries are summed into quarters of an hour, the last hour has a finer series. */
  hour: TimedAmounts | null;
}

/** Most accounts read a little now and then: what only a finding needs is kept once one is near. */
interface State {
  rows: Volumes | null;
  bytes: Volumes | null;
  ids: RecentIds | null;
  told: Told | null;
}

/** Parts of what makes a finding at least, from which on the events are remembered that it would name. */
const NEAR_BY_SUM = 1 / 2;
const NEAR_BY_ONE = 1 / 20;

export const bulkRead = defineDetector<Settings, State>({
  name: 'bulk-read',
  version: 4,
  title: { zh: '批量读取数据', en: 'Bulk read' },
  what: {
    zh: '一个账号在 1 小时或 24 小时内读取某数据资产的行数（无行数时按字节数）远超其自身 28 天基线；自身历史不足时与同组人员比较，再不足时用固定上限。',
    en: 'An account reads far more rows (or bytes, where no rows are stated) of an asset in 1 or 24 hours than it usually does in 28 days; with too little history its peers decide, and without those a fixed cap.',
  },
  watches: (event) => (event.rows > 0 || event.bytes > 0) && isDataRead(event),
  techniques: [attack('T1213'), attack('T1530')],
  cites: [dataSecurityLaw('29')],
  knownGaps: [
    {
      zh: '少于基线活跃天数一半的周期性大批量任务（如每月导出）每次都会被视为异常。',
      en: 'Large periodic jobs that run on fewer than half of the active days (a monthly export) look unusual each time.',
    },
    {
      zh: '已确认为真的异常日尚未从基线中剔除：多次得手的大量读取会逐渐抬高基线。',
      en: 'Days with confirmed findings are not yet left out of the baseline: repeated large reads slowly raise it.',
    },
    {
      zh: '长期少量读取、分散到许多资产的读取不会被发现；日志既无行数又无字节数的读取不计入。',
      en: 'Small reads over a long time, or spread over many assets, are not found; reads whose lines state neither rows nor bytes do not count.',
    },
    {
      zh: '最初两周没有自身基线，只能与同组比较或用固定上限（机器账号为 10 倍，且须达到本人已有 3 天以上用量的 3 倍）：大型夜间批处理、用量本就远高于同组的人员，头几天可能被误报。',
      en: 'In the first two weeks nobody has a baseline of their own, only that of the peers or the fixed cap (ten times as high for machine accounts, and never below three times what the actor itself read on 3 days or more): large nightly batches, and people who read far more than their peers, may be flagged in the first days.',
    },
  ],
  settings,
  subject: actorAsset,
  start: () => ({ rows: null, bytes: null, ids: null, told: null }),
  step(state, event, context) {
    const inRows = event.rows > 0;
    const volumes = inRows ? (state.rows ??= noVolumes()) : (state.bytes ??= noVolumes());
    const value = inRows ? event.rows : event.bytes;
    addVolume(volumes, value, event);
    const daily = windowAt(volumes.day, DAY_MS, event);
    const least = inRows ? context.settings.rowsAtLeast : context.settings.bytesAtLeast;
    if (daily.amount >= least * NEAR_BY_SUM || value >= least * NEAR_BY_ONE)
      state.ids = withId(state.ids ?? noIds(), event.time, event.id);
    if (daily.amount < least) return NONE;
    const fine = volumes.hour ?? volumes.day;
    const day = judge(volumes.day, daily, DAY_MS, inRows, event, context);
    const hour = judge(fine, windowAt(fine, HOUR_MS, event), HOUR_MS, inRows, event, context);
    const worse = hour && (!day || hour.base >= day.base) ? hour : day;
    if (!worse) return NONE;
    const today = localDay(event.time, event.department, context.registry);
    const told = (state.told ??= nothingTold());
    return isNews(told, today, worse.value, event.time) ? [signal(worse, state, event, context)] : NONE;
  },
  forgetAfterMs: 90_000_000,
  example: sentence(
    { zh: '民政局 wangfang', en: 'wangfang of Civil Affairs Bureau' },
    { zh: '「低保对象信息」（重要数据）', en: '"Subsistence allowance recipients" (important data)' },
    {
      value: 48_200,
      end: 0,
      windowMs: HOUR_MS,
      inRows: true,
      usual: 1200,
      threshold: 3600,
      z: 9.1,
      base: 73,
      expectation: { source: 'self', median: 7.1, mad: 0.27, sampleSize: 19, ownMedian: 7.1 },
    },
    settings.parse({}),
  ),
});

const KEEP_HOUR = { horizonMs: HOUR_MS + LATENESS_MS, exactEntries: 128, coarseMs: 60_000 };
const KEEP_DAY = { horizonMs: DAY_MS + LATENESS_MS, exactEntries: 128, coarseMs: 900_000 };

/** A volume above what was to be expected. */
interface Excess {
  value: number;
  end: number;
  windowMs: number;
  inRows: boolean;
  usual: number;
  threshold: number;
  z: number;
  base: number;
  expectation: Expectation;
}

/**
 * The baseline knows local days, the window does not end with them: where it holds parts of two days, the usual volume of
 * one of them is routine and comes on top of the threshold. So two nights of one job, a minute less than a day apart, are two.
 */
function judge(
  series: TimedAmounts,
  { amount: value, end }: Window,
  windowMs: number,
  inRows: boolean,
  event: Event,
  { settings, baseline, registry }: StepContext<Settings>,
): Excess | undefined {
  const least = inRows ? settings.rowsAtLeast : settings.bytesAtLeast;
  if (value < least) return undefined;
  const measure: Measure = `${inRows ? 'rows' : 'bytes'}-${windowMs === HOUR_MS ? '1h' : '24h'}`;
  const expectation = baseline.expected(measure, event.actor, event.asset, end);
  // The actor's own few days do not decide, but nobody is flagged for what it does every day.
  const own = rounded(Math.expm1(expectation.ownMedian));
  const ownLimit = settings.ratioAtLeast * own;
  if (expectation.source === 'cap') {
    const times = settings.machineRoles.includes(event.role) ? settings.machineCapTimes : 1;
    const threshold = Math.max(least, times * capOf(measure, settings), ownLimit);
    if (value < threshold) return undefined;
    const base = Math.min(settings.highestBase, settings.base + 5 * Math.log2(value / threshold));
    return { value, end, windowMs, inRows, usual: own, threshold, z: 0, base, expectation };
  }
  const usual = rounded(Math.expm1(expectation.median));
  const byZ = rounded(Math.expm1(expectation.median + (settings.zAtLeast * expectation.mad) / 0.6745));
  const limit = Math.max(least, settings.ratioAtLeast * usual, byZ, ownLimit);
  if (value < limit) return undefined;
  const today = amountBetween(series, end - sinceMidnight(end, event.department, registry), end);
  const routine = Math.min(usual, today, value - today);
  const threshold = limit + routine;
  if (value < threshold) return undefined;
  const z = robustZ(value - routine, expectation);
  const base = Math.min(settings.highestBase, settings.base + 5 * Math.max(0, z - settings.zAtLeast));
  return { value, end, windowMs, inRows, usual, threshold, z, base, expectation };
}

function capOf(measure: Measure, settings: Settings): number {
  switch (measure) {
    case 'rows-1h':
      return settings.capRowsPerHour;
    case 'rows-24h':
      return settings.capRowsPerDay;
    case 'bytes-1h':
      return settings.capBytesPerHour;
    case 'bytes-24h':
      return settings.capBytesPerDay;
  }
}

/** To a thousandth: log1p and expm1 do not give whole numbers back exactly. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function noVolumes(): Volumes {
  return { day: noAmounts(), hour: null };
}

function addVolume(volumes: Volumes, value: number, { time, ingestTime }: Event): void {
  const reach = reachOf(time, ingestTime);
  if (volumes.hour === null && isFull(volumes.day, KEEP_DAY)) volumes.hour = copyOfAmounts(volumes.day);
  addAmount(volumes.day, time, value, reach, KEEP_DAY);
  if (volumes.hour !== null) addAmount(volumes.hour, time, value, reach, KEEP_HOUR);
}

/** The heaviest window that the event lies in. */
function windowAt(series: TimedAmounts, windowMs: number, { time }: Event): Window {
  return heaviestWindow(series, time, time + windowMs - 1, windowMs);
}

function signal(excess: Excess, state: State, event: Event, { registry, settings }: StepContext<Settings>): Signal {
  const { value, end, windowMs, inRows, usual, threshold, base, expectation } = excess;
  const personalInformation = registry.asset(event.asset, event.time)?.personalInformation ?? 'none';
  return signalAt(event, {
    score: weightedScore(base, { level: event.assetLevel, personalInformation, isVendor: event.vendor !== '' }),
    observed: value,
    expected: usual,
    threshold,
    unit: inRows ? 'rows' : 'bytes',
    windowMs,
    sampleSize: expectation.sampleSize,
    baseline: expectation.source,
    explanation: sentence(actorNamed(event, registry), assetNamed(event, registry), excess, settings),
    eventIds: contributing(state.ids ?? noIds(), end - windowMs, end, event.id),
  });
}

function sentence(who: Bilingual, what: Bilingual, excess: Excess, { zAtLeast }: Settings): Bilingual {
  const { value, inRows, usual, threshold, z, expectation } = excess;
  const span = duration(excess.windowMs);
  const size = (x: number): Bilingual =>
    inRows ? { zh: `${amount(x)} 行`, en: counted(Math.round(x), 'row') } : { zh: byteSize(x), en: byteSize(x) };
  const [read, limit] = [size(value), size(threshold)];
  const zh = `${who.zh} 在 ${span.zh}内读取${what.zh}共 ${read.zh}，`;
  const en = `${who.en} read ${read.en} of ${what.en} within ${span.en}, `;
  if (expectation.source === 'cap') {
    const few =
      usual === 0
        ? { zh: '', en: '' }
        : { zh: `（本人仅有的几天约 ${size(usual).zh}）`, en: ` (its own few days had about ${size(usual).en})` };
    return {
      zh: `${zh}尚无足够历史可比${few.zh}，超过固定上限 ${limit.zh}。`,
      en: `${en}above the fixed cap of ${limit.en}; there is not enough history to compare with${few.en}.`,
    };
  }
  const times = amount(value / Math.max(1, usual));
  const days = expectation.sampleSize;
  const whose =
    expectation.source === 'self'
      ? {
          zh: `本人平时（${days} 天基线）`,
          en: `its own usual ${size(usual).en} (baseline of ${counted(days, 'day')})`,
        }
      : {
          zh: `同组人员平时（${days} 人天基线）`,
          en: `the usual ${size(usual).en} of its peers (baseline of ${counted(days, 'person-day')})`,
        };
  return {
    zh: `${zh}${whose.zh}约 ${size(usual).zh}，此次为其 ${times} 倍（稳健 z 值 ${z.toFixed(1)}，阈值 ${zAtLeast}；数量阈值 ${limit.zh}）。`,
    en: `${en}${times} times ${whose.en} (robust z ${z.toFixed(1)}, threshold ${zAtLeast}; at least ${limit.en}).`,
  };
}
