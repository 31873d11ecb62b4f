import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../demo/random.ts';
import { auditEntry, type AuditEntry } from '../../src/access/audit/entry.ts';
import { AuditTrail } from '../../src/access/audit/trail.ts';
import { EmbeddedEventLog } from '../../src/event-log/embedded.ts';
import type { LifeEvent } from '../../src/finding/lifecycle.ts';
import { storeTopic } from '../../src/live.ts';
import { AuditQueries, type AuditSearch } from '../../src/store/audit-queries.ts';
import { storeClient, type StoreClient } from '../../src/store/client.ts';
import { migrate } from '../../src/store/migrate.ts';
import { AUDIT } from '../../src/store/tables.ts';
import { TableWriter } from '../../src/store/table-writer.ts';
import { TOPICS } from '../event-log/conformance-topics.ts';
import { startStore, type StoreProcess } from './store-process.ts';
import { eventually } from './wanglou.ts';

const dir = mkdtempSync(join(tmpdir(), 'wanglou-audit-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function openLog(name: string): EmbeddedEventLog {
  const onFatal = (error: Error): void => expect.unreachable(error.message);
  return new EmbeddedEventLog({ dir: join(dir, name), topics: TOPICS, onProblem: () => undefined, onFatal });
}

async function valuesOf<T>(log: EmbeddedEventLog, topic: 'audit' | 'triage'): Promise<T[]> {
  const values: T[] = [];
  for await (const { value } of log.readRange(topic, 0, 0, Infinity))
    values.push(JSON.parse(Buffer.from(value).toString()) as T);
  return values;
}

describe('kill -9 between the audit record and the answer', () => {
  const cycles = Number(process.env['WANGLOU_TEST_CYCLES'] ?? 3);
  const seed = Number(process.env['WANGLOU_TEST_SEED'] ?? Date.now() % 2 ** 31);

  it(
    'never leaves an answer without its record, nor a change without the record that it was asked for',
    async () => {
      console.log(`WANGLOU_TEST_SEED=${seed}, ${cycles} cycles`);
      const random = new Random(seed, 'audit');
      const answered: string[] = [];
      for (let cycle = 0; cycle < cycles; cycle++) answered.push(...(await askUntilKilled(random.between(0, 150))));
      const log = openLog('killed');
      await log.start();
      const records = await valuesOf<AuditEntry>(log, 'audit');
      const changes = await valuesOf<LifeEvent>(log, 'triage');
      await log.stop();
      const done = new Set(records.filter(({ phase }) => phase === 'done').map(({ id }) => id));
      expect(answered.filter((id) => !done.has(id))).toEqual([]);
      expect(answered.length).toBeGreaterThanOrEqual(cycles);
      const begun = new Set(records.filter(({ phase }) => phase === 'begun').map(({ reason }) => reason));
      expect(changes.filter(({ text }) => !begun.has(text))).toEqual([]);
      expect(changes.length).toBeGreaterThanOrEqual(answered.length);
      const cut = begun.size - done.size;
      console.log(`${answered.length} answers, ${begun.size} changes begun, ${cut} without outcome`);
    },
    60_000 + cycles * 5_000,
  );
});

/** Notes on a finding by eight clients at once, until the server is killed that long after the first answer. */
async function askUntilKilled(afterMs: number): Promise<string[]> {
  const node = join(process.cwd(), 'node_modules/.bin/node');
  const server = spawn(node, [join(import.meta.dirname, 'audited-server.ts'), join(dir, 'killed')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
    env: { ...process.env, TMPDIR: dir },
  });
  const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
  const { port, token, finding } = JSON.parse(line) as { port: number; token: string; finding: string };
  const answered: string[] = [];
  const first = Promise.withResolvers<undefined>();
  const client = async (name: number): Promise<void> => {
    for (let n = 0; ; n++) {
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/findings/${finding}/note`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ text: `${server.pid!} ${name} ${n}` }),
      });
      expect(answer.status).toBe(200);
      answered.push(answer.headers.get('x-audit-id')!);
      first.resolve(undefined);
    }
  };
  const clients = Array.from({ length: 8 }, (_, name) => client(name).catch((error: unknown) => error));
  await first.promise;
  await pause(afterMs);
  await killed(server);
  for (const ended of await Promise.all(clients)) expect(ended).toBeInstanceOf(TypeError); // fetch: the connection broke
  return answered;
}

async function killed(server: ChildProcess): Promise<void> {
  const closed = once(server, 'close');
  process.kill(-server.pid!, 'SIGKILL');
  await closed;
}

describe('the audit trail in the store', () => {
  let store: StoreProcess;
  let client: StoreClient;
  let log: EmbeddedEventLog;
  beforeAll(async () => {
    store = await startStore();
    const address = { url: store.url, user: 'default', password: store.password, database: 'wanglou' };
    await migrate(address, { retentionDays: 400 });
    client = storeClient(address);
    log = openLog('stored');
    await log.start();
  });
  afterAll(async () => {
    await client?.close();
    await log?.stop();
    await store?.stop();
  });

  it('shows each thing that was done once, by who, what and what came of it, page by page', async () => {
    const trail = new AuditTrail({ log });
    const now = Date.now();
    const said = (account: string, at: number) =>
      auditEntry({ id: '', at: now + at, action: 'settings.change', account });
    for (let n = 0; n < 3; n++) await trail.end(await trail.begin(said('wang', 1_000 + n)), { outcome: 'success' });
    await trail.begin(said('li', 2_000)); // the program ended here
    await trail.done(
      auditEntry({ id: '', at: now + 2_001, action: 'sign-in', account: 'li', outcome: 'refused', count: 7 }),
    );
    const quiet = pino({ level: 'silent' });
    const stored = await storeTopic(log, 'audit', new TableWriter(client, AUDIT), Promise.resolve(), quiet);
    const queries = new AuditQueries(client);
    const asked = async (search: Partial<AuditSearch>) =>
      queries.search({ from: now, to: now + 3_000, limit: 10, ...search });
    const all = await eventually(() => asked({}), ({ entries }) => entries.length === 5); // prettier-ignore
    expect(all.entries.map(({ account, outcome, count }) => [account, outcome, count])).toEqual([
      ['li', 'refused', 7],
      ['li', 'unknown', 1],
      ['wang', 'success', 1],
      ['wang', 'success', 1],
      ['wang', 'success', 1],
    ]);
    expect((await asked({ account: 'li', outcome: 'unknown' })).entries).toHaveLength(1);
    expect((await asked({ action: 'sign-in' })).entries).toHaveLength(1);
    expect((await asked({ from: now + 2_001 })).entries).toHaveLength(1);
    const first = await asked({ limit: 4 });
    const second = await asked({ limit: 4, cursor: first.next });
    expect([...first.entries, ...second.entries]).toEqual(all.entries);
    expect(second.next).toBe('');
    await stored.stop();
  });
});
