import { z } from 'zod';
import { isDataRead } from '../src/detection/access-kinds.ts';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { scoreAt } from '../src/detection/event-score.ts';
import { localDay } from '../src/detection/local-day.ts';
import { isNews, nothingTold, type Told } from '../src/detection/news.ts';
import { recordKey, sequentialShare, variationOfGaps } from '../src/detection/record-keys.ts';
import { attack, personalInformationLaw } from '../src/detection/references.ts';
import { signalAt } from '../src/detection/signal.ts';
import { actor } from '../src/detection/subjects.ts';
import { MAX_IDS } from '../src/detection/windows.ts';
import { actorNamed, assetNamed, duration } from '../src/detection/wording.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const settings = z.strictObject({
  windowMs: z.number().int().min(1000).max(86_400_000).default(600_000).describe('Window, ms.'),
  subjectsAtLeast: z
    .number()
    .int()
    .min(2)
    .max(500)
    .default(60)
    .describe('Distinct records looked up one by one in the window.'),
  sequentialAtLeast: z
    .number()
    .min(0)
    .max(1)
    .default(0.7)
    .describe('Part of them whose key follows that of the one before …'),
  variationBelow: z
    .number()
    .min(0)
    .default(0.1)
    .describe('… or a coefficient of variation of the pauses like a machine’s.'),
  rowsAtMost: z.number().int().min(1).default(5).describe('A read of so few rows looks records up.'),
  machineRoles: z.array(z.string()).default(['service']).describe('Roles of accounts whose even pace is no sign.'),
  base: z.number().min(0).max(100).default(55).describe('Base score; grows by up to 15.'),
});
type Settings = z.output<typeof settings>;

interface LookUp {
  time: number;
  /** Data subject or key. */
  who: string;
  /** The key as a number; −1 when it is none. */
  key: number;
  id: string;
}

interface State {
  /** Look-ups of the last window, in order of time. */
  lookUps: LookUp[];
  told: Told | null;
}

const MAX_LOOK_UPS = 600;
const NONE: readonly Signal[] = Object.freeze([]);

export const enumeration = defineDetector<Settings, State>({
  name: 'enumeration',
  version: 1,
  title: { zh: '遍历抓取记录', en: 'Records scraped one by one' },
  what: {
    zh: '账号 10 分钟内逐条查询 60 个以上不同的记录，且编号大多连续（七成以上）或间隔如机器般均匀（变异系数小于 0.1）。',
    en: 'An account looks up 60 different records or more within 10 minutes, most of them by consecutive keys (70 %), or at the even pace of a machine (coefficient of variation below 0.1).',
  },
  watches: (event) =>
    event.rows <= 5 &&
    (event.dataSubjects.length > 0 || event.attributes.length > 0) &&
    isDataRead(event) &&
    recordKey(event) !== '',
  techniques: [attack('T1119')],
  cites: [personalInformationLaw('51')],
  knownGaps: [
    {
      zh: '记录由日志写明的数据主体、查询参数（id=…）或路径末尾的编号辨认；写法不同的系统看不到。',
      en: 'A record is told by the data subject, a query parameter (id=…) or the number at the end of a path; systems that write it otherwise are not seen.',
    },
    {
      zh: '随机顺序且间隔不匀、或慢于每 10 分钟 60 条的抓取不会被发现（见 slow-drip）。',
      en: 'Scraping in random order at an uneven pace, or more slowly than 60 in 10 minutes, is not found (see slow-drip).',
    },
  ],
  settings,
  subject: actor,
  start: () => ({ lookUps: [], told: null }),
  step(state, event, context) {
    const { settings } = context;
    if (event.rows > settings.rowsAtMost) return NONE;
    note(state, event, settings);
    if (state.lookUps.length < settings.subjectsAtLeast) return NONE;
    const distinct = new Set(state.lookUps.map(({ who }) => who)).size;
    if (distinct < settings.subjectsAtLeast) return NONE;
    const sequential = sequentialShare(state.lookUps.map(({ key }) => key));
    const variation = settings.machineRoles.includes(event.role)
      ? Infinity
      : variationOfGaps(state.lookUps.map(({ time }) => time));
    if (sequential < settings.sequentialAtLeast && variation >= settings.variationBelow) return NONE;
    const day = localDay(event.time, event.department, context.registry);
    if (!isNews((state.told ??= nothingTold()), day, distinct, event.time)) return NONE;
    return [signal(state, event, { distinct, sequential, variation }, context)];
  },
  forgetAfterMs: 3_600_000,
  example: sentence(
    { zh: '云栈科技 yz_liu', en: 'yz_liu of Cloudstack Technologies' },
    { zh: '「低保对象信息」（重要数据）', en: '"Subsistence allowance recipients" (important data)' },
    { distinct: 140, sequential: 0.98, variation: 0.31 },
    settings.parse({}),
  ),
});

function note(state: State, event: Event, { windowMs }: Settings): void {
  const { lookUps } = state;
  const key = recordKey(event);
  const lookUp = {
    time: event.time,
    who: event.dataSubjects[0] ?? key,
    key: /^\d{1,15}$/.test(key) ? Number(key) : -1,
    id: event.id,
  };
  let place = lookUps.length;
  while (place > 0 && lookUps[place - 1]!.time > event.time) place--;
  if (place === lookUps.length) lookUps.push(lookUp);
  else lookUps.splice(place, 0, lookUp);
  const newest = lookUps[lookUps.length - 1]!.time;
  let old = Math.max(0, lookUps.length - MAX_LOOK_UPS);
  while (lookUps[old]!.time <= newest - windowMs) old++;
  if (old > 0) lookUps.splice(0, old);
}

interface Facts {
  distinct: number;
  sequential: number;
  variation: number;
}

function signal(state: State, event: Event, facts: Facts, { settings, registry }: StepContext<Settings>): Signal {
  const growth = Math.min(15, 5 * Math.log2(facts.distinct / settings.subjectsAtLeast));
  const ids = state.lookUps.map(({ id }) => id).filter((id) => id !== event.id);
  return signalAt(event, {
    score: scoreAt(event, settings.base + growth, registry),
    observed: facts.distinct,
    threshold: settings.subjectsAtLeast,
    unit: 'records',
    windowMs: settings.windowMs,
    explanation: sentence(actorNamed(event, registry), assetNamed(event, registry), facts, settings),
    eventIds: [...ids.slice(1 - MAX_IDS), event.id],
  });
}

function sentence(
  who: Bilingual,
  what: Bilingual,
  { distinct, sequential, variation }: Facts,
  limits: Settings,
): Bilingual {
  const span = duration(limits.windowMs);
  const bySequence = sequential >= limits.sequentialAtLeast;
  const sign = bySequence
    ? {
        zh: `${Math.round(sequential * 100)}% 的编号连续（阈值 ${limits.sequentialAtLeast * 100}%）`,
        en: `${Math.round(sequential * 100)}% by consecutive keys (threshold ${limits.sequentialAtLeast * 100}%)`,
      }
    : {
        zh: `间隔均匀如机器（变异系数 ${variation.toFixed(2)}，阈值 ${limits.variationBelow}）`,
        en: `at a machine's even pace (coefficient of variation ${variation.toFixed(2)}, threshold ${limits.variationBelow})`,
      };
  return {
    zh: `${who.zh} 在 ${span.zh}内逐条查询${what.zh}等数据中 ${distinct} 个不同的记录（阈值 ${limits.subjectsAtLeast} 个），${sign.zh}。`,
    en: `${who.en} looked up ${distinct} different records of ${what.en} and the like within ${span.en} (threshold ${limits.subjectsAtLeast}), ${sign.en}.`,
  };
}
