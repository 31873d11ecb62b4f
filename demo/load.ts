import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { Command } from 'commander';
import { isoTime } from './calendar.ts';
import { signIn, datasetAccess } from './lines/json.ts';
import { accessLog, accessTime } from './lines/nginx.ts';
import { acceptedPassword, failedPassword } from './lines/sshd.ts';
import { rfc5424 } from './lines/syslog.ts';
import { Random } from './random.ts';

export type Mix = 'syslog' | 'json';

/** Ready-made lines in blocks, each block one Buffer that goes out as it is once its times are current. */
export interface LoadBlock {
  bytes: Buffer;
  lines: number;
  /** Where the times stand that must be current: `2026-11-20T09:01:02.123+08:00`, 23 characters before the zone. */
  stamps: Uint32Array;
  /** Where web requests have theirs: `20/Nov/2026:09:01:02`, 20 characters before the zone. */
  accessStamps: Uint32Array;
}

export interface LoadOptions {
  mix: Mix;
  seed?: number;
  /** Distinct lines. */
  lines?: number;
  linesPerBlock?: number;
  accounts?: number;
  addresses?: number;
}

/** Renders the load once: realistic, mixed, seeded; ≥ 20,000 accounts and thousands of addresses. */
export function loadBlocks(options: LoadOptions): LoadBlock[] {
  const { mix, seed = 1, lines = 200_000, linesPerBlock = 1_000, accounts = 25_000, addresses = 6_000 } = options;
  const random = new Random(seed, 'load', mix);
  const render = mix === 'syslog' ? syslogLine : jsonLine;
  return Array.from({ length: Math.ceil(lines / linesPerBlock) }, () =>
    block(Array.from({ length: linesPerBlock }, () => render(random, accounts, addresses))),
  );
}

/** Writes the present time into a block, in place. */
export function stampNow({ bytes, stamps, accessStamps }: LoadBlock, nowMs: number): void {
  const iso = Buffer.from(isoTime(nowMs).slice(0, 23), 'latin1');
  for (const at of stamps) iso.copy(bytes, at);
  if (accessStamps.length === 0) return;
  const access = Buffer.from(accessTime(nowMs).slice(0, 20), 'latin1');
  for (const at of accessStamps) access.copy(bytes, at);
}

function block(lines: readonly string[]): LoadBlock {
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  return {
    bytes,
    lines: lines.length,
    stamps: placesOf(isoTime(STAMP_MS), bytes),
    accessStamps: placesOf(accessTime(STAMP_MS), bytes),
  };
}

function placesOf(text: string, bytes: Buffer): Uint32Array {
  const places: number[] = [];
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) places.push(at);
  return Uint32Array.from(places);
}

const STAMP_MS = Date.UTC(2026, 0, 1);
const ASSETS = Array.from({ length: 120 }, (_, n) => `load_${n % 40}.public.table_${n}`);

/** Somebody with a desk: the same workstation, hosts and datasets most of the time, as people have them. */
interface Person {
  account: string;
  address: string;
  host: string;
  system: string;
  asset: string;
}

/** Shares of the load in which a person sits elsewhere or opens something unusual. */
const ELSEWHERE = 0.02;
const UNUSUAL_ASSET = 0.005;
const FAILURES = 0.005;
/** The others look up single records, as at a counter, so that the load is no incident by itself at any time of day. */
const LARGE_READS = 0.0005;
const NETWORKS = 400;

function somebody(random: Random, accounts: number, addresses: number): Person {
  const n = random.int(1, accounts);
  const place = random.chance(ELSEWHERE) ? random.int(0, addresses - 1) : n % addresses;
  const usual = (n + 7 * random.int(0, 2)) % ASSETS.length;
  return {
    account: `user${n}`,
    address: addressOf(place),
    host: `node-${((n + random.int(0, 1)) % 80) + 1}`,
    system: `load-${(n % 40) + 1}`,
    asset: ASSETS[random.chance(UNUSUAL_ASSET) ? random.int(0, ASSETS.length - 1) : usual]!,
  };
}

function addressOf(place: number): string {
  const network = place % NETWORKS;
  const machine = 10 + Math.floor(place / NETWORKS);
  return `10.${100 + (network >> 8) + (machine >> 8)}.${network & 255}.${machine & 255}`;
}

/** All in RFC 5424, whose times carry the date: half web requests, a third sign-ins on hosts, the rest database reads. */
function syslogLine(random: Random, accounts: number, addresses: number): string {
  const person = somebody(random, accounts, addresses);
  const { account, address, host } = person;
  const draw = random.next();
  if (draw < 0.5) {
    const request = { atMs: STAMP_MS, host, address, account, method: 'GET', path: `/page/${random.int(1, 400)}` };
    return accessLog({ ...request, status: 200, bytes: random.int(100, 60_000), referrer: '-', agent: 'Mozilla/5.0' });
  }
  if (draw < 0.8) {
    const of = { atMs: STAMP_MS, host, account, address, port: random.int(32_768, 60_999) };
    const line = random.chance(FAILURES) ? failedPassword(of) : acceptedPassword(of);
    const pid = random.int(900, 32_000);
    return rfc5424(86, STAMP_MS, host, 'sshd', pid, line.slice(line.indexOf(']: ') + 3));
  }
  return rfc5424(134, STAMP_MS, host, 'app', '-', accessText(random, person));
}

function jsonLine(random: Random, accounts: number, addresses: number): string {
  const person = somebody(random, accounts, addresses);
  if (random.chance(0.6)) return accessText(random, person);
  const { account, address: clientAddress, system } = person;
  const outcome = random.chance(FAILURES) ? 'failure' : 'success';
  return signIn({ atMs: STAMP_MS, account, clientAddress, system, outcome });
}

function accessText(random: Random, { account, address: clientAddress, system, asset }: Person): string {
  const rows = random.chance(LARGE_READS) ? 500 : random.int(1, 3);
  return datasetAccess({
    atMs: STAMP_MS,
    account,
    clientAddress,
    system,
    asset,
    action: 'query',
    rows,
    bytes: rows * 230,
  });
}

export interface LoadRun {
  host: string;
  port: number;
  seconds: number;
  /** Lines a second; Infinity for as many as are taken. */
  rate: number;
  /** For `json`: token of the HTTP intake. */
  token?: string;
  signal?: AbortSignal;
}

export interface LoadResult {
  /** When the first byte went out, ms since the epoch. */
  beganAt: number;
  lines: number;
  /** For HTTP: lines answered with success; for syslog the lines written. */
  acknowledged: number;
  seconds: number;
  linesPerSecond: number;
  /** Time to the answer of each HTTP batch, ms. */
  ackMs: number[];
}

/** Sends blocks in turn over one connection; slows down with the receiver and keeps to the rate. */
export async function runLoad(blocks: readonly LoadBlock[], mix: Mix, run: LoadRun): Promise<LoadResult> {
  const channel = mix === 'syslog' ? await syslogConnection(run) : httpConnection(run);
  const began = performance.now();
  const end = began + run.seconds * 1_000;
  const result = { beganAt: Date.now(), lines: 0, acknowledged: 0, ackMs: [] as number[] };
  for (let n = 0; performance.now() < end && !run.signal?.aborted; n++) {
    const next = blocks[n % blocks.length]!;
    const ahead = (result.lines / run.rate) * 1_000 - (performance.now() - began);
    if (ahead > 1) await new Promise((resolve) => setTimeout(resolve, ahead));
    stampNow(next, Date.now());
    const sentAt = performance.now();
    const taken = await channel.send(next);
    if (mix === 'json') result.ackMs.push(performance.now() - sentAt);
    result.lines += next.lines;
    if (taken) result.acknowledged += next.lines;
  }
  await channel.close();
  const seconds = (performance.now() - began) / 1_000;
  return { ...result, seconds, linesPerSecond: result.lines / seconds };
}

interface LoadChannel {
  /** Resolves when the block may be written over; whether it was taken. */
  send(block: LoadBlock): Promise<boolean>;
  close(): Promise<void>;
}

async function syslogConnection({ host, port }: LoadRun): Promise<LoadChannel> {
  const socket = connect({ host, port });
  await once(socket, 'connect');
  socket.resume();
  return {
    send: ({ bytes }) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, (error) => (error ? reject(error) : resolve(true)));
      }),
    async close() {
      socket.end();
      await once(socket, 'close');
    },
  };
}

function httpConnection({ host, port, token = '' }: LoadRun): LoadChannel {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const authorization = `Bearer ${token}`;
  return {
    send: ({ bytes }) =>
      new Promise((resolve, reject) => {
        const headers = { authorization, 'content-type': 'application/x-ndjson', 'content-length': bytes.length };
        const sending = request({ host, port, path: '/ingest', method: 'POST', agent, headers }, (response) => {
          response.resume().on('end', () => resolve((response.statusCode ?? 500) < 300));
        });
        sending.on('error', reject);
        sending.end(bytes);
      }),
    async close() {
      agent.destroy();
    },
  };
}

if (process.argv[1] === import.meta.filename) {
  const options = new Command('load')
    .description('send realistic lines as fast as they are taken, or at a rate')
    .option('--host <address>', '', '127.0.0.1')
    .requiredOption('--port <n>', 'syslog port, or the HTTP intake for --mix json')
    .option('--seconds <n>', '', '60')
    .option('--rate <n>', 'lines a second, or max', 'max')
    .option('--mix <name>', 'syslog (TCP, line feeds) or json (POST /ingest)', 'syslog')
    .option('--token <text>', 'for json', '')
    .option('--lines <n>', 'distinct lines', '200000')
    .option('--block <n>', 'lines of a write or of an HTTP body', '1000')
    .parse()
    .opts<Record<'host' | 'port' | 'seconds' | 'rate' | 'mix' | 'token' | 'lines' | 'block', string>>();
  const mix: Mix = options.mix === 'json' ? 'json' : 'syslog';
  const blocks = loadBlocks({ mix, lines: Number(options.lines), linesPerBlock: Number(options.block) });
  const before = process.cpuUsage();
  const result = await runLoad(blocks, mix, {
    host: options.host,
    port: Number(options.port),
    seconds: Number(options.seconds),
    rate: options.rate === 'max' ? Infinity : Number(options.rate),
    token: options.token,
  });
  const { user, system } = process.cpuUsage(before);
  const { ackMs, ...rest } = result;
  const sorted = ackMs.sort((a, b) => a - b);
  const percentile = (share: number): number | undefined => sorted[Math.floor(share * (sorted.length - 1))];
  const used = { cpuSeconds: (user + system) / 1e6, peakRssMb: process.resourceUsage().maxRSS / 1e3 };
  console.log(JSON.stringify({ mix, ...rest, ...used, ackP50Ms: percentile(0.5), ackP99Ms: percentile(0.99) }));
}
