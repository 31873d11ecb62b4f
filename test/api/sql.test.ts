import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventLogUnavailable } from '../../src/event-log/event-log.ts';
import { auditOf, testApi, type TestApi } from './parts.ts';

let api: TestApi;
beforeEach(async () => {
  api = await testApi();
});
afterEach(() => api.stop());

const trail = () => auditOf(api.parts.log).filter(({ action }) => action.startsWith('sql.'));
const run = async (sql: string): Promise<string> => {
  const { status, body } = await api.ask('POST', '/sql/runs', { sql });
  expect(status).toBe(201);
  return (body['run'] as { id: string }).id;
};
const remove = (id: string) =>
  api.app.inject({
    ...{ method: 'DELETE', url: `/api/v1/sql/runs/${id}` },
    headers: { authorization: `Bearer ${api.parts.apiToken}` },
  });

describe('a query in SQL', () => {
  it('is answered window by window, masked, with its progress', async () => {
    const id = await run('SELECT message, n FROM events');
    await expect.poll(async () => (await api.ask('GET', `/sql/runs/${id}`)).body['state']).toBe('done');
    expect((await api.ask('GET', `/sql/runs/${id}`)).body).toMatchObject({
      ...{ rows: 1, truncated: false, fault: null, progress: { rowsRead: 2 } },
      columns: [{ name: 'message' }, { name: 'n' }],
    });
    const { rows } = (await api.ask('GET', `/sql/runs/${id}/rows?from=0&count=10`)).body as { rows: unknown[][] };
    expect(rows).toEqual([[expect.stringMatching(/^‹手机\/mobile#.{10}› called$/), 7]]);
    expect((await api.ask('GET', `/sql/runs/${id}/rows?from=1`)).body['rows']).toEqual([]);
  });

  it('reaches the store with limits, and the key of pseudonyms as a parameter, never in its text', async () => {
    await run('SELECT 1');
    const [work] = api.parts.fakeSql.works;
    expect(work!.parameters).toEqual({ wanglou_key: 'k' });
    expect(work!.sql).toMatch(/^WITH events AS .* SELECT \* FROM \(SELECT 1\) LIMIT 100001 SETTINGS .*readonly = 1$/);
    expect(work!.patienceMs).toBe(15_000);
  });

  it('is recorded whole before it runs, and the size of its result before a row is answered', async () => {
    const sql = `SELECT '${'x'.repeat(10_000)}'`;
    const id = await run(sql);
    await api.ask('GET', `/sql/runs/${id}/rows`);
    const [begun] = trail();
    expect(begun).toMatchObject({ action: 'sql.run', phase: 'begun' });
    expect(begun!.asked).toContain(sql);
    expect(trail().find(({ action }) => action === 'sql.result')).toMatchObject({ rows: 1, object: `run ${id}` });
  });

  it('shows no rows while the audit trail can not be written', async () => {
    const id = await run('SELECT later');
    const { log } = api.parts;
    const append = log.append.bind(log);
    log.append = async (records) => {
      if (records.some(({ topic }) => topic === 'audit')) throw new EventLogUnavailable('full', 'no room', 1_000);
      return append(records);
    };
    api.parts.fakeSql.finish();
    expect((await api.ask('POST', '/sql/runs', { sql: 'SELECT 2' })).status).toBe(503);
    expect((await api.ask('GET', `/sql/runs/${id}/rows`)).status).toBe(503);
    expect(api.parts.fakeSql.works).toHaveLength(1);
    log.append = append;
    expect((await api.ask('GET', `/sql/runs/${id}/rows`)).status).toBe(200);
  });

  it('that is refused says which construct, where and what to do instead, in both languages', async () => {
    const { status, body } = await api.ask('POST', '/sql/check', { sql: "SELECT file('x')" });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'WL_SQL_REFUSED', construct: 'file', line: 1, column: 8 });
    expect(body['message']).toMatch(/^file \(line 1, column 8\) is refused: /);
    expect(body['messageZh']).toMatch(/^不允许 file（第 1 行第 8 列）：/);
    expect([body['remedy'], body['remedyZh']].join()).toMatch(/numbers.*numbers/);
  });

  it('is checked without running it', async () => {
    const { body } = await api.ask('POST', '/sql/check', { sql: 'SELECT message FROM events' });
    expect(body).toMatchObject({ columns: [{ name: 'message', type: 'String' }], tables: ['events'], parameters: [] });
    expect(api.parts.fakeSql.works).toEqual([]);
  });

  it('ends when it is cancelled, and at most three of one person run', async () => {
    const ids = await Promise.all([run('SELECT endless'), run('SELECT endless'), run('SELECT endless')]);
    expect((await api.ask('POST', '/sql/runs', { sql: 'SELECT endless' })).status).toBe(429);
    expect((await api.ask('GET', `/sql/runs/${ids[0]}/rows`)).status).toBe(409);
    expect((await remove(ids[0])).statusCode).toBe(200);
    await expect.poll(async () => (await api.ask('GET', `/sql/runs/${ids[0]}`)).body['state']).toBe('cancelled');
    await Promise.all(ids.slice(1).map(remove));
  });

  it('is gone when its result was let go of, and nobody knows of runs of others', async () => {
    const id = await run('SELECT 1');
    await expect.poll(async () => (await api.ask('GET', `/sql/runs/${id}`)).body['state']).toBe('done');
    const others = api.parts.fakeSql.desk.of(id, 'somebody-else');
    await expect(others).rejects.toMatchObject({ code: 'WL_NOT_FOUND' });
    await remove(id);
    expect((await api.ask('GET', `/sql/runs/${id}`)).status).toBe(404);
  });
});
