import { z } from 'zod';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { scoreAt } from '../src/detection/event-score.ts';
import { localMoment } from '../src/detection/local-day.ts';
import { attack, classifiedProtection } from '../src/detection/references.ts';
import { signalAt } from '../src/detection/signal.ts';
import { actor } from '../src/detection/subjects.ts';
import { MAX_AHEAD_MS } from '../src/detection/windows.ts';
import { actorNamed, counted } from '../src/detection/wording.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const idleDays = (standard: number) => z.number().int().min(1).max(365).default(standard);

const settings = z.strictObject({
  idleDays: idleDays(60).describe('Days without any success after which an account is dormant.'),
  vendorIdleDays: idleDays(45).describe('The same for accounts of vendors.'),
  privilegedIdleDays: idleDays(30).describe('The same for privileged accounts.'),
  watchedDays: z
    .number()
    .int()
    .min(1)
    .max(90)
    .default(85)
    .describe('An account that was never seen is judged only when the platform has watched for so long, days.'),
  base: z.number().min(0).max(100).default(55).describe('Base score.'),
  privilegedBase: z.number().min(0).max(100).default(75).describe('Base score of a privileged account.'),
});
type Settings = z.output<typeof settings>;

interface State {
  /** Event time of the latest success; 0 when none was seen. */
  last: number;
}

const DAY_MS = 86_400_000;
const NONE: readonly Signal[] = Object.freeze([]);

export const dormantAccount = defineDetector<Settings, State>({
  name: 'dormant-account',
  version: 1,
  title: { zh: '休眠账号恢复活动', en: 'Dormant account acts again' },
  what: {
    zh: '账号 60 天（承建商 45 天、特权账号 30 天）没有任何成功操作后再次成功登录或操作。平台观察时间已够长时，早已开户却从未出现过的账号也算。',
    en: 'An account succeeds again after 60 days (vendors 45, privileged accounts 30) without any success. Once the platform has watched long enough, an account that was opened long ago and never seen counts too.',
  },
  watches: (event) => event.outcome === 'success' && event.actor !== '' && event.action !== 'sign-out',
  techniques: [attack('T1078')],
  cites: [classifiedProtection('8.1.4.2')],
  knownGaps: [
    {
      zh: '只看得到已接入日志源的活动：在未接入系统上一直使用的账号会被视为休眠；长假、长期病休后归来也会报。',
      en: 'Only activity in connected sources is known: an account used elsewhere all the time looks dormant, and so does one after a long leave.',
    },
    {
      zh: '从未见过的账号，须登记了开户时间，且平台已观察满 85 天，才会判断；新接入的日志源带来的老账号会显得从未使用。',
      en: 'An account never seen before is judged only when the registry has its opening date and the platform has watched for 85 days; old accounts of a source that was connected only now look unused.',
    },
  ],
  settings,
  subject: actor,
  start: () => ({ last: 0 }),
  step(state, event, context) {
    const since = state.last;
    // A clock that runs ahead must not make the account look used in the future.
    if (event.time > since && event.time <= event.ingestTime + MAX_AHEAD_MS) state.last = event.time;
    if (since > 0 && event.time - since < DAY_MS) return NONE;
    const limit = limitFor(event, context.settings);
    const idleSince = since > 0 ? since : unseenSince(event, limit, context);
    return idleSince > 0 && event.time - idleSince >= limit * DAY_MS
      ? [signal(event, idleSince, since === 0, limit, context)]
      : NONE;
  },
  forgetAfterMs: 400 * DAY_MS,
  example: sentence(
    { zh: '云栈科技 yz_liu', en: 'yz_liu of Cloudstack Technologies' },
    { days: 71, limit: 45, since: '2026-09-10 16:20', never: false },
  ),
});

function limitFor({ privileged, vendor }: Event, limits: Settings): number {
  const byKind = vendor === '' ? limits.idleDays : limits.vendorIdleDays;
  return privileged ? Math.min(byKind, limits.privilegedIdleDays) : byKind;
}

/** From when an account that was never seen is known to have been idle; 0 when that can not be told. */
function unseenSince(event: Event, limit: number, { settings, registry, baseline }: StepContext<Settings>): number {
  const opened = registry.account(event.account, event.system, event.time)?.openedAt ?? 0;
  const { days, spanDays } = baseline.observedDays(event.time);
  if (opened === 0 || spanDays < Math.max(limit, settings.watchedDays) || days < limit / 3) return 0;
  return Math.max(opened, event.time - spanDays * DAY_MS);
}

function signal(
  event: Event,
  idleSince: number,
  never: boolean,
  limit: number,
  context: StepContext<Settings>,
): Signal {
  const { settings, registry } = context;
  const days = Math.floor((event.time - idleSince) / DAY_MS);
  const facts = { days, limit, since: localMoment(idleSince, event.department, registry), never };
  return signalAt(event, {
    score: scoreAt(event, event.privileged ? settings.privilegedBase : settings.base, registry),
    observed: days,
    threshold: limit,
    unit: 'days idle',
    windowMs: limit * DAY_MS,
    baseline: 'self',
    explanation: sentence(actorNamed(event, registry), facts),
  });
}

interface Facts {
  days: number;
  limit: number;
  since: string;
  never: boolean;
}

function sentence(who: Bilingual, { days, limit, since, never }: Facts): Bilingual {
  return never
    ? {
        zh: `${who.zh} 首次成功活动：该账号早已开户，但平台观察的至少 ${days} 天内从未成功操作（阈值 ${limit} 天）。`,
        en: `${who.en} succeeded for the first time: the account was opened long ago and not used in at least ${counted(days, 'day')} that the platform has watched (threshold ${limit}).`,
      }
    : {
        zh: `${who.zh} 休眠 ${days} 天后再次成功活动（上次为 ${since}，阈值 ${limit} 天）。`,
        en: `${who.en} succeeded again after ${counted(days, 'day')} of silence (last at ${since}, threshold ${limit}).`,
      };
}
