import { z } from 'zod';
import { learn, noSlots, type DaySlots } from '../src/detection/day-slots.ts';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { CRITICAL } from '../src/detection/event-score.ts';
import { localHour, localMoment, sinceMidnight } from '../src/detection/local-day.ts';
import { attack, classifiedProtection } from '../src/detection/references.ts';
import { signalAt } from '../src/detection/signal.ts';
import { source } from '../src/detection/subjects.ts';
import { amount, duration } from '../src/detection/wording.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const settings = z.strictObject({
  silentAtLeastMs: z.number().int().min(1000).default(300_000).describe('Silence shorter than this is none, ms.'),
  gapTimes: z.number().min(1).default(3).describe('Times the 99th percentile of the gaps in that hour of the day.'),
  expectedAtLeast: z.number().min(1).default(5).describe('Events that should have come in the gap.'),
  criticalTimes: z.number().min(1).default(2).describe('Times that silence after which it is critical.'),
  eventsPerDay: z.number().min(0).default(100).describe('A source with fewer events a day is not judged.'),
  learnedDays: z.number().int().min(1).default(3).describe('Days of the same kind that must be known.'),
  warnScore: z.number().min(0).max(100).default(50).describe('Score of the warning.'),
});
type Settings = z.output<typeof settings>;

/** What is usual on days of one kind. */
interface Usual {
  days: number;
  /** Events by quarter of an hour: an hour in which an office opens has none in its first part. */
  counts: DaySlots;
  /** By hour the gap that 99 of 100 do not reach, ms. */
  gaps: DaySlots;
}

interface State {
  /** Arrival of the last event, its id, and the local quarter that is running with what it has had. */
  last: number;
  id: string;
  quarter: number;
  count: number;
  gap: number;
  workday: Usual;
  rest: Usual;
  isWorkday: boolean;
  /** How far the silence is told: 0, 1 warned, 2 critical; and when to look next, or NEVER. */
  told: 0 | 1 | 2;
  wakeAt: number;
}

const HOUR_MS = 3_600_000;
const QUARTER_MS = 900_000;
const QUARTERS = 96;
const QUANTILE = 0.99;
const STEP = 0.1;
const LEAST_GAP_MS = 100;
const MAX_LOOKED_BACK_MS = 48 * HOUR_MS;
/** Infinity is no JSON. */
const NEVER = -1;
const NONE: readonly Signal[] = Object.freeze([]);

export const sourceSilence = defineDetector<Settings, State>({
  name: 'source-silence',
  version: 2,
  title: { zh: '日志源静默', en: 'A log source is silent' },
  what: {
    zh: '日志源停止发送：静默超过 5 分钟、且超过该时段间隔 99 百分位的 3 倍、且本应有 5 条以上日志；两倍时长为严重。工作日与休息日分开学习，日均不足 100 条的源不判断。来源恢复后自行结束。',
    en: 'A source sends nothing for more than 5 minutes, 3 times the 99th percentile of the gaps of that hour, and a time in which 5 events or more should have come; critical at twice that. Workdays and rest days are learned apart; sources below 100 events a day are not judged. It ends by itself when the source returns.',
  },
  watches: (event) => event.source !== '',
  techniques: [attack('T1685')],
  cites: [classifiedProtection('8.1.4.3')],
  knownGaps: [
    {
      zh: '接入后同类日子（工作日或休息日）不足 3 天时不判断；计划内停机也会报。',
      en: 'Not judged until 3 days of the same kind (workdays, rest days) are known; planned downtime is flagged too.',
    },
    {
      zh: '来源仍发送无关紧要的日志而停发重要日志时看不出（由 source-lag 的数量下降发现）。',
      en: 'A source that goes on with unimportant lines and holds back the others does not look silent (source-lag sees the drop).',
    },
    {
      zh: '登记簿写明静默时限（silenceLimitMs）的来源，以其代替学到的间隔，并立即生效。',
      en: 'For a source whose silence limit is in the registry (silenceLimitMs), that limit stands in for what was learned, from the first day.',
    },
  ],
  settings,
  subject: source,
  start: (event) => ({
    last: event.ingestTime,
    id: event.id,
    quarter: -1,
    count: 0,
    gap: 0,
    workday: { days: 0, counts: noSlots(QUARTERS), gaps: noSlots(24) },
    rest: { days: 0, counts: noSlots(QUARTERS), gaps: noSlots(24) },
    isWorkday: true,
    told: 0,
    wakeAt: NEVER,
  }),
  step(state, event, context) {
    const at = Math.max(state.last, event.ingestTime);
    const quarter = localQuarter(at, context.registry);
    if (quarter !== state.quarter) beginQuarter(state, quarter, at, context);
    learnGap(state, at - state.last, hourSlot(quarter));
    state.count++;
    state.last = at;
    state.id = event.id;
    state.told = 0;
    state.wakeAt = at + state.gap;
    return NONE;
  },
  wakeAt: ({ wakeAt }) => (wakeAt === NEVER ? Infinity : wakeAt),
  due(state, moment, context) {
    const { settings } = context;
    const silence = silenceAt(state, moment, context);
    const isWarned = state.told === 1;
    const limitMs = (isWarned ? settings.criticalTimes : 1) * silence.limitMs;
    if (silence.activeMs < limitMs || silence.expected < settings.expectedAtLeast) {
      state.wakeAt = nextLook(state, moment.time, { ...silence, limitMs }, settings);
      return NONE;
    }
    state.told = isWarned ? 2 : 1;
    const untilCritical = Math.max(1000, settings.criticalTimes * silence.limitMs - silence.activeMs);
    state.wakeAt = isWarned ? NEVER : moment.time + untilCritical;
    return [signal(state, moment, { ...silence, limitMs }, isWarned, context)];
  },
  forgetAfterMs: 30 * 24 * HOUR_MS,
  example: sentence('archive-db', {
    silentMs: 1_260_000,
    limitMs: 600_000,
    expected: 42,
    since: '2026-11-20 10:14',
  }),
});

/** Takes the quarters that are over into what is usual, empty ones too, and looks up what limit holds now. */
function beginQuarter(state: State, quarter: number, at: number, context: StepContext<Settings>): void {
  const { registry } = context;
  if (state.quarter >= 0 && quarter - state.quarter <= 7 * QUARTERS)
    for (let over = state.quarter; over < quarter; over++) {
      const usual = state.isWorkday ? state.workday : state.rest;
      learn(usual.counts, slotOf(over), over === state.quarter ? state.count : 0);
      if (slotOf(over) !== QUARTERS - 1) continue;
      usual.days++;
      state.isWorkday = registry.dayType(at - (quarter - over - 1) * QUARTER_MS, '') === 'workday';
    }
  else state.isWorkday = registry.dayType(at, '') === 'workday';
  state.quarter = quarter;
  state.count = 0;
  state.gap = limitAt(state, at, context);
  state.wakeAt = at + state.gap;
}

/** Follows the 99th percentile of the gaps: a long one moves it up 99 times as far as a short one moves it down. */
function learnGap(state: State, gap: number, slot: number): void {
  const { gaps } = state.isWorkday ? state.workday : state.rest;
  const known = gaps[slot]!;
  if (known < 0) gaps[slot] = Math.max(LEAST_GAP_MS, gap);
  else if (state.told === 0)
    gaps[slot] = Math.max(LEAST_GAP_MS, known * (gap > known ? 1 + STEP * QUANTILE : 1 - STEP * (1 - QUANTILE)));
}

/** A silence so far: how much of it lies in hours in which the source usually sends, and what should have come in it. */
interface Silence {
  activeMs: number;
  expected: number;
  /** Events that are usual an hour from its end on. */
  perHour: number;
  limitMs: number;
}

function silenceAt(state: State, moment: Event, context: StepContext<Settings>): Silence {
  const stated = context.registry.source(moment.source)?.silenceLimitMs ?? 0;
  if (stated > 0) return { activeMs: moment.time - state.last, expected: Infinity, perHour: 0, limitMs: stated };
  let activeMs = 0;
  let expected = 0;
  for (let from = Math.max(state.last, moment.time - MAX_LOOKED_BACK_MS); from < moment.time;) {
    const to = Math.min(moment.time, (Math.floor(from / QUARTER_MS) + 1) * QUARTER_MS);
    const { perHour } = usualAt(state, from, context);
    // When exactly within its first or last quarter a source begins or ends its day is not known.
    const isEdge = [from - QUARTER_MS, from + QUARTER_MS].some((at) => usualAt(state, at, context).perHour < 1);
    if (!isEdge && perHour >= 1) activeMs += to - from;
    if (!isEdge) expected += (perHour * (to - from)) / HOUR_MS;
    from = to;
  }
  const { perHour } = usualAt(state, moment.time, context);
  return { activeMs, expected, perHour, limitMs: limitAt(state, moment.time, context) };
}

/** What that time usually has; nothing while too few days are known. */
function usualAt(
  state: State,
  at: number,
  { settings, registry }: StepContext<Settings>,
): { perHour: number; gapMs: number } {
  const usual = registry.dayType(at, '') === 'workday' ? state.workday : state.rest;
  const quarter = localQuarter(at, registry);
  if (usual.days < settings.learnedDays || perDay(usual) < settings.eventsPerDay) return { perHour: 0, gapMs: 0 };
  return {
    perHour: Math.max(0, 4 * usual.counts[slotOf(quarter)]!),
    gapMs: Math.max(LEAST_GAP_MS, usual.gaps[hourSlot(quarter)]!),
  };
}

/** Events of a day of that kind: an office's log is judged on a Monday by its workdays, not by the Sunday before. */
function perDay({ counts }: Usual): number {
  return counts.reduce((sum, count) => sum + Math.max(0, count), 0);
}

function limitAt(state: State, at: number, context: StepContext<Settings>): number {
  const { silentAtLeastMs, gapTimes } = context.settings;
  return Math.max(silentAtLeastMs, gapTimes * usualAt(state, at, context).gapMs);
}

/** When it may have become a finding; a source that is not judged is looked at again each quarter, but not for ever. */
function nextLook(
  state: State,
  at: number,
  { activeMs, expected, perHour, limitMs }: Silence,
  settings: Settings,
): number {
  if (at - state.last > 7 * 24 * HOUR_MS) return NEVER;
  const missing = settings.expectedAtLeast - expected;
  const perMs = Math.max(perHour / HOUR_MS, activeMs === 0 ? 0 : expected / activeMs);
  const untilExpected = missing <= 0 ? 0 : perMs === 0 ? QUARTER_MS : missing / perMs;
  // With the next quarter what is usual changes.
  const untilNext = (Math.floor(at / QUARTER_MS) + 1) * QUARTER_MS - at;
  return at + Math.ceil(Math.min(untilNext, Math.max(1000, limitMs - activeMs, untilExpected)));
}

/** Number of the local quarter of an hour since 1970-01-01 00:00 local time. */
function localQuarter(at: number, registry: StepContext<Settings>['registry']): number {
  return 4 * localHour(at, '', registry) + Math.floor((sinceMidnight(at, '', registry) % HOUR_MS) / QUARTER_MS);
}

function slotOf(quarter: number): number {
  return ((quarter % QUARTERS) + QUARTERS) % QUARTERS;
}

function hourSlot(quarter: number): number {
  return slotOf(quarter) >> 2;
}

function signal(
  state: State,
  moment: Event,
  silence: Silence,
  isCritical: boolean,
  context: StepContext<Settings>,
): Signal {
  const { settings, registry } = context;
  const silentMs = moment.time - state.last;
  const usual = registry.dayType(moment.time, '') === 'workday' ? state.workday : state.rest;
  const facts = {
    silentMs,
    limitMs: silence.limitMs,
    expected: silence.expected,
    since: localMoment(state.last, '', registry),
  };
  return signalAt(moment, {
    score: isCritical ? Math.max(CRITICAL, settings.warnScore) : settings.warnScore,
    observed: Math.round(silence.activeMs / 60_000),
    threshold: Math.round(silence.limitMs / 60_000),
    unit: 'minutes of silence',
    windowMs: silentMs,
    sampleSize: usual.days,
    baseline: 'self',
    explanation: sentence(moment.source, facts),
    eventIds: [state.id],
    groupKey: `${moment.source}\u001f${state.last}`,
  });
}

interface Facts {
  silentMs: number;
  limitMs: number;
  expected: number;
  since: string;
}

function sentence(name: string, { silentMs, limitMs, expected, since }: Facts): Bilingual {
  const [silent, limit] = [duration(silentMs), duration(limitMs)];
  const usual =
    expected === Infinity
      ? { zh: '', en: '' }
      : {
          zh: `，其间通常约有 ${amount(expected)} 条日志`,
          en: `; about ${amount(expected)} events would be usual in that time`,
        };
  return {
    zh: `日志源 ${name} 自 ${since} 起已静默 ${silent.zh}（阈值 ${limit.zh}）${usual.zh}。`,
    en: `Source ${name} has been silent since ${since}, for ${silent.en} (threshold ${limit.en})${usual.en}.`,
  };
}
