import { z } from 'zod';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { HIGH, scoreAt } from '../src/detection/event-score.ts';
import { localDay } from '../src/detection/local-day.ts';
import { isNews, nothingTold, type Told } from '../src/detection/news.ts';
import { attack, classifiedProtection } from '../src/detection/references.ts';
import { signalAt } from '../src/detection/signal.ts';
import { actor, networkOf } from '../src/detection/subjects.ts';
import { actorNamed, counted, duration } from '../src/detection/wording.ts';
import { attributeOf, type Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const settings = z.strictObject({
  overlapMs: z
    .number()
    .int()
    .min(0)
    .default(600_000)
    .describe('Time for which an account must be active in two places at once, ms.'),
  idleMs: z
    .number()
    .int()
    .min(1000)
    .default(1_800_000)
    .describe('A place where nothing happens for so long is left, ms.'),
  bastionAttribute: z
    .string()
    .default('bastionUser')
    .describe('Attribute in which a bastion names the person behind an account.'),
  identitiesAtLeast: z
    .number()
    .int()
    .min(2)
    .default(3)
    .describe('Persons behind one account at the bastion in 24 hours that are a finding.'),
  daysInRow: z.number().int().min(2).default(3).describe('Days in a row after which it is high.'),
  machineRoles: z
    .array(z.string())
    .default(['service'])
    .describe('Roles of accounts that several hosts may use at once.'),
  base: z.number().min(0).max(100).default(50).describe('Base score.'),
});
type Settings = z.output<typeof settings>;

/** One client from which the account acts: a device in a network. */
interface Place {
  device: string;
  network: string;
  /** Registry id of the network; one of several ranges is still one site. '' when the registry knows none. */
  site: string;
  address: string;
  from: number;
  to: number;
  id: string;
}

interface State {
  /** The place of the last event; the others of the last minutes are in `more`. */
  here: Place | null;
  more: Place[] | null;
  /** Event time at which the place was last looked at. */
  looked: number;
  /** Persons at the bastion by the time of their last act; null where no bastion names any. */
  persons: Record<string, number> | null;
  foundDay: number;
  daysInRow: number;
  told: Told | null;
}

const MAX_PLACES = 8;
/** Presence in a place is told to so much, which is enough for overlaps of minutes. */
const LOOK_EVERY_MS = 20_000;
const MAX_PERSONS = 32;
const DAY_MS = 86_400_000;
const NONE: readonly Signal[] = Object.freeze([]);

export const sharedAccount = defineDetector<Settings, State>({
  name: 'shared-account',
  version: 2,
  title: { zh: '账号多人共用', en: 'Account shared by several people' },
  what: {
    zh: '同一账号同时在两台设备、两个网段上活动，重叠 10 分钟以上；或 24 小时内堡垒机上有 3 人以上使用同一账号。连续 3 天为高危。',
    en: 'One account acts on two devices in two networks at once, for 10 minutes or more; or 3 persons use it through the bastion within 24 hours. High after 3 days in a row.',
  },
  watches: (event) => event.clientAddress !== '' && event.actor !== '' && event.outcome === 'success',
  techniques: [attack('T1078')],
  cites: [classifiedProtection('8.1.4.1')],
  knownGaps: [
    {
      zh: '日志没有设备名时以地址代替，且须相隔一个 /16；同一人同时使用办公电脑与另一网段的移动设备会被视为共用。',
      en: 'Where lines name no device the address stands for it, and must lie in another /16; one person at a desk and with a mobile device in another network at once looks like two.',
    },
    {
      zh: '登记簿中同一网络的不同网段（如办公电脑与本单位代理出口）视为同一处，同一处多人共用不按位置判断。',
      en: 'Ranges of one network of the registry (a desk and the own proxy) are one place: sharing within one site is not told by places.',
    },
    {
      zh: '经同一代理、NAT 或堡垒机登录的多人分辨不出，除非堡垒机在日志中写明使用人。',
      en: 'Several people behind one proxy, NAT or bastion can not be told apart unless the bastion names them.',
    },
    {
      zh: '只按成功操作推断在线时段：半小时没有操作视为离开。',
      en: 'Presence is told by what succeeds: half an hour without any act counts as gone.',
    },
  ],
  settings,
  subject: actor,
  start: () => ({ here: null, more: null, looked: 0, persons: null, foundDay: -1, daysInRow: 0, told: null }),
  step(state, event, context) {
    const { settings } = context;
    if (settings.machineRoles.includes(event.role)) return NONE;
    const isLook = Math.abs(event.time - state.looked) >= LOOK_EVERY_MS;
    if (isLook) state.looked = event.time;
    const overlap = isLook ? moveTo(state, event, context) : undefined;
    const persons = isSession(event) ? personsBehind(state, event, settings) : 0;
    if (overlap === undefined && persons < settings.identitiesAtLeast) return NONE;
    const day = localDay(event.time, event.department, context.registry);
    if (!isNews((state.told ??= nothingTold()), day, overlap?.ms ?? persons, event.time)) return NONE;
    return [signal(state, event, overlap, persons, context)];
  },
  forgetAfterMs: 3 * DAY_MS,
  example: sentence(
    { zh: '云栈科技 yz_ops', en: 'yz_ops of Cloudstack Technologies' },
    { overlapMs: 1_500_000, places: ['192.0.2.0/24', '198.51.100.0/24'], persons: 0, days: 1 },
  ),
});

interface Overlap {
  other: Place;
  ms: number;
}

/** Notes where the account is; returns the place elsewhere that it was active in over the same time, if long enough. */
function moveTo(state: State, event: Event, context: StepContext<Settings>): Overlap | undefined {
  const { settings } = context;
  const { here } = state;
  if (here !== null && here.address === event.clientAddress && isDevice(here, event)) {
    stay(here, event, settings.idleMs);
    if (state.more === null) return undefined;
  } else if (!goTo(state, event, context)) return undefined;
  return longestOverlap(state, event, settings);
}

function isDevice(place: Place, event: Event): boolean {
  return place.device === (event.device === '' ? event.clientAddress : event.device);
}

/** Makes the event's place the one where the account is. @returns whether it is or was in others too. */
function goTo(state: State, event: Event, { settings, registry }: StepContext<Settings>): boolean {
  const device = event.device === '' ? event.clientAddress : event.device;
  const network =
    event.device === '' ? neighbourhoodOf(event.clientAddress) : networkOf(event.clientAddress) || event.clientAddress;
  const more = state.more ?? [];
  if (state.here !== null) more.push(state.here);
  const known = more.findIndex((place) => place.device === device && place.network === network);
  if (known >= 0) {
    state.here = more[known]!;
    more.splice(known, 1);
    state.here.address = event.clientAddress;
    stay(state.here, event, settings.idleMs);
  } else {
    const { clientAddress: address, time, id } = event;
    const site = registry.network(address, time)?.id ?? '';
    state.here = { device, network, site, address, from: time, to: time, id };
  }
  if (more.length >= MAX_PLACES) more.shift();
  state.more = more.length === 0 ? null : more;
  return state.more !== null;
}

function longestOverlap(state: State, event: Event, { idleMs, overlapMs }: Settings): Overlap | undefined {
  const [mine, more] = [state.here!, state.more!];
  let longest: Overlap | undefined;
  for (let i = more.length - 1; i >= 0; i--) {
    const other = more[i]!;
    if (other.to <= event.time - idleMs - overlapMs) {
      more.splice(i, 1);
      continue;
    }
    if (other.device === mine.device || other.network === mine.network) continue;
    if (mine.site !== '' && other.site === mine.site) continue;
    const ms = Math.min(mine.to, other.to) - Math.max(mine.from, other.from);
    if (ms >= overlapMs && ms > (longest?.ms ?? 0)) longest = { other, ms };
  }
  if (more.length === 0) state.more = null;
  return longest;
}

/** Without device names only addresses far apart tell two clients of one building from two people: another /16, or /64. */
function neighbourhoodOf(address: string): string {
  if (address.includes(':')) return networkOf(address);
  return address.slice(0, address.indexOf('.', address.indexOf('.') + 1));
}

/** After a break the place begins anew. */
function stay(place: Place, event: Event, idleMs: number): void {
  if (event.time > place.to + idleMs) place.from = event.time;
  else place.from = Math.min(place.from, Math.max(event.time, place.from - idleMs));
  place.to = Math.max(place.to, event.time);
  place.id = event.id;
}

/** What a bastion tells of; reads and interface calls name nobody but the account. */
function isSession({ action, attributes }: Event): boolean {
  if (attributes.length === 0) return false;
  return action === 'sign-in' || action === 'connect' || action === 'maintain' || action === 'command';
}

function personsBehind(state: State, event: Event, settings: Settings): number {
  const person = attributeOf(event, settings.bastionAttribute) ?? '';
  if (person === '') return 0;
  const persons = { ...(state.persons ?? {}), [`$${person}`]: event.time };
  const recent = Object.entries(persons).filter(([, time]) => Math.abs(event.time - time) < DAY_MS);
  state.persons = Object.fromEntries(recent.slice(-MAX_PERSONS));
  return recent.length;
}

function signal(
  state: State,
  event: Event,
  overlap: Overlap | undefined,
  persons: number,
  context: StepContext<Settings>,
): Signal {
  const { settings, registry } = context;
  const day = localDay(event.time, event.department, registry);
  if (day > state.foundDay) {
    state.daysInRow = day === state.foundDay + 1 ? state.daysInRow + 1 : 1;
    state.foundDay = day;
  }
  const score = scoreAt(event, settings.base, registry);
  const places = overlap ? [overlap.other.network, state.here!.network] : [];
  const facts = { overlapMs: overlap?.ms ?? 0, places, persons, days: state.daysInRow };
  return signalAt(event, {
    score: state.daysInRow >= settings.daysInRow ? Math.max(HIGH, score) : score,
    asset: '',
    observed: overlap ? Math.floor(overlap.ms / 60_000) : persons,
    threshold: overlap ? settings.overlapMs / 60_000 : settings.identitiesAtLeast,
    unit: overlap ? 'minutes in two places' : 'persons',
    windowMs: overlap ? overlap.ms : DAY_MS,
    explanation: sentence(actorNamed(event, registry), facts),
    eventIds: overlap ? [overlap.other.id, event.id] : [event.id],
  });
}

interface Facts {
  overlapMs: number;
  places: readonly string[];
  persons: number;
  days: number;
}

function sentence(who: Bilingual, { overlapMs, places, persons, days }: Facts): Bilingual {
  const row =
    days < 2 ? { zh: '', en: '' } : { zh: `，已连续 ${days} 天`, en: `, for ${counted(days, 'day')} in a row` };
  if (overlapMs === 0)
    return {
      zh: `24 小时内有 ${persons} 人经堡垒机使用账号 ${who.zh}${row.zh}。`,
      en: `${counted(persons, 'person')} used ${who.en} through the bastion within 24 hours${row.en}.`,
    };
  const span = duration(overlapMs);
  const where = places.join(' / ');
  return {
    zh: `${who.zh} 同时在两台设备、两个网段（${where}）上活动 ${span.zh}，账号可能由多人共用${row.zh}。`,
    en: `${who.en} acted on two devices in two networks (${where}) at once for ${span.en}: the account may be shared${row.en}.`,
  };
}
