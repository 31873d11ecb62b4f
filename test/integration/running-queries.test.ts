import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeClient, type StoreClient } from '../../src/store/client.ts';
import type { Column } from '../../src/store/result-stream.ts';
import { RunningQueries, type QueryWork, type RunningQuery } from '../../src/store/running-queries.ts';
import { startStore, type StoreProcess } from './store-process.ts';

let store: StoreProcess;
let client: StoreClient;
let queries: RunningQueries;

beforeAll(async () => {
  store = await startStore();
  const address = { url: store.url, user: 'default', password: store.password, database: 'default' };
  client = storeClient(address);
  queries = new RunningQueries(address);
  await client.command({ query: 'CREATE TABLE t (n UInt64, text String) ENGINE = MergeTree ORDER BY n' });
  await client.command({ query: "INSERT INTO t SELECT number, repeat('x', 100) FROM numbers(50000)" });
});
afterAll(async () => {
  await queries.stop();
  await client.close();
  await store.stop();
});

const ENDLESS = 'SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 3';

function start(work: QueryWork): RunningQuery & { columns: Column[]; rows: string[] } {
  const [columns, rows]: [Column[], string[]] = [[], []];
  const query = queries.start(work, { columns: (all) => columns.push(...all), row: (json) => rows.push(json) });
  return Object.assign(query, { columns, rows });
}

const begun = (query: RunningQuery) =>
  expect.poll(async () => (await query.progress()).rowsRead, { timeout: 30_000 }).toBeGreaterThan(0);
const stillRun = async (): Promise<string> => {
  const query =
    "SELECT count() FROM system.processes WHERE query LIKE '%sipHash64(number) = 3%' AND query NOT LIKE '%processes%'";
  return (await client.query({ query, format: 'TabSeparated' })).text();
};

describe('a query that people run', () => {
  it('hands on columns with their types, and rows with the values of its parameters', async () => {
    const query = start({
      sql: 'SELECT n, {word:String} AS word, [n] AS list FROM t WHERE n < {below:UInt64} ORDER BY n',
      parameters: { word: '望楼 "\'\\', below: 2 },
    });
    expect(await query.ended).toMatchObject({ rows: 2, truncated: false });
    expect(query.columns).toEqual([
      { name: 'n', type: 'UInt64' },
      { name: 'word', type: 'String' },
      { name: 'list', type: 'Array(UInt64)' },
    ]);
    expect(query.rows.map((row) => JSON.parse(row) as unknown)).toEqual([
      ['0', '望楼 "\'\\', ['0']],
      ['1', '望楼 "\'\\', ['1']],
    ]);
  });

  it('says before it runs what it would read and which columns it has', async () => {
    const work = { sql: 'SELECT text FROM t WHERE n < {below:UInt64}', parameters: { below: 10 } };
    const { rows, tables, sentence } = await queries.costOf(work);
    expect(tables).toMatchObject([{ table: 't', parts: 1 }]);
    expect(rows).toBeLessThan(50_000);
    expect(sentence.en).toMatch(/^It reads at most t [\d,]+ rows, from 1 parts\.$/);
    expect(await queries.columnsOf(work)).toEqual([{ name: 'text', type: 'String' }]);
    await expect(queries.costOf({ sql: 'SELECT missing FROM t' })).rejects.toMatchObject({ code: 'WL_QUERY_INVALID' });
  });

  it('says how far it is, and is gone from the engine when it is cancelled', async () => {
    const query = start({ sql: ENDLESS });
    await begun(query);
    expect(await query.progress()).toMatchObject({ rowsToRead: 1_000_000_000_000 });
    await query.cancel();
    await expect(query.ended).rejects.toMatchObject({ code: 'WL_QUERY_CANCELLED' });
    await expect.poll(stillRun, { timeout: 30_000 }).toBe('0\n');
  });

  it('is cancelled when nobody asks after it any more', async () => {
    const query = start({ sql: ENDLESS, patienceMs: 300 });
    await expect(query.ended).rejects.toMatchObject({ code: 'WL_QUERY_CANCELLED' });
    await expect.poll(stillRun, { timeout: 30_000 }).toBe('0\n');
  });

  it('leaves inserts and other queries their own connections, however many run and wait', async () => {
    const hogs = Array.from({ length: 5 }, () => start({ sql: ENDLESS }));
    await begun(hogs[0]!);
    await client.insert({ table: 't', values: [{ n: 70_000, text: 'in time' }], format: 'JSONEachRow' });
    const result = await client.query({ query: 'SELECT text FROM t WHERE n = 70000', format: 'TabSeparated' });
    expect(await result.text()).toBe('in time\n');
    await Promise.all(hogs.map((hog) => hog.cancel()));
    await expect.poll(stillRun, { timeout: 30_000 }).toBe('0\n');
  });
});

describe('a query of death', () => {
  it.each([
    ['maxMs', ENDLESS, { maxMs: 300 }],
    ['maxMs', 'SELECT count() FROM t a CROSS JOIN t b CROSS JOIN t c', { maxMs: 300 }],
    ['maxMemoryBytes', 'WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT r.n + 1 FROM r, numbers(1000) AS m) SELECT count() FROM r', { maxMemoryBytes: 50_000_000 }], // prettier-ignore
    ['maxMemoryBytes', 'SELECT groupArray(number) FROM numbers(1000000000)', { maxMemoryBytes: 20_000_000 }],
    ['maxRowsRead', 'SELECT sum(n) FROM t', { maxRowsRead: 1_000 }],
    ['maxBytesRead', 'SELECT max(text) FROM t', { maxBytesRead: 1_000 }],
    ['maxBytes', 'SELECT n, text FROM t', { maxBytes: 1_000_000 }],
  ])('ends at %s with what it met: %s', async (limit, sql, limits) => {
    await expect(start({ sql, limits }).ended).rejects.toMatchObject({
      code: 'WL_QUERY_STOPPED',
      details: { limit, value: limits[limit as keyof typeof limits] },
    });
  });

  it('hands on as many rows as asked for, and says that there were more', async () => {
    const query = start({ sql: 'SELECT n FROM t ORDER BY n', limits: { maxRows: 3 } });
    expect(await query.ended).toMatchObject({ rows: 3, truncated: true });
    expect(query.rows).toEqual(['["0"]', '["1"]', '["2"]']);
  });
});
