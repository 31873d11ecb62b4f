import type { Line } from '../line.ts';
import { accessLog } from '../lines/nginx.ts';
import { gatewayCall } from '../lines/json.ts';
import type { Random } from '../random.ts';
import { expectedInSlice, momentAt } from './rhythm.ts';
import type { Flow } from './day-plan.ts';

const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.60',
  'Mozilla/5.0 (Linux; Android 16; HarmonyOS) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
];
const PUBLIC_PAGES = ['/', '/search?q=%E5%85%AC%E7%A7%AF%E9%87%91', '/items/list', '/items/detail', '/my/progress'];
const STATIC = ['/assets/app.css', '/assets/app.js', '/assets/logo.svg', '/favicon.ico'];
const OFFICE_PAGES = ['/oa/todo', '/oa/mail/inbox', '/oa/document/view', '/oa/meeting', '/oa/notice'];
const OPEN_INTERFACES = ['/open/v1/weather', '/open/v1/bus-routes', '/open/v1/clinics', '/open/v1/notices'];

/** Minutes after midnight. */
const OFFICE_OPENS = 490;
const OFFICE_CLOSES = 1060;

/** Citizens on the public portal, from carriers' shared addresses; a little of it is crawlers and broken links. */
export function publicPortal(perDay: number): Flow {
  return (plan, fromMs, toMs) => {
    const random = plan.random('portal', fromMs);
    return repeat(random.poisson(expectedInSlice(plan, fromMs, toMs, perDay)), () => {
      const page = random.chance(0.55) ? random.pick(STATIC) : random.pick(PUBLIC_PAGES);
      const missing = random.chance(0.01);
      return web('web-portal', {
        atMs: random.int(fromMs, toMs - 1),
        host: `portal-0${random.int(1, 4)}`,
        address: citizenAddress(random),
        account: '-',
        path: missing ? `/old/${random.int(1, 900)}.html` : page,
        status: missing ? 404 : statusOf(random),
        bytes: random.int(180, 42_000),
        referrer: 'https://www.city.example/',
        agent: random.pick(AGENTS),
      });
    });
  };
}

/** Officers on the office portal, signed in; each department goes out through one address. */
export function officePortal(perDay: number): Flow {
  return (plan, fromMs, toMs) => {
    if (!plan.workday || fromMs < momentAt(plan, OFFICE_OPENS) || toMs > momentAt(plan, OFFICE_CLOSES)) return [];
    const random = plan.random('office', fromMs);
    return repeat(random.poisson(expectedInSlice(plan, fromMs, toMs, perDay)), () => {
      const actor = random.pick(plan.platform.officers);
      return web('web-office', {
        atMs: random.int(fromMs, toMs - 1),
        host: 'office-01',
        address: actor.address.replace(/\.\d+\.\d+$/, '.0.1'),
        account: actor.login,
        path: random.pick(OFFICE_PAGES),
        status: statusOf(random),
        bytes: random.int(400, 30_000),
        referrer: 'https://oa.city.example/',
        agent: AGENTS[0]!,
      });
    });
  };
}

/** Applications of the city that call open interfaces with their key. */
export function openInterfaces(perDay: number): Flow {
  return (plan, fromMs, toMs) => {
    const random = plan.random('open', fromMs);
    return repeat(random.poisson(expectedInSlice(plan, fromMs, toMs, perDay)), () => {
      const atMs = random.int(fromMs, toMs - 1);
      const line = gatewayCall({
        atMs,
        account: '',
        clientAddress: `10.60.${random.int(1, 40)}.10`,
        system: 'data-gateway',
        path: random.pick(OPEN_INTERFACES),
        status: random.chance(0.004) ? 502 : 200,
        bytes: random.int(200, 9_000),
        durationMs: random.int(3, 180),
      });
      return { atMs, source: 'gateway', transport: 'bulk', line, incident: '' };
    });
  };
}

function web(source: string, request: Omit<Parameters<typeof accessLog>[0], 'method'>): Line {
  const line = accessLog({ ...request, method: 'GET' });
  return { atMs: request.atMs, source, transport: 'syslog-tcp', line, incident: '' };
}

function statusOf(random: Random): number {
  const draw = random.next();
  if (draw < 0.93) return 200;
  return draw < 0.985 ? 304 : 302;
}

/** Shared address space (RFC 6598), so that no real person's address appears. */
export function citizenAddress(random: Random): string {
  return `100.${random.int(64, 127)}.${random.int(0, 255)}.${random.int(1, 254)}`;
}

function repeat(count: number, line: () => Line): Line[] {
  return Array.from({ length: count }, line);
}
