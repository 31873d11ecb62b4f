import { z } from 'zod';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { localDay } from '../src/detection/local-day.ts';
import { isNews, nothingTold, type Told } from '../src/detection/news.ts';
import { ownActOf, type OwnActKind } from '../src/detection/own-acts.ts';
import { attack, personalInformationLaw } from '../src/detection/references.ts';
import { signalAt } from '../src/detection/signal.ts';
import { actor } from '../src/detection/subjects.ts';
import { LATENESS_MS, MAX_IDS } from '../src/detection/windows.ts';
import { actorNamed, amount, counted, duration } from '../src/detection/wording.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const windowMs = z
  .number()
  .int()
  .min(60_000)
  .max(7 * 86_400_000);
const score = z.number().min(0).max(100);

const settings = z.strictObject({
  revealsAtLeast: z
    .number()
    .int()
    .min(1)
    .default(10)
    .describe('Persons shown unmasked in the window that are a finding.'),
  revealWindowMs: windowMs.default(3_600_000).describe('Window of what is shown unmasked, ms.'),
  revealScore: score.default(70).describe('Score.'),
  rowsMoreThan: z.number().int().min(0).default(5_000).describe('More exported rows in the window are a finding.'),
  exportWindowMs: windowMs.default(86_400_000).describe('Window of exports, ms.'),
  exportScore: score.default(70).describe('Score.'),
  closeWithinMs: windowMs
    .default(86_400_000)
    .describe('How long after a change of a rule closing its findings counts, ms.'),
  closesAtLeast: z.number().int().min(1).default(1).describe('Findings closed so that are a finding.'),
  closeScore: score.default(85).describe('Score.'),
  exceptionScore: score.default(90).describe('Score of an exception for oneself.'),
  refusedAtLeast: z
    .number()
    .int()
    .min(1)
    .default(5)
    .describe('Refused sign-ins of an administrator that are a finding.'),
  refusedWindowMs: windowMs.default(3_600_000).describe('Window of refused sign-ins, ms.'),
  refusedScore: score.default(65).describe('Score.'),
});
type Settings = z.output<typeof settings>;

interface Kept {
  kind: OwnActKind;
  about: readonly string[];
  amount: number;
  time: number;
  id: string;
}

interface State {
  /** In the order of their times, then ids: the same whatever the order of arrival. */
  acts: Kept[];
  told: Told;
}

const MAX_ACTS = 512;
const NONE: readonly Signal[] = Object.freeze([]);

export const watchingTheWatchers = defineDetector<Settings, State>({
  name: 'watching-the-watchers',
  version: 1,
  title: { zh: '本平台被滥用', en: 'This platform is misused' },
  what: {
    zh: '本平台的人员 1 小时内查看 10 人以上的未脱敏信息、24 小时内导出超过 5,000 行、改了规则又关闭其告警、给自己开例外，或管理员账号 1 小时内 5 次登录被拒。依据本平台自己的审计记录判断。',
    en: 'Somebody on this platform shows 10 persons unmasked within an hour, exports more than 5,000 rows within a day, changes a rule and then closes its findings, makes an exception for themselves; or an administrator is refused 5 sign-ins within an hour. Told by the audit trail of the platform itself.',
  },
  watches: (event) => ownActOf(event) !== undefined,
  techniques: [attack('T1078'), attack('T1213')],
  cites: [personalInformationLaw('51')],
  knownGaps: [
    {
      zh: '一人以多个账号分工（一个改规则、另一个关告警）时，只有登记中把账号归到同一人才能识别。',
      en: 'When one person uses two accounts, one to change a rule and one to close its findings, it shows only where the registry gives both one actor.',
    },
    {
      zh: '绕过本平台、直接读取存储的人不在审计记录中；那须由数据库与主机日志发现。',
      en: 'Who goes round the platform and reads its store directly is not in the audit trail: logs of the database and the host show that.',
    },
  ],
  settings,
  subject: actor,
  start: () => ({ acts: [], told: nothingTold() }),
  step(state, event, context) {
    const act = ownActOf(event);
    if (act === undefined) return NONE;
    keep(state, { ...act, time: event.time, id: event.id }, context.settings);
    const found = JUDGED[act.kind](state.acts, event, context);
    const day = localDay(event.time, event.department, context.registry);
    const most = Math.max(0, ...found.map(({ observed }) => observed));
    return found.length > 0 && isNews(state.told, day, most, event.time) ? found : NONE;
  },
  forgetAfterMs: 8 * 86_400_000,
  example: closedSentence({ zh: 'li', en: 'li' }, 'bulk-read', 3, 86_400_000),
});

function keep(
  state: State,
  act: Kept,
  { revealWindowMs, exportWindowMs, closeWithinMs, refusedWindowMs }: Settings,
): void {
  const horizon = Math.max(revealWindowMs, exportWindowMs, closeWithinMs, refusedWindowMs) + LATENESS_MS;
  const newest = Math.max(act.time, state.acts.at(-1)?.time ?? 0);
  const acts = state.acts.filter(({ time }) => time > newest - horizon);
  acts.push(act);
  acts.sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
  state.acts = acts.slice(-MAX_ACTS);
}

type Judge = (acts: readonly Kept[], event: Event, context: StepContext<Settings>) => readonly Signal[];

const JUDGED: Record<OwnActKind, Judge> = {
  reveal(acts, event, { settings: { revealsAtLeast, revealWindowMs, revealScore }, registry }) {
    const inside = fullest(acts, 'reveal', event, revealWindowMs, personsIn);
    const persons = personsIn(inside);
    if (persons < revealsAtLeast) return NONE;
    const [who, span] = [actorNamed(event, registry), duration(revealWindowMs)];
    return [
      signal(event, inside, 'reveal', {
        score: revealScore,
        ...{ observed: persons, threshold: revealsAtLeast, unit: 'persons', windowMs: revealWindowMs },
        explanation: {
          zh: `${who.zh} 在 ${span.zh}内查看了 ${amount(persons)} 人的未脱敏信息（阈值 ${revealsAtLeast} 人）。`,
          en: `${who.en} looked at ${counted(persons, 'person')} unmasked within ${span.en} (threshold ${revealsAtLeast}).`,
        },
      }),
    ];
  },
  export(acts, event, { settings: { rowsMoreThan, exportWindowMs, exportScore }, registry }) {
    const inside = fullest(acts, 'export', event, exportWindowMs, rowsIn);
    const rows = rowsIn(inside);
    if (rows <= rowsMoreThan) return NONE;
    const [who, span] = [actorNamed(event, registry), duration(exportWindowMs)];
    return [
      signal(event, inside, 'export', {
        score: exportScore,
        ...{ observed: rows, threshold: rowsMoreThan, unit: 'rows', windowMs: exportWindowMs },
        explanation: {
          zh: `${who.zh} 在 ${span.zh}内从本平台导出 ${amount(rows)} 行（阈值 ${amount(rowsMoreThan)} 行）。`,
          en: `${who.en} exported ${counted(rows, 'row')} from this platform within ${span.en} (threshold ${amount(rowsMoreThan)}).`,
        },
      }),
    ];
  },
  'rule-change': closedAfterChange,
  close: closedAfterChange,
  exception(_acts, event, { settings: { exceptionScore }, registry }) {
    const who = actorNamed(event, registry);
    return [
      signal(event, [], 'exception', {
        score: exceptionScore,
        ...{ observed: 1, threshold: 1, unit: 'exceptions', windowMs: 0 },
        explanation: {
          zh: `${who.zh} 给自己开了例外：由本人新建的抑制或授信，对象就是本人。`,
          en: `${who.en} made an exception for themselves: a suppression or grant that they made is for them.`,
        },
      }),
    ];
  },
  refused(acts, event, { settings: { refusedAtLeast, refusedWindowMs, refusedScore }, registry }) {
    const inside = fullest(acts, 'refused', event, refusedWindowMs, (some) => some.length);
    if (inside.length < refusedAtLeast) return NONE;
    const [who, span] = [actorNamed(event, registry), duration(refusedWindowMs)];
    return [
      signal(event, inside, 'refused', {
        score: refusedScore,
        ...{ observed: inside.length, threshold: refusedAtLeast, unit: 'sign-ins', windowMs: refusedWindowMs },
        explanation: {
          zh: `管理员账号 ${who.zh} 在 ${span.zh}内登录本平台被拒 ${inside.length} 次（阈值 ${refusedAtLeast} 次）。`,
          en: `Administrator ${who.en} was refused ${counted(inside.length, 'sign-in')} to this platform within ${span.en} (threshold ${refusedAtLeast}).`,
        },
      }),
    ];
  },
};

/** Findings closed after a change of their rule, for each rule that the event is about, whichever of the two came first. */
function closedAfterChange(acts: readonly Kept[], event: Event, context: StepContext<Settings>): readonly Signal[] {
  const detectors = ownActOf(event)!.about;
  return detectors.flatMap((detector) => closedOf(detector, acts, event, context));
}

function closedOf(detector: string, acts: readonly Kept[], event: Event, context: StepContext<Settings>): Signal[] {
  const { closeWithinMs, closesAtLeast, closeScore } = context.settings;
  const own = acts.filter(({ about }) => about.includes(detector));
  const changes = own.filter(({ kind }) => kind === 'rule-change');
  const isAfter = (close: Kept) => (change: Kept) =>
    change.time <= close.time && close.time - change.time <= closeWithinMs;
  const closes = own.filter((one) => one.kind === 'close' && changes.some(isAfter(one)));
  if (closes.length < closesAtLeast) return [];
  const causes = changes.filter((change) => closes.some((close) => isAfter(close)(change)));
  return [
    signal(event, [...causes.slice(-MAX_IDS / 2), ...closes.slice(-MAX_IDS / 2)], `rule\u001f${detector}`, {
      score: closeScore,
      ...{ observed: closes.length, threshold: closesAtLeast, unit: 'closings', windowMs: closeWithinMs },
      explanation: closedSentence(actorNamed(event, context.registry), detector, closes.length, closeWithinMs),
    }),
  ];
}

/** The acts of a kind in the window that has most of them, among those that the event lies in. */
function fullest(
  acts: readonly Kept[],
  kind: OwnActKind,
  event: Event,
  windowMs: number,
  measure: (acts: readonly Kept[]) => number,
): readonly Kept[] {
  const own = acts.filter((one) => one.kind === kind);
  let best: readonly Kept[] = [];
  for (const { time: end } of own) {
    if (end < event.time || end >= event.time + windowMs) continue;
    const inside = own.filter(({ time }) => time > end - windowMs && time <= end);
    if (measure(inside) > measure(best)) best = inside;
  }
  return best;
}

function personsIn(acts: readonly Kept[]): number {
  return new Set(acts.flatMap(({ about }) => about)).size;
}

function rowsIn(acts: readonly Kept[]): number {
  return acts.reduce((sum, one) => sum + one.amount, 0);
}

function signal(
  event: Event,
  inside: readonly Kept[],
  what: string,
  said: Pick<Signal, 'score' | 'observed' | 'threshold' | 'unit' | 'windowMs' | 'explanation'>,
): Signal {
  const others = inside.map(({ id }) => id).filter((id) => id !== event.id);
  const eventIds = [...others.slice(1 - MAX_IDS), event.id];
  return signalAt(event, { ...said, asset: '', groupKey: `${event.actor}\u001f${what}`, eventIds });
}

function closedSentence(who: Bilingual, detector: string, closes: number, closeWithinMs: number): Bilingual {
  const span = duration(closeWithinMs);
  return {
    zh: `${who.zh} 修改了 ${detector} 的规则，随后在 ${span.zh}内${closes} 次关闭其告警。`,
    en: `${who.en} changed the rule ${detector} and closed findings of it ${counted(closes, 'time')} within ${span.en}.`,
  };
}
