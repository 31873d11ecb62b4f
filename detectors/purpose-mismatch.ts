import { z } from 'zod';
import { isDataAccess } from '../src/detection/access-kinds.ts';
import { grantsToActor, isInForce } from '../src/detection/authorization.ts';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { scoreAt } from '../src/detection/event-score.ts';
import { localDay, localMoment } from '../src/detection/local-day.ts';
import { attack, dataSecurityLaw, personalInformationLaw } from '../src/detection/references.ts';
import { signalAt } from '../src/detection/signal.ts';
import { actor } from '../src/detection/subjects.ts';
import {
  addAmount,
  heaviestWindow,
  LATENESS_MS,
  noAmounts,
  reachOf,
  type TimedAmounts,
} from '../src/detection/windows.ts';
import { actorNamed, assetNamed, counted, duration } from '../src/detection/wording.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const settings = z.strictObject({
  missingAtLeast: z
    .number()
    .int()
    .min(1)
    .default(5)
    .describe('Accesses without the required purpose within the window that are a finding.'),
  windowMs: z.number().int().min(60_000).max(86_400_000).default(3_600_000).describe('That window, ms.'),
  missingShareAbove: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .describe('Or so large a part of the day’s accesses that require one …'),
  dayAtLeast: z.number().int().min(1).default(10).describe('… when there were so many.'),
  base: z.number().min(0).max(100).default(60).describe('Base score of a purpose or case that does not fit.'),
  missingBase: z.number().min(0).max(100).default(45).describe('Base score of missing purposes.'),
});
type Settings = z.output<typeof settings>;

interface State {
  /** Accesses that require a purpose, today, and how many stated none. */
  day: number;
  required: number;
  missing: number;
  told: boolean;
  /** Times of those without; null before the first. */
  times: TimedAmounts | null;
  /** Whether the registry has ever known a case that the actor named: where no cases are kept, none can be wrong. */
  casesKnown: boolean;
}

const NONE: readonly Signal[] = Object.freeze([]);

export const purposeMismatch = defineDetector<Settings, State>({
  name: 'purpose-mismatch',
  version: 1,
  title: { zh: '用途或案件号不符', en: 'Purpose or case does not fit' },
  what: {
    zh: '访问声明的用途与授权不同，或案件号不存在、已结案、属于他人：立即报。授权要求用途而 1 小时内 5 次以上、或当日 20% 以上的访问未写明用途和案件号：也报。',
    en: 'An access states another purpose than its grant, or a case that is unknown, closed or another officer’s: at once. Also when the grant has a purpose and 5 accesses within an hour, or more than 20 % of the day’s, state neither purpose nor case.',
  },
  watches: (event) =>
    (event.assetLevel !== '' || event.caseNumber !== '') && event.vendor === '' && isDataAccess(event),
  techniques: [attack('T1213')],
  cites: [personalInformationLaw('6'), personalInformationLaw('34'), dataSecurityLaw('32')],
  knownGaps: [
    {
      zh: '案件号不存在，只对此前用过登记簿内案件号的账号判断：没有登记案件的单位不会因此误报。',
      en: 'That a case is unknown is held only against accounts that named a known one before: where no cases are on record, none can be wrong.',
    },
    {
      zh: '用途按文字比较（不分大小写和首尾空格），同义写法视为不同；案件与所查的人是否相关不作判断。',
      en: 'Purposes are compared as texts, without regard to case and outer blanks; another wording is another purpose. Whether the case concerns the person looked up is not judged.',
    },
    {
      zh: '系统不记录用途时，按授权要求用途的资产会持续被报：应让系统记录，或在授权中不填用途。',
      en: 'A system that never logs purposes is flagged again and again on assets whose grants have one: let it log them, or leave the purpose of the grant empty.',
    },
  ],
  settings,
  subject: actor,
  start: () => ({ day: -1, required: 0, missing: 0, told: false, times: null, casesKnown: false }),
  step(state, event, context) {
    const wrongCase = event.caseNumber === '' ? undefined : caseProblem(state, event, context);
    if (wrongCase) return [mismatch('case', event.caseNumber, wrongCase, event, context)];
    const purposes = purposesOf(event, context);
    if (purposes.length === 0) return NONE;
    if (event.purpose !== '') {
      if (purposes.includes(plain(event.purpose))) return note(state, event, false, context);
      const why = { zh: `授权用途为「${purposes.join('」「')}」`, en: `the grant is for "${purposes.join('", "')}"` };
      return [mismatch('purpose', event.purpose, why, event, context)];
    }
    return note(state, event, event.caseNumber === '', context);
  },
  forgetAfterMs: 30 * 86_400_000,
  example: sentence(
    { zh: '文旅局 chenjie', en: 'chenjie of Culture and Tourism Bureau' },
    { zh: '「低保对象信息」（重要数据）', en: '"Subsistence allowance recipients" (important data)' },
    'case',
    'AJ-2026-118',
    { zh: '该案件已于 2026-09-30 17:00 结案', en: 'the case was closed at 2026-09-30 17:00' },
  ),
});

/** Purposes of the grants in force for the actor; empty when one of them has none, or there is no grant. */
function purposesOf(event: Event, { registry }: StepContext<Settings>): string[] {
  if (registry.grantsOn(event.asset).length === 0) return [];
  const grants = grantsToActor(event, registry).filter((grant) => isInForce(grant, event.time));
  return grants.every(({ purpose }) => purpose !== '') ? grants.map(({ purpose }) => plain(purpose)) : [];
}

function plain(purpose: string): string {
  return purpose.trim().toLowerCase();
}

/** What is wrong with the case that the event names. */
function caseProblem(state: State, event: Event, { registry }: StepContext<Settings>): Bilingual | undefined {
  const known = registry.case(event.caseNumber, event.time);
  if (known === undefined)
    return state.casesKnown ? { zh: '登记簿中没有该案件', en: 'the registry has no such case' } : undefined;
  state.casesKnown = true;
  const moment = (at: number) => localMoment(at, event.department, registry);
  if (event.time >= known.closed)
    return { zh: `该案件已于 ${moment(known.closed)} 结案`, en: `the case was closed at ${moment(known.closed)}` };
  if (event.time < known.opened)
    return { zh: `该案件于 ${moment(known.opened)} 才立案`, en: `the case was opened only at ${moment(known.opened)}` };
  if (known.officer !== '' && event.person !== '' && known.officer !== event.person)
    return { zh: '该案件由他人承办', en: 'the case is another officer’s' };
  return undefined;
}

/** Counts an access that requires a purpose, and says when too many have none. */
function note(state: State, event: Event, isMissing: boolean, context: StepContext<Settings>): readonly Signal[] {
  const { settings, registry } = context;
  const day = localDay(event.time, event.department, registry);
  if (day > state.day) {
    state.day = day;
    state.required = state.missing = 0;
    state.told = false;
  }
  if (day === state.day) state.required++;
  if (!isMissing) return NONE;
  if (day === state.day) state.missing++;
  const keep = { horizonMs: settings.windowMs + LATENESS_MS, exactEntries: 64, coarseMs: settings.windowMs / 60 };
  addAmount((state.times ??= noAmounts()), event.time, 1, reachOf(event.time, event.ingestTime), keep);
  const inWindow = heaviestWindow(
    state.times,
    event.time,
    event.time + settings.windowMs - 1,
    settings.windowMs,
  ).amount;
  const isMuchOfDay =
    state.required >= settings.dayAtLeast && state.missing > settings.missingShareAbove * state.required;
  if (state.told || (inWindow < settings.missingAtLeast && !isMuchOfDay)) return NONE;
  state.told = true;
  return [missing(state, event, inWindow, context)];
}

function missing(state: State, event: Event, inWindow: number, { settings, registry }: StepContext<Settings>): Signal {
  const byHour = inWindow >= settings.missingAtLeast;
  const [who, what, span] = [actorNamed(event, registry), assetNamed(event, registry), duration(settings.windowMs)];
  const share = Math.round((100 * state.missing) / Math.max(1, state.required));
  return signalAt(event, {
    score: scoreAt(event, settings.missingBase, registry),
    observed: byHour ? inWindow : share,
    threshold: byHour ? settings.missingAtLeast : settings.missingShareAbove * 100,
    unit: byHour ? 'accesses without a purpose' : '% of the day’s accesses',
    windowMs: byHour ? settings.windowMs : 86_400_000,
    explanation: byHour
      ? {
          zh: `${who.zh} 在 ${span.zh}内 ${inWindow} 次访问要求写明用途的数据（最近为${what.zh}）而未写用途和案件号（阈值 ${settings.missingAtLeast} 次）。`,
          en: `${who.en} used data that requires a purpose ${counted(inWindow, 'time')} within ${span.en} (last ${what.en}) without stating purpose or case (threshold ${settings.missingAtLeast}).`,
        }
      : {
          zh: `${who.zh} 当日 ${state.required} 次要求写明用途的访问中有 ${share}% 未写用途和案件号（最近为${what.zh}，阈值 ${settings.missingShareAbove * 100}%）。`,
          en: `${who.en} stated neither purpose nor case in ${share}% of ${counted(state.required, 'use')} of the day that require one (last ${what.en}, threshold ${settings.missingShareAbove * 100}%).`,
        },
    groupKey: `${event.actor}\u001fmissing`,
  });
}

function mismatch(
  kind: 'purpose' | 'case',
  stated: string,
  why: Bilingual,
  event: Event,
  { settings, registry }: StepContext<Settings>,
): Signal {
  return signalAt(event, {
    score: scoreAt(event, settings.base, registry),
    observed: 1,
    threshold: 1,
    unit: kind === 'case' ? 'cases that do not fit' : 'purposes that do not fit',
    explanation: sentence(actorNamed(event, registry), assetNamed(event, registry), kind, stated, why),
  });
}

function sentence(
  who: Bilingual,
  what: Bilingual,
  kind: 'purpose' | 'case',
  stated: string,
  why: Bilingual,
): Bilingual {
  const [zh, en] = kind === 'case' ? ['案件号', 'case'] : ['用途', 'purpose'];
  return {
    zh: `${who.zh} 以${zh}「${stated}」访问${what.zh}，而${why.zh}。`,
    en: `${who.en} used ${what.en} for ${en} ${quoted(stated)}, but ${why.en}.`,
  };
}

function quoted(text: string): string {
  return `"${text}"`;
}
