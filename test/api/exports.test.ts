import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeExports } from '../exports/fake-exports.ts';
import { entriesOf } from '../exports/xlsx-reader.ts';
import { auditOf, testApi, type TestApi } from './parts.ts';

const CONTENT = 'id,rows\r\na,1\r\nb,2\r\n';
let api: TestApi;
let fake: FakeExports;

beforeEach(async () => {
  api = await testApi();
  fake = new FakeExports();
  api.parts.store.startExport = fake.start;
});
afterEach(() => api.stop());

async function get(path: string, headers: Record<string, string> = {}, method: 'GET' | 'DELETE' = 'GET') {
  const authorization = `Bearer ${api.parts.apiToken}`;
  return api.app.inject({ method, url: `/api/v1/exports${path}`, headers: { authorization, ...headers } });
}

/** What is in an archive without compression, by name. */
async function storedIn(zip: Buffer): Promise<Record<string, string>> {
  const path = join(mkdtempSync(join(tmpdir(), 'wanglou-bundle-')), 'bundle.zip');
  writeFileSync(path, zip);
  const file = await open(path);
  try {
    const entries = await entriesOf(file);
    return Object.fromEntries(
      entries.map(({ name, packed, at }) => {
        const from = at + 30 + zip.readUInt16LE(at + 26) + zip.readUInt16LE(at + 28);
        const bytes = zip.subarray(from, from + packed);
        const isBehind = (zip.readUInt16LE(at + 6) & 8) !== 0;
        expect(crc32(bytes), name).toBe(zip.readUInt32LE(isBehind ? from + packed + 4 : at + 14));
        return [name, bytes.toString()];
      }),
    );
  } finally {
    await file.close();
    rmSync(dirname(path), { recursive: true });
  }
}

async function made(content = CONTENT): Promise<string> {
  const asked = await api.ask('POST', '/exports', { of: 'events', format: 'csv', columns: ['id', 'rows'] });
  expect(asked.status).toBe(202);
  const id = String(asked.body['id']);
  fake.make(content, 2);
  await vi.waitFor(async () => expect((await get(`/${id}`)).json()).toMatchObject({ state: 'done' }));
  return id;
}

describe('exports by the API', () => {
  it('are asked for, followed, fetched with the digest as their tag, and removed', async () => {
    const id = await made();
    const { result } = (await get(`/${id}`)).json<{ result: { sha256: string; name: string } }>();
    const file = await get(`/${id}/file`);
    expect(file.body).toBe(CONTENT);
    expect(file.headers).toMatchObject({
      etag: `"${result.sha256}"`,
      'accept-ranges': 'bytes',
      'content-type': 'text/csv; charset=utf-8',
      'content-length': String(CONTENT.length),
      'content-disposition': `attachment; filename="${result.name}"`,
    });
    expect((await get(`/${id}/manifest`)).json()).toEqual({ manifest: {} });
    expect((await get('')).json()).toMatchObject({ exports: [{ id, of: 'events', format: 'csv' }] });
    expect((await get(`/${id}`, {}, 'DELETE')).statusCode).toBe(200);
    for (const what of ['file', 'bundle']) expect((await get(`/${id}/${what}`)).statusCode).toBe(404);
  });

  it('are fetched with their manifest in one archive, which others open', async () => {
    const id = await made();
    const { result } = (await get(`/${id}`)).json<{ result: { sha256: string; name: string } }>();
    const bundle = await get(`/${id}/bundle`);
    expect(bundle.headers).toMatchObject({
      'content-type': 'application/zip',
      'content-length': String(bundle.rawPayload.length),
      'content-disposition': `attachment; filename="${result.name}.zip"`,
    });
    const inside = await storedIn(bundle.rawPayload);
    expect(inside).toEqual({ [result.name]: CONTENT, [`${result.name}.manifest.json`]: '{"manifest":{}}' });
    const recorded = auditOf(api.parts.log).filter(
      ({ action, phase }) => action === 'export.download' && phase === 'done',
    );
    expect(recorded).toMatchObject([{ rows: 2, object: expect.stringContaining(result.sha256) as string }]);
  });

  it('go on where a fetch broke off, wherever that was', async () => {
    const id = await made();
    const etag = String((await get(`/${id}/file`)).headers['etag']);
    for (let cut = 0; cut < CONTENT.length; cut++) {
      const rest = await get(`/${id}/file`, { range: `bytes=${cut}-`, 'if-range': etag });
      expect(rest.statusCode).toBe(206);
      expect(CONTENT.slice(0, cut) + rest.body).toBe(CONTENT);
      expect(rest.headers['content-range']).toBe(`bytes ${cut}-${CONTENT.length - 1}/${CONTENT.length}`);
    }
    const behind = await get(`/${id}/file`, { range: `bytes=${CONTENT.length}-` });
    expect([behind.statusCode, behind.json<{ code: string }>().code]).toEqual([416, 'WL_RANGE_INVALID']);
    expect(behind.headers['content-range']).toBe(`bytes */${CONTENT.length}`);
    const other = await get(`/${id}/file`, { range: 'bytes=3-', 'if-range': '"another"' });
    expect([other.statusCode, other.body]).toEqual([200, CONTENT]);
  });

  it('may be empty', async () => {
    const file = await get(`/${await made('')}/file`);
    expect([file.statusCode, file.body, file.headers['content-length']]).toEqual([200, '', '0']);
  });

  it('are recorded when they are asked for, made and fetched, with the query, the format, rows and digest', async () => {
    const id = await made();
    const { sha256 } = (await get(`/${id}`)).json<{ result: { sha256: string } }>().result;
    await get(`/${id}/file`);
    const done = auditOf(api.parts.log).filter(({ phase }) => phase === 'done');
    expect(done.map(({ action }) => action)).toEqual(['export.create', 'export.made', 'export.download']);
    expect(done[0]).toMatchObject({ outcome: 'success', asked: expect.stringContaining('"format":"csv"') as string });
    expect(done[0]!.object).toContain(id);
    expect(done[1]).toMatchObject({ rows: 2, object: expect.stringContaining(sha256) as string });
    expect(done[2]).toMatchObject({ rows: 2, object: expect.stringContaining(sha256) as string });
  });

  it('are neither asked for nor fetched while nothing can be recorded', async () => {
    const id = await made();
    vi.spyOn(api.parts.log, 'append').mockRejectedValue(new Error('the disk is full'));
    const file = await get(`/${id}/file`);
    expect([file.statusCode, file.json<{ code: string }>().code]).toEqual([503, 'WL_AUDIT_AWAY']);
    expect(file.body).not.toContain('id,rows');
    const asked = await api.ask('POST', '/exports', { of: 'events', format: 'csv' });
    expect(asked).toMatchObject({ status: 503, body: { code: 'WL_AUDIT_AWAY' } });
    expect(fake.asked).toHaveLength(1);
  });

  it('are refused with the field, the value and what can be said instead', async () => {
    const refused = async (wish: object): Promise<string> => {
      const { status, body } = await api.ask('POST', '/exports', { of: 'events', format: 'csv', ...wish });
      expect(status).toBe(400);
      return `${String(body['message'])} ${String(body['remedy'])}`;
    };
    expect(await refused({ of: 'planets' })).toMatch(/of is "planets": must be one of events, findings/);
    expect(await refused({ format: 'docx' })).toMatch(/format is "docx": must be one of csv/);
    expect(await refused({ columns: ['id', 'planet'] })).toMatch(/"planet".*Use each once of id, time/s);
    expect(await refused({ columns: ['id', 'id'] })).toContain('"id"');
    expect(await refused({ zone: 'Mars/Olympus' })).toContain('Mars/Olympus');
    expect(await refused({ query: { where: '{"field":"planet"}' } })).toContain('planet');
    expect(await refused({ of: 'audit', query: { from: '2026-02-01', to: '2026-01-01' } })).toContain('not before');
    expect(await refused({ of: 'audit', query: { planet: '1' } })).toContain('"planet"');
    expect(fake.asked).toEqual([]);
  });

  it('are only of what somebody may see', async () => {
    vi.spyOn(api.parts.access, 'may').mockImplementation((_who, what) => what === 'export' || what === 'see-audit');
    for (const of of ['events', 'findings', 'sharing']) {
      const refused = await api.ask('POST', '/exports', { of, format: 'csv' });
      expect(refused).toMatchObject({ status: 403, body: { code: 'WL_FORBIDDEN' } });
    }
    expect((await api.ask('POST', '/exports', { of: 'audit', format: 'csv' })).status).toBe(202);
    expect(fake.asked).toHaveLength(1);
    fake.make('a');
    const { id } = fake.asked[0]!.job;
    await vi.waitFor(async () => expect((await get(`/${id}`)).json()).toMatchObject({ state: 'done' }));
    vi.spyOn(api.parts.access, 'may').mockImplementation((_who, what) => what === 'export');
    expect((await get(`/${id}/file`)).statusCode).toBe(403);
    for (const what of ['manifest', 'bundle']) expect((await get(`/${id}/${what}`)).statusCode).toBe(403);
  });

  it('of a query in SQL are asked for with its text and parameters, recorded whole, and of unknown size', async () => {
    const query = { sql: `SELECT message, '${'x'.repeat(3_000)}' FROM events`, parameters: { who: 'li' } };
    const wish = { of: 'sql', format: 'parquet', query };
    expect((await api.ask('POST', '/exports/estimate', wish)).body).toEqual({ rows: null, bytes: null, ms: null });
    expect((await api.ask('POST', '/exports', wish)).status).toBe(202);
    expect(fake.asked[0]!.job).toMatchObject({ asked: query, query: { of: 'sql', ...query } });
    const [begun] = auditOf(api.parts.log).filter(({ action }) => action === 'export.create');
    expect(begun!.asked).toContain(query.sql);
  });

  it('of a query in SQL that the gate refuses are refused in the same words, for whoever may ask', async () => {
    const query = { sql: "SELECT file('x')", parameters: {} };
    const { messageZh, message, remedy } = (await api.ask('POST', '/sql/check', query)).body;
    for (const path of ['/exports', '/exports/estimate']) {
      const refused = await api.ask('POST', path, { of: 'sql', format: 'csv', query });
      expect(refused).toMatchObject({ status: 400, body: { code: 'WL_SQL_REFUSED', messageZh, message, remedy } });
    }
    const named = { of: 'sql', format: 'csv', query: { sql: 'SELECT 1' }, columns: ['id'] };
    expect(await api.ask('POST', '/exports', named)).toMatchObject({ status: 400, body: { code: 'WL_BODY_INVALID' } });
    vi.spyOn(api.parts.access, 'may').mockImplementation((_who, what) => what === 'export');
    const asked = { of: 'sql', format: 'csv', query: { sql: 'SELECT 1' } };
    expect(await api.ask('POST', '/exports', asked)).toMatchObject({ status: 403, body: { code: 'WL_FORBIDDEN' } });
    expect(fake.asked).toEqual([]);
  });

  it('ask for what the filter says, as of now at the latest', async () => {
    const query = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z', asOf: '2100-01-01' };
    await api.ask('POST', '/exports', { of: 'events', format: 'ndjson', query, zone: 'UTC' });
    const { job } = fake.asked[0]!;
    expect(job).toMatchObject({
      ...{ format: 'ndjson', zone: 'UTC', asked: query },
      query: { of: 'events', filter: { from: Date.parse(query.from), to: Date.parse(query.to) } },
    });
    expect(job.query.of === 'events' && job.query.filter.asOf).toBeLessThanOrEqual(Date.now());
  });
});
