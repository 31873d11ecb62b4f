import { z } from 'zod';
import { departmentOf, isWithin, mayHave, partyNamed } from '../src/detection/authorization.ts';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { scoreAt } from '../src/detection/event-score.ts';
import { attack, dataSecurityLaw, networkDataRegulation } from '../src/detection/references.ts';
import { isOutward } from '../src/detection/sharing.ts';
import { signalAt } from '../src/detection/signal.ts';
import { asset } from '../src/detection/subjects.ts';
import { actorNamed, assetNamed } from '../src/detection/wording.ts';
import { LATENESS_MS } from '../src/detection/windows.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const DAY_MS = 86_400_000;

const settings = z.strictObject({
  days: z.number().int().min(1).max(365).default(30).describe('Days after the receipt in which passing on counts.'),
  base: z.number().min(0).max(100).default(65).describe('Base score; times the confidence.'),
  lineageConfidence: z.number().min(0).max(1).default(0.95).describe('Confidence for the same or a derived asset.'),
});
type Settings = z.output<typeof settings>;
type Asset = NonNullable<ReturnType<StepContext<Settings>['registry']['asset']>>;

interface State {
  /** When each party last received data of the asset, and by which event: `$party` → time, id. */
  received: Record<string, { time: number; id: string }>;
  /** What was passed on without a known receipt in the last minutes: the line about the receipt may come late. */
  unexplained: Passed[];
}

/** As much of an event as a finding about it needs. */
type Passed = Pick<
  Event,
  'id' | 'time' | 'actor' | 'account' | 'department' | 'vendor' | 'clientAddress' | 'asset' | 'assetLevel' | 'recipient'
>;

const MAX_PARTIES = 256;
const MAX_UNEXPLAINED = 16;
const NONE: readonly Signal[] = Object.freeze([]);

export const onwardSharing = defineDetector<Settings, State>({
  name: 'onward-sharing',
  version: 2,
  title: { zh: '接收方擅自转送数据', en: 'Recipient passes data on' },
  what: {
    zh: '接收方（非归属部门）在收到后 30 天内，或凭其授权，把同一数据资产、或由其派生的资产转给第三方，而授权并未允许。',
    en: 'A recipient that is not the owner passes the asset, or one derived from it, on to a third party that no grant allows: within 30 days after it received the data, or while it holds a grant.',
  },
  watches: (event) => isOutward(event) && event.assetLevel !== '',
  techniques: [attack('T1048')],
  cites: [networkDataRegulation('12'), dataSecurityLaw('40')],
  knownGaps: [
    {
      zh: '只按同一资产或登记的派生关系匹配；改名复制而未登记派生关系的数据（按列集与行数的指纹匹配）尚不识别。',
      en: 'Matched by the same asset or a registered derivation; a renamed copy without one (a fingerprint of columns and row count) is not recognized yet.',
    },
    {
      zh: '只看日志写明接收方的共享与导出；没有归属部门的资产不判断。',
      en: 'Only sharing and exports whose lines name the recipient are seen; assets without an owner are not judged.',
    },
  ],
  settings,
  subject: asset,
  start: () => ({ received: {}, unexplained: [] }),
  step(state, event, context) {
    const { registry } = context;
    const known = registry.asset(event.asset, event.time);
    if (known === undefined || known.sharing === 'unconditional') return NONE;
    const found = passing(state, known, event, context);
    const party = receive(state, event, context);
    if (state.unexplained.length === 0) return found;
    const waiting = state.unexplained.filter(({ time }) => time >= event.ingestTime - LATENESS_MS);
    const explained = waiting.filter((one) => senderOf(one) === party && one.time >= event.time);
    state.unexplained = waiting.filter((one) => !explained.includes(one));
    return found.concat(explained.flatMap((one) => passing(state, known, { ...event, ...one }, context)));
  },
  forgetAfterMs: 91 * DAY_MS,
  example: sentence(
    { zh: '文旅局 chenjie', en: 'chenjie of Culture and Tourism Bureau' },
    { zh: '「低保对象信息」（重要数据）', en: '"Subsistence allowance recipients" (important data)' },
    {
      owner: { zh: '「民政局」', en: '"Civil Affairs Bureau"' },
      to: { zh: '「交通局」', en: '"Transport Bureau"' },
      derived: false,
      confidence: 0.95,
    },
  ),
});

/** What is found about an event that passes on what it did not have to; one whose receipt is not known waits for that. */
function passing(state: State, known: Asset, event: Event, context: StepContext<Settings>): Signal[] {
  const sender = senderOf(event);
  const source = sender === '' ? undefined : sourceOf(known, sender, event, context);
  if (!source || !isThird(event, source, sender, context)) return [];
  if (hasIt(state, source, sender, event, context)) return [signal(state, event, source, sender, context)];
  const { id, time, actor, account, department, vendor, clientAddress, asset, assetLevel, recipient } = event;
  const passed = { id, time, actor, account, department, vendor, clientAddress, asset, assetLevel, recipient };
  state.unexplained = [...state.unexplained, passed].slice(-MAX_UNEXPLAINED);
  return [];
}

function senderOf({ vendor, department }: Pick<Event, 'vendor' | 'department'>): string {
  return vendor === '' ? department : vendor;
}

/** The asset that the sender does not own and yet passes on: the event's own, or the first that it is derived from. */
function sourceOf(known: Asset, sender: string, event: Event, { registry }: StepContext<Settings>): Asset | undefined {
  const foreign = (one: Asset) => one.owner !== '' && !isWithin(sender, one.owner, registry, event.time);
  if (foreign(known)) return known;
  for (const id of registry.derivedFrom(known.id, event.time)) {
    const origin = registry.asset(id, event.time);
    if (origin && foreign(origin) && origin.sharing !== 'unconditional') return origin;
  }
  return undefined;
}

/** The recipient is neither of the sender's own house nor entitled to the data. */
function isThird(event: Event, source: Asset, sender: string, { registry }: StepContext<Settings>): boolean {
  const department = departmentOf(event.recipient, registry, event.time);
  if (event.recipient === sender || (department !== '' && isWithin(department, sender, registry, event.time)))
    return false;
  return !mayHave(event.recipient, source, registry, event.time);
}

/** The sender has data of the source: it was sent some lately, holds a grant, or owns what is derived from it. */
function hasIt(
  state: State,
  source: Asset,
  sender: string,
  event: Event,
  { settings, registry }: StepContext<Settings>,
) {
  if (source.id !== event.asset) return true;
  const received = state.received[`$${sender}`];
  if (received && event.time - received.time <= settings.days * DAY_MS) return true;
  return registry
    .grantsFor(source.id, event.time)
    .some(({ recipientKind, recipient }) =>
      isWithin(
        sender,
        recipientKind === 'department' ? recipient : departmentOf(recipient, registry, event.time),
        registry,
        event.time,
      ),
    );
}

/** Notes the receipt. @returns who received it. */
function receive(state: State, event: Event, { registry }: StepContext<Settings>): string {
  const party = departmentOf(event.recipient, registry, event.time) || event.recipient;
  const known = state.received[`$${party}`];
  if (known && known.time >= event.time) return party;
  if (!known && Object.keys(state.received).length >= MAX_PARTIES) state.received = {};
  state.received[`$${party}`] = { time: event.time, id: event.id };
  return party;
}

function signal(
  state: State,
  event: Event,
  source: Asset,
  sender: string,
  { settings, registry }: StepContext<Settings>,
): Signal {
  const receipt = state.received[`$${sender}`];
  const facts = {
    owner: partyNamed(source.owner, registry, event.time),
    to: partyNamed(event.recipient, registry, event.time),
    derived: source.id !== event.asset,
    confidence: settings.lineageConfidence,
  };
  return signalAt(event, {
    score: scoreAt(event, settings.base * settings.lineageConfidence, registry),
    observed: receipt ? Math.round((event.time - receipt.time) / DAY_MS) : 0,
    threshold: settings.days,
    unit: 'days after the receipt',
    windowMs: settings.days * DAY_MS,
    explanation: sentence(actorNamed(event, registry), assetNamed(event, registry), facts),
    eventIds: receipt ? [receipt.id, event.id] : [event.id],
    groupKey: `${sender}\u001f${event.asset}\u001f${event.recipient}`,
  });
}

interface Facts {
  owner: Bilingual;
  to: Bilingual;
  derived: boolean;
  confidence: number;
}

function sentence(who: Bilingual, what: Bilingual, { owner, to, derived, confidence }: Facts): Bilingual {
  const from = derived
    ? { zh: `由${owner.zh}的数据派生的`, en: `, derived from data of ${owner.en},` }
    : { zh: `来自${owner.zh}的`, en: `, received from ${owner.en},` };
  return {
    zh: `${who.zh} 将${from.zh}${what.zh}转送给${to.zh}，授权并未允许（置信度 ${confidence}）。`,
    en: `${who.en} passed ${what.en}${from.en} on to ${to.en} without a grant that allows it (confidence ${confidence}).`,
  };
}
