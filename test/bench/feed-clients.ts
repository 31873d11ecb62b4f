import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { FeedMessage } from '../../src/feed/protocol.ts';
import { cpuSeconds } from './bench.ts';
import { FeedSocket, type Arrived } from './feed-socket.ts';

/** What the process is asked for: by `process.send`, once. */
export interface ClientsAsked {
  port: number;
  token: string;
  clients: number;
  /** Of them, those that never read. */
  silent: number;
  /** Begin of the detector's name of the findings that count. */
  counted: string;
}

/** What it tells: `ready` when all who read have their snapshot; when it is sent how many findings there were, what came. */
export type ClientsTold = { ready: true } | ClientsReport;

export interface ClientsReport {
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
  /** Findings that arrived, over all who read. */
  delivered: number;
  /** Clients that lack some of the findings, or had some twice. */
  incomplete: number;
  /** Frames a second of one who reads. */
  framesPerSecond: number;
  /** Of this process. */
  cpuSeconds: number;
  /** Of those that never read: how their connection was found to have ended, `1013` → 98. */
  closed: Record<string, number>;
}

const MAX_MS = 60_000;
/** How long findings are waited for that have not arrived at the end. */
const LATE_MAX_MS = 10_000;
/** Connections that are opened at a time. */
const AT_A_TIME = 50;

process.once('message', (asked: ClientsAsked) => void run(asked));

async function run({ port, token, clients, silent, counted }: ClientsAsked): Promise<void> {
  /** Findings of each frame by when they were caused: a frame is read once, whoever gets it first. */
  const known = new Map<string, ReadonlyMap<number, number>>();
  const byMs = new Uint32Array(MAX_MS);
  const delivered = new Map<FeedSocket, number>();
  const begun = new Set<FeedSocket>();
  let frames = 0;
  const take = (socket: FeedSocket, { key, message }: Arrived): void => {
    const now = Date.now();
    const causes = known.get(key) ?? causesOf(message() as FeedMessage, counted);
    known.set(key, causes);
    begun.add(socket);
    frames++;
    let count = 0;
    for (const [at, findings] of causes) {
      byMs[Math.min(MAX_MS - 1, Math.max(0, now - at))]! += findings;
      count += findings;
    }
    delivered.set(socket, (delivered.get(socket) ?? 0) + count);
  };
  const readers: FeedSocket[] = [];
  while (readers.length < clients - silent) {
    const some = Array.from({ length: Math.min(AT_A_TIME, clients - silent - readers.length) }, () => {
      const socket: FeedSocket = new FeedSocket(port, token, (frame) => take(socket, frame));
      return socket;
    });
    readers.push(...some);
    while (!some.every((socket) => begun.has(socket))) await pause(5);
  }
  const others = Array.from({ length: silent }, () => new FeedSocket(port, token, () => undefined, false));
  await pause(500);
  const [cpu, since] = [cpuSeconds('self'), performance.now()];
  frames = 0;
  process.send!({ ready: true } satisfies ClientsTold);
  const [expected] = (await once(process, 'message')) as [number];
  const late = performance.now() + LATE_MAX_MS;
  while (readers.some((socket) => (delivered.get(socket) ?? 0) < expected) && performance.now() < late) await pause(20);
  const seconds = (performance.now() - since) / 1_000;
  const framesPerSecond = frames / readers.length / seconds;
  const used = cpuSeconds('self') - cpu;
  const counts = readers.map((socket) => delivered.get(socket) ?? 0);
  const most = Math.max(...counts);
  for (const socket of others) socket.read();
  await pause(3_000);
  const closed: Record<string, number> = {};
  for (const { closed: code = 0 } of others) closed[code || 'open'] = (closed[code || 'open'] ?? 0) + 1;
  const report: ClientsReport = {
    p50Ms: percentileOf(byMs, 50),
    p99Ms: percentileOf(byMs, 99),
    maxMs: byMs.findLastIndex((count) => count > 0),
    delivered: counts.reduce((sum, count) => sum + count, 0),
    incomplete: counts.filter((count) => count !== most).length,
    framesPerSecond,
    cpuSeconds: used,
    closed,
  };
  process.send!(report satisfies ClientsTold, () => process.exit(0));
}

function causesOf(message: FeedMessage, counted: string): ReadonlyMap<number, number> {
  const causes = new Map<number, number>();
  if (message.type !== 'batch') return causes; // a snapshot has those of before
  for (const { detector, causedAt } of message.findings)
    if (detector === counted) causes.set(causedAt, (causes.get(causedAt) ?? 0) + 1);
  return causes;
}

/** Nearest rank, of counts by ms. */
function percentileOf(byMs: Uint32Array, p: number): number {
  const wanted = (byMs.reduce((sum, count) => sum + count, 0) * p) / 100;
  let seen = 0;
  return byMs.findIndex((count) => (seen += count) >= wanted);
}
