import { z } from 'zod';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { CRITICAL } from '../src/detection/event-score.ts';
import { attack, classifiedProtection } from '../src/detection/references.ts';
import { signalAt } from '../src/detection/signal.ts';
import { logStream } from '../src/detection/subjects.ts';
import { duration } from '../src/detection/wording.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const settings = z.strictObject({
  windowMs: z.number().int().min(1000).default(300_000).describe('Window over which the median is taken, ms.'),
  eventsAtLeast: z.number().int().min(1).default(5).describe('Events in it that are needed.'),
  warnAboveMs: z.number().int().min(1000).default(60_000).describe('Median difference that is a warning, ms.'),
  criticalAboveMs: z.number().int().min(1000).default(300_000).describe('The same for critical, ms.'),
  steadyWithinMs: z
    .number()
    .int()
    .min(0)
    .default(10_000)
    .describe(
      'A clock that is behind shows the same delay within this for half of the events; else the log is late, ms.',
    ),
  futureAboveMs: z
    .number()
    .int()
    .min(1000)
    .default(120_000)
    .describe('A single event so far in the future is marked, ms.'),
  markScore: z.number().min(0).max(100).default(20).describe('Score of such a mark.'),
  warnScore: z.number().min(0).max(100).default(45).describe('Score of the warning.'),
});
type Settings = z.output<typeof settings>;

interface State {
  /** Number of the running window and its end, events in it, differences (event − arrival, ms) of the first 128; null in one without. */
  window: number;
  closesAt: number;
  count: number;
  skews: number[] | null;
  id: string;
  isMarked: boolean;
}

const MAX_SKEWS = 128;
const MAX_BEHIND_MS = 86_400_000;
const NONE: readonly Signal[] = Object.freeze([]);

export const clockSkew = defineDetector<Settings, State>({
  name: 'clock-skew',
  version: 1,
  title: { zh: '主机时钟偏差', en: 'A host’s clock is wrong' },
  what: {
    zh: '一台主机 5 分钟内日志时间与到达时间之差的中位数超过 60 秒（5 分钟以上为严重）。落后时须各条延迟一致，否则视为日志迟到。单条超前 2 分钟以上予以标记。',
    en: 'The median difference between a host’s event times and their arrival over 5 minutes is more than 60 seconds (critical above 5 minutes). A clock that is behind must show a steady delay, or else the log is late. A single event more than 2 minutes in the future is marked.',
  },
  watches: (event) =>
    event.host !== '' &&
    event.ingestTime > 0 &&
    (event.sequence % 4 === 0 || Math.abs(event.time - event.ingestTime) > 30_000),
  techniques: [attack('T1070.006')],
  cites: [classifiedProtection('8.1.4.3')],
  knownGaps: [
    {
      zh: '落后 1 天以上、或延迟不一致的视为迟到或补传，不判断；时区设错（整小时）会显示为时钟偏差。',
      en: 'More than a day behind, or an unsteady delay, counts as a late log or backfill; a wrong time zone shows as a skew of whole hours.',
    },
    {
      zh: '正常的日志只抽取四分之一参与中位数计算（按四倍计）。',
      en: 'Of the events whose time is right a quarter is looked at, counted fourfold.',
    },
  ],
  settings,
  subject: logStream,
  start: () => ({ window: -1, closesAt: 0, count: 0, skews: null, id: '', isMarked: false }),
  step(state, event, context) {
    const { settings } = context;
    const window = Math.floor(event.ingestTime / settings.windowMs);
    const found = window > state.window ? close(state, event, window, context) : undefined;
    const skew = event.time - event.ingestTime;
    if (Math.abs(skew) <= 30_000) state.count += 4;
    else {
      state.count++;
      state.id = event.id;
      if (state.skews === null) state.skews = [skew];
      else if (state.skews.length < MAX_SKEWS) state.skews.push(skew);
    }
    const mark = skew > settings.futureAboveMs && !state.isMarked;
    if (mark) state.isMarked = true;
    if (found === undefined && !mark) return NONE;
    return [...(found ? [found] : []), ...(mark ? [marked(event, skew, context)] : [])];
  },
  wakeAt: ({ skews, closesAt }) => (skews === null ? Infinity : closesAt),
  due(state, moment, context) {
    const found = close(state, moment, Math.floor(moment.time / context.settings.windowMs), context);
    return found ? [found] : NONE;
  },
  forgetAfterMs: 3_600_000,
  example: sentence('db01', 132_000, 18),
});

function close(state: State, event: Event, window: number, { settings }: StepContext<Settings>): Signal | undefined {
  const { skews, count, id } = state;
  state.window = window;
  state.closesAt = (window + 1) * settings.windowMs;
  state.count = 0;
  state.skews = null;
  state.isMarked = false;
  // Where fewer than half of the events differ, the median does not.
  if (skews === null || count < settings.eventsAtLeast || 2 * skews.length < Math.min(count, MAX_SKEWS))
    return undefined;
  const sorted = skews.sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1]!;
  if (Math.abs(median) <= settings.warnAboveMs || median < -MAX_BEHIND_MS) return undefined;
  const steady = sorted.filter((skew) => Math.abs(skew - median) <= settings.steadyWithinMs).length;
  if (median < 0 && 2 * steady < sorted.length) return undefined;
  const isCritical = Math.abs(median) > settings.criticalAboveMs;
  return signalAt(event, {
    score: isCritical ? CRITICAL : settings.warnScore,
    actor: '',
    asset: '',
    clientAddress: '',
    observed: Math.round(median / 1000),
    threshold: (isCritical ? settings.criticalAboveMs : settings.warnAboveMs) / 1000,
    unit: 'seconds of skew',
    windowMs: settings.windowMs,
    sampleSize: count,
    explanation: sentence(event.host, median, count),
    eventIds: [id],
    groupKey: `${event.source}\u001f${event.host}`,
  });
}

function marked(event: Event, skew: number, { settings }: StepContext<Settings>): Signal {
  const ahead = duration(skew);
  return signalAt(event, {
    score: settings.markScore,
    actor: '',
    asset: '',
    clientAddress: '',
    observed: Math.round(skew / 1000),
    threshold: settings.futureAboveMs / 1000,
    unit: 'seconds in the future',
    explanation: {
      zh: `主机 ${event.host} 的日志时间比到达时间超前 ${ahead.zh}。`,
      en: `A line of host ${event.host} claims a time ${ahead.en} after its arrival.`,
    },
    groupKey: `${event.source}\u001f${event.host}\u001ffuture`,
  });
}

function sentence(host: string, skewMs: number, count: number): Bilingual {
  const by = duration(Math.abs(skewMs));
  const side = skewMs > 0 ? { zh: '超前', en: 'ahead' } : { zh: '落后', en: 'behind' };
  return {
    zh: `主机 ${host} 的时钟${side.zh}约 ${by.zh}（5 分钟内约 ${count} 条日志的中位数）。`,
    en: `The clock of host ${host} is ${side.en} by about ${by.en} (median of about ${count} events in 5 minutes).`,
  };
}
