import { z } from 'zod';
import { isDataAccess } from '../src/detection/access-kinds.ts';
import { endOf, grantsToActor, isInForce, isOwners, restsOnGrants } from '../src/detection/authorization.ts';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { scoreAt } from '../src/detection/event-score.ts';
import { localMoment } from '../src/detection/local-day.ts';
import { attack, personalInformationLaw } from '../src/detection/references.ts';
import { signalAt } from '../src/detection/signal.ts';
import { actor } from '../src/detection/subjects.ts';
import { actorNamed, assetNamed } from '../src/detection/wording.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const settings = z.strictObject({
  skewMs: z
    .number()
    .int()
    .min(0)
    .max(86_400_000)
    .default(300_000)
    .describe('Tolerance for clocks on both ends of a grant, ms.'),
  base: z.number().min(0).max(100).default(65).describe('Base score.'),
  lateMs: z.number().int().min(0).default(86_400_000).describe('Use so long after the end is worse, ms.'),
  lateMore: z.number().min(0).max(100).default(10).describe('Added to the base score then.'),
});
type Settings = z.output<typeof settings>;
type Grant = ReturnType<typeof grantsToActor>[number];

const DAY_MS = 86_400_000;
const NONE: readonly Signal[] = Object.freeze([]);

export const accessOutsideValidity = defineDetector<Settings, Record<string, never>>({
  name: 'access-outside-validity',
  version: 1,
  title: { zh: '授权期外访问', en: 'Access outside the grant’s time' },
  what: {
    zh: '账号所属部门、系统或本人获得过授权，但在授权开始之前、到期之后或被撤销之后访问数据资产（两端容差 5 分钟）。按事件发生时间判断，迟到的日志也不例外。',
    en: 'An account whose department, system or person was granted the asset uses it before the grant begins, after it ended or after it was revoked (5 minutes of tolerance). Judged by the event’s own time, be the line ever so late.',
  },
  watches: (event) => event.assetLevel !== '' && event.vendor === '' && event.department !== '' && isDataAccess(event),
  techniques: [attack('T1078')],
  cites: [personalInformationLaw('21')],
  knownGaps: [
    {
      zh: '日志源时钟偏差超过容差时，授权边界附近的访问可能误判；时钟偏差由 clock-skew 报告。',
      en: 'With a clock that is off by more than the tolerance, use close to an end may be judged wrongly; clock-skew reports such clocks.',
    },
    {
      zh: '没有归属部门的资产、无条件共享的资产、承建商账号不在此判断。',
      en: 'Assets without an owner, freely shared assets and accounts of vendors are not judged here.',
    },
  ],
  settings,
  subject: actor,
  start: () => ({}),
  step(_state, event, context) {
    const { registry } = context;
    const asset = registry.asset(event.asset, event.time);
    if (asset === undefined || isOwners(event, asset, registry) || !restsOnGrants(asset, registry)) return NONE;
    const grants = grantsToActor(event, registry);
    if (grants.length === 0 || grants.some((grant) => isInForce(grant, event.time, context.settings.skewMs)))
      return NONE;
    return [signal(event, nearest(grants, event.time), context)];
  },
  forgetAfterMs: 3_600_000,
  example: sentence(
    { zh: '文旅局 chenjie', en: 'chenjie of Culture and Tourism Bureau' },
    { zh: '「低保对象信息」（重要数据）', en: '"Subsistence allowance recipients" (important data)' },
    { grant: 'SQ-2026-041', kind: 'expired', moment: '2026-10-31 23:59' },
  ),
});

/** The grant that ended last before, or else the one that begins first. */
function nearest(grants: readonly Grant[], at: number): Grant {
  return grants.reduce((best, one) => {
    const [bestOver, oneOver] = [endOf(best) <= at, endOf(one) <= at];
    if (bestOver !== oneOver) return oneOver ? one : best;
    if (oneOver) return endOf(one) > endOf(best) ? one : best;
    return one.from < best.from ? one : best;
  });
}

function signal(event: Event, grant: Grant, { settings, registry }: StepContext<Settings>): Signal {
  const end = endOf(grant);
  const isOver = end <= event.time;
  const awayMs = isOver ? event.time - end : grant.from - event.time;
  const base = settings.base + (isOver && awayMs > settings.lateMs ? settings.lateMore : 0);
  const kind = !isOver ? 'early' : grant.revokedAt < grant.to ? 'revoked' : 'expired';
  // The last minute of what ended at midnight is easier to read than the first moment of the next day.
  const moment = localMoment(kind === 'expired' ? end - 1 : isOver ? end : grant.from, event.department, registry);
  return signalAt(event, {
    score: scoreAt(event, base, registry),
    observed: Math.round((awayMs / DAY_MS) * 100) / 100,
    threshold: Math.round((settings.skewMs / DAY_MS) * 1000) / 1000,
    unit: isOver ? 'days after the end' : 'days before the begin',
    explanation: sentence(actorNamed(event, registry), assetNamed(event, registry), { grant: grant.id, kind, moment }),
    groupKey: `${event.actor}\u001f${grant.id}\u001f${kind}`,
  });
}

type Kind = 'early' | 'expired' | 'revoked';

function sentence(
  who: Bilingual,
  what: Bilingual,
  { grant, kind, moment }: { grant: string; kind: Kind; moment: string },
): Bilingual {
  const why = {
    early: { zh: `${moment} 才生效`, en: `begins only at ${moment}` },
    expired: { zh: `已于 ${moment} 到期`, en: `had ended at ${moment}` },
    revoked: { zh: `已于 ${moment} 被撤销`, en: `had been revoked at ${moment}` },
  }[kind];
  return {
    zh: `${who.zh} 访问了${what.zh}，而其授权 ${grant} ${why.zh}。`,
    en: `${who.en} used ${what.en} although grant ${grant} ${why.en}.`,
  };
}
