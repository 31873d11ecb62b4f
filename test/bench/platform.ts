import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { writeDemoRegistry } from '../../demo/main.ts';
import { SEPARATE, startWanglou, type RunningWanglou } from '../integration/wanglou.ts';

const START_LIMIT_MS = 60_000;

/** Runs with a Wanglou of its own, which ends afterwards whatever happened. */
export async function withPlatform<T>(
  settings: Record<string, string>,
  use: (platform: RunningWanglou) => Promise<T>,
): Promise<T> {
  const platform = await startPlatform(settings);
  try {
    return await use(platform);
  } finally {
    await platform.stop();
  }
}

/** Wanglou as its users run it, with the registry of the demo's platform; the settings are the defaults unless said. */
async function startPlatform(settings: Record<string, string> = {}): Promise<RunningWanglou> {
  const folder = mkdtempSync(join(tmpdir(), 'wanglou-bench-registry-'));
  await writeDemoRegistry(folder, 7);
  const programs = settings['WANGLOU_KAFKA_BROKERS'] === undefined ? undefined : SEPARATE;
  const platform = await within(
    START_LIMIT_MS,
    'the programs start',
    startWanglou({ WANGLOU_REGISTRY_DIR: folder, ...settings }, programs),
  );
  // When the suite is ended in the middle, programs that wait for a broker or a store that is gone would stay.
  const killAll = (): void => {
    for (const pid of Object.values(platform.pids())) endNow(pid);
  };
  process.once('exit', killAll);
  return {
    ...platform,
    async stop() {
      await platform.stop();
      process.removeListener('exit', killAll);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One value from the store. */
export async function askStore(platform: RunningWanglou, sql: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${platform.ports.store}/?database=wanglou`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`default:${platform.token('store')}`)}` },
    body: `${sql} FORMAT TSV`,
  });
  const text = (await response.text()).trim();
  if (!response.ok) throw new Error(`the store answers ${response.status}: ${text}`);
  return text;
}

/** @throws when it takes longer: a program that can not start is started again for ever. */
async function within<T>(limitMs: number, what: string, promise: Promise<T>): Promise<T> {
  const ended = new AbortController();
  const late = pause(limitMs, undefined, { signal: ended.signal }).then(() => {
    throw new Error(`${what}: not within ${limitMs} ms`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    ended.abort();
    late.catch(() => undefined);
  }
}

function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended already
  }
}
