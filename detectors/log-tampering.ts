import { z } from 'zod';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { attack, classifiedProtection } from '../src/detection/references.ts';
import { sequenceNumberOf } from '../src/detection/sequence-number.ts';
import { signalAt } from '../src/detection/signal.ts';
import { logStream } from '../src/detection/subjects.ts';
import { amount, duration } from '../src/detection/wording.ts';
import { attributeOf, type Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const settings = z.strictObject({
  numberedBy: z
    .array(z.string())
    .default(['sequence', 'meta.sequenceId', 'recordNumber'])
    .describe('Attributes in which a log numbers its lines without a gap.'),
  hashAttribute: z.string().default('chainHash').describe('Attribute with the hash of the line …'),
  previousAttribute: z.string().default('chainPrevious').describe('… and the one with the hash of the line before.'),
  waitMs: z
    .number()
    .int()
    .min(0)
    .max(86_400_000)
    .default(600_000)
    .describe('Time in which missing lines may still come, ms.'),
  restartBelow: z
    .number()
    .int()
    .min(0)
    .default(10)
    .describe('A count that begins anew below this is a restart, not a rollback.'),
  score: z.number().min(0).max(100).default(90).describe('Score.'),
});
type Settings = z.output<typeof settings>;

interface State {
  /** Highest number that was seen; -1 before the first. */
  highest: number;
  hash: string;
  /** Numbers that are missing, [first, last], since when, and by which event; null when there are none. */
  missing: { first: number; last: number; count: number; since: number; id: string } | null;
  waitMs: number;
}

const NONE: readonly Signal[] = Object.freeze([]);

export const logTampering = defineDetector<Settings, State>({
  name: 'log-tampering',
  version: 1,
  title: { zh: '日志被篡改', en: 'Log was tampered with' },
  what: {
    zh: '自带编号的日志缺号（10 分钟内未补上）、重号或回退，或链式哈希与上一条不符。严重，不得抑制。',
    en: 'A log that numbers its lines lacks some (and they do not come within 10 minutes), repeats or goes back, or its hash chain does not fit the line before. Critical, never suppressed.',
  },
  watches: (event) => event.authenticated && event.attributes.length > 0 && event.source !== '',
  techniques: [attack('T1070'), attack('T1565.001')],
  cites: [classifiedProtection('8.1.4.3')],
  knownGaps: [
    {
      zh: '只判断经过身份验证的日志源（令牌或客户端证书），因为 UDP 丢包也会缺号；未编号、未链接的日志无从判断。',
      en: 'Only sources that proved who they are (token, client certificate) are judged, since UDP loses lines too; logs without numbers or hashes can not be judged.',
    },
    {
      zh: '编号从头开始（小于 10）视为程序重启；从来源处按条件过滤的日志会缺号，应从编号属性中去掉。',
      en: 'A count that begins anew (below 10) is taken for a restart; a log that is filtered at its source has gaps: take its attribute out of the setting.',
    },
    {
      zh: '早于最近一个封存块的补记，由封存校验发现，不在此判断。',
      en: 'Lines dated before the last sealed block are found by the verifier of the seals, not here.',
    },
  ],
  settings,
  subject: logStream,
  start: () => ({ highest: -1, hash: '', missing: null, waitMs: 0 }),
  step(state, event, context) {
    const broken = chain(state, event, context);
    const number = sequenceNumberOf(event, context.settings.numberedBy);
    const counted = number < 0 ? undefined : count(state, number, event, context);
    if (broken) return counted ? [broken, counted] : [broken];
    return counted ? [counted] : NONE;
  },
  wakeAt: ({ missing, waitMs }) => (missing === null ? Infinity : missing.since + waitMs),
  due(state, moment, context) {
    const { first, last, count: lines, id } = state.missing!;
    state.missing = null;
    const waited = duration(context.settings.waitMs);
    const which = lines === 1 ? String(first) : `${first}–${last}`;
    return [
      signalAt(moment, {
        score: context.settings.score,
        observed: lines,
        threshold: 1,
        unit: 'missing lines',
        windowMs: context.settings.waitMs,
        explanation: sentence(nameOf(moment), {
          zh: `缺少编号 ${which} 的日志 ${amount(lines)} 条，等待 ${waited.zh}后仍未补上`,
          en: `lacks the lines numbered ${which} (${amount(lines)}), which have not come within ${waited.en}`,
        }),
        eventIds: [id],
        groupKey: `${moment.source}\u001f${moment.host}\u001fgap\u001f${first}`,
      }),
    ];
  },
  forgetAfterMs: 30 * 86_400_000,
  example: sentence(
    { source: 'archive-db', host: 'db01' },
    {
      zh: '缺少编号 4711–4730 的日志 20 条，等待 10 分钟后仍未补上',
      en: 'lacks the lines numbered 4711–4730 (20), which have not come within 10 minutes',
    },
  ),
});

function count(state: State, number: number, event: Event, context: StepContext<Settings>): Signal | undefined {
  const { highest } = state;
  if (highest < 0 || number === highest + 1) {
    state.highest = number;
    return undefined;
  }
  if (number > highest + 1) {
    state.highest = number;
    miss(state, highest + 1, number - 1, event, context.settings.waitMs);
    return undefined;
  }
  if (filled(state, number)) return undefined;
  if (number < context.settings.restartBelow && highest >= context.settings.restartBelow) {
    state.highest = number;
    state.missing = null;
    return undefined;
  }
  const isRepeat = number === highest;
  if (!isRepeat) state.highest = number;
  const back = highest - number;
  return found(event, context, isRepeat ? 'repeat' : 'back', isRepeat ? 1 : back, {
    zh: isRepeat ? `出现两条编号 ${number} 的不同日志` : `编号由 ${highest} 回退到 ${number}`,
    en: isRepeat ? `has two different lines numbered ${number}` : `went back from number ${highest} to ${number}`,
  });
}

function miss(state: State, first: number, last: number, event: Event, waitMs: number): void {
  const known = state.missing;
  state.waitMs = waitMs;
  state.missing =
    known === null
      ? { first, last, count: last - first + 1, since: event.ingestTime, id: event.id }
      : { ...known, last, count: known.count + last - first + 1 };
}

/** A line that was missing came after all. */
function filled(state: State, number: number): boolean {
  const { missing } = state;
  if (missing === null || number < missing.first || number > missing.last) return false;
  missing.count--;
  if (number === missing.first) missing.first++;
  if (missing.count <= 0) state.missing = null;
  return true;
}

function chain(state: State, event: Event, context: StepContext<Settings>): Signal | undefined {
  const hash = attributeOf(event, context.settings.hashAttribute) ?? '';
  if (hash === '') return undefined;
  const previous = attributeOf(event, context.settings.previousAttribute) ?? '';
  const before = state.hash;
  state.hash = hash;
  if (before === '' || previous === '' || previous === before) return undefined;
  return found(event, context, 'chain', 1, {
    zh: `链式哈希不符：上一条为 ${before.slice(0, 12)}，本条声明的上一条为 ${previous.slice(0, 12)}`,
    en: `breaks its hash chain: the line before has ${before.slice(0, 12)}, this one follows ${previous.slice(0, 12)}`,
  });
}

function found(
  event: Event,
  { settings }: StepContext<Settings>,
  kind: string,
  observed: number,
  what: Bilingual,
): Signal {
  return signalAt(event, {
    score: settings.score,
    actor: '',
    asset: '',
    observed,
    threshold: 1,
    unit: kind === 'back' ? 'lines back' : kind === 'chain' ? 'broken links' : 'repeated numbers',
    explanation: sentence(nameOf(event), what),
    groupKey: `${event.source}\u001f${event.host}\u001f${kind}`,
  });
}

function nameOf({ source, host }: Event): { source: string; host: string } {
  return { source, host };
}

function sentence({ source, host }: { source: string; host: string }, what: Bilingual): Bilingual {
  const name = host === '' ? source : `${source} (${host})`;
  return {
    zh: `日志源 ${name} ${what.zh}，日志可能被删改。`,
    en: `The log of ${name} ${what.en}: it may have been tampered with.`,
  };
}
