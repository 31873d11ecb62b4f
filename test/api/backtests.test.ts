import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testApi, type TestApi } from './parts.ts';

let api: TestApi;
beforeEach(async () => {
  api = await testApi();
});
afterEach(() => api.stop());

const wish = { detector: 'bulk-read', settings: { rowsAtLeast: 5_000 }, scope: { department: 'tax' } };

describe('backtests by the API', () => {
  it('are accepted with an address to ask, and can be followed and cancelled there', async () => {
    const asked = await api.ask('POST', '/backtests', wish);
    expect(asked).toMatchObject({ status: 202, body: { state: 'running', detector: 'bulk-read' } });
    const id = String(asked.body['id']);
    expect((await api.ask('GET', `/backtests/${id}`)).body).toMatchObject({ id, progress: null });
    expect((await api.ask('GET', '/backtests')).body).toMatchObject({ backtests: [{ id }] });
    const headers = { authorization: `Bearer ${api.parts.apiToken}` };
    const cancelled = await api.app.inject({ method: 'DELETE', url: `/api/v1/backtests/${id}`, headers });
    expect(cancelled.json()).toMatchObject({ state: 'cancelled' });
    expect((await api.app.inject({ method: 'DELETE', url: `/api/v1/backtests/${id}`, headers })).statusCode).toBe(409);
  });

  it('are refused with the field', async () => {
    const refused = await api.ask('POST', '/backtests', { ...wish, settings: { rowsAtLeast: 0, planet: 1 } });
    expect(refused).toMatchObject({ status: 400, body: { code: 'WL_SETTINGS_INVALID' } });
    expect(refused.body['faults']).toMatchObject([{ field: 'rowsAtLeast', value: 0 }, { field: 'planet' }]);
    expect((await api.ask('POST', '/backtests', { ...wish, from: 'yesterday' })).body['message']).toContain('from');
    expect((await api.ask('GET', '/backtests/none')).status).toBe(400);
    expect((await api.ask('GET', '/backtests/00000000-0000-4000-8000-000000000000')).status).toBe(404);
  });
});
