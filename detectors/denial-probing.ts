import { z } from 'zod';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { HIGH } from '../src/detection/event-score.ts';
import { localDay } from '../src/detection/local-day.ts';
import { isNews, nothingTold, type Told } from '../src/detection/news.ts';
import { attack, dataSecurityLaw } from '../src/detection/references.ts';
import { weightedScore } from '../src/detection/score.ts';
import { signalAt } from '../src/detection/signal.ts';
import { actor } from '../src/detection/subjects.ts';
import { LATENESS_MS, MAX_IDS } from '../src/detection/windows.ts';
import { actorNamed, counted, duration } from '../src/detection/wording.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const settings = z.strictObject({
  windowMs: z.number().int().min(1000).max(86_400_000).default(900_000).describe('Window, ms.'),
  assetsAtLeast: z
    .number()
    .int()
    .min(2)
    .default(8)
    .describe('Distinct refused assets in the window that are a finding.'),
  denialsAtLeast: z.number().int().min(2).default(20).describe('Refusals in the window that are a finding …'),
  shareAtLeast: z.number().min(0).max(1).default(0.5).describe('… when they are so large a part of all attempts.'),
  successWithinMs: z
    .number()
    .int()
    .min(0)
    .max(86_400_000)
    .default(1_800_000)
    .describe('A success on a refused asset this soon after means that a door was found, ms.'),
  base: z.number().min(0).max(100).default(50).describe('Base score; at least high when a door was found.'),
});
type Settings = z.output<typeof settings>;

interface Attempt {
  time: number;
  asset: string;
  denied: boolean;
  id: string;
}

interface State {
  /** Nothing is kept before the first refusal. */
  attempts: Attempt[] | null;
  told: Told | null;
}

const MAX_ATTEMPTS = 256;
const NONE: readonly Signal[] = Object.freeze([]);

export const denialProbing = defineDetector<Settings, State>({
  name: 'denial-probing',
  version: 1,
  title: { zh: '反复试探越权访问', en: 'Trying doors' },
  what: {
    zh: '账号 15 分钟内对 8 个以上数据资产的访问被拒绝，或被拒绝 20 次以上且占其全部访问的一半以上；随后在被拒绝过的资产上访问成功为高危。',
    en: 'An account is refused on 8 or more assets within 15 minutes, or 20 times or more while that is half of its attempts; high when it then succeeds on an asset that had refused it.',
  },
  watches: (event) => event.asset !== '' && event.actor !== '' && event.outcome !== '' && event.classUid !== 3002,
  techniques: [attack('T1083'), attack('T1078')],
  cites: [dataSecurityLaw('27')],
  knownGaps: [
    {
      zh: '接口报错与拒绝访问在只有状态码的日志里无法区分：反复调用失效接口的程序也可能被报。',
      en: 'Where a log has only status codes, an error and a refusal look alike: a program that keeps calling a broken interface may be flagged.',
    },
    {
      zh: '比每 15 分钟 8 个资产更慢的试探不会被发现；窗口内最多记 256 次访问。',
      en: 'Trying more slowly than 8 assets in 15 minutes is not found; at most 256 attempts are kept in a window.',
    },
  ],
  settings,
  subject: actor,
  start: () => ({ attempts: null, told: null }),
  step(state, event, context) {
    const denied = event.outcome === 'failure';
    if (state.attempts === null && !denied) return NONE;
    const attempts = remember(state, event, denied, context.settings);
    if (attempts.length < context.settings.assetsAtLeast) return NONE;
    return denied ? afterDenial(state, attempts, event, context) : afterSuccess(attempts, event, context);
  },
  forgetAfterMs: 7_200_000,
  example: sentence(
    { zh: '云栈科技 yz_liu', en: 'yz_liu of Cloudstack Technologies' },
    { denials: 14, assets: 11, attempts: 16, windowMs: 900_000, opened: '' },
    settings.parse({}),
  ),
});

/** Attempts in order of event time; an actor whose last refusal has gone out of reach keeps nothing. */
function remember(state: State, event: Event, denied: boolean, { windowMs, successWithinMs }: Settings): Attempt[] {
  const known = state.attempts ?? [];
  const newest = known.length === 0 ? event.time : Math.max(event.time, known[known.length - 1]!.time);
  const from = newest - windowMs - Math.max(successWithinMs, LATENESS_MS);
  const kept = known.filter(({ time }) => time > from);
  kept.push({ time: event.time, asset: event.asset, denied, id: event.id });
  kept.sort((a, b) => a.time - b.time);
  const attempts = kept.slice(-MAX_ATTEMPTS);
  state.attempts = attempts.some((one) => one.denied) ? attempts : null;
  return attempts;
}

interface Probing {
  denials: Attempt[];
  assets: number;
  attempts: number;
}

/** What was tried in the window that ends at `end`, if it is a finding. */
function probingAt(attempts: readonly Attempt[], end: number, settings: Settings): Probing | undefined {
  const inside = attempts.filter(({ time }) => time > end - settings.windowMs && time <= end);
  const denials = inside.filter(({ denied }) => denied);
  const assets = new Set(denials.map(({ asset }) => asset)).size;
  const isMany = denials.length >= settings.denialsAtLeast && denials.length >= settings.shareAtLeast * inside.length;
  return assets >= settings.assetsAtLeast || isMany ? { denials, assets, attempts: inside.length } : undefined;
}

function afterDenial(state: State, attempts: Attempt[], event: Event, context: StepContext<Settings>) {
  let worst: Probing | undefined;
  for (const { time } of attempts) {
    if (time < event.time || time >= event.time + context.settings.windowMs) continue;
    const probing = probingAt(attempts, time, context.settings);
    if (probing && (!worst || probing.denials.length >= worst.denials.length)) worst = probing;
  }
  if (!worst) return NONE;
  const day = localDay(event.time, event.department, context.registry);
  if (!isNews((state.told ??= nothingTold()), day, worst.denials.length, event.time)) return NONE;
  return [signal(worst, event, '', context)];
}

function afterSuccess(attempts: Attempt[], event: Event, context: StepContext<Settings>): readonly Signal[] {
  const { successWithinMs } = context.settings;
  const refused = attempts.filter(({ denied, time }) => denied && time <= event.time);
  if (!refused.some(({ asset }) => asset === event.asset)) return NONE;
  for (let i = refused.length - 1; i >= 0 && refused[i]!.time >= event.time - successWithinMs; i--) {
    const probing = probingAt(attempts, refused[i]!.time, context.settings);
    if (probing) return [signal(probing, event, event.asset, context)];
  }
  return NONE;
}

function signal(probing: Probing, event: Event, opened: string, { settings, registry }: StepContext<Settings>): Signal {
  const { denials, assets, attempts } = probing;
  const score = weightedScore(settings.base, {
    level: opened === '' ? '' : event.assetLevel,
    isVendor: event.vendor !== '',
  });
  const byAssets = assets >= settings.assetsAtLeast;
  const facts = { denials: denials.length, assets, attempts, windowMs: settings.windowMs, opened };
  const ids = denials.map(({ id }) => id).filter((id) => id !== event.id);
  return signalAt(event, {
    score: opened === '' ? score : Math.max(HIGH, score),
    asset: '',
    observed: byAssets ? assets : denials.length,
    threshold: byAssets ? settings.assetsAtLeast : settings.denialsAtLeast,
    unit: byAssets ? 'assets' : 'refusals',
    windowMs: settings.windowMs,
    explanation: sentence(actorNamed(event, registry), facts, settings),
    eventIds: [...ids.slice(1 - MAX_IDS), event.id],
  });
}

interface Facts {
  denials: number;
  assets: number;
  attempts: number;
  windowMs: number;
  opened: string;
}

function sentence(who: Bilingual, facts: Facts, { assetsAtLeast, denialsAtLeast }: Settings): Bilingual {
  const span = duration(facts.windowMs);
  const { denials, assets, attempts, opened } = facts;
  const then =
    opened === ''
      ? { zh: '', en: '' }
      : {
          zh: `，随后在曾被拒绝的「${opened}」上访问成功`,
          en: `, then succeeded on "${opened}", which had refused it`,
        };
  return {
    zh: `${who.zh} 在 ${span.zh}内 ${attempts} 次访问中被拒绝 ${denials} 次，涉及 ${assets} 个数据资产（阈值 ${assetsAtLeast} 个资产或 ${denialsAtLeast} 次）${then.zh}。`,
    en: `${who.en} was refused ${counted(denials, 'time')} in ${counted(attempts, 'attempt')} on ${counted(assets, 'asset')} within ${span.en} (threshold ${assetsAtLeast} assets or ${denialsAtLeast} refusals)${then.en}.`,
  };
}
