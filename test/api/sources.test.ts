import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testApi, type TestApi } from './parts.ts';

let api: TestApi;
beforeEach(async () => (api = await testApi()));
afterEach(() => api.stop());

describe('sources over REST', () => {
  it('tells one that is registered, with a name that has to be escaped', async () => {
    await api.ask('POST', '/registry/sources', { id: 'syslog-udp/192.0.2.9', encoding: 'gb18030' });
    const { status, body } = await api.ask('GET', '/sources/syslog-udp%2F192.0.2.9?span=week');
    expect(status).toBe(200);
    expect(body).toMatchObject({ entry: { encoding: 'gb18030' }, line: { problem: 'unheard' }, span: 'week' });
    expect((await api.ask('GET', '/source-coverage')).body).toMatchObject({
      sources: [{ id: 'syslog-udp/192.0.2.9' }],
    });
  });

  it('says what is wrong with a span, and that nobody knows a source', async () => {
    expect((await api.ask('GET', '/sources/db?span=year')).body).toMatchObject({ code: 'WL_QUERY_INVALID' });
    expect((await api.ask('GET', '/sources/db')).body).toMatchObject({ code: 'WL_NOT_FOUND' });
  });
});

describe('names of entries over REST', () => {
  it('are told by id, and what is unknown is left out', async () => {
    await api.ask('POST', '/registry/departments', { id: 'aid', name: { zh: '民政局', en: 'Aid' } });
    await api.ask('POST', '/registry/departments', { id: 'tax', name: '税务局' });
    const { body } = await api.ask('GET', '/registry-names?list=departments&id=aid&id=tax&id=nobody');
    expect(body).toEqual({ names: { aid: { zh: '民政局', en: 'Aid' }, tax: '税务局' } });
    expect((await api.ask('GET', '/registry-names?list=departments&id=tax')).body).toEqual({
      names: { tax: '税务局' },
    });
  });
});

describe('the schema of the registry over REST', () => {
  it('names each list with its key, its period and what its fields refer to', async () => {
    const { body } = await api.ask('GET', '/registry-schema');
    const lists = body['lists'] as Record<string, unknown>[];
    expect(lists).toHaveLength(14);
    expect(lists.find(({ list }) => list === 'cases')).toMatchObject({
      ...{ key: 'number', from: 'opened', to: 'closed', references: { officer: ['persons'] } },
      schema: { properties: { type: { type: 'string' } } },
    });
    expect(lists.find(({ list }) => list === 'sources')).toMatchObject({ from: '', to: '' });
    expect(body['mayChange']).toBe(true);
  });
});
