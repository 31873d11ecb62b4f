import { z } from 'zod';
import { isDataRead } from '../src/detection/access-kinds.ts';
import { robustZ } from '../src/detection/baseline.ts';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { addDistinct, distinctCount, noDistinct, type Distinct } from '../src/detection/distinct.ts';
import { scoreAt } from '../src/detection/event-score.ts';
import { localDay } from '../src/detection/local-day.ts';
import { attack, dataSecurityLaw } from '../src/detection/references.ts';
import { signalAt } from '../src/detection/signal.ts';
import { actorAsset } from '../src/detection/subjects.ts';
import { MAX_IDS } from '../src/detection/windows.ts';
import { actorNamed, amount, assetNamed, counted } from '../src/detection/wording.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const share = (standard: number) => z.number().min(0).max(1).default(standard);

const settings = z.strictObject({
  slack: z.number().min(0).default(0.5).describe('k of the CUSUM: daily z below which the sum falls.'),
  sumAbove: z.number().min(0).default(5).describe('h of the CUSUM: the sum of z − k over the days that is a finding.'),
  dailyZBelow: z
    .number()
    .min(0)
    .default(3.5)
    .describe(
      'A day with such a z and three times the usual rows is a bulk read and left out; no day counts for more.',
    ),
  bulkRowsAtLeast: z.number().min(1).default(1000).describe('Rows of a day below which it is no bulk read.'),
  rowsAtLeast: z
    .number()
    .min(1)
    .default(500)
    .describe('Rows beyond the usual, over the days in the sum, below which nothing is found.'),
  coverageDays: z.number().int().min(2).max(90).default(30).describe('Days over which distinct persons are counted.'),
  coreCoverage: share(0.01).describe('Part of the persons of a core asset that is a finding.'),
  importantCoverage: share(0.05).describe('The same of an important asset.'),
  generalCoverage: share(0.1).describe('The same of a general asset.'),
  personsAtLeast: z.number().min(1).default(1000).describe('Distinct persons below which no coverage is found.'),
  base: z.number().min(0).max(100).default(50).describe('Base score.'),
});
type Settings = z.output<typeof settings>;

interface State {
  /** Local day that is running, its rows, and its largest read. */
  day: number;
  rows: number;
  largestRows: number;
  largestId: string;
  /** Null while the sum is zero. */
  drip: Drip | null;
  /** Null until a line names persons. */
  covered: Covered | null;
}

interface Drip {
  /** The CUSUM over closed days, how many days it has grown for, their rows, and how many of these are beyond the usual. */
  sum: number;
  days: number;
  rows: number;
  extraRows: number;
  /** The largest reads of those days. */
  ids: string[];
}

interface Covered {
  /** Persons looked at since the local day `since`, for `coverageDays`. */
  persons: Distinct;
  since: number;
  /** As many as were told of: the next finding comes when there are half as many again. */
  told: number;
}

const DAY_MS = 86_400_000;
const NONE: readonly Signal[] = Object.freeze([]);

export const slowDrip = defineDetector<Settings, State>({
  name: 'slow-drip',
  version: 3,
  title: { zh: '长期少量获取', en: 'Slow drip' },
  what: {
    zh: '一个账号对某数据资产的每日读取量长期略高于平时（单侧 CUSUM），或 30 天内看过的不同人员占该资产的比例过高，而任何一天都够不上批量读取。',
    en: 'An account reads a little more of an asset than usual for many days (one-sided CUSUM), or sees too large a part of its persons within 30 days, while no single day is a bulk read.',
  },
  watches: (event) => event.rows > 0 && isDataRead(event),
  techniques: [attack('T1030'), attack('T1020')],
  cites: [dataSecurityLaw('29')],
  knownGaps: [
    {
      zh: '覆盖率只计日志写明的数据主体，且登记簿须有该资产的人数或行数；计数为估计值，误差约一成；每 30 天重新计起。',
      en: 'Coverage counts only persons that the lines name, of assets whose size the registry has; the count is an estimate, within about a tenth, and begins anew every 30 days.',
    },
    {
      zh: '极其缓慢的增长会被 28 天基线吸收；没有基线时只看覆盖率。',
      en: 'Growth that is slow enough is taken into the 28-day baseline; without a baseline only coverage is looked at.',
    },
    {
      zh: '一天要到该账号再次读取该资产时才结算：最后一天之后不再读取，则那一天不计。',
      en: 'A day is judged at the account’s next read of the asset on a later day: a last day after which nothing is read does not count.',
    },
  ],
  settings,
  subject: actorAsset,
  start: () => ({ day: -1, rows: 0, largestRows: 0, largestId: '', drip: null, covered: null }),
  step(state, event, context) {
    const today = localDay(event.time, event.department, context.registry);
    const covered =
      event.dataSubjects.length > 0 ? coverage(count(state, event, today, context), event, context) : undefined;
    const dripped = today > state.day ? closeDay(state, event, today, context) : undefined;
    if (today === state.day) {
      state.rows += event.rows;
      if (event.rows > state.largestRows) Object.assign(state, { largestRows: event.rows, largestId: event.id });
    }
    if (dripped) return covered ? [dripped, covered] : [dripped];
    return covered ? [covered] : NONE;
  },
  forgetAfterMs: 40 * DAY_MS,
  example: sentenceOfSum(
    { zh: '民政局 wangfang', en: 'wangfang of Civil Affairs Bureau' },
    { zh: '「低保对象信息」（重要数据）', en: '"Subsistence allowance recipients" (important data)' },
    { sum: 6.2, days: 9, rows: 5400, usual: 400, limit: 5 },
  ),
});

/** Takes the day that is over into the sum, by what was usual on it, and begins the new one. */
function closeDay(state: State, event: Event, today: number, context: StepContext<Settings>): Signal | undefined {
  const { settings, baseline } = context;
  const { day, rows, largestId, drip } = state;
  Object.assign(state, { day: today, rows: 0, largestRows: 0, largestId: '' });
  if (day < 0 || rows === 0) return undefined;
  const usual = baseline.expected('rows-24h', event.actor, event.asset, event.time - (today - day) * DAY_MS);
  if (usual.source === 'cap') return undefined;
  const z = robustZ(rows, usual);
  const usualRows = Math.expm1(usual.median);
  if (z >= settings.dailyZBelow && rows >= Math.max(settings.bulkRowsAtLeast, 3 * usualRows)) return undefined;
  const sum = Math.max(0, (drip?.sum ?? 0) + Math.min(z, settings.dailyZBelow) - settings.slack);
  const grown = {
    sum,
    days: (drip?.days ?? 0) + 1,
    rows: (drip?.rows ?? 0) + rows,
    extraRows: (drip?.extraRows ?? 0) + rows - usualRows,
    ids: [...(drip?.ids ?? []), largestId || event.id].slice(1 - MAX_IDS),
  };
  const isFound = sum > settings.sumAbove && grown.extraRows >= settings.rowsAtLeast;
  state.drip = sum === 0 || isFound ? null : grown;
  if (!isFound) return undefined;
  const facts = { sum, days: grown.days, rows: grown.rows, usual: usualRows, limit: settings.sumAbove };
  return signalAt(event, {
    score: scoreAt(event, settings.base, context.registry),
    observed: Math.round(facts.sum * 10) / 10,
    expected: 0,
    threshold: settings.sumAbove,
    unit: 'CUSUM of daily z',
    windowMs: facts.days * DAY_MS,
    sampleSize: usual.sampleSize,
    baseline: usual.source,
    explanation: sentenceOfSum(actorNamed(event, context.registry), assetNamed(event, context.registry), facts),
    eventIds: [...grown.ids, event.id],
  });
}

function count(state: State, event: Event, today: number, { settings }: StepContext<Settings>): Covered {
  if (state.covered === null || today >= state.covered.since + settings.coverageDays)
    state.covered = { persons: noDistinct(), since: today, told: 0 };
  for (const person of event.dataSubjects) addDistinct(state.covered.persons, person);
  return state.covered;
}

/** The part of the asset's persons that was seen in the running month. */
function coverage(covered: Covered, event: Event, context: StepContext<Settings>): Signal | undefined {
  const { settings, registry } = context;
  const seen = distinctCount(covered.persons);
  if (seen < settings.personsAtLeast || seen < 1.5 * covered.told) return undefined;
  const known = registry.asset(event.asset, event.time);
  const size = known === undefined ? 0 : sizeOf(known);
  const limit = limitOf(event, settings);
  if (size === 0 || seen < limit * size) return undefined;
  covered.told = seen;
  const part = Math.min(1, seen / size);
  return signalAt(event, {
    score: scoreAt(event, settings.base, registry),
    observed: Math.round(part * 1000) / 10,
    threshold: limit * 100,
    unit: '% of the persons',
    windowMs: settings.coverageDays * DAY_MS,
    sampleSize: Math.round(seen),
    baseline: 'cap',
    explanation: sentenceOfPart(actorNamed(event, registry), assetNamed(event, registry), {
      seen,
      part,
      limit,
      days: settings.coverageDays,
    }),
    groupKey: `${event.actor}\u001f${event.asset}\u001fcoverage`,
  });
}

function sizeOf({ rows, persons }: { rows: number; persons?: number }): number {
  return persons !== undefined && persons > 0 ? persons : rows;
}

function limitOf({ assetLevel }: Event, settings: Settings): number {
  if (assetLevel === 'core') return settings.coreCoverage;
  return assetLevel === 'important' ? settings.importantCoverage : settings.generalCoverage;
}

interface Sum {
  sum: number;
  days: number;
  rows: number;
  usual: number;
  limit: number;
}

function sentenceOfSum(who: Bilingual, what: Bilingual, { sum, days, rows, usual, limit }: Sum): Bilingual {
  return {
    zh: `${who.zh} 连续 ${days} 个使用日读取${what.zh}都高于平时（共 ${amount(rows)} 行，平时每天约 ${amount(usual)} 行），累积偏离 ${sum.toFixed(1)}（阈值 ${limit}），但没有一天达到批量读取。`,
    en: `${who.en} read more of ${what.en} than usual on ${counted(days, 'day')} of use in a row (${counted(rows, 'row')}, usually about ${amount(usual)} a day); the deviations add up to ${sum.toFixed(1)} (threshold ${limit}), and no day was a bulk read.`,
  };
}

function sentenceOfPart(
  who: Bilingual,
  what: Bilingual,
  facts: { seen: number; part: number; limit: number; days: number },
): Bilingual {
  const part = `${(facts.part * 100).toFixed(1)}%`;
  const limit = `${(facts.limit * 100).toFixed(1)}%`;
  return {
    zh: `${who.zh} 在 ${facts.days} 天内查看了${what.zh}中约 ${amount(facts.seen)} 个不同的人，占全部的 ${part}（阈值 ${limit}）。`,
    en: `${who.en} looked at about ${amount(facts.seen)} different persons of ${what.en} within ${counted(facts.days, 'day')}, ${part} of all (threshold ${limit}).`,
  };
}
