import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runDemo, writeDemoRegistry } from '../../demo/main.ts';
import { ledgerBalances } from './ledger-balances.ts';
import { startWanglou } from './wanglou.ts';

/** As `npm run demo` without options. */
const SEED = 7;
const DAY = '2026-11-20';

it('finds every labelled incident of a simulated day, through the real ports, and says so at its end', async () => {
  const registryDir = mkdtempSync(join(tmpdir(), 'wanglou-registry-'));
  await writeDemoRegistry(registryDir, SEED, DAY);
  const wanglou = await startWanglou({ WANGLOU_REGISTRY_DIR: registryDir });
  const ending = new AbortController();
  const printed: string[] = [];
  await runDemo({
    host: '127.0.0.1',
    ports: { syslog: wanglou.ports.syslog, intake: wanglou.ports.intake },
    token: wanglou.token('ingest'),
    api: { url: `http://127.0.0.1:${wanglou.ports.web}`, token: wanglou.token('api') },
    seed: SEED,
    day: DAY,
    volume: 60_000,
    speed: 3_000,
    signal: ending.signal,
    print: (line) => {
      printed.push(line);
      if (line.includes('the day is over')) ending.abort();
    },
  });
  await ledgerBalances(wanglou);
  await wanglou.stop();
  rmSync(registryDir, { recursive: true });
  const report = printed.find((line) => line.includes('the day is over')) ?? printed.join('\n');
  const [, found, labelled] = /(\d+) of (\d+) labelled incidents were found/.exec(report) ?? [report];
  expect(Number(labelled)).toBeGreaterThan(20);
  expect(found, report).toBe(labelled);
});
