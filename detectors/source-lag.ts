import { z } from 'zod';
import { learn, noSlots, type DaySlots } from '../src/detection/day-slots.ts';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { CRITICAL } from '../src/detection/event-score.ts';
import { sinceMidnight } from '../src/detection/local-day.ts';
import { attack, classifiedProtection } from '../src/detection/references.ts';
import { signalAt } from '../src/detection/signal.ts';
import { source } from '../src/detection/subjects.ts';
import { amount, duration } from '../src/detection/wording.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const QUARTER_MS = 900_000;

const settings = z.strictObject({
  dropAbove: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('Part of the usual events of a quarter of an hour whose absence is a warning.'),
  criticalDropAbove: z.number().min(0).max(1).default(0.9).describe('The same for critical.'),
  expectedAtLeast: z.number().min(1).default(50).describe('Usual events of the quarter below which no drop is found.'),
  learnedDays: z.number().int().min(1).default(5).describe('Days of the same kind that must be known.'),
  lagAboveMs: z
    .number()
    .int()
    .min(1000)
    .default(600_000)
    .describe('Delay between event and arrival that is too long, ms.'),
  lateShareAbove: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe('Part of the events with such a delay that is a finding: 0.05 is a 95th percentile.'),
  eventsAtLeast: z.number().int().min(1).default(20).describe('Events of the quarter below which no lag is found.'),
  warnScore: z.number().min(0).max(100).default(45).describe('Score of a drop and of a lag.'),
});
type Settings = z.output<typeof settings>;

interface State {
  /** Number of the running quarter since the epoch, its events, and those that came too late. */
  quarter: number;
  count: number;
  late: number;
  id: string;
  lateId: string;
  /** Usual events by quarter of the local day, and how many days they rest on. */
  workday: DaySlots;
  workdays: number;
  rest: DaySlots;
  restDays: number;
  /** Quarters without an event in a row: after a day of them a source is not looked at until it returns. */
  empty: number;
}

const NONE: readonly Signal[] = Object.freeze([]);

export const sourceLag = defineDetector<Settings, State>({
  name: 'source-lag',
  version: 1,
  title: { zh: '日志源延迟或骤减', en: 'A log source lags or drops' },
  what: {
    zh: '日志源 15 分钟内的条数比同类日子同一时段少一半以上（九成以上为严重），或 5% 以上的日志晚到 10 分钟以上。',
    en: 'A source sends less than half of what the same quarter of an hour usually has on such days (critical below a tenth), or more than 5 % of its events come more than 10 minutes late.',
  },
  watches: (event) => event.source !== '',
  techniques: [attack('T1685')],
  cites: [classifiedProtection('8.1.4.3')],
  knownGaps: [
    {
      zh: '完全静默由 source-silence 报告；补传历史日志会显示为延迟。',
      en: 'Total silence is reported by source-silence; a backfill of old logs shows as lag.',
    },
    {
      zh: '接入后同类日子不足 5 天时不判断骤减；业务量本身骤减也会报。',
      en: 'Drops are not judged until 5 days of the same kind are known; a real drop of business is flagged too.',
    },
  ],
  settings,
  subject: source,
  start: () => ({
    quarter: -1,
    count: 0,
    late: 0,
    id: '',
    lateId: '',
    workday: noSlots(96),
    workdays: 0,
    rest: noSlots(96),
    restDays: 0,
    empty: 0,
  }),
  step(state, event, { settings }) {
    const quarter = Math.floor(event.ingestTime / QUARTER_MS);
    if (state.quarter < 0) state.quarter = quarter;
    state.count++;
    state.id = event.id;
    if (event.ingestTime - event.time > settings.lagAboveMs) {
      state.late++;
      state.lateId = event.id;
    }
    return NONE;
  },
  wakeAt: ({ quarter }) => (quarter < 0 ? Infinity : (quarter + 1) * QUARTER_MS),
  due(state, moment, context) {
    const found = closeQuarter(state, moment, context);
    state.empty = state.count === 0 ? state.empty + 1 : 0;
    state.quarter = state.empty >= 96 ? -1 : Math.floor(moment.time / QUARTER_MS);
    state.count = state.late = 0;
    return found;
  },
  forgetAfterMs: 30 * 86_400_000,
  example: sentenceOfDrop('archive-db', { count: 30, usual: 210 }),
});

/** Judges the quarter that is over and takes it into what is usual. */
function closeQuarter(state: State, moment: Event, { settings, registry }: StepContext<Settings>): readonly Signal[] {
  const at = moment.time - QUARTER_MS;
  const isWorkday = registry.dayType(at, '') === 'workday';
  const slots = isWorkday ? state.workday : state.rest;
  const slot = Math.floor(sinceMidnight(at, '', registry) / QUARTER_MS) % 96;
  // Business moves by a quarter of an hour from day to day: the least of three neighbours is what must have come.
  const usual = Math.min(slots[(slot + 95) % 96]!, slots[slot]!, slots[(slot + 1) % 96]!);
  const days = isWorkday ? state.workdays : state.restDays;
  const found: Signal[] = [];
  if (state.count > 0 && days >= settings.learnedDays && usual >= settings.expectedAtLeast) {
    const drop = 1 - state.count / usual;
    if (drop > settings.dropAbove) found.push(dropped(state, moment, usual, drop, days, settings));
  }
  const lateShare = state.count === 0 ? 0 : state.late / state.count;
  if (state.count >= settings.eventsAtLeast && lateShare > settings.lateShareAbove)
    found.push(lagging(state, moment, lateShare, settings));
  learn(slots, slot, state.count);
  if (slot === 95 && isWorkday) state.workdays++;
  else if (slot === 95) state.restDays++;
  return found;
}

function dropped(state: State, moment: Event, usual: number, drop: number, days: number, settings: Settings): Signal {
  const isCritical = drop > settings.criticalDropAbove;
  return signalAt(moment, {
    score: isCritical ? CRITICAL : settings.warnScore,
    observed: state.count,
    expected: Math.round(usual),
    threshold: Math.round(usual * (1 - (isCritical ? settings.criticalDropAbove : settings.dropAbove))),
    unit: 'events',
    windowMs: QUARTER_MS,
    sampleSize: days,
    baseline: 'self',
    explanation: sentenceOfDrop(moment.source, { count: state.count, usual }),
    eventIds: [state.id],
    groupKey: `${moment.source}\u001fdrop`,
  });
}

function lagging(state: State, moment: Event, share: number, settings: Settings): Signal {
  const percent = Math.round(share * 1000) / 10;
  const limit = duration(settings.lagAboveMs);
  return signalAt(moment, {
    score: settings.warnScore,
    observed: percent,
    threshold: settings.lateShareAbove * 100,
    unit: '% of the events late',
    windowMs: QUARTER_MS,
    explanation: {
      zh: `日志源 ${moment.source} 15 分钟内 ${amount(state.count)} 条日志中有 ${percent}% 晚到 ${limit.zh}以上（阈值 ${settings.lateShareAbove * 100}%）。`,
      en: `${percent}% of ${amount(state.count)} events of source ${moment.source} within 15 minutes came more than ${limit.en} late (threshold ${settings.lateShareAbove * 100}%).`,
    },
    eventIds: [state.lateId],
    groupKey: `${moment.source}\u001flag`,
  });
}

function sentenceOfDrop(name: string, { count, usual }: { count: number; usual: number }): Bilingual {
  const percent = Math.round((1 - count / usual) * 100);
  return {
    zh: `日志源 ${name} 15 分钟内只有 ${amount(count)} 条日志，此时段通常约 ${amount(usual)} 条，少了 ${percent}%。`,
    en: `Source ${name} sent ${amount(count)} events within 15 minutes where about ${amount(usual)} are usual, ${percent}% fewer.`,
  };
}
