import { z } from 'zod';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { localDay, localMoment, zoneName } from '../src/detection/local-day.ts';
import { attack, dataSecurityLaw, personalInformationLaw } from '../src/detection/references.ts';
import { weightedScore } from '../src/detection/score.ts';
import { signalAt } from '../src/detection/signal.ts';
import { actor } from '../src/detection/subjects.ts';
import { actorNamed, assetNamed, duration } from '../src/detection/wording.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const settings = z.strictObject({
  graceMs: z.number().int().min(0).default(0).describe('Tolerance after the end of a contract or assignment, ms.'),
  base: z.number().min(0).max(100).default(75).describe('Base score.'),
  attemptBase: z.number().min(0).max(100).default(55).describe('Base score of an attempt that was refused.'),
  businessPlaneScore: z
    .number()
    .min(0)
    .max(100)
    .default(85)
    .describe('Lowest score of what succeeded on the business plane.'),
});
type Settings = z.output<typeof settings>;
type Registry = StepContext<Settings>['registry'];
type Contract = ReturnType<Registry['contractsOf']>[number];

/** What ended, and when: the first moment after it. */
interface Ended {
  kind: 'contract' | 'assignment' | 'account';
  /** '' for an account. */
  contract: string;
  at: number;
}

const DAY_MS = 86_400_000;
const NONE: readonly Signal[] = Object.freeze([]);

/** How acts are called: in Chinese, in English after "tried to", and in English as done. */
const ACTS = new Map<string, readonly [zh: string, to: string, done: string]>([
  ['sign-in', ['登录', 'sign in to', 'signed in to']],
  ['connect', ['连接', 'connect to', 'connected to']],
  ['query', ['查询', 'query', 'queried']],
  ['read', ['读取', 'read', 'read']],
  ['export', ['导出', 'export', 'exported']],
]);

export const vendorAfterContract = defineDetector<Settings, Record<string, never>>({
  name: 'vendor-after-contract',
  version: 2,
  title: { zh: '承建商合同到期后仍活动', en: 'Vendor active after the contract' },
  what: {
    zh: '承建商、服务商账号在合同结束后，或其人员离开合同名单、账号关闭后，仍有登录、密钥或令牌使用、查询等任何活动。活动所在系统已知时，只看涉及该系统的合同；续签合同的空档期也算。',
    en: 'An account of a vendor acts in any way (sign-in, key, token, query) after the contract ended, after the person left its roster, or after the account was closed. Where the system is known only the contracts that name it count; a gap before a renewal counts too.',
  },
  watches: (event) => event.vendor !== '' && event.actor !== '' && isActivity(event),
  techniques: [attack('T1078'), attack('T1199')],
  cites: [dataSecurityLaw('40'), personalInformationLaw('21')],
  knownGaps: [
    {
      zh: '登记簿中没有任何合同的承建商、合同开始之前的活动、合同未列出的系统、名单中从未出现的人员不在此报告。',
      en: 'Vendors without any contract in the registry, activity before a contract begins, systems that no contract names, and persons who never were on a roster are not reported here.',
    },
    {
      zh: '系统未知的活动，只要该承建商还有任何有效合同就不报。',
      en: 'Activity on an unknown system is not reported while any contract of the vendor is in force.',
    },
    {
      zh: '只认得登记为承建商的账号；借用本单位人员账号的活动发现不了。',
      en: 'Only accounts that are registered as the vendor’s are known; activity under somebody else’s account is not found.',
    },
  ],
  settings,
  subject: actor,
  start: () => ({}),
  step(_state, event, context) {
    const ended = endOf(event, context);
    return ended && event.time >= ended.at + context.settings.graceMs ? [signal(event, ended, context)] : NONE;
  },
  forgetAfterMs: 3_600_000,
  example: sentence(
    { zh: '云栈科技 yz_liu', en: 'yz_liu of Cloudstack Technologies' },
    { zh: '「低保对象信息」（重要数据）', en: '"Subsistence allowance recipients" (important data)' },
    {
      kind: 'contract',
      contract: 'HT-2025-017',
      ended: '2026-10-31 23:59 UTC+8',
      afterMs: 20 * DAY_MS,
      act: 'query',
      refused: false,
    },
  ),
});

/** Anything but the end of a session, and lines that only stand beside an act and do not say how it ended. */
function isActivity({ action, outcome, asset }: Event): boolean {
  return action === '' ? outcome !== '' || asset !== '' : action !== 'sign-out';
}

/** What of the actor's right to be here has ended at the event's time; undefined when it still holds or is not known. */
function endOf(event: Event, { registry }: StepContext<Settings>): Ended | undefined {
  const ended = endOfContract(event, registry);
  if (ended !== undefined) return ended;
  const closed = registry.account(event.account, event.system, event.time)?.validTo ?? Infinity;
  return closed <= event.time ? { kind: 'account', contract: '', at: closed } : undefined;
}

function endOfContract(event: Event, registry: Registry): Ended | undefined {
  const all = registry.contractsOf(event.vendor);
  if (all.length === 0) return undefined;
  const system = event.system === '' ? undefined : registry.system(event.system, event.time)?.id;
  const naming =
    system === undefined ? all : all.filter((one) => one.systems.length === 0 || one.systems.includes(system));
  const relevant = naming.length > 0 ? naming : all;
  const inForce = relevant.filter(({ from, to }) => from <= event.time && event.time < to);
  if (inForce.length > 0) return endOfAssignment(event, relevant, inForce);
  return latest(
    relevant.map(({ id, to }): Ended => ({ kind: 'contract', contract: id, at: to })),
    event.time,
  );
}

/** A person counts as gone when every assignment has ended and no contract in force leaves its roster open. */
function endOfAssignment({ person, time }: Event, relevant: readonly Contract[], inForce: readonly Contract[]) {
  if (person === '' || inForce.some(({ roster }) => roster.length === 0)) return undefined;
  const isAssigned = inForce.some(({ roster }) =>
    roster.some((one) => one.person === person && one.from <= time && time < one.to),
  );
  if (isAssigned) return undefined;
  const ends: Ended[] = [];
  for (const { id, to, roster } of relevant)
    for (const one of roster)
      if (one.person === person) ends.push({ kind: 'assignment', contract: id, at: Math.min(one.to, to) });
  return latest(ends, time);
}

/** The one of those already over that ended last. */
function latest(ends: readonly Ended[], time: number): Ended | undefined {
  let last: Ended | undefined;
  for (const ended of ends) if (ended.at <= time && (last === undefined || ended.at > last.at)) last = ended;
  return last;
}

function signal(event: Event, ended: Ended, { settings, registry }: StepContext<Settings>): Signal {
  const refused = event.outcome === 'failure';
  const score = weightedScore(refused ? settings.attemptBase : settings.base, {
    level: event.assetLevel,
    personalInformation: registry.asset(event.asset, event.time)?.personalInformation ?? 'none',
    isVendor: true,
  });
  const afterMs = event.time - ended.at;
  const facts = { ...ended, ended: lastMoment(ended.at, event, registry), afterMs, act: event.action, refused };
  return signalAt(event, {
    score: !refused && event.plane === 'business' ? Math.max(score, settings.businessPlaneScore) : score,
    observed: Math.round((afterMs / DAY_MS) * 10) / 10,
    threshold: settings.graceMs / DAY_MS,
    unit: 'days after the end',
    explanation: sentence(actorNamed(event, registry), whatOf(event, registry), facts),
    groupKey: `${event.actor}\u001f${ended.kind}\u001f${ended.contract}\u001f${localDay(event.time, event.department, registry)}`,
  });
}

/** The last minute of what ended at midnight is easier to read than the first moment of the next day. */
function lastMoment(at: number, event: Event, registry: Registry): string {
  const text = localMoment(at, event.department, registry);
  const last = text.endsWith('00:00') ? localMoment(at - 60_000, event.department, registry) : text;
  return `${last} ${zoneName(at, event.department, registry)}`;
}

/** What was used: the asset, else the system, else the host. */
function whatOf(event: Event, registry: Registry): Bilingual {
  if (event.asset !== '') return assetNamed(event, registry);
  const system = registry.system(event.system, event.time);
  if (system) return { zh: `「${system.name.zh}」`, en: `"${system.name.en}"` };
  const name = event.system === '' ? event.host : event.system;
  return name === '' ? { zh: '平台', en: 'the platform' } : { zh: `「${name}」`, en: `"${name}"` };
}

interface Facts {
  kind: Ended['kind'];
  contract: string;
  ended: string;
  afterMs: number;
  act: string;
  refused: boolean;
}

function sentence(who: Bilingual, what: Bilingual, { kind, contract, ended, afterMs, act, refused }: Facts): Bilingual {
  const over = afterMs < DAY_MS ? duration(wholeUnits(afterMs)) : duration(Math.floor(afterMs / DAY_MS) * DAY_MS);
  const [zh, to, done] = ACTS.get(act) ?? ['使用', 'use', 'used'];
  const did = refused
    ? { zh: `仍尝试${zh}${what.zh}，被拒绝`, en: `still tried to ${to} ${what.en} (refused)` }
    : { zh: `仍${zh}${what.zh}`, en: `still ${done} ${what.en}` };
  const why = {
    contract: { zh: `合同 ${contract} 已于 ${ended} 到期`, en: `contract ${contract} had ended at ${ended}` },
    assignment: {
      zh: `其在合同 ${contract} 中的派驻已于 ${ended} 结束`,
      en: `its assignment under contract ${contract} had ended at ${ended}`,
    },
    account: { zh: `其账号已于 ${ended} 关闭`, en: `its account had been closed at ${ended}` },
  }[kind];
  return {
    zh: `${who.zh} ${did.zh}：${why.zh}，至此已过 ${over.zh}。`,
    en: `${who.en} ${did.en}: ${why.en}, ${over.en} before.`,
  };
}

/** Whole hours, or whole minutes below one. */
function wholeUnits(ms: number): number {
  return ms >= 3_600_000 ? Math.floor(ms / 3_600_000) * 3_600_000 : ms;
}
