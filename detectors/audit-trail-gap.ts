import { z } from 'zod';
import { defineDetector } from '../src/detection/detector.ts';
import { attack, classifiedProtection } from '../src/detection/references.ts';
import { signalAt } from '../src/detection/signal.ts';
import { source } from '../src/detection/subjects.ts';
import { counted, duration } from '../src/detection/wording.ts';
import { attributeOf } from '../src/event/event.ts';
import { OWN_SOURCE } from '../src/event/own-source.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const settings = z.strictObject({
  gapAtLeastMs: z
    .number()
    .int()
    .min(0)
    .default(60_000)
    .describe('Shorter gaps without missing records are no finding, ms.'),
  score: z.number().min(0).max(100).default(80).describe('Score.'),
  missingScore: z.number().min(0).max(100).default(90).describe('Score when records are missing.'),
});
type Settings = z.output<typeof settings>;

const NONE: readonly Signal[] = Object.freeze([]);

export const auditTrailGap = defineDetector<Settings, Record<string, never>>({
  name: 'audit-trail-gap',
  version: 1,
  title: { zh: '本平台审计记录有缺口', en: 'Gap in the audit trail of this platform' },
  what: {
    zh: '本平台自身的审计记录有 1 分钟以上写不进去，或有记录缺失。在恢复记录时发现。',
    en: 'The audit trail of this platform could not be written for a minute or longer, or records of it are missing. Found when it is written again.',
  },
  watches: (event) => event.source === OWN_SOURCE && attributeOf(event, 'audit') === 'audit.resumed',
  techniques: [attack('T1685')],
  cites: [classifiedProtection('8.1.4.3')],
  knownGaps: [
    {
      zh: '进程在缺口期间被终止时，缺口的起点与缺失的条数随之丢失；终止本身见主机日志与来源静默。',
      en: 'When the program is ended during the gap, its beginning and the number of missing records are lost with it; the end itself shows in the logs of the host.',
    },
  ],
  settings,
  subject: source,
  start: () => ({}),
  step(_state, event, { settings: { gapAtLeastMs, score, missingScore } }) {
    const since = Number(attributeOf(event, 'audit.since') ?? event.time);
    const missing = Number(attributeOf(event, 'audit.count') ?? 0);
    const gapMs = Math.max(0, event.time - since);
    if (gapMs < gapAtLeastMs && missing === 0) return NONE;
    return [
      signalAt(event, {
        score: missing > 0 ? missingScore : score,
        observed: Math.round(gapMs / 1000),
        threshold: Math.round(gapAtLeastMs / 1000),
        unit: 'seconds',
        explanation: sentence(gapMs, missing),
        groupKey: event.source,
      }),
    ];
  },
  forgetAfterMs: 3_600_000,
  example: sentence(420_000, 3),
});

function sentence(gapMs: number, missing: number): Bilingual {
  const span = duration(gapMs);
  const lost = {
    zh: missing > 0 ? `，缺 ${missing} 条记录` : '，期间的改动均被拒绝，没有缺记录',
    en:
      missing > 0
        ? `; ${counted(missing, 'record')} of it ${missing === 1 ? 'is' : 'are'} missing`
        : '; changes were refused meanwhile, and no record is missing',
  };
  return {
    zh: `本平台的审计记录有 ${span.zh}写不进去${lost.zh}。`,
    en: `The audit trail of this platform could not be written for ${span.en}${lost.en}.`,
  };
}
