import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detectors } from '../../detectors/index.ts';
import { startOfDay } from '../../demo/calendar.ts';
import { dayLines } from '../../demo/day.ts';
import { history } from '../../demo/history.ts';
import { buildPlatform } from '../../demo/platform.ts';
import { registryEntries } from '../../demo/registry.ts';
import { backtestReport } from '../../src/backtest-report.ts';
import { runBacktest, type BacktestParts, type BacktestProgress } from '../../src/backtest.ts';
import { BaselineBook } from '../../src/detection/baseline.ts';
import { SettingsBook } from '../../src/detection/scoped-contexts.ts';
import { encodeBatch } from '../../src/event/batch.ts';
import { emptyEvent, type Event } from '../../src/event/event.ts';
import { IdSequence } from '../../src/event/id.ts';
import { parseRecord } from '../../src/event/parse.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';
import { storeClient, type StoreClient } from '../../src/store/client.ts';
import { migrate } from '../../src/store/migrate.ts';
import { StoreQueries } from '../../src/store/queries.ts';
import { TableWriter } from '../../src/store/table-writer.ts';
import { FINDINGS } from '../../src/store/tables.ts';
import { StoreWriter } from '../../src/store/writer.ts';
import { startEngine } from '../detection/engine-fixture.ts';
import { MemoryLog } from '../detection/memory-log.ts';
import { startStore, type StoreProcess } from './store-process.ts';

const DAY = '2026-11-20';
const DAY_MS = 86_400_000;
const platform = buildPlatform(7, DAY);
const registry = registryFrom(registryEntries(platform));
const range = { warmUpFrom: startOfDay(DAY) - 40 * DAY_MS, from: startOfDay(DAY), to: startOfDay(DAY) + DAY_MS };

let store: StoreProcess;
let client: StoreClient;
let queries: StoreQueries;
let stored: Awaited<ReturnType<StoreQueries['findingsCausedIn']>>;
let count = 0;

/** Three weeks and a day of the simulated city, judged live: events and findings are in the real store. */
beforeAll(async () => {
  store = await startStore();
  const address = { url: store.url, user: 'default', password: store.password, database: 'wanglou' };
  await migrate(address, { retentionDays: 400 });
  client = storeClient(address);
  queries = new StoreQueries(client);
  const writer = new StoreWriter({ client });
  writer.start();
  const log = new MemoryLog(4);
  await appendAll(log);
  const { engine } = await startEngine(log, {
    detectors,
    sink: writer,
    registry: { current: () => registry },
    makeBaseline: (current) => new BaselineBook(current),
  });
  await log.idle();
  await engine.stop();
  await writer.flushed();
  writer.stop();
  const findings = log.records('findings', 0).map(({ value }) => JSON.parse(Buffer.from(value).toString()) as Finding);
  await new TableWriter(client, FINDINGS).write(findings);
  stored = await queries.findingsCausedIn(
    range.from,
    range.to,
    detectors.map(({ name }) => name),
  );
}, 300_000);
afterAll(async () => {
  await client.close();
  await store.stop();
});

/** By account, as collectors do; a second after each line's time. */
async function appendAll(log: MemoryLog): Promise<void> {
  const ids = new IdSequence(Buffer.alloc(10, 1));
  const pending: Event[][] = Array.from({ length: log.partitions('events') }, () => []);
  const flush = (partition: number) =>
    log.append([{ topic: 'events', partition, value: encodeBatch(pending[partition]!.splice(0)).bytes }]);
  for (const line of [...history(platform, 20), ...dayLines(platform, DAY, { volume: 20_000 })]) {
    const event = Object.assign(emptyEvent(), {
      id: ids.next(),
      source: line.source,
      sequence: count,
      authenticated: true,
    });
    event.ingestTime = line.atMs + 1_000;
    parseRecord(line.line, event, { timeZone: 'Asia/Shanghai', now: event.ingestTime, format: '' });
    const key = event.account === '' ? event.source : event.account;
    const partition = Buffer.from(key).reduce((sum, byte) => sum + byte, 0) % pending.length;
    if (pending[partition]!.push(event) === 500) await flush(partition);
    count++;
  }
  for (const partition of pending.keys()) if (pending[partition]!.length > 0) await flush(partition);
  const last = Object.assign(emptyEvent(), { ingestTime: range.to, action: 'heartbeat', service: 'wanglou' });
  const heartbeat = { ...last, source: 'wanglou/collect', authenticated: true };
  for (const partition of pending.keys())
    await log.append([{ topic: 'events', partition, value: encodeBatch([{ ...heartbeat, id: ids.next() }]).bytes }]);
}

function parts(changes: Partial<BacktestParts> = {}): BacktestParts {
  const versions = new SettingsBook();
  return { client, registry, detectors, settings: {}, versions, suppressing: () => '', ...changes };
}

describe('a backtest over stored events', () => {
  it('finds with unchanged settings exactly what was found in life, and says how far it is', async () => {
    const told: BacktestProgress[] = [];
    const run = await runBacktest(parts(), range, (progress) => told.push(progress));
    expect(stored.size).toBeGreaterThan(20);
    expect([...run.findings.keys()].sort()).toEqual([...stored.keys()].sort());
    const report = backtestReport(run, stored, range, 1);
    expect(report).toMatchObject({ raised: [], gone: [], events: count, parked: [] });
    expect(report.toldPerAnalystPerDay.now).toBe(report.toldPerAnalystPerDay.stored);
    expect(told.at(-1)).toMatchObject({ events: count, total: count });
  });

  it('says with other settings what would be gone and what would be raised, and by which detector', async () => {
    const [bulkRead] = detectors.filter(({ name }) => name === 'bulk-read');
    const judged = (settings: object) =>
      runBacktest(parts({ detectors: [bulkRead!], settings: { 'bulk-read': settings } }), range);
    const before = await queries.findingsCausedIn(range.from, range.to, ['bulk-read']);
    expect(before.size).toBeGreaterThan(0);
    const stricter = backtestReport(await judged({ rowsAtLeast: 1e9, bytesAtLeast: 1e15 }), before, range, 2);
    expect(stricter.gone).toHaveLength(before.size);
    expect(stricter.byDetector).toEqual({ 'bulk-read': { now: 0, stored: before.size } });
    const laxer = backtestReport(await judged({ rowsAtLeast: 1, zAtLeast: 0 }), before, range, 2);
    expect(laxer.gone).toEqual([]);
    expect(laxer.raised.length).toBeGreaterThan(0);
    expect(laxer.toldPerAnalystPerDay.now).toBe(laxer.findings.now / 2);
  });
});
