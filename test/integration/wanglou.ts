import { randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createPrivateFile } from '../../src/access/private-file.ts';
import { Supervisor, type Program } from '../../src/supervisor.ts';

/** A running Wanglou of its own: own data directory, own free ports, the real programs in their own processes. */
export interface RunningWanglou {
  dataDir: string;
  /** What the programs were started with, for one more of them. */
  environment: Record<string, string>;
  ports: { web: number; intake: number; syslog: number; syslogTls: number; store: number };
  /** One-time sign-in code of the first start. */
  code: string;
  token(name: 'ingest' | 'api' | 'store'): string;
  /** Kills the program as `kill -9` does; the supervisor starts it again. */
  kill(program: string): void;
  pids(): Record<string, number>;
  /** Not while it waits to be started again. */
  isRunning(program: string): boolean;
  /** Lines that the supervisor printed. */
  printed: string[];
  stop(): Promise<void>;
}

const EMBEDDED: readonly Program[] = [
  { name: 'store', title: 'store' },
  { name: 'pipeline', title: 'collect + detect' },
  { name: 'serve', title: 'serve' },
];

/** The same roles as separate programs, as on Kafka. */
export const SEPARATE: readonly Program[] = [
  { name: 'store', title: 'store' },
  { name: 'detect', title: 'detect' },
  { name: 'collect', title: 'collect' },
  { name: 'serve', title: 'serve' },
];

/** The same everywhere, so that a person has the same hash wherever the same lines come in. */
const SUBJECT_KEY = 'a key of tests, for hashes of persons';
const READY_MAX_MS = 90_000;

export async function startWanglou(
  settings: Record<string, string> = {},
  programs: readonly Program[] = EMBEDDED,
): Promise<RunningWanglou> {
  const dataDir = mkdtempSync(join(tmpdir(), 'wanglou-'));
  await createPrivateFile(join(dataDir, 'access/subject-key'), SUBJECT_KEY);
  const [web, intake, syslog, syslogTls, store, detect] = await freePorts(6);
  const printed: string[] = [];
  const environment = {
    PATH: process.env['PATH'] ?? '',
    UV_THREADPOOL_SIZE: '16',
    NODE_COMPILE_CACHE: resolve('node_modules/.cache/compiled'),
    WANGLOU_DATA_DIR: dataDir,
    WANGLOU_WEB_PORT: String(web),
    WANGLOU_INTAKE_PORT: String(intake),
    WANGLOU_SYSLOG_PORT: String(syslog),
    WANGLOU_SYSLOG_TLS_PORT: String(syslogTls),
    WANGLOU_STORE_PORT: String(store),
    WANGLOU_DETECT_PORT: String(detect),
    // More often than usual, so that tests need not wait long for the ledger.
    WANGLOU_COVERAGE_MS: '2000',
    ...settings,
  };
  const supervisor = new Supervisor(programs, {
    entry: resolve('src/main.ts'),
    logDir: join(dataDir, 'log'),
    print: (line) => printed.push(line),
    environment,
  });
  const ready = await within(READY_MAX_MS, supervisor.start()).catch(async (error: unknown) => {
    await supervisor.stop();
    throw new Error(`${String(error)}:\n${printed.join('\n')}`, { cause: error });
  });
  return {
    dataDir,
    environment,
    ports: { web: web!, intake: intake!, syslog: syslog!, syslogTls: syslogTls!, store: store! },
    code: ready.get('serve')?.code ?? '',
    token: (name) => readFileSync(join(dataDir, `access/${name}-token`), 'utf8').trim(),
    kill: (program) => process.kill(supervisor.pids()[program]!, 'SIGKILL'),
    pids: () => supervisor.pids(),
    isRunning: (program) => {
      try {
        return process.kill(supervisor.pids()[program]!, 0);
      } catch {
        return false;
      }
    },
    printed,
    stop: async () => {
      await supervisor.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function within<T>(limitMs: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not ready within ${limitMs} ms`)), limitMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Below the ports that systems give to outgoing connections: one of those must not have the port of a killed program. */
const FIRST_PORT = 15_000;
const LAST_PORT = 32_000;

/** Ports that are free now, for TCP; all held until all are known, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const servers: Server[] = [];
  while (servers.length < count) {
    const server = createServer().listen(randomInt(FIRST_PORT, LAST_PORT), '127.0.0.1');
    const isFree = await new Promise((done) =>
      server.once('listening', () => done(true)).once('error', () => done(false)),
    );
    if (isFree) servers.push(server);
  }
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

/** Asks until `ready` says so; the last answer is in the error. */
export async function eventually<T>(
  ask: () => Promise<T>,
  ready: (answer: T) => boolean,
  limitMs = 30_000,
): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (ready(answer)) return answer;
    if (Date.now() > end)
      throw new Error(`not within ${limitMs} ms; last answer: ${JSON.stringify(answer).slice(0, 2_000)}`);
    await new Promise((resume) => setTimeout(resume, 50));
  }
}
