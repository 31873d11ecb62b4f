import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detectors } from '../../detectors/index.ts';
import { isOutward } from '../../src/detection/sharing.ts';
import { encodeRows } from '../../src/event/batch.ts';
import type { Event } from '../../src/event/event.ts';
import { ForecastDesk } from '../../src/forecast-desk.ts';
import type { SeriesName } from '../../src/forecast-series.ts';
import { Forecaster } from '../../src/posture/forecast/forecaster.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';
import { storeClient, type StoreClient } from '../../src/store/client.ts';
import { DiffusionQueries } from '../../src/store/diffusion-queries.ts';
import { ForecastQueries } from '../../src/store/forecast-queries.ts';
import { GroupedCounts } from '../../src/store/grouped-counts.ts';
import { LedgerWriter } from '../../src/store/ledger-writer.ts';
import { migrate } from '../../src/store/migrate.ts';
import { StoreQueries } from '../../src/store/queries.ts';
import { TableWriter } from '../../src/store/table-writer.ts';
import { FINDINGS } from '../../src/store/tables.ts';
import { StoreWriter } from '../../src/store/writer.ts';
import { RegistryWriter } from '../../src/store/registry-writer.ts';
import { eventAt } from '../detection/judge.ts';
import { aFinding } from '../store/a-finding.ts';
import { startStore, type StoreProcess } from './store-process.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** 2026-03-02T00:30 in China, a Monday: the last whole day is Sunday. */
const NOW = Date.parse('2026-03-02T00:30:00+08:00');
const DAYS = 60;
const registry = registryFrom({
  departments: ['aid', 'tax'].map((id) => ({ id, name: id })),
  vendors: [{ id: 'v-1', name: 'v-1' }],
  assets: [{ id: 'families', name: 'families', level: 'important', owner: 'aid' }],
});

let store: StoreProcess;
let client: StoreClient;
let desk: ForecastDesk;
let queries: ForecastQueries;
const forecaster = new Forecaster();

/** Each workday 90 to 110 rows, each rest day 9 to 11, in the first minutes of the local day, where UTC is a day behind. */
function eventsOf(): Event[] {
  return Array.from({ length: DAYS }, (_, n) => {
    const at = NOW - 30 * 60_000 - (DAYS - n) * DAY + 5 * 60_000;
    const usual = registry.dayType(at, '') === 'workday' ? 100 : 10;
    const share = { asset: 'families', recipient: 'tax', action: 'share' as const };
    return eventAt(new Date(at).toISOString(), {
      time: at,
      ingestTime: at + 2_000 + n,
      department: 'aid',
      rows: Math.round(usual * (0.9 + ((n * 7) % 5) * 0.05)),
      ...(n % 2 === 0 ? share : {}),
    });
  });
}

/** To the end of 4 March, to the 5th but revoked, without end. */
const grants = [
  { id: 'g-1', to: '2026-03-04' },
  { id: 'g-2', to: '2026-03-05', revokedAt: '2026-02-01' },
  { id: 'g-3' },
].map(({ id, ...ends }) => ({
  list: 'grants' as const,
  key: id,
  recordedAt: NOW - 90 * DAY,
  changeSet: '0190a1b2-0000-4000-8000-00000000000c',
  change: 'added' as const,
  origin: 'api' as const,
  by: 'wang',
  entries: [{ id, asset: 'families', recipient: 'tax', from: '2025-03-05', ...ends }],
}));

beforeAll(async () => {
  store = await startStore();
  const address = { url: store.url, user: 'default', password: store.password, database: 'wanglou' };
  await migrate(address, { retentionDays: 400 });
  client = storeClient(address);
  const events = eventsOf();
  const [eventWriter, ledger] = [new StoreWriter({ client }), new StoreWriter({ client, table: 'diffusion' })];
  const writer = new LedgerWriter(eventWriter, ledger, isOutward, encodeRows);
  writer.start();
  // Twice, as after a restart.
  for (const offset of [0, 1]) {
    const block = Buffer.from(encodeRows(events, events.map((_, index) => ({ partition: 0, offset, index })))); // prettier-ignore
    writer.add(block, events.length, { partition: 0, offset }, events);
    await writer.flushed();
  }
  writer.stop();
  const findings = events.map(({ time }, n) =>
    aFinding({
      id: `6f1c3a52-8f0b-5a52-9d3e-${String(n).padStart(12, '0')}`,
      detector: n % 3 === 0 ? 'bulk-read' : 'off-hours-access',
      vendor: n % 4 === 0 ? 'v-1' : '',
      severity: 'low',
      ...{ firstTime: time, lastTime: time, causedAt: time },
    }),
  );
  await new TableWriter(client, FINDINGS).write(findings);
  await new RegistryWriter(client, 'Asia/Shanghai').write(grants);
  queries = new ForecastQueries(client);
  const sources = { counts: new GroupedCounts(queries, () => ['test']), ledger: new DiffusionQueries(client), findings: new StoreQueries(client) }; // prettier-ignore
  desk = new ForecastDesk({ sources, registry: { current: () => registry }, detectors, forecaster, now: () => NOW });
});
afterAll(async () => {
  await forecaster.stop();
  await client.close();
  await store.stop();
});

const daily = (series: SeriesName, id = '') => desk.of({ series, id, step: 'day' });

describe('forecasts from the real store', () => {
  it('see each event once, on its local day, and expect the next week by its workdays', async () => {
    const { history, points, hidden, mase } = await daily('rows', 'aid');
    expect(history.at(-1)!.at).toBe(Date.parse('2026-03-01T00:00:00+08:00'));
    expect(history.at(-1)!.value).toBeLessThan(12);
    expect(history.at(-3)!.value).toBeGreaterThan(85);
    expect(hidden.en).toBe('');
    expect(mase).toBeLessThan(0.5);
    expect(points.map(({ value }) => value > 50)).toEqual([true, true, true, true, true, false, false]);
    expect(points[0]!.at).toBe(Date.parse('2026-03-02T00:00:00+08:00'));
  });

  it('count findings of one kind, and days without any as 0', async () => {
    const { history } = await daily('findings', 'bulk-read');
    expect(history.slice(-6).map(({ value }) => value)).toEqual([1, 0, 0, 1, 0, 0]);
    expect((await daily('findings')).history.slice(-2).map(({ value }) => value)).toEqual([1, 1]);
  });

  it('are the same read together for all names as alone', async () => {
    const range = { step: 'day' as const, from: NOW - (DAYS + 1) * DAY, to: NOW, zone: 'Asia/Shanghai' };
    const together = new GroupedCounts(queries, () => ['test']);
    const alone = await queries.rows('aid', range);
    expect(alone).toHaveLength(DAYS);
    expect(await together.rows('aid', range)).toEqual(alone);
    expect(await together.findings('bulk-read', range)).toEqual(await queries.findings('bulk-read', range));
    const lag = await queries.ingestLag('test', range);
    expect(lag).toHaveLength(DAYS);
    expect(await together.ingestLag('test', range)).toEqual(lag);
  });

  it('count the ways on which data of a level went', async () => {
    const { history } = await daily('out-edges', 'important');
    expect(history.slice(-4).map(({ value }) => value)).toEqual([1, 0, 1, 0]);
    expect((await daily('out-edges', 'core')).history.slice(-4).map(({ value }) => value)).toEqual([0, 0, 0, 0]);
  });

  it("follow a vendor's risk day by day", async () => {
    const { history, points } = await daily('vendor-risk', 'v-1');
    const values = history.map(({ value }) => value!);
    expect(Math.min(...values)).toBeGreaterThan(0);
    for (const { value, lower, upper } of points) {
      expect(lower).toBeLessThanOrEqual(value);
      expect(upper).toBeLessThanOrEqual(100);
      expect(value).toBeLessThanOrEqual(upper);
    }
  });

  it('take hours in which nothing was seen for unknown, and measure the lag of the others', async () => {
    const { history } = await desk.of({ series: 'ingest-lag', id: '', step: 'hour' });
    const known = history.filter(({ value }) => value !== null);
    expect(known).toHaveLength(4);
    expect(known.at(-1)!.value).toBeCloseTo(2.059, 3);
    expect(known.at(-1)!.at).toBe(NOW - 0.5 * HOUR - DAY);
  });

  it('know from the registry which grants end, so nothing is estimated', async () => {
    const { model, points, mase } = await daily('grants-expiring');
    expect([model, mase]).toEqual(['registry', null]);
    expect(points.map(({ value }) => value)).toEqual([0, 0, 1, 0, 0, 0, 0]);
    expect(points[2]).toMatchObject({ at: Date.parse('2026-03-04T00:00:00+08:00'), lower: 1, upper: 1 });
  });

  it('refuse who is not there', async () => {
    await expect(daily('rows', "aid' OR 1=1 --")).rejects.toThrow(/There is no department "aid' OR 1=1 --"/);
    await expect(daily('findings', 'nonsense')).rejects.toThrow(/no detector/);
    await expect(daily('vendor-risk', 'v-9')).rejects.toThrow(/no vendor/);
    await expect(daily('events', 'nobody')).rejects.toThrow(/no source/);
    await expect(desk.of({ series: 'vendor-risk', id: 'v-1', step: 'hour' })).rejects.toThrow(/step is hour/);
  });
});
