import { z } from 'zod';
import { isDataAccess } from '../src/detection/access-kinds.ts';
import { robustZ } from '../src/detection/baseline.ts';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { isImportant, scoreAt } from '../src/detection/event-score.ts';
import { localDay } from '../src/detection/local-day.ts';
import { isNews, nothingTold, type Told } from '../src/detection/news.ts';
import { addToDay, totalOf, usualOn, type OwnDays } from '../src/detection/own-days.ts';
import { attack, networkDataRegulation } from '../src/detection/references.ts';
import { signalAt } from '../src/detection/signal.ts';
import { actor } from '../src/detection/subjects.ts';
import { actorNamed, amount, assetNamed, byteSize, counted } from '../src/detection/wording.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const settings = z.strictObject({
  zAtLeast: z
    .number()
    .min(0)
    .default(3)
    .describe('Robust z of the day’s exports, in number or bytes, against the account’s own days.'),
  exportsAtLeast: z
    .number()
    .int()
    .min(1)
    .default(5)
    .describe('Exports of the day below which their number is no finding.'),
  bytesAtLeast: z.number().min(1).default(10_485_760).describe('Bytes of the day below which these are none.'),
  capExports: z
    .number()
    .int()
    .min(1)
    .default(50)
    .describe('Without enough days of its own: exports of a day that are a finding.'),
  warmUpDays: z
    .number()
    .int()
    .min(0)
    .default(14)
    .describe(
      'A first export is new only after the account was open, and the platform has watched, for so long, days.',
    ),
  machineRoles: z
    .array(z.string())
    .default(['service'])
    .describe('Roles of machine accounts: only their spikes count.'),
  base: z.number().min(0).max(100).default(45).describe('Base score of a spike; 3 more for each z above the limit.'),
  highestBase: z.number().min(0).max(100).default(70).describe('Highest base score of a spike.'),
  firstBase: z.number().min(0).max(100).default(40).describe('Base score of a first export of important or core data.'),
});
type Settings = z.output<typeof settings>;

interface State {
  /** Exports and bytes by local day. */
  exports: OwnDays;
  bytes: OwnDays;
  told: Told | null;
}

const DAY_MS = 86_400_000;
const NONE: readonly Signal[] = Object.freeze([]);

export const exportSpike = defineDetector<Settings, State>({
  name: 'export-spike',
  version: 1,
  title: { zh: '导出激增', en: 'Spike of exports' },
  what: {
    zh: '账号当天导出、打印、下载的次数或字节数远超其自身平时（稳健 z 值 3 以上），或从未导出过的账号首次导出重要以上数据。',
    en: 'An account exports, prints or downloads far more often, or far more bytes, in a day than it usually does (robust z of 3), or one that never exported exports important or core data.',
  },
  watches: (event) =>
    (event.action === 'export' || event.action === 'download' || event.action === 'print') && isDataAccess(event),
  techniques: [attack('T1074'), attack('T1567')],
  cites: [networkDataRegulation('9')],
  knownGaps: [
    {
      zh: '按本地日统计；自身导出不足 10 天时不与同组比较，只用固定上限（每天 50 次）。',
      en: 'Counts local days; with fewer than 10 days of exports of its own a fixed cap (50 a day) stands in, not the peers.',
    },
    {
      zh: '「首次」只看平台已观察的 90 天；截屏、拍照看不到。',
      en: 'A first export is one within the 90 days that are remembered; screenshots and photographs are not seen.',
    },
  ],
  settings,
  subject: actor,
  start: () => ({ exports: [], bytes: [], told: null }),
  step(state, event, context) {
    const day = localDay(event.time, event.department, context.registry);
    const isFirst = state.exports.length === 0;
    addToDay(state.exports, day, 1);
    if (event.bytes > 0) addToDay(state.bytes, day, event.bytes);
    if (isFirst && isNewToIt(event, context)) return [first(event, context)];
    const found = spike(state, day, event, context);
    return found === undefined ? NONE : [found];
  },
  forgetAfterMs: 91 * DAY_MS,
  example: sentence(
    { zh: '民政局 wangfang', en: 'wangfang of Civil Affairs Bureau' },
    { zh: '「低保对象信息」（重要数据）', en: '"Subsistence allowance recipients" (important data)' },
    { value: 31, inBytes: false, usual: 3, z: 5.2, days: 18 },
  ),
});

function isNewToIt(event: Event, { settings, registry, baseline }: StepContext<Settings>): boolean {
  if (!isImportant(event) || settings.machineRoles.includes(event.role)) return false;
  const opened = registry.account(event.account, event.system, event.time)?.openedAt ?? 0;
  if (opened === 0 || event.time < opened + settings.warmUpDays * DAY_MS) return false;
  return baseline.observedDays(event.time).spanDays >= settings.warmUpDays;
}

/** The larger excess of the two: number and bytes. */
function spike(state: State, day: number, event: Event, context: StepContext<Settings>): Signal | undefined {
  const { settings } = context;
  const byNumber = excess(state.exports, day, settings.exportsAtLeast, settings.capExports, settings);
  const byBytes = excess(state.bytes, day, settings.bytesAtLeast, Infinity, settings);
  const inBytes = byBytes !== undefined && (byNumber === undefined || byBytes.z > byNumber.z);
  const worse = inBytes ? byBytes : byNumber;
  if (worse === undefined || !isNews((state.told ??= nothingTold()), day, totalOf(state.exports, day), event.time))
    return undefined;
  return signal(worse, inBytes, event, context);
}

interface Excess {
  value: number;
  threshold: number;
  usual: number;
  z: number;
  days: number;
}

function excess(days: OwnDays, day: number, least: number, cap: number, { zAtLeast }: Settings): Excess | undefined {
  const value = totalOf(days, day);
  const usual = usualOn(days, day);
  if (usual.source === 'cap') return value >= cap ? { value, threshold: cap, usual: 0, z: 0, days: 0 } : undefined;
  const z = robustZ(value, usual);
  if (value < least || z < zAtLeast) return undefined;
  const limit = Math.expm1(usual.median + (zAtLeast * usual.mad) / 0.6745);
  return {
    value,
    threshold: Math.max(least, Math.ceil(limit)),
    usual: Math.expm1(usual.median),
    z,
    days: usual.sampleSize,
  };
}

function signal(found: Excess, inBytes: boolean, event: Event, { settings, registry }: StepContext<Settings>): Signal {
  const base = Math.min(settings.highestBase, settings.base + 3 * Math.max(0, found.z - settings.zAtLeast));
  return signalAt(event, {
    score: scoreAt(event, base, registry),
    asset: '',
    observed: found.value,
    expected: Math.round(found.usual),
    threshold: found.threshold,
    unit: inBytes ? 'bytes' : 'exports',
    windowMs: DAY_MS,
    sampleSize: found.days,
    baseline: found.days === 0 ? 'cap' : 'self',
    explanation: sentence(actorNamed(event, registry), assetNamed(event, registry), { ...found, inBytes }),
  });
}

function first(event: Event, { settings, registry }: StepContext<Settings>): Signal {
  const [who, what] = [actorNamed(event, registry), assetNamed(event, registry)];
  return signalAt(event, {
    score: scoreAt(event, settings.firstBase, registry),
    observed: 1,
    threshold: 1,
    unit: 'exports',
    windowMs: 91 * DAY_MS,
    baseline: 'self',
    explanation: {
      zh: `${who.zh} 首次导出数据即为${what.zh}，此前 90 天从未导出。`,
      en: `${who.en}, which had exported nothing in 90 days, exported ${what.en}.`,
    },
  });
}

interface Facts {
  value: number;
  inBytes: boolean;
  usual: number;
  z: number;
  days: number;
}

function sentence(who: Bilingual, what: Bilingual, { value, inBytes, usual, z, days }: Facts): Bilingual {
  const size = (x: number): Bilingual =>
    inBytes ? { zh: byteSize(x), en: byteSize(x) } : { zh: `${amount(x)} 次`, en: counted(Math.round(x), 'time') };
  const than =
    days === 0
      ? { zh: '超过固定上限', en: 'above the fixed cap' }
      : {
          zh: `平时约 ${size(usual).zh}（${days} 天基线，稳健 z 值 ${z.toFixed(1)}）`,
          en: `usually about ${size(usual).en} (baseline of ${counted(days, 'day')}, robust z ${z.toFixed(1)})`,
        };
  return {
    zh: `${who.zh} 当天导出 ${size(value).zh}，最近为${what.zh}；${than.zh}。`,
    en: `${who.en} exported ${size(value).en} in one day, last ${what.en}; ${than.en}.`,
  };
}
