import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readConfig } from '../../../src/config.ts';
import { EmbeddedEventLog } from '../../../src/event-log/embedded.ts';
import { topicTable } from '../../../src/event-log/topics.ts';
import { finding } from '../../feed/samples.ts';
import type { RunningWanglou } from '../../integration/wanglou.ts';
import { cpuSeconds, peakRssMb, verify, type BenchContext, type Measured, type Scenario } from '../bench.ts';
import type { ClientsReport, ClientsTold } from '../feed-clients.ts';
import { startSending } from '../load-process.ts';
import { withPlatform } from '../platform.ts';

const CLIENTS = 1_000;
const SILENT = 100;
const FINDINGS_PER_SECOND = 1_000;
const BATCH_MS = 50;
const LINES_PER_SECOND = 5_000;
/** By the second ping that is not answered, or after 30 s of a full connection, who never reads is let go. */
const LET_GO_WITHIN_S = 55;
/** How long the same goes on without clients, for the rate of lines. */
const ALONE_MAX_S = 15;
/** Findings of this name are the ones that count: lines beside cause some of their own. */
const COUNTED = 'bulk-read';

export const scenarios: Scenario[] = [
  {
    id: 'feed-clients',
    title: '1,000 clients of the feed, 100 of which never read, 1,000 findings/s: appended to arrived at the others',
    unit: 'ms p99',
    repeat: 1,
    lowerIsBetter: true,
    run: feedClients,
  },
];

function feedClients(context: BenchContext): Promise<Measured> {
  return withPlatform({}, async (platform) => {
    const publish = await publisher(platform);
    const serve = platform.pids()['serve']!;
    try {
      const alone = await besideLines(platform, Math.min(ALONE_MAX_S, context.seconds), publish.during);
      const before = rssMb(serve);
      const clients = await startClients(platform);
      const connected = rssMb(serve);
      const cpu = cpuSeconds(serve);
      const beside = await besideLines(platform, context.seconds, publish.during);
      const cpuShare = (cpuSeconds(serve) - cpu) / beside.seconds;
      const after = rssMb(serve);
      const left = await clientsOf(platform);
      const report = await clients.end(beside.published);
      check(context, report, beside.published, left);
      return {
        value: report.p99Ms,
        checked: `${report.delivered} deliveries: ${beside.published} findings to each of ${CLIENTS - SILENT}`,
        details: {
          'p50 ms': report.p50Ms,
          'max ms': report.maxMs,
          'frames/s': report.framesPerSecond,
          '% of a core of serve': Math.round(cpuShare * 100),
          '% of a core of the clients': Math.round((report.cpuSeconds / beside.seconds) * 100),
          'RSS MB of serve before, connected, after, peak': [before, connected, after, peakRssMb(serve)].join(', '),
          'lines/s beside': beside.linesPerSecond,
          'of those without clients': beside.linesPerSecond / alone.linesPerSecond,
          'let go of those that never read': CLIENTS - left,
          'how they found their end': JSON.stringify(report.closed).replaceAll('"', ''),
        },
      };
    } finally {
      await publish.stop();
    }
  });
}

function check(context: BenchContext, report: ClientsReport, published: number, left: number): void {
  verify(report.incomplete === 0, `${report.incomplete} clients lack findings or had some twice`);
  const expected = published * (CLIENTS - SILENT);
  verify(report.delivered === expected, `${report.delivered} deliveries of ${expected}`);
  if (context.seconds >= LET_GO_WITHIN_S)
    verify(left === CLIENTS - SILENT, `${left} clients are left of ${CLIENTS}, ${SILENT} of which never read`);
}

/** Publishes findings while lines come in. */
async function besideLines(
  platform: RunningWanglou,
  seconds: number,
  during: (ms: number) => Promise<number>,
): Promise<{ linesPerSecond: number; published: number; seconds: number }> {
  const { syslog: port } = platform.ports;
  const load = startSending({ mix: 'syslog', port, seconds, rate: LINES_PER_SECOND, block: 50 });
  const began = performance.now();
  const published = await during(seconds * 1_000);
  const { linesPerSecond } = await load.sent;
  return { linesPerSecond, published, seconds: (performance.now() - began) / 1_000 };
}

/** Appends findings to the log as detection does; each is another one, and all alert. */
async function publisher(platform: RunningWanglou) {
  const { dataDir, partitions, logKeepHours, logKeepGb } = readConfig(platform.environment);
  const eventLog = new EmbeddedEventLog({
    dir: join(dataDir, 'event-log'),
    topics: topicTable({ partitions, keepMs: logKeepHours * 3_600_000, keepBytes: logKeepGb * 1e9 }),
    onProblem: () => undefined,
    onFatal: (error) => {
      throw error;
    },
  });
  await eventLog.start();
  let made = 0;
  const next = () => {
    const n = made++;
    const [actor, person] = [`person${n % 7_919}@department${n % 31}`, `P-${n % 7_919}`];
    const observed = 10_000 + ((n * 7_907) % 90_000);
    const explanation = { zh: `一小时内读取 ${observed} 行。`, en: `Read ${observed} rows in an hour.` };
    const eventIds = Array.from({ length: 10 }, () => randomUUID());
    const own = { id: randomUUID(), detector: COUNTED, causedAt: Date.now(), groupKey: `${n}` };
    return finding(`${n}`, { actor, person, observed, explanation, eventIds, ...own });
  };
  /** @returns how many findings were published. */
  const during = async (ms: number): Promise<number> => {
    const [began, first] = [performance.now(), made];
    for (let due = 0; due < ms; due += BATCH_MS) {
      await pause(Math.max(0, began + due - performance.now()));
      const findings = Array.from({ length: (FINDINGS_PER_SECOND * BATCH_MS) / 1_000 }, next);
      await eventLog.append(
        findings.map((one) => ({
          topic: 'findings',
          partition: 0,
          key: one.id,
          value: Buffer.from(JSON.stringify(one)),
        })),
      );
    }
    return made - first;
  };
  return { during, stop: () => eventLog.stop() };
}

/** A thousand clients in a process of their own, all connected. */
async function startClients(platform: RunningWanglou): Promise<{ end: (published: number) => Promise<ClientsReport> }> {
  const child = fork(new URL('../feed-clients.ts', import.meta.url), { execPath: process.execPath });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const told = async (): Promise<ClientsTold> => {
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the clients ended with ${String(code)}`);
    });
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [ClientsTold];
    return message;
  };
  const [port, token] = [platform.ports.web, platform.token('api')];
  child.send({ port, token, clients: CLIENTS, silent: SILENT, counted: COUNTED });
  await told();
  return {
    end: async (published) => {
      const report = told();
      child.send(published);
      process.removeListener('exit', kill);
      return (await report) as ClientsReport;
    },
  };
}

/** As /metrics has it. */
async function clientsOf(platform: RunningWanglou): Promise<number> {
  const headers = { authorization: `Bearer ${platform.token('api')}` };
  const text = await (await fetch(`http://127.0.0.1:${platform.ports.web}/metrics`, { headers })).text();
  return Number(/^wanglou_feed_clients (\d+)/m.exec(text)?.[1]);
}

function rssMb(pid: number): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round((Number(line?.[1] ?? 0) * 1024) / 1e6);
}
