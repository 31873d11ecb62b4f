import { z } from 'zod';
import { liesIn } from '../src/detection/address-ranges.ts';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { HIGH, scoreAt } from '../src/detection/event-score.ts';
import { localDay } from '../src/detection/local-day.ts';
import { attack, networkDataRegulation } from '../src/detection/references.ts';
import { signalAt } from '../src/detection/signal.ts';
import { actor, networkOf } from '../src/detection/subjects.ts';
import { actorNamed } from '../src/detection/wording.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const settings = z.strictObject({
  unseenDays: z
    .number()
    .int()
    .min(1)
    .max(365)
    .default(60)
    .describe('A network or device not used for so long is new, days.'),
  warmUpDays: z
    .number()
    .int()
    .min(0)
    .default(14)
    .describe('Nothing is new for so long after the account was first seen, days.'),
  base: z.number().min(0).max(100).default(45).describe('Base score of a new network or device.'),
  violationBase: z
    .number()
    .min(0)
    .max(100)
    .default(60)
    .describe('Base score outside the approved networks; at least high.'),
});
type Settings = z.output<typeof settings>;

interface State {
  /** Local day of the first sign-in that was seen. */
  since: number;
  /** Last local day by network (`n` + it) and device (`d` + it). */
  seen: Record<string, number>;
}

const MAX_SEEN = 256;
const DAY_MS = 86_400_000;
const NONE: readonly Signal[] = Object.freeze([]);

export const newNetworkOrDevice = defineDetector<Settings, State>({
  name: 'new-network-or-device',
  version: 1,
  title: { zh: '陌生网络或设备', en: 'New network or device' },
  what: {
    zh: '承建商或特权账号从合同批准的网络之外登录（立即报，高危），或从 60 天内未用过的网段（/24、IPv6 /64）、设备登录（中危）。',
    en: 'An account of a vendor, or a privileged one, signs in from outside the networks that its contract approves (at once, high), or from a network (/24, IPv6 /64) or device that it has not used for 60 days (medium).',
  },
  watches: (event) =>
    (event.vendor !== '' || event.privileged) &&
    event.outcome === 'success' &&
    event.clientAddress !== '' &&
    (event.action === 'sign-in' || event.action === 'connect' || event.action === 'maintain') &&
    event.actor !== '',
  techniques: [attack('T1133')],
  cites: [networkDataRegulation('15')],
  knownGaps: [
    {
      zh: '经堡垒机、VPN、NAT 登录时只看得到其出口地址。合同未写明批准网络时只按是否见过判断。',
      en: 'Behind a bastion, VPN or NAT only its own address is seen. Without approved networks in the contract only novelty is judged.',
    },
    {
      zh: '首次见到账号后的 14 天内不报陌生网络；普通办公账号不判断。',
      en: 'Silent about new networks for 14 days after the account was first seen; ordinary office accounts are not judged.',
    },
  ],
  settings,
  subject: actor,
  start: () => ({ since: Infinity, seen: {} }),
  step(state, event, context) {
    const { settings, registry } = context;
    const day = localDay(event.time, event.department, registry);
    state.since = Math.min(state.since, day);
    const network = networkOf(event.clientAddress) || event.clientAddress;
    const isNewNetwork = note(state, `n${network}`, day, settings.unseenDays);
    const isNewDevice = event.device !== '' && note(state, `d${event.device}`, day, settings.unseenDays);
    const approved = approvedFor(event, context);
    if (approved.length > 0 && !approved.some((ranges) => liesIn(event.clientAddress, ranges)))
      return [signal(event, 'violation', context)];
    if (day < state.since + settings.warmUpDays) return NONE;
    // What is approved by name is no surprise; a device is.
    if (isNewNetwork && approved.length === 0) return [signal(event, 'network', context)];
    return isNewDevice ? [signal(event, 'device', context)] : NONE;
  },
  forgetAfterMs: 91 * DAY_MS,
  example: sentence(
    { zh: '云栈科技 yz_liu', en: 'yz_liu of Cloudstack Technologies' },
    { kind: 'violation', where: '203.0.113.7', contract: 'HT-2025-017', days: 60 },
  ),
});

/** Notes the day of use. @returns whether it is new; with too many names those used longest ago go. */
function note({ seen }: State, name: string, day: number, unseenDays: number): boolean {
  const last = seen[name];
  if (last === undefined && Object.keys(seen).length >= MAX_SEEN) {
    const oldest = Object.keys(seen).reduce((a, b) => (seen[b]! < seen[a]! ? b : a));
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
    delete seen[oldest];
  }
  seen[name] = Math.max(last ?? day, day);
  return last === undefined || last < day - unseenDays;
}

/** Approved networks of the vendor's contracts in force; a contract that approves none by name leaves all open. */
function approvedFor(event: Event, { registry }: StepContext<Settings>): (readonly string[])[] {
  if (event.vendor === '') return [];
  const inForce = registry.contractsOf(event.vendor).filter(({ from, to }) => from <= event.time && event.time < to);
  const lists = inForce.map(({ approvedNetworks }) => approvedNetworks);
  return lists.some((ranges) => ranges.length === 0) ? [] : lists;
}

type Kind = 'violation' | 'network' | 'device';

function signal(event: Event, kind: Kind, { settings, registry }: StepContext<Settings>): Signal {
  const score = scoreAt(event, kind === 'violation' ? settings.violationBase : settings.base, registry);
  const where = kind === 'device' ? event.device : event.clientAddress;
  return signalAt(event, {
    score: kind === 'violation' ? Math.max(HIGH, score) : score,
    asset: '',
    observed: 1,
    threshold: kind === 'violation' ? 1 : settings.unseenDays,
    unit: kind === 'violation' ? 'sign-ins outside the approved networks' : 'days unseen',
    windowMs: kind === 'violation' ? 0 : settings.unseenDays * DAY_MS,
    baseline: kind === 'violation' ? 'none' : 'self',
    explanation: sentence(actorNamed(event, registry), {
      kind,
      where,
      contract: event.contract,
      days: settings.unseenDays,
    }),
    groupKey: `${event.actor}\u001f${kind}\u001f${where}`,
  });
}

function sentence(
  who: Bilingual,
  { kind, where, contract, days }: { kind: Kind; where: string; contract: string; days: number },
): Bilingual {
  if (kind === 'violation') {
    const by =
      contract === '' ? { zh: '合同', en: 'its contract' } : { zh: `合同 ${contract} `, en: `contract ${contract}` };
    return {
      zh: `${who.zh} 从 ${where} 登录，不在${by.zh}批准的网络之内。`,
      en: `${who.en} signed in from ${where}, which is outside the networks that ${by.en} approves.`,
    };
  }
  const [zh, en] = kind === 'network' ? ['网络', 'network'] : ['设备', 'device'];
  return {
    zh: `${who.zh} 从近 ${days} 天未用过的${zh}（${where}）登录。`,
    en: `${who.en} signed in from a ${en} (${where}) that it had not used in ${days} days.`,
  };
}
