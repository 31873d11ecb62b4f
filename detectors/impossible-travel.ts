import { z } from 'zod';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { scoreAt } from '../src/detection/event-score.ts';
import { distanceKm } from '../src/detection/great-circle.ts';
import { attack, classifiedProtection } from '../src/detection/references.ts';
import { signalAt } from '../src/detection/signal.ts';
import { actor } from '../src/detection/subjects.ts';
import { actorNamed, amount, duration } from '../src/detection/wording.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const settings = z.strictObject({
  speedAbove: z.number().min(1).default(900).describe('Speed between two sign-ins that nobody travels at, km/h.'),
  distanceAbove: z.number().min(0).default(500).describe('Distance below which nothing is found, km.'),
  base: z.number().min(0).max(100).default(60).describe('Base score.'),
});
type Settings = z.output<typeof settings>;

interface State {
  /** The latest sign-in with a known place. */
  last: Stay | null;
}

interface Stay {
  time: number;
  latitude: number;
  longitude: number;
  site: string;
  address: string;
  id: string;
}

const NONE: readonly Signal[] = Object.freeze([]);

export const impossibleTravel = defineDetector<Settings, State>({
  name: 'impossible-travel',
  version: 2,
  title: { zh: '异地登录过快', en: 'Impossible travel' },
  what: {
    zh: '同一账号先后两次成功登录的地点相距 500 公里以上，而间隔短到时速需超过 900 公里。地点取自登记簿中的网络；登记为 VPN 出口的网络不算。',
    en: 'Two successive sign-ins of an account come from places more than 500 km apart, so shortly after each other that it would take more than 900 km/h. Places are those of the registry’s networks; listed VPN exits do not count.',
  },
  watches: (event) =>
    event.action === 'sign-in' && event.outcome === 'success' && event.clientAddress !== '' && event.actor !== '',
  techniques: [attack('T1078')],
  cites: [classifiedProtection('8.1.4.1')],
  knownGaps: [
    {
      zh: '只认得登记簿中写明经纬度的网络（内网地址也按其站点）；其他地址没有地点，不判断。',
      en: 'Only networks whose coordinates the registry has are known, private ranges by their site too; other addresses have no place and are not judged.',
    },
    {
      zh: '经未登记的 VPN 或远程桌面登录会显得是在出口所在地。',
      en: 'A sign-in through a VPN or remote desktop that is not listed seems to come from where that is.',
    },
  ],
  settings,
  subject: actor,
  start: () => ({ last: null }),
  step(state, event, context) {
    const network = context.registry.network(event.clientAddress, event.time);
    if (network?.latitude === undefined || network.longitude === undefined || network.zone === 'vpn') return NONE;
    const here = {
      time: event.time,
      latitude: network.latitude,
      longitude: network.longitude,
      site: network.site || network.id,
      address: event.clientAddress,
      id: event.id,
    };
    const before = state.last;
    if (before === null || event.time >= before.time) state.last = here;
    return before === null ? NONE : judge(before, here, event, context);
  },
  forgetAfterMs: 2 * 86_400_000,
  example: sentence(
    { zh: '民政局 wangfang', en: 'wangfang of Civil Affairs Bureau' },
    { from: '省会机房', to: '南方分中心', km: 1880, span: duration(2_400_000), speed: 2820 },
    settings.parse({}),
  ),
});

function judge(
  before: Stay,
  here: Stay,
  event: Event,
  { settings, registry }: StepContext<Settings>,
): readonly Signal[] {
  const km = distanceKm(before, here);
  // Two lines of one second are a second apart.
  const ms = Math.max(1000, Math.abs(here.time - before.time));
  const speed = (km / ms) * 3_600_000;
  if (km <= settings.distanceAbove || speed <= settings.speedAbove) return NONE;
  const [from, to] = before.time <= here.time ? [before, here] : [here, before];
  const facts = { from: from.site, to: to.site, km, span: duration(ms), speed };
  return [
    signalAt(event, {
      score: scoreAt(event, settings.base, registry),
      asset: '',
      clientAddress: to.address,
      observed: Math.round(speed),
      threshold: settings.speedAbove,
      unit: 'km/h',
      windowMs: ms,
      explanation: sentence(actorNamed(event, registry), facts, settings),
      eventIds: [before.id, event.id],
    }),
  ];
}

interface Facts {
  from: string;
  to: string;
  km: number;
  span: Bilingual;
  speed: number;
}

function sentence(who: Bilingual, { from, to, km, span, speed }: Facts, { speedAbove }: Settings): Bilingual {
  const english = (site: string) => (/\p{Script=Han}/u.test(site) ? 'one site' : site);
  return {
    zh: `${who.zh} 先后从「${from}」和「${to}」登录，相距 ${amount(km)} 公里而只隔 ${span.zh}，时速需 ${amount(speed)} 公里（阈值 ${speedAbove}）。`,
    en: `${who.en} signed in from ${english(from)} and then from ${english(to) === 'one site' ? 'another' : to}, ${amount(km)} km apart, within ${span.en}: that takes ${amount(speed)} km/h (threshold ${speedAbove}).`,
  };
}
