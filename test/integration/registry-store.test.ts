import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { EmbeddedEventLog } from '../../src/event-log/embedded.ts';
import { topicTable } from '../../src/event-log/topics.ts';
import { RecordedRegistry } from '../../src/registry/recorded-registry.ts';
import { storeRegistry } from '../../src/store-registry.ts';
import { storeClient, type StoreClient } from '../../src/store/client.ts';
import { migrate } from '../../src/store/migrate.ts';
import { RegistryWriter } from '../../src/store/registry-writer.ts';
import { startStore, type StoreProcess } from './store-process.ts';

let store: StoreProcess;
let client: StoreClient;
let log: EmbeddedEventLog;
const dir = mkdtempSync(join(tmpdir(), 'wanglou-registry-log-'));
const quiet = pino({ level: 'silent' });

beforeAll(async () => {
  store = await startStore();
  const address = { url: store.url, user: 'default', password: store.password, database: 'wanglou' };
  await migrate(address, { retentionDays: 400 });
  client = storeClient(address);
  log = new EmbeddedEventLog({
    dir,
    topics: topicTable({ partitions: 1, keepMs: 3_600_000, keepBytes: 1e9 }),
    onProblem: () => undefined,
    onFatal: (error) => expect.unreachable(error.message),
  });
  await log.start();
});
afterAll(async () => {
  await client?.close();
  await log?.stop();
  await store?.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function asked(query: string): Promise<unknown[]> {
  return (await client.query({ query, format: 'JSONEachRow' })).json();
}

it('an auditor finds in the store what the registry knew and when, also after a restart', async () => {
  const api = { origin: 'api', by: 'wang' } as const;
  const department = (name: string) =>
    ({ list: 'departments', key: 'tax', entries: [{ id: 'tax', name, validFrom: '2026-01-01' }] }) as const;
  const vendor = { list: 'vendors', key: 'v', entries: [{ id: 'v', name: '云启' }] } as const;
  const registry = new RecordedRegistry({ table: log.table('registry') });
  await registry.start();
  const first = storeRegistry(registry, new RegistryWriter(client, 'Asia/Shanghai'), Promise.resolve(), quiet);
  await registry.record([department('地税局'), vendor], api);
  await vi.waitFor(async () => expect(await asked('SELECT id FROM registry FINAL')).toHaveLength(2), 10_000);
  first.stop();
  await registry.record([department('税务局'), { ...vendor, entries: [] }], api);

  const again = storeRegistry(registry, new RegistryWriter(client, 'Asia/Shanghai'), Promise.resolve(), quiet);
  await vi.waitFor(
    async () =>
      expect(await asked('SELECT id, change FROM registry FINAL ORDER BY id, recorded_at')).toEqual([
        { id: 'tax', change: 'added' },
        { id: 'tax', change: 'corrected' },
        { id: 'v', change: 'added' },
        { id: 'v', change: 'removed' },
      ]),
    10_000,
  );
  expect(await asked('SELECT id, entry, toString(valid_from) AS since, recorded_by FROM registry_latest')).toEqual([
    {
      id: 'tax',
      entry: JSON.stringify(department('税务局').entries[0]),
      since: '2025-12-31 16:00:00.000',
      recorded_by: 'wang',
    },
  ]);
  again.stop();
  await registry.stop();
});
