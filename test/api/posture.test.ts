import { afterEach, beforeEach, expect, it } from 'vitest';
import { finding } from '../feed/samples.ts';
import { testApi, type TestApi } from './parts.ts';

let api: TestApi;
beforeEach(async () => {
  api = await testApi();
});
afterEach(() => api.stop());

it('says what the score is, why, and how far it can be trusted', async () => {
  const now = Date.now();
  const [old, worst] = [
    finding('old', { causedAt: now - 1_000, lastTime: now - 14 * 86_400_000 }),
    finding('worst', { severity: 'critical', assetLevel: 'core', causedAt: now - 1_000, lastTime: now - 1_000 }),
  ];
  api.parts.store.findings = [old, worst];
  const { status, body } = await api.ask('GET', '/posture');
  expect(status).toBe(200);
  expect(body).toMatchObject({ kind: 'overall', name: { zh: '全平台', en: 'Overall' }, sum: 72.5, termCount: 2 });
  expect(body['score']).toBe(73.9); // 100 · e^(−72.5/240)
  expect(body['terms']).toMatchObject([
    { kind: 'finding', id: worst.id, points: 60, href: `/api/v1/findings/${worst.id}` },
    { kind: 'finding', id: old.id, points: 12.5, weight: 1.25 },
  ]);
  expect(body).toMatchObject({ trust: 0, trustTerms: [{ kind: 'no-source' }], dayBefore: null, weekBefore: null });
  expect((await api.ask('GET', '/posture?limit=1')).body['terms']).toHaveLength(1);
});

it('answers for a level, and for a time before anything was known', async () => {
  const at = Date.now() - 1_000;
  api.parts.store.findings = [finding('a', { severity: 'low', assetLevel: 'core', causedAt: at, lastTime: at })];
  expect((await api.ask('GET', '/posture?scope=level&id=core')).body['sum']).toBe(4.5);
  expect((await api.ask('GET', '/posture?scope=level&id=important')).body['score']).toBe(100);
  expect((await api.ask('GET', `/posture?at=${at - 1}`)).body).toMatchObject({ score: 100, terms: [] });
});

it('has a series, by default of the last day', async () => {
  const { body } = await api.ask('GET', '/posture/series');
  expect(body).toMatchObject({ scope: 'overall', stepMs: 300_000, points: [] });
  expect(Number(body['to']) - Number(body['from'])).toBeGreaterThanOrEqual(86_400_000);
  expect((await api.ask('GET', '/posture/series?step=3600')).body['stepMs']).toBe(3_600_000);
});

it.each([
  ['/posture?scope=planet', 400, 'scope is "planet"'],
  ['/posture?scope=department', 400, 'id is missing for scope department'],
  ['/posture?id=x', 400, 'id is "x", but scope is overall'],
  ['/posture?at=4000000000000', 400, 'which is still to come'],
  ['/posture?at=never', 400, 'is no time'],
  ['/posture?scope=vendor&id=nobody', 404, 'There was no vendor nobody'],
  ['/posture/series?step=59', 400, 'scores are kept once a minute'],
  ['/posture/series?from=2026-01-02&to=2026-01-01', 400, 'which is not before to'],
  ['/posture/series?from=2026-01-01&to=2026-03-01&step=60', 400, 'makes more than 2000 points'],
  ['/posture/series?scope=system&id=nobody', 404, 'There was no system nobody'],
])('refuses %s', async (path, status, message) => {
  const answer = await api.ask('GET', path);
  expect(answer.status).toBe(status);
  expect(answer.body['message']).toContain(message);
  expect(answer.body['remedy']).toMatch(/^[A-Z].*\.$/);
});

it('is described', async () => {
  const headers = { authorization: `Bearer ${api.parts.apiToken}` };
  const { paths } = (await api.app.inject({ url: '/api/openapi.json', headers })).json<{
    paths: Record<string, { get: { parameters: { name: string }[] } }>;
  }>();
  expect(paths['/api/v1/posture']!.get.parameters.map(({ name }) => name)).toEqual(['scope', 'id', 'at', 'limit']);
  const series = paths['/api/v1/posture/series']!.get.parameters.map(({ name }) => name);
  expect(series).toEqual(['scope', 'id', 'from', 'to', 'step']);
});
