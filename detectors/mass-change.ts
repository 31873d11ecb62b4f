import { z } from 'zod';
import { isDataAccess } from '../src/detection/access-kinds.ts';
import { robustZ } from '../src/detection/baseline.ts';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { CRITICAL, scoreAt } from '../src/detection/event-score.ts';
import { localDay } from '../src/detection/local-day.ts';
import { addToDay, usualOn, type OwnDays } from '../src/detection/own-days.ts';
import { attack, dataSecurityLaw } from '../src/detection/references.ts';
import { signalAt } from '../src/detection/signal.ts';
import { actorAsset } from '../src/detection/subjects.ts';
import {
  addAmount,
  heaviestWindow,
  LATENESS_MS,
  noAmounts,
  reachOf,
  type TimedAmounts,
} from '../src/detection/windows.ts';
import { actorNamed, amount, assetNamed, counted, duration } from '../src/detection/wording.ts';
import { attributeOf, type Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const settings = z.strictObject({
  windowMs: z
    .number()
    .int()
    .min(60_000)
    .max(86_400_000)
    .default(3_600_000)
    .describe('Window in which changed rows add up, ms.'),
  zAtLeast: z.number().min(0).default(4).describe('Robust z against what the account changes on a day.'),
  rowsAtLeast: z.number().min(1).default(1000).describe('Changed rows below which only a large share is a finding.'),
  shareAtLeast: z.number().min(0).max(1).default(0.01).describe('Part of the asset’s rows that is a finding.'),
  shareRowsAtLeast: z.number().min(1).default(100).describe('… and at least so many rows.'),
  base: z.number().min(0).max(100).default(55).describe('Base score of a mass change.'),
  dropBase: z
    .number()
    .min(0)
    .max(100)
    .default(70)
    .describe('Base score of dropping or emptying the whole asset; critical for core data.'),
});
type Settings = z.output<typeof settings>;

interface State {
  /** Rows changed in the last hour; null while single rows are changed. */
  changed: TimedAmounts;
  days: OwnDays;
  /** Rows changed on the running day without a work order. */
  day: number;
  dayRows: number;
  /** What was told of the running going-on: the next signal comes when it has grown by half. */
  told: number;
  toldDay: number;
}

const DAY_MS = 86_400_000;
const NONE: readonly Signal[] = Object.freeze([]);
const EMPTYING = /^\s*(?:DROP\s+(?:TABLE|DATABASE|SCHEMA|VIEW)|TRUNCATE)\b/i;

export const massChange = defineDetector<Settings, State>({
  name: 'mass-change',
  version: 2,
  title: { zh: '批量修改或删除数据', en: 'Mass change of data' },
  what: {
    zh: '账号 1 小时内（有自身历史时也看当日）修改、删除的行数达该资产的 1%（且 100 行以上），或达 1,000 行且远超其平时；删除、清空整张表立即报。带有有效工单的变更不报。',
    en: 'An account changes or deletes 1 % of an asset within an hour (with a history of its own also within a day; at least 100 rows), or 1,000 rows and far more than it usually does; dropping or emptying a table counts at once. Changes under a work order that is open do not.',
  },
  watches: (event) => (event.action === 'update' || event.action === 'delete') && isDataAccess(event),
  techniques: [attack('T1485'), attack('T1565.001')],
  cites: [dataSecurityLaw('27')],
  knownGaps: [
    {
      zh: '不知备份是否正在运行；变更窗口按工单号判断：日志须写明工单，且登记簿中该工单有效。',
      en: 'Whether a backup runs is not known; a change window is told by the work order that the line names, which must be open in the registry.',
    },
    {
      zh: '日志不写行数的修改只在删除、清空整表时可见；自身历史不足 10 天时只看占比。',
      en: 'Changes without stated rows are seen only when a table is dropped or emptied; with fewer than 10 days of its own history only the share counts.',
    },
  ],
  settings,
  subject: actorAsset,
  start: () => ({ changed: noAmounts(), days: [], day: -1, dayRows: 0, told: 0, toldDay: -1 }),
  step(state, event, context) {
    const { settings, registry } = context;
    const order = event.workOrder === '' ? undefined : registry.workOrder(event.workOrder, event.time);
    const isOrdered = order !== undefined && event.time >= order.from && event.time < order.to;
    const statement = attributeOf(event, 'statement') ?? attributeOf(event, 'audit.command') ?? event.message;
    if (event.action === 'delete' && EMPTYING.test(statement)) return isOrdered ? NONE : [emptied(event, context)];
    if (event.rows === 0) return NONE;
    const day = localDay(event.time, event.department, registry);
    addToDay(state.days, day, event.rows);
    if (isOrdered) return NONE;
    const keep = { horizonMs: settings.windowMs + LATENESS_MS, exactEntries: 128, coarseMs: settings.windowMs / 60 };
    addAmount(state.changed, event.time, event.rows, reachOf(event.time, event.ingestTime), keep);
    const rows = heaviestWindow(
      state.changed,
      event.time,
      event.time + settings.windowMs - 1,
      settings.windowMs,
    ).amount;
    if (day > state.day) {
      state.day = day;
      state.dayRows = 0;
    }
    if (day === state.day) state.dayRows += event.rows;
    if (day !== state.toldDay) state.told = 0;
    // What is spread over the day is more than any hour of it.
    const [most, span] = state.dayRows > rows ? [state.dayRows, DAY_MS] : [rows, settings.windowMs];
    return most < 1.5 * state.told ? NONE : judge(state, { rows: most, windowMs: span }, day, event, context);
  },
  forgetAfterMs: 29 * 86_400_000,
  example: sentence(
    { zh: '云栈科技 yz_liu', en: 'yz_liu of Cloudstack Technologies' },
    { zh: '「低保对象信息」（重要数据）', en: '"Subsistence allowance recipients" (important data)' },
    { rows: 5200, size: 184_000, usual: 12, z: 9.8, windowMs: 3_600_000 },
  ),
});

function judge(
  state: State,
  { rows, windowMs }: { rows: number; windowMs: number },
  day: number,
  event: Event,
  { settings, registry, baseline }: StepContext<Settings>,
): readonly Signal[] {
  const size = registry.asset(event.asset, event.time)?.rows ?? 0;
  const usual = usualOn(state.days, day, baseline.observedDays(event.time).spanDays);
  const z = usual.source === 'self' ? robustZ(rows, usual) : 0;
  const isLargeShare = size > 0 && rows >= settings.shareRowsAtLeast && rows >= settings.shareAtLeast * size;
  // A routine that changes as much every day is none of a mass change, whatever its share.
  const isUnusual = usual.source === 'cap' ? windowMs < DAY_MS : z >= settings.zAtLeast;
  const isFar = usual.source === 'self' && z >= settings.zAtLeast && rows >= settings.rowsAtLeast;
  if (!isFar && !(isLargeShare && isUnusual)) return NONE;
  state.told = rows;
  state.toldDay = day;
  const facts = { rows, size, usual: Math.expm1(usual.median), z, windowMs };
  return [
    signalAt(event, {
      score: scoreAt(event, settings.base, registry),
      observed: rows,
      expected: Math.round(facts.usual),
      threshold: isFar
        ? settings.rowsAtLeast
        : Math.max(settings.shareRowsAtLeast, Math.ceil(settings.shareAtLeast * size)),
      unit: 'rows changed',
      windowMs,
      sampleSize: usual.sampleSize,
      baseline: usual.source,
      explanation: sentence(actorNamed(event, registry), assetNamed(event, registry), facts),
    }),
  ];
}

function emptied(event: Event, { settings, registry }: StepContext<Settings>): Signal {
  const score = scoreAt(event, settings.dropBase, registry);
  const [who, what] = [actorNamed(event, registry), assetNamed(event, registry)];
  return signalAt(event, {
    score: event.assetLevel === 'core' ? Math.max(CRITICAL, score) : score,
    observed: 1,
    threshold: 1,
    unit: 'tables dropped or emptied',
    explanation: {
      zh: `${who.zh} 删除或清空了${what.zh}，而没有有效工单。`,
      en: `${who.en} dropped or emptied ${what.en} without an open work order.`,
    },
    groupKey: `${event.actor}\u001f${event.asset}\u001femptied`,
  });
}

interface Facts {
  rows: number;
  size: number;
  usual: number;
  z: number;
  windowMs: number;
}

function sentence(who: Bilingual, what: Bilingual, { rows, size, usual, z, windowMs }: Facts): Bilingual {
  const span = duration(windowMs);
  const share =
    size === 0
      ? { zh: '', en: '' }
      : {
          zh: `，占全部 ${amount(size)} 行的 ${((100 * rows) / size).toFixed(1)}%`,
          en: `, ${((100 * rows) / size).toFixed(1)}% of all ${amount(size)}`,
        };
  const than =
    z === 0
      ? { zh: '', en: '' }
      : {
          zh: `，平时每天约 ${amount(usual)} 行（稳健 z 值 ${z.toFixed(1)}）`,
          en: `, where about ${amount(usual)} a day are usual (robust z ${z.toFixed(1)})`,
        };
  return {
    zh: `${who.zh} 在 ${span.zh}内修改或删除${what.zh}共 ${amount(rows)} 行${share.zh}${than.zh}。`,
    en: `${who.en} changed or deleted ${counted(rows, 'row')} of ${what.en} within ${span.en}${share.en}${than.en}.`,
  };
}
