import { afterEach, beforeEach, expect, it } from 'vitest';
import { forecastQuery } from '../../src/api/routes/forecasts.ts';
import { SERIES } from '../../src/forecast-series.ts';
import { testApi, type TestApi } from './parts.ts';

let api: TestApi;
beforeEach(async () => {
  api = await testApi();
});
afterEach(() => api.stop());

it('takes every series there is', () => {
  expect(forecastQuery.shape.series.options).toEqual([...SERIES]);
});

it('asks for what was named, by day and for all unless told otherwise', async () => {
  const { body } = await api.ask('GET', '/forecasts?series=rows&id=tax&threshold=500');
  expect(body).toEqual({ series: 'rows', id: 'tax', step: 'day', threshold: 500 });
  expect((await api.ask('GET', '/forecasts?series=events&step=hour')).body).toEqual({
    ...{ series: 'events', id: '', step: 'hour' },
  });
});

it.each([
  ['series=weather', /^series is "weather"/],
  ['', /^series is missing/],
  ['series=rows&step=week', /^step is "week"/],
  ['series=rows&threshold=-1', /^threshold is "-1"/],
  ['series=rows&department=tax', /^"department" is not known here/],
])('refuses ?%s and names the field', async (query, message) => {
  const { status, body } = await api.ask('GET', `/forecasts?${query}`);
  expect([status, body['code']]).toEqual([400, 'WL_QUERY_INVALID']);
  expect(body['message']).toMatch(message);
});

it('takes a threshold that follows from the last weeks', async () => {
  expect((await api.ask('GET', '/forecasts?series=rows&threshold=unusual')).body['threshold']).toBe('unusual');
});

it('has the early warnings at once', async () => {
  expect(await api.ask('GET', '/forecasts/warnings')).toEqual({ status: 200, body: { warnings: [], hidden: [] } });
});

it('is closed to strangers', async () => {
  expect((await api.app.inject({ method: 'GET', url: '/api/v1/forecasts/warnings' })).statusCode).toBe(401);
  expect((await api.app.inject({ method: 'GET', url: '/api/v1/forecasts?series=rows' })).statusCode).toBe(401);
});

it('is described with its parameters', async () => {
  const headers = { authorization: `Bearer ${api.parts.apiToken}` };
  const { paths } = (await api.app.inject({ method: 'GET', url: '/api/openapi.json', headers })).json<{
    paths: Record<string, { get: { parameters: { name: string; required: boolean }[] } }>;
  }>();
  const parameters = paths['/api/v1/forecasts']!.get.parameters.map(({ name, required }) => [name, required]);
  expect(parameters).toEqual([
    ['series', true],
    ['id', false],
    ['step', false],
    ['threshold', false],
  ]);
});
