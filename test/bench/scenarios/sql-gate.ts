import { startEmbeddedStore } from '../../../src/store/embedded-server.ts';
import { storeClient, type StoreAddress } from '../../../src/store/client.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { engineParser } from '../../../src/sql/engine-parser.ts';
import { SqlGate } from '../../../src/sql/gate.ts';
import { KEY_PARAMETER } from '../../../src/sql/mask-sql.ts';
import { TABLE_NAMES } from '../../../src/sql/tables.ts';
import { makeViews, viewDatabase, wrapped } from '../../../src/sql/views.ts';
import { labelledLines } from '../../access/masking/corpus.ts';
import { BENIGN, PARAMETERS } from '../../sql/benign-queries.ts';
import { percentile, verify, type BenchContext, type Measured, type Scenario } from '../bench.ts';
import { shortly, withFolder } from '../material.ts';

const LINES = 20_000;
const SETTINGS = ['query_plan_merge_expressions = 0', 'readonly = 1'];

export const scenarios: Scenario[] = [
  {
    id: 'sql-gate',
    title: 'Decide whether a query of people may be run, by the parser of the embedded store',
    unit: 'ms',
    repeat: 3,
    lowerIsBetter: true,
    run: (context) => withStore((address) => decisions(address, context)),
  },
  {
    id: 'sql-masking',
    title: 'Mask texts inside of the embedded store, for a query that looks into all of them',
    unit: 'texts/s',
    repeat: 3,
    run: () => withStore(masking),
  },
];

async function withStore(use: (address: StoreAddress) => Promise<Measured>): Promise<Measured> {
  return withFolder(async (dataDir) => {
    const store = await startEmbeddedStore({ dataDir, port: 0, password: '' });
    try {
      const address = { url: store.url, user: 'default', password: '', database: 'wanglou' };
      await migrate(address, { retentionDays: 400 });
      await makeViews(address);
      return await use(address);
    } finally {
      await store.stop();
    }
  });
}

/** Both questions to the parser over HTTP, and the walk over the tree. */
async function decisions(address: StoreAddress, context: BenchContext): Promise<Measured> {
  const parser = engineParser({ ...address, database: viewDatabase(address.database) });
  const gate = new SqlGate(parser, TABLE_NAMES);
  const took: number[] = [];
  const until = performance.now() + shortly(context) * 1_000;
  for (let at = 0; took.length < 50 || performance.now() < until; at++) {
    const began = performance.now();
    const { sql } = await gate.check(BENIGN[at % BENIGN.length]!, PARAMETERS);
    took.push(performance.now() - began);
    verify(sql !== '', 'a query came to nothing');
  }
  parser.close();
  const details = { queries: took.length, 'ms p95': percentile(took, 95), 'ms p99': percentile(took, 99) };
  return { value: percentile(took, 50), checked: `${took.length} queries of hunters were accepted`, details };
}

async function masking(address: StoreAddress): Promise<Measured> {
  const client = storeClient(address);
  const views = storeClient({ ...address, database: viewDatabase(address.database) });
  const kinds = labelledLines(1, LINES / 10).slice(0, LINES);
  const ingest_time = new Date().toISOString().slice(0, -1).replace('T', ' ');
  const values = kinds.map(({ text }, n) => ({ id: idOf(n), ingest_time, message: text }));
  await client.insert({ table: 'events', values, columns: ['id', 'ingest_time', 'message'], format: 'JSONEachRow' });
  const query = wrapped("SELECT countIf(message LIKE '%‹%') FROM events", ['events'], 1, SETTINGS);
  const began = performance.now();
  const result = await views.query({ query, query_params: { [KEY_PARAMETER]: 'key' }, format: 'JSONCompactEachRow' });
  const [[masked]] = (await result.json<[string]>()) as [[string]];
  const seconds = (performance.now() - began) / 1_000;
  verify(Number(masked) > 0.9 * values.length, `only ${masked} of ${values.length} texts were masked`);
  await Promise.all([client.close(), views.close()]);
  return {
    value: values.length / seconds,
    checked: `${masked} of ${values.length} labelled texts have something masked`,
    details: { texts: values.length, s: seconds },
  };
}

const idOf = (n: number): string => `00000000-0000-8000-8000-${String(n).padStart(12, '0')}`;
