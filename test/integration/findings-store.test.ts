import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Correlator } from '../../src/finding/correlation.ts';
import { BY_DETECTION, lifeEventOf, type LifeEvent } from '../../src/finding/lifecycle.ts';
import { storeClient, type StoreClient } from '../../src/store/client.ts';
import { migrate } from '../../src/store/migrate.ts';
import { StoreQueries } from '../../src/store/queries.ts';
import { TableWriter } from '../../src/store/table-writer.ts';
import { FINDINGS, INCIDENTS, LIVES } from '../../src/store/tables.ts';
import { aFinding } from '../store/a-finding.ts';
import { startStore, type StoreProcess } from './store-process.ts';

let store: StoreProcess;
let client: StoreClient;
let queries: StoreQueries;

beforeAll(async () => {
  store = await startStore();
  const address = { url: store.url, user: 'default', password: store.password, database: 'wanglou' };
  await migrate(address, { retentionDays: 400 });
  client = storeClient(address);
  queries = new StoreQueries(client);
});
afterAll(async () => {
  await client.close();
  await store.stop();
});

describe('findings in the real store', () => {
  it('keep their history, each entry once however often it was written', async () => {
    const raised = lifeEventOf(aFinding());
    const closed: LifeEvent = {
      ...raised,
      id: '0190a1b2-0000-4000-8000-00000000000a',
      act: 'closed',
      by: 'lina',
      at: raised.at + 5,
      disposition: 'benign',
      text: '月末导出',
    };
    const writer = new TableWriter(client, LIVES);
    await writer.write([raised, closed]);
    await writer.write([closed]);
    expect(raised.by).toBe(BY_DETECTION);
    expect(await queries.lifeEvents([raised.finding])).toEqual([raised, closed]);
    expect(await queries.lifeEvents([closed.id])).toEqual([]);
  });

  it('can be listed without those that are suppressed, or only those', async () => {
    const shown = aFinding({ id: '6f1c3a52-8f0b-5a52-9d3e-000000000001' });
    const hidden = aFinding({ id: '6f1c3a52-8f0b-5a52-9d3e-000000000002', alert: false, suppression: 's-1' });
    await new TableWriter(client, FINDINGS).write([shown, hidden]);
    const idsOf = async (suppressed?: 'no' | 'only') => {
      const { findings } = await queries.latestFindings({ limit: 10, ...(suppressed && { suppressed }) });
      return findings.map(({ id }) => id).sort();
    };
    expect(await idsOf()).toEqual([shown.id, hidden.id]);
    expect(await idsOf('no')).toEqual([shown.id]);
    expect(await idsOf('only')).toEqual([hidden.id]);
    expect(await queries.findingById(hidden.id)).toEqual(hidden);
  });

  it('are counted and shown that a suppression would have hidden, but for those that never are', async () => {
    const ids = [3, 4, 5].map((n) => `6f1c3a52-8f0b-5a52-9d3e-00000000000${n}`);
    const [recent, old, guard] = [
      aFinding({ id: ids[0]!, vendor: 'v-9' }),
      aFinding({ id: ids[1]!, vendor: 'v-9', causedAt: 1_600_000_000_000 }),
      aFinding({ id: ids[2]!, vendor: 'v-9', detector: 'log-tampering' }),
    ];
    await new TableWriter(client, FINDINGS).write([recent, old, guard]);
    const found = await queries.findingsInScope({ vendor: 'v-9' }, recent.causedAt - 1_000);
    expect(found).toEqual({
      findings: 1,
      byDetector: { 'bulk-read': 1 },
      bySeverity: { high: 1 },
      latest: [recent],
    });
  });
});

describe("a vendor's findings in the real store", () => {
  it('come in their latest revision, from the time that is asked about', async () => {
    const first = aFinding({ id: '6f1c3a52-8f0b-5a52-9d3e-000000000201', vendor: 'v-7' });
    const second = { ...first, revision: 2, score: 80, causedAt: first.causedAt + 10 };
    await new TableWriter(client, FINDINGS).write([first, second, aFinding({ vendor: 'v-8' })]);
    expect(await queries.findingsOfVendor('v-7', first.causedAt, second.causedAt + 1)).toEqual([second]);
    expect(await queries.findingsOfVendor('v-7', first.causedAt, second.causedAt)).toEqual([first]);
    expect(await queries.findingsOfVendor('v-7', second.causedAt + 1, second.causedAt + 2)).toEqual([]);
  });
});

describe('incidents in the real store', () => {
  it('come back as they were, the latest revision of each, once', async () => {
    const correlator = new Correlator({ contractEnd: () => undefined, derivedFrom: () => [], networkOf: () => '' });
    const escalation = aFinding({ detector: 'vendor-privilege-escalation', score: 60, vendor: 'v-9' });
    const reads = [1, 2].map((n) =>
      aFinding({ id: `6f1c3a52-8f0b-5a52-9d3e-00000000010${n}`, vendor: 'v-9', lastTime: escalation.lastTime + n }),
    );
    const made = [escalation, ...reads].flatMap((finding) => correlator.take(finding));
    expect(made).toHaveLength(2);
    const writer = new TableWriter(client, INCIDENTS);
    await writer.write(made);
    await writer.write(made);
    expect(await queries.latestIncidents({ limit: 10 })).toEqual({ incidents: [made[1]], next: '' });
    expect(await queries.latestIncidents({ limit: 10, vendor: 'v-8' })).toEqual({ incidents: [], next: '' });
    expect(await queries.incidentRevisions(made[0]!.id)).toEqual(made);
  });
});
