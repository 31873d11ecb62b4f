import { z } from 'zod';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { scoreAt } from '../src/detection/event-score.ts';
import { attack, networkDataRegulation } from '../src/detection/references.ts';
import { signalAt } from '../src/detection/signal.ts';
import { actor } from '../src/detection/subjects.ts';
import { actorNamed } from '../src/detection/wording.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const settings = z.strictObject({
  base: z.number().min(0).max(100).default(60).describe('Base score.'),
  attemptBase: z.number().min(0).max(100).default(45).describe('Base score of an attempt that was refused.'),
});
type Settings = z.output<typeof settings>;

const NONE: readonly Signal[] = Object.freeze([]);

export const vendorOutOfScope = defineDetector<Settings, Record<string, never>>({
  name: 'vendor-out-of-scope',
  version: 1,
  title: { zh: '承建商超出合同范围', en: 'Vendor outside its contract' },
  what: {
    zh: '承建商、服务商账号在业务平面的系统上活动，而其有效合同均未包含该系统，且该系统不由其建设或运维。',
    en: 'An account of a vendor acts on a system of the business plane that none of its contracts in force names and that it neither built nor runs.',
  },
  watches: (event) =>
    event.vendor !== '' &&
    event.actor !== '' &&
    event.plane === 'business' &&
    event.action !== '' &&
    event.action !== 'sign-out',
  techniques: [attack('T1199')],
  cites: [networkDataRegulation('15')],
  knownGaps: [
    {
      zh: '运维平面的系统（堡垒机、VPN、监控）由各承建商共用，不判断；未登记的系统不判断。',
      en: 'Systems of the operations plane (bastion, VPN, monitoring) are shared by all vendors and not judged, nor are systems that the registry does not know.',
    },
    {
      zh: '没有有效合同的活动由 vendor-after-contract 报告；未列出系统的合同视为包含全部系统。',
      en: 'Activity without any contract in force is reported by vendor-after-contract; a contract that lists no systems covers all.',
    },
  ],
  settings,
  subject: actor,
  start: () => ({}),
  step(_state, event, context) {
    const { registry } = context;
    const inForce = registry.contractsOf(event.vendor).filter(({ from, to }) => from <= event.time && event.time < to);
    const system = registry.system(event.system, event.time);
    if (inForce.length === 0 || system === undefined) return NONE;
    if (system.runBy === event.vendor || system.builtBy === event.vendor) return NONE;
    if (inForce.some(({ systems }) => systems.length === 0 || systems.includes(system.id))) return NONE;
    return [
      signal(
        event,
        system.name,
        inForce.map(({ id }) => id),
        context,
      ),
    ];
  },
  forgetAfterMs: 3_600_000,
  example: sentence(
    { zh: '云栈科技 yz_liu', en: 'yz_liu of Cloudstack Technologies' },
    { zh: '票务系统', en: 'Ticket system' },
    ['HT-2025-017'],
    false,
  ),
});

function signal(
  event: Event,
  system: Bilingual,
  contracts: readonly string[],
  { settings, registry }: StepContext<Settings>,
): Signal {
  const refused = event.outcome === 'failure';
  return signalAt(event, {
    score: scoreAt(event, refused ? settings.attemptBase : settings.base, registry),
    observed: 0,
    expected: 1,
    threshold: 1,
    unit: 'contracts that name the system',
    explanation: sentence(actorNamed(event, registry), system, contracts, refused),
    groupKey: `${event.actor}\u001f${event.system}`,
  });
}

function sentence(who: Bilingual, system: Bilingual, contracts: readonly string[], refused: boolean): Bilingual {
  const ids = contracts.slice(0, 3).join(', ');
  const did = refused ? { zh: '试图使用', en: 'tried to use' } : { zh: '使用了', en: 'used' };
  return {
    zh: `${who.zh} ${did.zh}「${system.zh}」，而其有效合同（${ids}）不包含该系统${refused ? '，被拒绝' : ''}。`,
    en: `${who.en} ${did.en} "${system.en}", which its contracts in force (${ids}) do not name${refused ? ' (refused)' : ''}.`,
  };
}
