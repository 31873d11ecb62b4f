import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startBacktest } from '../../src/backtest-process.ts';
import { freePorts } from './wanglou.ts';

const request = { detector: 'bulk-read', scope: {}, warmUpDays: 28, analysts: 1 };
const kept = { ...process.env };
let dataDir: string;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'wanglou-'));
  const [port] = await freePorts(1);
  Object.assign(process.env, { WANGLOU_DATA_DIR: dataDir, WANGLOU_STORE_PORT: String(port) });
});
afterAll(() => {
  process.env = kept;
  rmSync(dataDir, { recursive: true, force: true });
});

it('a backtest says that the store is away when nobody answers there', async () => {
  const { ended } = startBacktest(request, () => undefined);
  expect(await ended).toMatchObject({ failure: { reason: 'store-away' } });
});

it('a backtest that is ended from outside says so', async () => {
  const { ended, kill } = startBacktest(request, () => undefined);
  kill();
  expect(await ended).toMatchObject({ failure: { reason: 'killed', message: 'its process was ended by SIGKILL' } });
});
