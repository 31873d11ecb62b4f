import type { FastifyInstance } from 'fastify';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildApi } from '../../src/api/server.ts';
import { testParts, type TestParts } from './parts.ts';

let parts: TestParts;
let app: FastifyInstance;
let appDir: string;

beforeEach(async () => {
  appDir = mkdtempSync(join(tmpdir(), 'wanglou-page-'));
  mkdirSync(join(appDir, 'assets'));
  writeFileSync(join(appDir, 'index.html'), '<!doctype html><title>page</title>');
  parts = await testParts();
  app = await buildApi({ host: '127.0.0.1', port: 0, publicOrigin: 'https://wanglou.example', appDir }, parts);
});
afterEach(async () => {
  await app.close();
  parts.remove();
  rmSync(appDir, { recursive: true });
});

async function asked(
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  payload?: object | string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await app.inject({
    method,
    url: `/api/v1/registry${path}`,
    headers: { authorization: `Bearer ${parts.apiToken}`, ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: response.statusCode, body: response.json<Record<string, unknown>>() };
}

const people = { id: 'people', name: '人口', level: 'core', validFrom: '2026-01-01' };

describe('the registry over REST', () => {
  it('creates, corrects and ends an entry, and tells its history with who did it', async () => {
    expect(await asked('POST', '/assets', people)).toMatchObject({
      status: 201,
      body: { changes: [{ change: 'added' }] },
    });
    expect(await asked('PUT', '/assets/people', { ...people, level: 'important' })).toMatchObject({
      status: 200,
      body: { changes: [{ change: 'corrected', fields: [{ field: 'level', before: 'core', after: 'important' }] }] },
    });
    expect(await asked('POST', '/assets/people/end', { at: '2026-06-30' })).toMatchObject({
      body: { changes: [{ change: 'ended' }] },
    });
    const { body } = await asked('GET', '/assets/people/history');
    expect(body['versions']).toMatchObject([
      { change: 'added', by: 'api-token', origin: 'api' },
      { change: 'corrected' },
      { change: 'ended', entries: [{ level: 'important', validTo: '2026-06-30' }] },
    ]);
  });

  it('refuses a change that is based on a version that is no longer the latest', async () => {
    await asked('POST', '/assets', people);
    const seen = parts.registry.history.lastRecordedAt;
    const change = (level: string) => asked('PUT', `/assets/people?basedOn=${seen}`, { ...people, level });
    expect((await change('important')).status).toBe(200);
    expect(await change('general-1')).toMatchObject({ status: 409, body: { code: 'WL_CONFLICT' } });
    expect((await asked('POST', `/assets/people/end?basedOn=${seen}`, {})).status).toBe(409);
    expect((await asked('GET', '/assets/people')).body).toMatchObject({ entries: [{ level: 'important' }] });
  });

  it('tells an entry as of event time and as it was known', async () => {
    await asked('POST', '/assets', people);
    const known = parts.registry.history.lastRecordedAt;
    await asked('POST', '/assets/people/end', { at: '2026-06-30' });
    expect((await asked('GET', '/assets/people?validAt=2026-06-30T23:00:00%2B08:00')).status).toBe(200);
    expect((await asked('GET', '/assets/people?validAt=2026-07-01T00:00:00%2B08:00')).status).toBe(404);
    expect((await asked('GET', `/assets/people?validAt=2026-07-01T00:00:00%2B08:00&recordedAt=${known}`)).status).toBe(
      200,
    );
    expect((await asked('GET', `/assets/people?recordedAt=${known - 1}`)).status).toBe(404);
  });

  it('lists by page and search', async () => {
    for (const id of ['c', 'a', 'b']) await asked('POST', '/vendors', { id, name: id === 'b' ? '云启' : `厂商${id}` });
    const ids = (body: Record<string, unknown>) => (body['entries'] as { key: string }[]).map(({ key }) => key);
    const first = (await asked('GET', '/vendors?limit=2')).body;
    expect([ids(first), first['next'], first['total']]).toEqual([['a', 'b'], 'b', 3]);
    const second = (await asked('GET', '/vendors?limit=2&cursor=b')).body;
    expect([ids(second), second['next']]).toEqual([['c'], '']);
    expect(ids((await asked('GET', `/vendors?search=${encodeURIComponent('云启')}`)).body)).toEqual(['b']);
  });

  it('refuses with a list of what is wrong, and a dry run changes nothing', async () => {
    const grant = { id: 'g', asset: 'people', recipient: 'tax', from: '2026-02-01', to: '2026-01-01' };
    expect(await asked('POST', '/grants', grant)).toMatchObject({
      status: 400,
      body: {
        code: 'WL_REGISTRY_INVALID',
        faults: [
          { list: 'grants', id: 'g', field: 'asset', value: 'people', remedy: 'assets has no such id' },
          { list: 'grants', id: 'g', field: 'recipient', value: 'tax' },
          { list: 'grants', id: 'g', field: 'to', value: '2026-01-01', remedy: 'it must not lie before 2026-02-01' },
        ],
      },
    });
    expect(await asked('POST', '/assets?dryRun=true', people)).toMatchObject({ status: 200, body: { changes: [{}] } });
    expect((await asked('GET', '/assets/people')).status).toBe(404);
  });

  it.each([
    ['GET', '/thigns', undefined, 'list is "thigns": must be one of departments'],
    ['PUT', '/assets/people', { ...people, id: 'other' }, 'id is "other", but the path says people'],
    ['POST', '/sources/s/end', {}, 'entries of sources have no end'],
    ['GET', '/assets?limt=3', undefined, '"limt" is not known here'],
  ] as const)('%s %s says what is wrong', async (method, path, payload, message) => {
    await asked('POST', '/assets', people);
    const { status, body } = await asked(method, path, payload);
    expect([status, body['message']]).toEqual([400, expect.stringContaining(message)]);
  });

  it('takes a table, tells line and column of what is wrong, and shows in a dry run what would change', async () => {
    const csv = { 'content-type': 'text/csv' };
    expect(await asked('POST', '-import?list=vendors&dryRun=true', '编号,名称\nv,云启\n', csv)).toMatchObject({
      status: 200,
      body: { changes: [{ list: 'vendors', key: 'v', change: 'added' }] },
    });
    expect((await asked('GET', '/vendors/v')).status).toBe(404);
    expect(await asked('POST', '-import?list=vendors', '编号,名称\nv,\n', csv)).toMatchObject({
      status: 400,
      body: { faults: [{ line: 2, column: '名称', field: 'name' }] },
    });
    expect((await asked('POST', '-import?list=vendors', '编号,名称\nv,云启\n', csv)).status).toBe(200);
    expect((await asked('GET', '/vendors/v')).status).toBe(200);
    expect((await asked('POST', '-import?list=vendors', { a: 1 })).status).toBe(415);
  });

  it('makes an entry of a name that events carry', async () => {
    expect((await asked('GET', '-unresolved')).body).toEqual({
      unresolved: [{ kind: 'asset', name: 'db.public.visits', count: 7 }],
    });
    const draft = { kind: 'asset', name: 'db.public.visits', fields: { level: 'important' } };
    expect(await asked('POST', '-unresolved', draft)).toMatchObject({ status: 201, body: { list: 'assets' } });
    expect(parts.registry.current().asset('db.public.visits', Date.now())).toMatchObject({ level: 'important' });
    expect((await asked('GET', '-unresolved')).body).toEqual({ unresolved: [] });
  });

  it('lets nobody change it without a session or token, or from the page of somebody else', async () => {
    const cookie = await parts.signedIn();
    const post = (headers: Record<string, string>) =>
      app.inject({ method: 'POST', url: '/api/v1/registry/assets', payload: people, headers });
    expect((await post({})).statusCode).toBe(401);
    expect((await post({ cookie, origin: 'https://evil.example' })).statusCode).toBe(403);
    expect((await post({ cookie, origin: 'https://wanglou.example' })).statusCode).toBe(201);
    parts.access.may = () => false;
    expect((await post({ cookie, origin: 'https://wanglou.example' })).statusCode).toBe(403);
  });
});

it('the description of the API names every route of the registry and every field of its entries', async () => {
  const headers = { authorization: `Bearer ${parts.apiToken}` };
  const description = (await app.inject({ url: '/api/openapi.json', headers })).json<{
    openapi: string;
    paths: Record<string, Record<string, unknown>>;
    components: { schemas: Record<string, { properties?: Record<string, unknown>; required?: string[] }> };
  }>();
  expect(description.openapi).toMatch(/^3\.1/);
  const { paths, components } = description;
  expect(Object.keys(paths['/api/v1/registry/grants']!)).toEqual(['get', 'post']);
  // Routes about people, which permissions.test.ts compares, are there in the full mode alone, or open.
  const aboutPeople =
    /^.api.v1.(sign-|enrol|activate|password|accounts|access-requests|sessions|wall-links|api-tokens)/;
  for (const [path, methods] of Object.entries(paths).filter(([path]) => !aboutPeople.test(path)))
    for (const method of Object.keys(methods).filter((name) => name !== 'parameters')) {
      const url = path.replace('{id}', 'x');
      const response = await app.inject({ method: method.toUpperCase() as 'GET', url });
      expect([method, url, response.statusCode]).toEqual([method, url, 401]);
    }
  expect(components.schemas['grants']).toMatchObject({ required: ['id', 'asset', 'recipient', 'from'] });
  expect(components.schemas['assets']!.properties).toHaveProperty('derivedFrom');
  const text = JSON.stringify(description);
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/([\w-]+)"/g))
    expect(components.schemas).toHaveProperty(name!);
});
