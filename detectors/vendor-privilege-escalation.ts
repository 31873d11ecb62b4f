import { z } from 'zod';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { CRITICAL, scoreAt } from '../src/detection/event-score.ts';
import { powerfulRight } from '../src/detection/granted-right.ts';
import { localMoment } from '../src/detection/local-day.ts';
import { attack, classifiedProtection } from '../src/detection/references.ts';
import { signalAt } from '../src/detection/signal.ts';
import { changedAccount } from '../src/detection/subjects.ts';
import { actorNamed, duration } from '../src/detection/wording.ts';
import { ordersFor } from '../src/detection/work-orders.ts';
import { loginOf } from '../src/event/login.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const settings = z.strictObject({
  keptMs: z
    .number()
    .int()
    .min(0)
    .default(28_800_000)
    .describe('A right that a vendor keeps so long past its work order is a finding, ms.'),
  base: z
    .number()
    .min(0)
    .max(100)
    .default(65)
    .describe('Base score of a right given to a vendor or by one to a colleague.'),
  keptBase: z.number().min(0).max(100).default(50).describe('Base score of a right kept past the work order.'),
});
type Settings = z.output<typeof settings>;

interface State {
  /** A right given under a work order: when the order ends, and by which event; 0 when there is none. */
  until: number;
  order: string;
  right: string;
  id: string;
  keptMs: number;
}

const NONE: readonly Signal[] = Object.freeze([]);

export const vendorPrivilegeEscalation = defineDetector<Settings, State>({
  name: 'vendor-privilege-escalation',
  version: 1,
  title: { zh: '承建商权限提升', en: 'Vendor gains rights' },
  what: {
    zh: '承建商账号获得管理员、DBA 或审计权限而无工单，或承建商账号给自己（严重）、给同事授权；按工单授予的权限在工单结束 8 小时后仍未收回也报。',
    en: 'An account of a vendor gets an administrator’s, DBA’s or auditor’s right without a work order, or a vendor’s account gives rights to itself (critical) or to a colleague; a right given under a work order and not taken back 8 hours after its end counts too.',
  },
  watches: (event) =>
    event.target !== '' &&
    event.outcome !== 'failure' &&
    (event.action === 'grant' || event.action === 'revoke' || event.action === 'account-delete'),
  techniques: [attack('T1098')],
  cites: [classifiedProtection('8.1.4.2')],
  knownGaps: [
    {
      zh: '权限是否属管理员、DBA、审计类，按日志中的角色、组名或语句文字判断；自定义名称的角色不识别。',
      en: 'Whether a right is an administrator’s, DBA’s or auditor’s is told by the words of role, group or statement; roles with names of their own are not recognized.',
    },
    {
      zh: '被授权账号须能在登记簿中按登录名找到；收回权限须有日志。',
      en: 'The account must be found in the registry by its login; that a right was taken back must show in a log.',
    },
  ],
  settings,
  subject: changedAccount,
  start: () => ({ until: 0, order: '', right: '', id: '', keptMs: 0 }),
  step(state, event, context) {
    if (event.action !== 'grant') {
      state.until = 0;
      return NONE;
    }
    const target = context.registry.account(event.target, event.system, event.time);
    const vendor = target?.vendor ?? '';
    const isSelf = isSelfGrant(event, target);
    const right = powerfulRight(event);
    const isColleague = event.vendor !== '' && vendor === event.vendor;
    if (!isSelf && !isColleague && (vendor === '' || right === '')) return NONE;
    if (event.vendor !== '' && (isSelf || isColleague))
      return [signal(event, isSelf ? 'self' : 'colleague', right, context)];
    if (vendor === '') return NONE;
    const about = { ...event, vendor, person: target?.person ?? '', asset: '' };
    const order = ordersFor(about, context.registry).find(({ id }) => event.workOrder === '' || id === event.workOrder);
    if (order === undefined) return [signal(event, 'given', right, context)];
    Object.assign(state, { until: order.to, order: order.id, right, id: event.id, keptMs: context.settings.keptMs });
    return NONE;
  },
  wakeAt: ({ until, keptMs }) => (until === 0 ? Infinity : until + keptMs),
  due(state, moment, context) {
    const found = kept(state, moment, context);
    state.until = 0;
    return [found];
  },
  forgetAfterMs: 90 * 86_400_000,
  example: sentence({ zh: '云栈科技 yz_liu', en: 'yz_liu of Cloudstack Technologies' }, 'yz_liu', 'self', 'dba'),
});

function isSelfGrant(event: Event, target: { id: string; person: string } | undefined): boolean {
  if (loginOf(event.target) === loginOf(event.account)) return event.account !== '';
  return (
    target !== undefined && (target.id === event.actor || (target.person !== '' && target.person === event.person))
  );
}

type Kind = 'self' | 'colleague' | 'given';

function signal(event: Event, kind: Kind, right: string, { settings, registry }: StepContext<Settings>): Signal {
  const score = scoreAt(kind === 'given' ? { ...event, vendor: 'given' } : event, settings.base, registry);
  return signalAt(event, {
    score: kind === 'self' ? Math.max(CRITICAL, score) : score,
    asset: '',
    observed: 1,
    threshold: 1,
    unit: 'rights',
    explanation: sentence(actorNamed(event, registry), event.target, kind, right),
    groupKey: `${event.system}\u001f${loginOf(event.target)}\u001f${kind}`,
  });
}

function kept(state: State, moment: Event, { settings, registry }: StepContext<Settings>): Signal {
  const ended = localMoment(state.until, '', registry);
  const span = duration(settings.keptMs);
  const right =
    state.right === '' ? { zh: '权限', en: 'a right' } : { zh: `${state.right} 权限`, en: `the right ${state.right}` };
  return signalAt(moment, {
    score: scoreAt({ ...moment, vendor: 'kept' }, settings.keptBase, registry),
    observed: settings.keptMs / 3_600_000,
    threshold: settings.keptMs / 3_600_000,
    unit: 'hours past the work order',
    windowMs: settings.keptMs,
    explanation: {
      zh: `承建商账号 ${moment.target} 按工单 ${state.order} 获得的${right.zh}，在工单于 ${ended} 结束 ${span.zh}后仍未收回。`,
      en: `The vendor's account ${moment.target} still has ${right.en}, given under work order ${state.order}, ${span.en} after its end at ${ended}.`,
    },
    eventIds: [state.id],
    groupKey: `${moment.system}\u001f${moment.target}\u001fkept\u001f${state.order}`,
  });
}

function sentence(who: Bilingual, target: string, kind: Kind, right: string): Bilingual {
  const what = right === '' ? { zh: '权限', en: 'a right' } : { zh: `「${right}」权限`, en: `the right "${right}"` };
  switch (kind) {
    case 'self':
      return {
        zh: `${who.zh} 给自己（${target}）授予了${what.zh}。`,
        en: `${who.en} gave itself (${target}) ${what.en}.`,
      };
    case 'colleague':
      return {
        zh: `${who.zh} 给同一承建商的账号 ${target} 授予了${what.zh}。`,
        en: `${who.en} gave ${target}, an account of the same vendor, ${what.en}.`,
      };
    case 'given':
      return {
        zh: `${who.zh} 给承建商账号 ${target} 授予了${what.zh}，而没有有效工单。`,
        en: `${who.en} gave ${target}, an account of a vendor, ${what.en} without an open work order.`,
      };
  }
}
