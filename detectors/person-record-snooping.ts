import { z } from 'zod';
import { isDataRead } from '../src/detection/access-kinds.ts';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { HIGH, scoreAt } from '../src/detection/event-score.ts';
import { attack, personalInformationLaw } from '../src/detection/references.ts';
import { signalAt } from '../src/detection/signal.ts';
import { dataSubject } from '../src/detection/subjects.ts';
import { MAX_IDS } from '../src/detection/windows.ts';
import { actorNamed, assetNamed, counted } from '../src/detection/wording.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const DAY_MS = 86_400_000;

const settings = z.strictObject({
  rowsAtMost: z.number().int().min(1).default(5).describe('A read of so few rows looks persons up.'),
  timesAtLeast: z
    .number()
    .int()
    .min(2)
    .default(3)
    .describe('Look-ups of one person by one actor without a case that are a finding.'),
  days: z.number().int().min(1).max(90).default(7).describe('Days in which they count.'),
  viewersAtLeast: z
    .number()
    .int()
    .min(2)
    .default(8)
    .describe('Actors who look one person up without a case in 24 hours that are a finding.'),
  base: z.number().min(0).max(100).default(50).describe('Base score.'),
  watchedBase: z.number().min(0).max(100).default(75).describe('Base score for a person under special watch.'),
});
type Settings = z.output<typeof settings>;

interface View {
  time: number;
  actor: string;
  id: string;
}

interface State {
  /** The first look-up without a case; most persons have no second. */
  time: number;
  actor: string;
  id: string;
  /** The further ones, in order of time. */
  more: View[] | null;
  /** Viewers that were told of. */
  toldViewers: number;
}

const MAX_VIEWS = 64;
const NONE: readonly Signal[] = Object.freeze([]);

export const personRecordSnooping = defineDetector<Settings, State>({
  name: 'person-record-snooping',
  version: 1,
  title: { zh: '无案由查询个人', en: 'Looking a person up without a case' },
  what: {
    zh: '没有案件号、用途和工单而精确查询（5 行以内）个人：同一账号 7 天内查同一人 3 次以上；24 小时内查同一人的账号达到 8 个；或被查者在特别关注名单中（立即报，有案由也报）。',
    en: 'Persons are looked up (at most 5 rows) without case, purpose or work order: one by the same account 3 times in 7 days, one by 8 accounts in 24 hours, or one under special watch (at once, with a case too).',
  },
  watches: (event) =>
    event.dataSubjects.length > 0 &&
    event.dataSubjects.length <= 16 &&
    event.rows <= 16 &&
    event.actor !== '' &&
    isDataRead(event),
  techniques: [attack('T1213')],
  cites: [personalInformationLaw('34'), personalInformationLaw('51')],
  knownGaps: [
    {
      zh: '只看日志写明数据主体的查询；一次涉及 16 人以上的查询不算精确查询。',
      en: 'Only look-ups whose lines name the data subject are seen; one of more than 16 persons is none.',
    },
    {
      zh: '查询人数的 99.9 百分位以固定数 8 代替，可按单位规模调整；新闻人物短期内被许多人依职责查询时也会报。',
      en: 'The 99.9th percentile of viewers is a fixed number, 8, to be set to the size of the administration; a person in the news whom many look up in the line of duty is flagged too.',
    },
    {
      zh: '系统不记录案件号、用途时，正常办理一件事中的多次查询也会报；机器账号不判断。',
      en: 'Where a system logs neither case nor purpose, several look-ups in the course of one matter are flagged. Machine accounts are not judged.',
    },
  ],
  settings,
  subject: dataSubject,
  start: () => ({ time: 0, actor: '', id: '', more: null, toldViewers: 0 }),
  step(state, event, context) {
    if (event.role === 'service' || event.rows > context.settings.rowsAtMost) return NONE;
    const found: Signal[] = [];
    const tag = context.registry.watchTag('data-subject', event.dataSubjects[0]!, event.time);
    if (tag !== undefined) found.push(watched(event, tag.reason, context));
    if (event.caseNumber !== '' || event.purpose !== '' || event.workOrder !== '') return found;
    if (state.actor === '') {
      state.time = event.time;
      state.actor = event.actor;
      state.id = event.id;
      return found;
    }
    remember(state, event, context.settings);
    return [...found, ...byOne(state, event, context), ...byMany(state, event, context)];
  },
  forgetAfterMs: 8 * DAY_MS,
  example: sentenceOfOne(
    { zh: '民政局 wangfang', en: 'wangfang of Civil Affairs Bureau' },
    { zh: '「低保对象信息」（重要数据）', en: '"Subsistence allowance recipients" (important data)' },
    { person: '3f9a1c', times: 4, atLeast: 3, days: 7 },
  ),
});

function remember(state: State, { time, actor, id }: Event, { days }: Settings): void {
  const views = [...viewsOf(state), { time, actor, id }].sort((a, b) => a.time - b.time);
  const from = views[views.length - 1]!.time - days * DAY_MS;
  const kept = views.filter((view) => view.time > from).slice(-MAX_VIEWS);
  const first = kept[0]!;
  state.time = first.time;
  state.actor = first.actor;
  state.id = first.id;
  state.more = kept.length > 1 ? kept.slice(1) : null;
}

function viewsOf({ time, actor, id, more }: State): View[] {
  return [{ time, actor, id }, ...(more ?? [])];
}

function byOne(state: State, event: Event, { settings, registry }: StepContext<Settings>): Signal[] {
  const mine = viewsOf(state).filter(({ actor }) => actor === event.actor);
  if (mine.length < settings.timesAtLeast) return [];
  const person = shown(event);
  const facts = { person, times: mine.length, atLeast: settings.timesAtLeast, days: settings.days };
  return [
    signalAt(event, {
      score: scoreAt(event, settings.base, registry),
      observed: mine.length,
      threshold: settings.timesAtLeast,
      unit: 'look-ups',
      windowMs: settings.days * DAY_MS,
      explanation: sentenceOfOne(actorNamed(event, registry), assetNamed(event, registry), facts),
      eventIds: idsOf(mine, event),
      groupKey: `${event.actor}\u001f${event.dataSubjects[0]!}`,
    }),
  ];
}

function byMany(state: State, event: Event, { settings, registry }: StepContext<Settings>): Signal[] {
  const views = viewsOf(state).filter(({ time }) => Math.abs(time - event.time) < DAY_MS);
  const viewers = new Set(views.map(({ actor }) => actor)).size;
  if (viewers < settings.viewersAtLeast || viewers < 1.25 * state.toldViewers) return [];
  state.toldViewers = viewers;
  const what = assetNamed(event, registry);
  return [
    signalAt(event, {
      score: Math.max(HIGH, scoreAt(event, settings.base, registry)),
      actor: '',
      observed: viewers,
      threshold: settings.viewersAtLeast,
      unit: 'viewers',
      windowMs: DAY_MS,
      explanation: {
        zh: `24 小时内有 ${viewers} 个账号在${what.zh}等数据中无案由查询同一人（${shown(event)}，阈值 ${settings.viewersAtLeast} 个）。`,
        en: `${counted(viewers, 'account')} looked up the same person (${shown(event)}) in ${what.en} and elsewhere within 24 hours without a case (threshold ${settings.viewersAtLeast}).`,
      },
      eventIds: idsOf(views, event),
      groupKey: `viewers\u001f${event.dataSubjects[0]!}`,
    }),
  ];
}

function watched(event: Event, reason: string, { settings, registry }: StepContext<Settings>): Signal {
  const [who, what] = [actorNamed(event, registry), assetNamed(event, registry)];
  const because = reason === '' ? { zh: '', en: '' } : { zh: `（${reason}）`, en: '' };
  return signalAt(event, {
    score: scoreAt(event, settings.watchedBase, registry),
    observed: 1,
    threshold: 1,
    unit: 'look-ups',
    explanation: {
      zh: `${who.zh} 在${what.zh}中查询了特别关注对象 ${shown(event)}${because.zh}。`,
      en: `${who.en} looked up ${shown(event)}, who is under special watch, in ${what.en}.`,
    },
    groupKey: `${event.actor}\u001f${event.dataSubjects[0]!}\u001fwatched`,
  });
}

/** The keyed hash tells persons apart and names nobody; its beginning is enough for people. */
function shown(event: Event): string {
  return event.dataSubjects[0]!.slice(0, 8);
}

function idsOf(views: readonly View[], event: Event): string[] {
  const ids = views.map(({ id }) => id).filter((id) => id !== event.id);
  return [...ids.slice(1 - MAX_IDS), event.id];
}

interface Facts {
  person: string;
  times: number;
  atLeast: number;
  days: number;
}

function sentenceOfOne(who: Bilingual, what: Bilingual, { person, times, atLeast, days }: Facts): Bilingual {
  return {
    zh: `${who.zh} ${days} 天内无案由查询同一人（${person}）${times} 次，最近在${what.zh}中（阈值 ${atLeast} 次）。`,
    en: `${who.en} looked up the same person (${person}) ${counted(times, 'time')} within ${counted(days, 'day')} without a case, last in ${what.en} (threshold ${atLeast}).`,
  };
}
