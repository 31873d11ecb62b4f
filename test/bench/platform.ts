import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeDemoRegistry } from '../../demo/main.ts';
import { SEPARATE, startWanglou, type RunningWanglou } from '../integration/wanglou.ts';

/** Wanglou as its users run it, with the registry of the demo's platform; the settings are the defaults unless said. */
export async function startPlatform(settings: Record<string, string> = {}): Promise<RunningWanglou> {
  const folder = mkdtempSync(join(tmpdir(), 'wanglou-bench-registry-'));
  await writeDemoRegistry(folder, 7);
  const programs = settings['WANGLOU_KAFKA_BROKERS'] === undefined ? undefined : SEPARATE;
  const platform = await startWanglou({ WANGLOU_REGISTRY_DIR: folder, ...settings }, programs);
  return {
    ...platform,
    async stop() {
      await platform.stop();
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
