import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApi, type TestApi } from './parts.ts';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.stop());

describe('profiles over the API', () => {
  it('are for those who are signed in', async () => {
    for (const path of ['profiles/actor/a', 'assets/a/questions', 'vendors', 'vendors/a/scorecard'])
      expect((await api.app.inject({ url: `/api/v1/${path}` })).statusCode).toBe(401);
  });

  it('say what to do about a kind, a span or a time that does not exist', async () => {
    for (const path of ['/profiles/planet/a', '/profiles/actor/a/activity?days=900', '/vendors?asOf=yesterday'])
      expect(await api.ask('GET', path)).toMatchObject({ status: 400, body: { code: 'WL_QUERY_INVALID' } });
  });

  it('do not exist for whom nobody knows', async () => {
    expect(await api.ask('GET', '/profiles/vendor/nobody')).toMatchObject({
      status: 404,
      body: { code: 'WL_NOT_FOUND', remedy: expect.stringContaining('90 days') as string },
    });
  });

  it('take names with slashes and blanks, and answer by hour of the zone', async () => {
    api.parts.profileStore.cells = [{ day: '2026-11-24', hour: 9, events: 3, rows: 40 }];
    const name = encodeURIComponent('/person/{id} 名');
    const { status, body } = await api.ask('GET', `/profiles/asset/${name}/activity?days=28`);
    expect([status, body['events'], body['rows'], (body['days'] as []).length]).toEqual([200, 3, 40, 28]);
    expect(api.parts.profileStore.asked.at(-1)).toMatchObject({ kind: 'asset', id: '/person/{id} 名' });
  });

  it('are described', async () => {
    const headers = { authorization: `Bearer ${api.parts.apiToken}` };
    const { paths } = (await api.app.inject({ url: '/api/openapi.json', headers })).json<{ paths: object }>();
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/api/v1/profiles/{kind}/{id}/activity', '/api/v1/vendors']),
    );
  });
});
