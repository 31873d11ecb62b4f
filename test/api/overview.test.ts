import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lifeEventOf } from '../../src/finding/lifecycle.ts';
import { finding } from '../feed/samples.ts';
import { testApi, type TestApi } from './parts.ts';

let api: TestApi;
beforeEach(async () => {
  api = await testApi();
});
afterEach(() => api.stop());

const HOUR = 3_600_000;
type HeatBody = { rows: { department: string; count: number; cells: { count: number }[] }[]; columns: object[] };

describe('departments by hours', () => {
  it('has 24 columns, and findings where and when they were', async () => {
    api.parts.store.findings = [
      finding('a', { causedAt: Date.now() }),
      finding('b', { causedAt: Date.now() - 30 * HOUR }),
    ];
    const body = (await api.ask('GET', '/heat')).body as unknown as HeatBody;
    expect(body.columns).toHaveLength(24);
    expect(body.rows.map(({ department, count }) => [department, count])).toEqual([['civil-affairs', 1]]);
    expect(body.rows[0]!.cells.at(-1)!.count).toBe(1);
  });

  it('takes the hours of the day over a week, and events', async () => {
    api.parts.overviewStore.events = [{ department: 'tax', hour: 0, events: 7 }];
    const body = (await api.ask('GET', '/heat?measure=events&span=7d')).body as unknown as HeatBody;
    expect(body.rows[0]).toMatchObject({ department: 'tax', count: 7 });
    expect(body.columns[5]).toEqual({ hour: 5, at: null });
  });

  it.each([
    ['measure=rows', /^measure is "rows"/],
    ['span=1y', /^span is "1y"/],
    ['department=tax', /^"department" is not known here/],
  ])('refuses ?%s and names the field', async (query, message) => {
    const { status, body } = await api.ask('GET', `/heat?${query}`);
    expect([status, body['code']]).toEqual([400, 'WL_QUERY_INVALID']);
    expect(body['message']).toMatch(message);
  });
});

describe('what changed', () => {
  it('counts new findings and what others did', async () => {
    const now = Date.now();
    const raised = finding('a', { causedAt: now - HOUR, severity: 'critical' });
    api.parts.store.findings = [raised, finding('old', { causedAt: now - 5 * HOUR })];
    const by = (name: string) => ({ ...lifeEventOf(raised), id: name, by: name, act: 'closed' as const, at: now - 1 });
    api.parts.store.lives = [by('lina'), lifeEventOf(raised)];
    const { body } = await api.ask('GET', `/changes?since=${now - 2 * HOUR}`);
    expect(body).toMatchObject({
      raised: { critical: 1, high: 0, medium: 0, low: 0 },
      acts: [{ by: 'lina', act: 'closed', findings: 1 }],
      ...{ scoreThen: null, newVendors: [] },
    });
  });

  it.each(['', 'since=tomorrow', `since=${Date.now() + HOUR}`, 'since=2020-01-01'])('refuses ?%s', async (query) => {
    const { status, body } = await api.ask('GET', `/changes?${query}`);
    expect([status, body['code']]).toEqual([400, 'WL_QUERY_INVALID']);
    expect(body['message']).toMatch(/^since is/);
  });
});

it('is closed to strangers, and described', async () => {
  for (const path of ['heat', 'changes?since=0'])
    expect((await api.app.inject({ method: 'GET', url: `/api/v1/${path}` })).statusCode).toBe(401);
  const headers = { authorization: `Bearer ${api.parts.apiToken}` };
  const { paths } = (await api.app.inject({ url: '/api/openapi.json', headers })).json<{ paths: object }>();
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining(['/api/v1/heat', '/api/v1/changes', '/api/v1/forecasts/warnings']),
  );
});
