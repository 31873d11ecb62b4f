import { z } from 'zod';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { scoreAt } from '../src/detection/event-score.ts';
import { localDay, localMoment } from '../src/detection/local-day.ts';
import { attack, dataSecurityLaw } from '../src/detection/references.ts';
import { signalAt } from '../src/detection/signal.ts';
import { actor } from '../src/detection/subjects.ts';
import { actorNamed, duration } from '../src/detection/wording.ts';
import { isOrderFor, isPrivilegedAct, ordersFor } from '../src/detection/work-orders.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const settings = z.strictObject({
  slackMs: z
    .number()
    .int()
    .min(0)
    .max(86_400_000)
    .default(1_800_000)
    .describe('Tolerance before and after the window of a work order, ms.'),
  overrunMs: z
    .number()
    .int()
    .min(0)
    .default(86_400_000)
    .describe('Work so long after or before a window counts as outside it, later as without a work order, ms.'),
  missingBase: z.number().min(0).max(100).default(60).describe('Base score without a work order.'),
  overrunBase: z.number().min(0).max(100).default(40).describe('Base score outside the window.'),
});
type Settings = z.output<typeof settings>;

const NONE: readonly Signal[] = Object.freeze([]);

export const vendorOutsideWindow = defineDetector<Settings, Record<string, never>>({
  name: 'vendor-outside-window',
  version: 1,
  title: { zh: '无工单或超时段运维', en: 'Maintenance without or outside a work order' },
  what: {
    zh: '承建商、服务商账号进行维护、命令、配置、授权等特权操作，而没有适用于其人员和系统的有效工单（立即报），或超出工单时段 30 分钟以上（中危）。',
    en: 'An account of a vendor does privileged work (maintenance, commands, configuration, rights) without an open work order for its person and system (at once), or more than 30 minutes outside the order’s window (medium).',
  },
  watches: (event) => event.vendor !== '' && event.actor !== '' && isPrivilegedAct(event),
  techniques: [attack('T1133')],
  cites: [dataSecurityLaw('40')],
  knownGaps: [
    {
      zh: '该承建商尚未登记任何工单时不判断。',
      en: 'A vendor without any work order on record is not judged.',
    },
    {
      zh: '紧急抢修若事后补单，补录前会被报；按工单写明的人员和系统判断，未写明的视为全部。',
      en: 'An emergency repair is flagged until its order is entered; an order that names no persons or systems counts for all.',
    },
  ],
  settings,
  subject: actor,
  start: () => ({}),
  step(_state, event, context) {
    const { settings, registry } = context;
    const all = registry.workOrdersOf(event.vendor);
    if (all.length === 0) return NONE;
    const act = { ...event, asset: '' };
    if (ordersFor(act, registry, settings.slackMs).length > 0) return NONE;
    const near = all.filter((order) => isOrderFor(order, act) && distance(order, event.time) <= settings.overrunMs);
    near.sort((a, b) => distance(a, event.time) - distance(b, event.time));
    return [signal(event, near[0], context)];
  },
  forgetAfterMs: 3_600_000,
  example: sentence(
    { zh: '云栈科技 yz_liu', en: 'yz_liu of Cloudstack Technologies' },
    { zh: '「救助系统」', en: '"Aid system"' },
    { order: 'GD-2026-117', away: { zh: '75 分钟', en: '75 minutes' }, isAfter: true, edge: '2026-11-20 18:00' },
  ),
});

type Order = ReturnType<typeof ordersFor>[number];

/** Ms from the order's window; 0 inside. */
function distance({ from, to }: Order, at: number): number {
  return at < from ? from - at : Math.max(0, at - to);
}

function signal(event: Event, order: Order | undefined, { settings, registry }: StepContext<Settings>): Signal {
  const known = registry.system(event.system, event.time)?.name;
  const name = known ?? { zh: event.system || event.host, en: event.system || event.host };
  const where = name.en === '' ? { zh: '平台', en: 'the platform' } : { zh: `「${name.zh}」`, en: `"${name.en}"` };
  const isAfter = order !== undefined && event.time >= order.to;
  const awayMs = order === undefined ? 0 : distance(order, event.time);
  const facts = order && {
    order: order.id,
    away: duration(awayMs),
    isAfter,
    edge: localMoment(isAfter ? order.to : order.from, event.department, registry),
  };
  return signalAt(event, {
    score: scoreAt(event, order === undefined ? settings.missingBase : settings.overrunBase, registry),
    observed: order === undefined ? 0 : Math.round(awayMs / 60_000),
    expected: order === undefined ? 1 : 0,
    threshold: order === undefined ? 1 : settings.slackMs / 60_000,
    unit: order === undefined ? 'open work orders' : 'minutes outside the window',
    explanation: sentence(actorNamed(event, registry), where, facts),
    groupKey: `${event.actor}\u001f${event.system}\u001f${order?.id ?? ''}\u001f${localDay(event.time, event.department, registry)}`,
  });
}

interface Overrun {
  order: string;
  away: Bilingual;
  isAfter: boolean;
  edge: string;
}

function sentence(who: Bilingual, where: Bilingual, overrun: Overrun | undefined): Bilingual {
  if (overrun === undefined)
    return {
      zh: `${who.zh} 在${where.zh}上进行特权操作，而没有适用的有效工单。`,
      en: `${who.en} did privileged work on ${where.en} without an open work order for it.`,
    };
  const { order, away, isAfter, edge } = overrun;
  const side = isAfter
    ? { zh: `结束（${edge}）之后`, en: `after the end (${edge})` }
    : { zh: `开始（${edge}）之前`, en: `before the begin (${edge})` };
  return {
    zh: `${who.zh} 在${where.zh}上进行特权操作，时间在工单 ${order} ${side.zh} ${away.zh}。`,
    en: `${who.en} did privileged work on ${where.en}, ${away.en} ${side.en} of work order ${order}.`,
  };
}
