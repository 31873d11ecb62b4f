import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Masker } from '../../src/access/masking/masker.ts';
import { DataSubjects } from '../../src/event/data-subjects.ts';
import { ALLOWED, COMBINATORS, HIGHER_ORDER } from '../../src/sql/allowed-functions.ts';
import { engineParser, type EngineParser } from '../../src/sql/engine-parser.ts';
import { SqlGate } from '../../src/sql/gate.ts';
import { REFUSED } from '../../src/sql/refused-functions.ts';
import { SqlRefusal } from '../../src/sql/refusal.ts';
import { TABLE_NAMES } from '../../src/sql/tables.ts';
import { KEY_PARAMETER } from '../../src/sql/mask-sql.ts';
import { makeViews, viewDatabase, wrapped } from '../../src/sql/views.ts';
import { storeClient, type StoreAddress, type StoreClient } from '../../src/store/client.ts';
import { migrate } from '../../src/store/migrate.ts';
import { splitStatements } from '../../src/store/split-statements.ts';
import { labelledLines } from '../access/masking/corpus.ts';
import { VALUE_KINDS } from '../access/masking/values.ts';
import { BENIGN, PARAMETERS } from '../sql/benign-queries.ts';
import { HOSTILE } from '../sql/hostile-queries.ts';
import { startStore, type StoreProcess } from './store-process.ts';

/** Plain tables of the same names and columns: what is accepted runs there without the cost of masking. */
const PLAIN = 'plain';
const SEED = 20_261_126;
const READONLY = ['query_plan_merge_expressions = 0', 'readonly = 1'];

let store: StoreProcess;
let client: StoreClient;
let plain: StoreClient;
let views: StoreClient;
let parser: EngineParser;
let gate: SqlGate;

beforeAll(async () => {
  store = await startStore();
  const address: StoreAddress = { url: store.url, user: 'default', password: store.password, database: 'wanglou' };
  await migrate(address, { retentionDays: 400 });
  await makeViews(address);
  client = storeClient(address);
  plain = storeClient({ ...address, database: PLAIN });
  views = storeClient({ ...address, database: viewDatabase('wanglou') });
  parser = engineParser({ ...address, database: viewDatabase('wanglou') });
  gate = new SqlGate(parser, TABLE_NAMES);
  await client.command({ query: `CREATE DATABASE ${PLAIN}` });
  for (const table of TABLE_NAMES)
    await client.command({ query: `CREATE TABLE ${PLAIN}.${table} AS wanglou.${table} ENGINE = Memory` });
}, 120_000);
afterAll(async () => {
  parser.close();
  await Promise.all([client.close(), plain.close(), views.close()]);
  await store.stop();
});

async function names(query: string): Promise<string[]> {
  const result = await client.query({ query, format: 'JSONCompactEachRow' });
  return (await result.json<[string]>()).map(([name]) => name);
}

/** Some at a time. @returns what came of each that failed */
async function failures(queries: readonly string[], run: (query: string) => Promise<unknown>): Promise<string[]> {
  const failed: string[] = [];
  const waiting = [...queries];
  const work = async (): Promise<void> => {
    for (let query = waiting.shift(); query !== undefined; query = waiting.shift())
      await run(query).catch((error: unknown) => failed.push(`${query}\n    ${String(error)}`));
  };
  await Promise.all([work(), work(), work(), work()]);
  return failed;
}

describe('the lists of functions', () => {
  it('have each function of the engine exactly once, and no others', async () => {
    const listed = [...Object.values(ALLOWED), ...Object.values(REFUSED)].flat();
    expect(listed.length).toBe(new Set(listed).size);
    const known = await names('SELECT name FROM system.functions');
    const missing = known.filter((name) => !listed.includes(name));
    expect(missing, 'sort these into src/sql/allowed-functions.ts or refused-functions.ts').toEqual([]);
    expect(listed.filter((name) => !known.includes(name))).toEqual([]);
    const takeLambdas = await names('SELECT name FROM system.functions WHERE higher_order = 1');
    expect(takeLambdas.filter((name) => !HIGHER_ORDER.includes(name))).toEqual([]);
    const combinators = await names('SELECT name FROM system.aggregate_function_combinators');
    expect(combinators.filter((name) => !COMBINATORS.includes(name))).toEqual([]);
  });
});

describe('the gate', () => {
  it(`accepts ${BENIGN.length} queries of people who hunt, and they run`, async () => {
    expect(new Set(BENIGN).size).toBeGreaterThanOrEqual(500);
    const failed = await failures(BENIGN, async (query) => {
      const { sql, parameters } = await gate.check(query, PARAMETERS);
      const given = Object.fromEntries(
        parameters.map(({ name }) => [name, PARAMETERS[name as keyof typeof PARAMETERS]]),
      );
      await (await plain.query({ query: wrapped(sql, [], 10, READONLY), query_params: given })).text();
    });
    expect(failed.length / BENIGN.length, failed.join('\n')).toBeLessThanOrEqual(0.01);
  }, 240_000);

  it(`refuses ${HOSTILE.length} that mean harm, and says why in both languages`, async () => {
    const accepted: string[] = [];
    const silent = await failures(HOSTILE, async (query) => {
      const refusal = await gate.check(query, { s: 'x', t: 'events', c: 'raw' }).then(
        () => void accepted.push(query),
        (error: unknown) => error,
      );
      if (!(refusal instanceof SqlRefusal)) throw refusal;
      expect(refusal.details).toMatchObject({ messageZh: /./, remedyZh: expect.stringMatching(/[一-龥]/) as string });
      expect(refusal.remedy).toMatch(/^[A-Z]/);
    });
    expect(accepted).toEqual([]);
    expect(silent).toEqual([]);
  }, 240_000);

  it.each([
    ['SELECT 1,\n  hostName()', 'hostName', { line: 2, column: 3 }],
    ['SELECT * FROM system.users', 'system.users', { line: 1, column: 15 }],
    ['SELECT 1 SETTINGS max_threads = 9', 'SETTINGS', { line: 1, column: 10 }],
    ['SELECT count() FROM evens', 'evens', { line: 1, column: 21 }],
  ])('names the construct and its place: %s', async (query, construct, place) => {
    await expect(gate.check(query)).rejects.toMatchObject({ construct, place });
  });

  it('knows which tables a query reads, also where a name of its own hides one', async () => {
    const { tables } = await gate.check(
      'WITH events AS (SELECT * FROM events), x AS (SELECT actor FROM findings) SELECT * FROM events WHERE actor IN x',
    );
    expect(tables).toEqual(['events', 'findings']);
  });
});

describe('what the store masks by itself', () => {
  const subjects = new DataSubjects('a key of at least thirty-two characters');
  const masker = new Masker({ hashOf: (plain) => subjects.hashOf(plain).slice('ds_'.length) });
  const lines = labelledLines(SEED, 200);
  let shown: ReadonlyMap<string, string>;

  beforeAll(async () => {
    const ingest_time = new Date().toISOString().slice(0, -1).replace('T', ' ');
    const values = lines.map(({ text }) => ({ id: randomUUID(), ingest_time, raw: text }));
    await client.insert({ table: 'events', values, columns: ['id', 'ingest_time', 'raw'], format: 'JSONEachRow' });
    // Backwards, so that nothing but the view has a chance to find anything.
    const { sql, tables } = await gate.check('SELECT id, reverseUTF8(raw) AS backwards FROM events');
    const query = wrapped(sql, tables, 1_000_000, READONLY);
    const key = 'a key of at least thirty-two characters';
    const result = await views.query({ query, query_params: { [KEY_PARAMETER]: key }, format: 'JSONCompactEachRow' });
    const rows = await result.json<[string, string]>();
    const textOf = new Map(rows.map(([id, backwards]) => [id, Array.from(backwards).reverse().join('')]));
    shown = new Map(values.map(({ id, raw }) => [raw, textOf.get(id)!]));
  }, 120_000);

  it.each(VALUE_KINDS)('is nearly every %s, before a query can turn it round', (kind) => {
    const own = lines.filter(({ personal }) => personal[0]!.kind === kind);
    const told = own.filter(({ text, personal }) => {
      const rest = shown
        .get(text)!
        .replace(/‹[^‹›]*›/g, '')
        .normalize('NFKC');
      return personal.some(({ written }) =>
        [written, written.normalize('NFKC'), encodeURIComponent(written)].some((one) => rest.includes(one)),
      );
    });
    console.log(`seed ${SEED}: ${kind} ${own.length - told.length} of ${own.length} masked in the store`);
    expect(told.length / own.length, told.map(({ text }) => text).join('\n')).toBeLessThanOrEqual(0.02);
  });

  it('has the pseudonyms that answers show, so that both can be joined', () => {
    const tokens = (text: string): string[] => text.match(/‹[^‹›]*›/g) ?? [];
    const both = lines.map(({ text }) => [tokens(shown.get(text)!), tokens(masker.text(text))] as const);
    const comparable = both.filter(([ours, theirs]) => ours.length > 0 && theirs.length > 0);
    const same = comparable.filter(([ours, theirs]) => theirs.some((token) => ours.includes(token)));
    expect(same.length / comparable.length).toBeGreaterThan(0.8);
  });
});

describe('the masked views', () => {
  it.each(TABLE_NAMES)('answer for %s what their tables have, and nothing under another name', async (table) => {
    const { sql, tables } = await gate.check(`SELECT * FROM ${table}`);
    const query = wrapped(sql, tables, 10, READONLY);
    await (await views.query({ query, query_params: { [KEY_PARAMETER]: 'key' } })).text();
  });

  it('are all that a user of a ClickHouse server needs, by statements that the engine can read', async () => {
    const text = /```sql\n([^]+?)```/.exec(readFileSync('docs/sql.md', 'utf8'))![1]!;
    const statements = splitStatements(text);
    expect(statements.length).toBeGreaterThan(5);
    for (const statement of statements)
      await client.query({ query: 'SELECT formatQuery({q:String})', query_params: { q: statement } });
  });
});
