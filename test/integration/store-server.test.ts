import { execFileSync } from 'node:child_process';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedStore } from '../../src/store/embedded-server.ts';
import { storeClient } from '../../src/store/client.ts';
import { migrate, readMigrations, type Migration } from '../../src/store/migrate.ts';
import { applyRetention } from '../../src/store/retention.ts';
import { eventually } from './wanglou.ts';
import { startStore, type StoreProcess } from './store-process.ts';

let store: StoreProcess;
let client: ClickHouseClient;

beforeAll(async () => {
  store = await startStore({ maxResultBytes: 64 * 1024 * 1024 });
  client = storeClient({ url: store.url, user: 'default', password: store.password, database: 'default' });
});
afterAll(async () => {
  await client.close();
  await store.stop();
});

async function rows<T>(query: string, parameters: Record<string, unknown> = {}): Promise<T[]> {
  return (await client.query({ query, query_params: parameters, format: 'JSONEachRow' })).json<T>();
}

async function text(query: string, settings: Record<string, string> = {}): Promise<string> {
  return (await client.query({ query, format: 'TabSeparated', clickhouse_settings: settings })).text();
}

function curl(...args: string[]): { status: number; headers: string; body: string } {
  const out = execFileSync('curl', ['-sS', '-i', ...args]).toString();
  const split = out.indexOf('\r\n\r\n');
  return { status: Number(out.slice(9, 12)), headers: out.slice(0, split).toLowerCase(), body: out.slice(split + 4) };
}

const post = (sql: string, ...args: string[]) =>
  curl('-u', `default:${store.password}`, '--data-binary', sql, ...args, store.url);

const slow = 'SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 3';
const running = async (): Promise<number> =>
  Number(
    await text(
      "SELECT count() FROM system.processes WHERE query LIKE '%sipHash64(number) = 3%' AND query NOT LIKE '%processes%'",
    ),
  );

describe('the embedded store, for the ClickHouse client', () => {
  it('only reads for a request that says so, and answers the next ones as before', async () => {
    const reading = { clickhouse_settings: { readonly: '1' } } as const;
    for (let n = 0; n < 8; n++) expect(await text('SELECT 1', { readonly: '1' })).toBe('1\n');
    await expect(client.command({ query: 'CREATE TABLE t (a UInt8) ENGINE = Memory', ...reading })).rejects.toThrow(
      'readonly mode',
    );
    await expect(client.insert({ table: 't', values: [{ a: 1 }], format: 'JSONEachRow', ...reading })).rejects.toThrow(
      'readonly mode',
    );
    for (let n = 0; n < 8; n++) expect(await text('SELECT 2', { max_threads: '1' })).toBe('2\n');
  });

  it('binds parameters of every kind, whatever they hold', async () => {
    const hostile = "it's \\ \n\t\r 中文 \0 {x:y} '; DROP TABLE t --";
    const [row] = await rows(
      'SELECT {n:UInt8} AS n, {s:String} AS s, {d:DateTime64(3)} AS d, {a:Array(String)} AS a, {o:Nullable(String)} AS o, {m:Map(String, String)} AS m, {i:Identifier} AS i FROM system.one',
      { n: 3, s: hostile, d: new Date(1_700_000_000_123), a: ["a'b", 'c\\d'], o: null, m: { k: 'v' }, i: 'dummy' },
    );
    expect(row).toEqual({
      n: 3,
      s: hostile,
      d: '2023-11-14 22:13:20.123',
      a: ["a'b", 'c\\d'],
      o: null,
      m: { k: 'v' },
      i: 0,
    });
  });

  it('keeps parameters of requests that run at the same time apart', async () => {
    const answers = await Promise.all(
      Array.from(
        { length: 40 },
        async (_, n) => (await rows<{ n: number }>('SELECT {n:UInt32} AS n, sleep(0.01)', { n }))[0]!.n,
      ),
    );
    expect(answers).toEqual(Array.from({ length: 40 }, (_, n) => n));
  });

  it('never lends a parameter, a setting or leftover output of one request to another', async () => {
    const alone = await startStore({ queryConnections: 1 });
    const own = createClient({ url: alone.url, password: alone.password });
    const ask = async (query: string, options = {}): Promise<string> =>
      (await own.query({ query, format: 'TabSeparated', ...options })).text();
    const limit = await ask("SELECT getSetting('max_memory_usage'), getSetting('max_threads')");
    await ask('SELECT {a:UInt8}', {
      query_params: { a: 1 },
      clickhouse_settings: { max_threads: 1, max_memory_usage: '50000000' },
    });
    await expect(ask('SELECT {a:UInt8}')).rejects.toMatchObject({ type: 'UNKNOWN_QUERY_PARAMETER' });
    await expect(ask('SELECT throwIf(number = 3) FROM numbers(10) SETTINGS max_block_size = 1')).rejects.toThrow();
    expect(await ask("SELECT getSetting('max_memory_usage'), getSetting('max_threads')")).toBe(limit);
    await own.close();
    await alone.stop();
  });

  it('takes inserts of rows, of values, of a SELECT and of compressed bodies, with the defaults of the table', async () => {
    await client.command({ query: 'CREATE TABLE t (a String, n UInt64 DEFAULT 7) ENGINE = MergeTree ORDER BY a' });
    await client.insert({ table: 't', values: [{ a: 'x' }, { a: '望', n: 4 }], format: 'JSONEachRow' });
    await client.command({ query: "INSERT INTO t VALUES ('v;', 1), ('w', 1 + 1)" });
    await client.command({ query: "INSERT INTO t (a) SELECT 'selected'" });
    const packing = createClient({
      url: store.url,
      password: store.password,
      compression: { request: true, response: true },
    });
    await packing.insert({ table: 't', values: [{ a: 'packed', n: 5 }], format: 'JSONEachRow' });
    const found = await packing.query({ query: 'SELECT a, n FROM t ORDER BY n, a', format: 'JSONCompactEachRow' });
    expect(await found.json()).toEqual([
      ['v;', 1],
      ['w', 2],
      ['望', 4],
      ['packed', 5],
      ['selected', 7],
      ['x', 7],
    ]);
    await packing.close();
  });

  it('takes statements of megabytes, and long parameters as a form', async () => {
    expect(await rows(`SELECT length('${'望'.repeat(1_000_000)}') AS n`)).toEqual([{ n: 3_000_000 }]);
    const form = await client.query({
      query: 'SELECT length({s:String}) AS n',
      query_params: { s: "y'".repeat(500_000) },
      use_multipart_params: true,
      format: 'JSONEachRow',
    });
    expect(await form.json()).toEqual([{ n: 1_000_000 }]);
  });

  it('reports errors as ClickHouse does', async () => {
    await expect(text('SELECT * FROM nowhere')).rejects.toMatchObject({ code: '60', type: 'UNKNOWN_TABLE' });
    await expect(text('SELECT nothing')).rejects.toMatchObject({ code: '47', type: 'UNKNOWN_IDENTIFIER' });
    await expect(text('selec 1')).rejects.toMatchObject({ code: '62', type: 'SYNTAX_ERROR' });
    await expect(text('SELECT 1; SELECT 2')).rejects.toMatchObject({ code: '62' });
    const bad = { table: 't', values: [{ a: 'x', n: 'no number' }], format: 'JSONEachRow' } as const;
    await expect(client.insert(bad)).rejects.toMatchObject({ code: '27' });
  });

  it('holds to limits of time, memory and result', async () => {
    await expect(text(slow, { max_execution_time: '0.2' })).rejects.toMatchObject({
      type: 'TIMEOUT_EXCEEDED',
    });
    const hoard = 'SELECT groupArray(number) FROM numbers(1000000000)';
    await expect(text(hoard, { max_memory_usage: '10000000' })).rejects.toMatchObject({
      type: 'MEMORY_LIMIT_EXCEEDED',
    });
    await expect(text('SELECT number FROM numbers(1000000000)')).rejects.toMatchObject({
      type: 'TOO_MANY_ROWS_OR_BYTES',
    });
    await expect(text('SELECT 1', { max_memory_usage: '1000000000000' })).rejects.toMatchObject({ code: '452' });
  });

  it('kills a query that another names, and one whose client went away', async () => {
    const killed = client.query({ query: slow, query_id: 'to-be-killed', format: 'JSON' });
    const outcome = expect(killed).rejects.toMatchObject({ type: 'QUERY_WAS_CANCELLED' });
    await eventually(running, (count) => count === 1);
    await text("KILL QUERY WHERE query_id = 'to-be-killed' ASYNC");
    await outcome;
    const leaving = new AbortController();
    const left = client.query({ query: slow, abort_signal: leaving.signal }).catch(() => undefined);
    await eventually(running, (count) => count === 1);
    leaving.abort();
    await left;
    await eventually(running, (count) => count === 0);
  });

  it('kills a query whose client went away at any moment, also before it began', async () => {
    const headers = `Authorization: Basic ${Buffer.from(`default:${store.password}`).toString('base64')}`;
    const request = `POST / HTTP/1.1\r\nHost: store\r\n${headers}\r\nContent-Length: ${slow.length}\r\n\r\n${slow}`;
    const { hostname, port } = new URL(store.url);
    for (let delayMs = 0; delayMs < 12; delayMs++) {
      const socket = connect(Number(port), hostname).on('error', () => undefined);
      socket.write(request);
      await new Promise((resume) => setTimeout(resume, delayMs));
      socket.resetAndDestroy();
    }
    await client.ping();
    await eventually(running, (count) => count === 0);
  });

  it('inserts while every connection for queries is busy, and refuses queries beyond its queue', async () => {
    const tight = await startStore({ queryConnections: 1, maxWaiting: 1 });
    const own = createClient({ url: tight.url, password: tight.password, max_open_connections: 10 });
    await own.command({ query: 'CREATE TABLE t (a String) ENGINE = MergeTree ORDER BY a' });
    const ended = new AbortController();
    const first = own.query({ query: slow, abort_signal: ended.signal }).catch(() => undefined);
    const second = own.query({ query: slow, abort_signal: ended.signal }).catch(() => undefined);
    await eventually(
      async () =>
        own.query({ query: 'SELECT 1', abort_signal: AbortSignal.timeout(500) }).then(
          () => '',
          (error: unknown) => (error as { type?: string }).type,
        ),
      (type) => type === 'TOO_MANY_SIMULTANEOUS_QUERIES',
    );
    await own.insert({ table: 't', values: [{ a: 'in time' }], format: 'JSONEachRow' });
    ended.abort();
    await Promise.all([first, second]);
    await own.close();
    await tight.stop();
  });
});

describe('the embedded store, for curl', () => {
  it('answers pings, GET queries and formats with ClickHouse headers', () => {
    expect(curl(`${store.url}/ping`).body).toBe('Ok.\n');
    const get = curl(
      '-G',
      '-u',
      `default:${store.password}`,
      '--data-urlencode',
      'query=SELECT 1 AS x FORMAT JSONEachRow',
      store.url,
    );
    expect(get.body).toBe('{"x":1}\n');
    expect(get.headers).toContain('x-clickhouse-format: jsoneachrow');
    expect(get.headers).toMatch(/x-clickhouse-query-id: [0-9a-f-]{36}/);
    expect(get.headers).toContain('x-clickhouse-summary: {"read_rows":"1"');
    expect(post('SELECT 1, 2;', '-H', 'X-ClickHouse-Format: CSV').body).toBe('1,2\n');
    expect(post('INSERT INTO t FORMAT CSV "curl",9\n').status).toBe(200);
    expect(post("SELECT n FROM t WHERE a = 'curl'").body).toBe('9\n');
  });

  it('lets GET only read', () => {
    const drop = curl('-G', '-u', `default:${store.password}`, '--data-urlencode', 'query=DROP TABLE t', store.url);
    expect([drop.status, drop.headers.includes('x-clickhouse-exception-code: 164')]).toEqual([500, true]);
    expect(drop.body).toContain('(READONLY)');
  });

  it('asks for the password, by any of the ways of ClickHouse', () => {
    const select = ['--data-binary', 'SELECT 1'];
    expect(curl(...select, store.url)).toMatchObject({ status: 401 });
    expect(curl(...select, '-u', 'default:wrong', store.url)).toMatchObject({ status: 403 });
    expect(curl(...select, `${store.url}/?user=default&password=${store.password}`).status).toBe(200);
    const headers = ['-H', 'X-ClickHouse-User: default', '-H', `X-ClickHouse-Key: ${store.password}`];
    expect(curl(...select, ...headers, store.url).status).toBe(200);
  });

  it.each([
    "SELECT file('/etc/hostname')",
    "SELECT * FROM file('/etc/hostname', LineAsString)",
    'SELECT * FROM `/etc/hostname`',
    "SELECT * FROM url('http://127.0.0.1:1/', CSV)",
    "SELECT * FROM s3('http://127.0.0.1:1/bucket/key', CSV)",
    "SELECT * FROM remote('127.0.0.1', system.one)",
    "SELECT 1 INTO OUTFILE '/tmp/wanglou-outfile'",
    "INSERT INTO t (a) FROM INFILE '/etc/hostname' FORMAT LineAsString",
    "INSERT INTO t (a) VALUES (file('/etc/hostname'))",
    "CREATE TABLE f (a String) ENGINE = File(CSV, '/etc/hostname')",
    "CREATE VIEW f AS SELECT * FROM sqlite('/etc/hostname', 't')",
    'SYSTEM SHUTDOWN',
    'CREATE USER intruder',
  ])('refuses what reaches the host: %s', (sql) => {
    const answer = post(sql);
    expect(answer.status).toBe(500);
    expect(answer.body).toContain('(ACCESS_DENIED)');
  });

  it('does not insert a body that breaks off or is no gzip', async () => {
    const query = `${store.url}/?query=INSERT+INTO+t+FORMAT+TSV`;
    const half = gzipSync('half\t1\n'.repeat(1000)).subarray(0, 40).toString('base64');
    const send = `echo ${half} | base64 -d | curl -sS -i -u default:${store.password} -H 'Content-Encoding: gzip' --data-binary @- '${query}'`;
    expect(execFileSync('sh', ['-c', send]).toString()).toContain(' 500 ');
    await new Promise<void>((done) => {
      const key = `X-ClickHouse-Key: ${store.password}`;
      const socket = connect(Number(new URL(store.url).port), '127.0.0.1', () => {
        socket.write(
          `POST /?query=INSERT+INTO+t+FORMAT+TSV HTTP/1.1\r\nHost: x\r\n${key}\r\nContent-Length: 99\r\n\r\nhalf\t1\n`,
        );
        setTimeout(() => socket.destroy(), 100);
      });
      socket.on('close', () => done());
    });
    expect(post("SELECT count() FROM t WHERE a = 'half'").body).toBe('0\n');
  });

  it('survives bytes that are no HTTP, and goes on', async () => {
    for (const bytes of [
      '\0\u0001\u0016\u0003',
      'GET /\r\n\r\n',
      'POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n',
      '{"a":1}\n'.repeat(9000),
    ])
      await new Promise<void>((done) => {
        const socket = connect(Number(new URL(store.url).port), '127.0.0.1', () => socket.end(bytes));
        socket
          .on('error', () => undefined)
          .on('close', () => done())
          .resume();
      });
    expect(post('SELECT 5').body).toBe('5\n');
  });
});

describe('the life of the embedded store', () => {
  it('refuses a directory that another process has open, and a port in use', async () => {
    await expect(startStore({ dataDir: store.dataDir })).rejects.toThrow('WL_STORE_AWAY');
    await expect(startStore({ port: Number(new URL(store.url).port) })).rejects.toThrow('WL_PORT_IN_USE');
    expect(post('SELECT 6').body).toBe('6\n');
    expect(startEmbeddedStore).toBeTypeOf('function');
  });

  it('migrates once, refuses a changed file, and goes on where a migration was cut short', async () => {
    const address = { url: store.url, user: 'default', password: store.password, database: 'migrated' };
    await migrate(address, { retentionDays: 400 });
    await migrate(address, { retentionDays: 400 });
    const count = await rows('SELECT count() AS n, uniqExact(number) AS u FROM migrated.migrations');
    const { length } = readMigrations();
    expect(count).toEqual([{ n: length, u: length }]);
    const made = () =>
      text("SELECT create_table_query FROM system.tables WHERE database = 'migrated' AND name = 'events'");
    expect(await made()).toContain('toIntervalDay(400)');
    const migrated = storeClient(address);
    await applyRetention(migrated, { retentionDays: 500 });
    await migrated.close();
    expect(await made()).toContain('toIntervalDay(500)');
    const table = 'CREATE TABLE one (a UInt8) ENGINE = Memory';
    const next = (sql: string): Migration[] => [{ number: 999, name: '999_test', sql }];
    await client.command({ query: table.replace('one', 'migrated.one') });
    const sql = `${table};\nCREATE TABLE two (a UInt8) ENGINE = Memory;`;
    await migrate(address, { retentionDays: 400, migrations: next(sql) });
    expect(await text('EXISTS TABLE migrated.two')).toBe('1\n');
    const changed = migrate(address, { retentionDays: 400, migrations: next(`${sql} -- changed`) });
    await expect(changed).rejects.toThrow('999_test.sql was changed after it was applied');
  });
});
