import { z } from 'zod';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { localDay } from '../src/detection/local-day.ts';
import { addToDay, usualOn, type OwnDays } from '../src/detection/own-days.ts';
import { robustZ } from '../src/detection/baseline.ts';
import { isNews, nothingTold, type Told } from '../src/detection/news.ts';
import { attack, classifiedProtection } from '../src/detection/references.ts';
import { weightedScore } from '../src/detection/score.ts';
import { signalAt } from '../src/detection/signal.ts';
import { actor } from '../src/detection/subjects.ts';
import { LATENESS_MS, MAX_IDS } from '../src/detection/windows.ts';
import { actorNamed, amount, counted, duration } from '../src/detection/wording.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const settings = z.strictObject({
  windowMs: z.number().int().min(60_000).max(86_400_000).default(3_600_000).describe('Window of a burst, ms.'),
  grantsAtLeast: z.number().int().min(2).default(10).describe('Rights granted in the window that are a finding.'),
  zAtLeast: z.number().min(0).default(3.5).describe('Fewer are one when they are so unusual for the actor (robust z).'),
  unusualAtLeast: z.number().int().min(2).default(4).describe('… and at least so many.'),
  shortLivedMs: z
    .number()
    .int()
    .min(0)
    .max(86_400_000)
    .default(7_200_000)
    .describe('A right that is taken back so soon after it was granted is a finding, ms.'),
  base: z.number().min(0).max(100).default(50).describe('Base score of a burst; grows by up to 15.'),
  shortLivedBase: z.number().min(0).max(100).default(45).describe('Base score of a short-lived right.'),
});
type Settings = z.output<typeof settings>;

interface Granted {
  time: number;
  target: string;
  id: string;
}

interface State {
  granted: Granted[];
  days: OwnDays;
  told: Told;
}

const MAX_GRANTED = 256;
const NONE: readonly Signal[] = Object.freeze([]);

export const privilegeBurst = defineDetector<Settings, State>({
  name: 'privilege-burst',
  version: 1,
  title: { zh: '短时间大量授权', en: 'Burst of granted rights' },
  what: {
    zh: '一个账号 1 小时内授予 10 项以上权限（或 4 项以上且远超其平时），或授予后 2 小时内又收回。',
    en: 'An account grants 10 rights or more within an hour (or 4 and far more than it usually does in a day), or takes one back within 2 hours of granting it.',
  },
  watches: (event) =>
    (event.action === 'grant' || event.action === 'revoke') && event.outcome !== 'failure' && event.actor !== '',
  techniques: [attack('T1098')],
  cites: [classifiedProtection('8.1.4.2')],
  knownGaps: [
    {
      zh: '新系统上线、机构调整时的集中授权同样符合定义。',
      en: 'Rights granted together when a system goes live or an office is reorganized fit the definition too.',
    },
    {
      zh: '授予与收回须由同一账号执行；收回前是否使用过该权限不作判断。',
      en: 'Granting and taking back must be done by the same account; whether the right was used in between is not looked at.',
    },
  ],
  settings,
  subject: actor,
  start: () => ({ granted: [], days: [], told: nothingTold() }),
  step(state, event, context) {
    if (event.action === 'revoke') return afterRevoke(state, event, context);
    const { windowMs, shortLivedMs } = context.settings;
    const day = localDay(event.time, event.department, context.registry);
    addToDay(state.days, day, 1);
    const newest = Math.max(event.time, state.granted[state.granted.length - 1]?.time ?? 0);
    const from = newest - Math.max(windowMs, shortLivedMs) - LATENESS_MS;
    state.granted = state.granted.filter(({ time }) => time > from);
    state.granted.push({ time: event.time, target: event.target, id: event.id });
    state.granted.sort((a, b) => a.time - b.time);
    if (state.granted.length > MAX_GRANTED) state.granted.shift();
    return burst(state, day, event, context);
  },
  forgetAfterMs: 29 * 86_400_000,
  example: sentence(
    { zh: '云栈科技 yz_liu', en: 'yz_liu of Cloudstack Technologies' },
    { grants: 12, threshold: 10, windowMs: 3_600_000, usual: 1, z: 0 },
  ),
});

/** The largest number of grants in a window that the event lies in. */
function burst(
  state: State,
  day: number,
  event: Event,
  { settings, registry, baseline }: StepContext<Settings>,
): readonly Signal[] {
  let most: Granted[] = [];
  for (const { time: end } of state.granted) {
    if (end < event.time || end >= event.time + settings.windowMs) continue;
    const inside = state.granted.filter(({ time }) => time > end - settings.windowMs && time <= end);
    if (inside.length > most.length) most = inside;
  }
  if (most.length < Math.min(settings.unusualAtLeast, settings.grantsAtLeast)) return NONE;
  const usual = usualOn(state.days, day, baseline.observedDays(event.time).spanDays);
  const z = usual.source === 'self' ? robustZ(most.length, usual) : 0;
  const isMany = most.length >= settings.grantsAtLeast;
  if (!isMany && (z < settings.zAtLeast || usual.source !== 'self')) return NONE;
  if (!isNews(state.told, day, most.length, event.time)) return NONE;
  const threshold = isMany ? settings.grantsAtLeast : settings.unusualAtLeast;
  const facts = { grants: most.length, threshold, windowMs: settings.windowMs, usual: Math.expm1(usual.median), z };
  const growth = Math.min(15, 5 * Math.log2(most.length / threshold));
  return [
    signalAt(event, {
      score: weightedScore(settings.base + growth, { level: event.assetLevel, isVendor: event.vendor !== '' }),
      asset: '',
      observed: most.length,
      expected: Math.round(facts.usual * 100) / 100,
      threshold,
      unit: 'grants',
      windowMs: settings.windowMs,
      sampleSize: usual.sampleSize,
      baseline: isMany && usual.source === 'cap' ? 'cap' : 'self',
      explanation: sentence(actorNamed(event, registry), facts),
      eventIds: [
        ...most
          .map(({ id }) => id)
          .filter((id) => id !== event.id)
          .slice(1 - MAX_IDS),
        event.id,
      ],
    }),
  ];
}

function afterRevoke(state: State, event: Event, { settings, registry }: StepContext<Settings>): readonly Signal[] {
  if (event.target === '') return NONE;
  const granted = state.granted.findLast(({ target, time }) => target === event.target && time <= event.time);
  if (granted === undefined || event.time - granted.time > settings.shortLivedMs) return NONE;
  const lived = duration(event.time - granted.time);
  const limit = duration(settings.shortLivedMs);
  const who = actorNamed(event, registry);
  return [
    signalAt(event, {
      score: weightedScore(settings.shortLivedBase, { level: event.assetLevel, isVendor: event.vendor !== '' }),
      asset: '',
      observed: Math.round((event.time - granted.time) / 60_000),
      threshold: settings.shortLivedMs / 60_000,
      unit: 'minutes until taken back',
      windowMs: settings.shortLivedMs,
      explanation: {
        zh: `${who.zh} 授予「${event.target}」权限，${lived.zh}后即收回（阈值 ${limit.zh}）。`,
        en: `${who.en} granted a right to "${event.target}" and took it back ${lived.en} later (threshold ${limit.en}).`,
      },
      eventIds: [granted.id, event.id],
      groupKey: `${event.actor}\u001f${event.target}`,
    }),
  ];
}

interface Facts {
  grants: number;
  threshold: number;
  windowMs: number;
  usual: number;
  z: number;
}

function sentence(who: Bilingual, { grants, threshold, windowMs, usual, z }: Facts): Bilingual {
  const span = duration(windowMs);
  const than =
    z === 0
      ? { zh: '', en: '' }
      : {
          zh: `，平时每天约 ${amount(usual)} 项（稳健 z 值 ${z.toFixed(1)}）`,
          en: `, about ${amount(usual)} on its usual days (robust z ${z.toFixed(1)})`,
        };
  return {
    zh: `${who.zh} 在 ${span.zh}内授予 ${grants} 项权限（阈值 ${threshold} 项）${than.zh}。`,
    en: `${who.en} granted ${counted(grants, 'right')} within ${span.en} (threshold ${threshold})${than.en}.`,
  };
}
