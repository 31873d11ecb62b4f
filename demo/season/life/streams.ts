import { citizenAddress } from '../../activity/web.ts';
import type { DayPlan } from '../../activity/day-plan.ts';
import { expectedInSlice } from '../../activity/rhythm.ts';
import { MINUTE } from '../../calendar.ts';
import type { Line } from '../../line.ts';
import { gatewayCall, probe } from '../../lines/json.ts';
import { accessLog } from '../../lines/nginx.ts';
import type { Effects } from '../effects.ts';

const SLICE_MS = 10 * MINUTE;
const PROBE_MS = 30 * MINUTE;
const AGENT =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const PAGES = [
  '/',
  '/search?q=%E5%85%AC%E7%A7%AF%E9%87%91',
  '/items/list',
  '/items/detail',
  '/my/progress',
  '/assets/app.js',
];
const OFFICE_PAGES = ['/oa/todo', '/oa/mail/inbox', '/oa/document/view', '/oa/meeting', '/oa/notice'];
/** Minutes after midnight. */
const OFFICE_OPENS = 490;
const OFFICE_CLOSES = 1060;

/** Web hosts, each with the source that forwards its log. */
export const WEB_HOSTS: readonly { host: string; source: string }[] = [
  ...[1, 2, 3].map((n) => ({ host: `portal-0${n}`, source: 'web-portal' })),
  { host: 'office-01', source: 'web-office' },
];

/** What comes all day in a steady stream: the two portals, interface calls, health checks. @param perDay lines of a workday */
export function streams(plan: DayPlan, effects: Effects, perDay: number): Line[] {
  const lines: Line[] = [];
  for (let at = plan.from; at < plan.to; at += SLICE_MS) {
    portal(plan, effects, at, perDay * 0.3, lines);
    office(plan, effects, at, perDay * 0.15, lines);
    interfaces(plan, effects, at, perDay * 0.55, lines);
  }
  probes(plan, lines);
  return lines;
}

function portal(plan: DayPlan, effects: Effects, fromMs: number, perDay: number, lines: Line[]): void {
  const random = plan.random('portal', fromMs);
  for (let n = random.poisson(expectedInSlice(plan, fromMs, fromMs + SLICE_MS, perDay)); n > 0; n--) {
    const { host, source } = WEB_HOSTS[random.int(0, 2)]!;
    const request = {
      address: citizenAddress(random),
      account: '-',
      path: random.pick(PAGES),
      bytes: random.int(180, 42_000),
    };
    lines.push(web(effects, source, host, random.int(fromMs, fromMs + SLICE_MS - 1), request));
  }
}

function office(plan: DayPlan, effects: Effects, fromMs: number, perDay: number, lines: Line[]): void {
  const minute = (fromMs - plan.from) / MINUTE;
  if (!plan.workday || minute < OFFICE_OPENS || minute > OFFICE_CLOSES) return;
  const random = plan.random('office', fromMs);
  const { host, source } = WEB_HOSTS[3]!;
  for (let n = random.poisson(expectedInSlice(plan, fromMs, fromMs + SLICE_MS, perDay)); n > 0; n--) {
    const actor = random.pick(plan.platform.officers);
    const address = actor.address.replace(/\.\d+\.\d+$/, '.0.1');
    const request = { address, account: actor.login, path: random.pick(OFFICE_PAGES), bytes: random.int(400, 30_000) };
    lines.push(web(effects, source, host, random.int(fromMs, fromMs + SLICE_MS - 1), request));
  }
}

function web(
  effects: Effects,
  source: string,
  host: string,
  atMs: number,
  request: { address: string; account: string; path: string; bytes: number },
): Line {
  const clock = effects.at('clock', atMs, (effect) => effect.host === host);
  const shown = atMs + (clock?.aheadMs ?? 0);
  const line = accessLog({ ...request, atMs: shown, host, method: 'GET', status: 200, referrer: '-', agent: AGENT });
  return { atMs, source, transport: 'syslog-tcp', line, incident: clock?.incident ?? '' };
}

/** Applications of the city that call the interfaces of each gateway with their keys. */
function interfaces(plan: DayPlan, effects: Effects, fromMs: number, perDay: number, lines: Line[]): void {
  const random = plan.random('interfaces', fromMs);
  const gateways = plan.platform.systems.filter(({ log }) => log === 'gateway');
  const expected = expectedInSlice(plan, fromMs, fromMs + SLICE_MS, perDay / gateways.length);
  for (const { id, hosts } of gateways)
    for (let n = random.poisson(expected); n > 0; n--) {
      const atMs = random.int(fromMs, fromMs + SLICE_MS - 1);
      const failing = effects.at('failing', atMs, ({ system }) => system === id);
      const status = random.chance(failing?.errors ?? 0.0008) ? 502 : 200;
      const durationMs = Math.round(random.int(3, 180) * (failing?.slower ?? 1));
      const call = {
        account: '',
        clientAddress: `10.10.${100 + random.int(1, 40)}.10`,
        path: `/open/v1/${id}`,
        bytes: random.int(200, 9_000),
      };
      const line = gatewayCall({ ...call, atMs, system: id, host: hosts[0], status, durationMs });
      lines.push({ atMs, source: 'gateway', transport: 'bulk', line, incident: failing?.incident ?? '' });
    }
}

function probes(plan: DayPlan, lines: Line[]): void {
  const random = plan.random('probes');
  plan.platform.systems
    .flatMap(({ hosts }) => hosts)
    .forEach((host, n) => {
      for (let atMs = plan.from + ((n * 22_741) % PROBE_MS); atMs < plan.to; atMs += PROBE_MS) {
        const line = probe(atMs, host, !random.chance(0.0005), random.int(1, 40));
        lines.push({ atMs, source: 'monitoring', transport: 'bulk', line, incident: '' });
      }
    });
}
