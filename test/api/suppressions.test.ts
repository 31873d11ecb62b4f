import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TAKES_EFFECT_AFTER_MS } from '../../src/event-log/table-follower.ts';
import type { Suppression } from '../../src/finding/suppression.ts';
import { aFinding } from '../store/a-finding.ts';
import { testApi, type TestApi } from './parts.ts';

let api: TestApi;
let now = 1_800_000_000_000;
beforeEach(async () => {
  api = await testApi({ now: () => now });
});
afterEach(() => api.stop());

const ask = (method: 'GET' | 'POST', path: string, payload?: object) =>
  api.ask(method, `/suppressions${path}`, payload);

const request = { scope: { detector: 'bulk-read', actor: 'zhang.wei' }, reason: 'census', days: 30 };

describe('suppressions', () => {
  it('are made with who, why and until when, and hold once every program knows them', async () => {
    const made = (await ask('POST', '', request)).body as unknown as Suppression;
    expect(made).toMatchObject({
      scope: request.scope,
      reason: request.reason,
      at: now,
      from: now + TAKES_EFFECT_AFTER_MS,
    });
    expect(made.until - made.from).toBe(30 * 86_400_000);
    expect(made.by).not.toBe('');
    expect((await ask('GET', '')).body['suppressions']).toMatchObject([{ id: made.id, active: true }]);
  });

  it('can be ended before their time, once, and stay on the list', async () => {
    const { id } = (await ask('POST', '', request)).body as unknown as Suppression;
    expect((await ask('POST', `/${id}/end`)).body).toMatchObject({ endedAt: now + TAKES_EFFECT_AFTER_MS });
    expect((await ask('POST', `/${id}/end`)).status).toBe(409);
    now += TAKES_EFFECT_AFTER_MS;
    expect((await ask('GET', '')).body['suppressions']).toMatchObject([{ id, active: false }]);
    expect((await ask('POST', '/00000000-0000-4000-8000-000000000000/end')).status).toBe(404);
  });

  it('say what they have hidden so far, and stay on the list when the store does not answer', async () => {
    const { id } = (await ask('POST', '', request)).body as unknown as Suppression;
    expect((await ask('GET', '')).body['suppressions']).toMatchObject([{ hidden: { findings: 0, last: null } }]);
    api.parts.store.findings = [aFinding({ suppression: id, causedAt: now })];
    expect((await ask('GET', '')).body['suppressions']).toMatchObject([{ hidden: { findings: 1, last: now } }]);
    api.parts.store.hidden = () => Promise.reject(new Error('away'));
    expect((await ask('GET', '')).body['suppressions']).toMatchObject([{ id, hidden: null }]);
  });

  it('show beforehand which findings of the last 30 days they would have hidden', async () => {
    const old = aFinding({ id: 'old', causedAt: now - 31 * 86_400_000 });
    api.parts.store.findings = [aFinding({ causedAt: now - 1_000 }), aFinding({ actor: 'other', causedAt: now }), old];
    expect((await ask('POST', '/preview', { scope: request.scope })).body).toMatchObject({ findings: 1 });
  });

  it('are refused, not failed at, when a value only looks like a text', async () => {
    const { status, body } = await ask('POST', '', { ...request, reason: { length: { toString: 0 } } });
    expect([status, body['code']]).toEqual([400, 'WL_BODY_INVALID']);
  });

  it('are refused with the field and the remedy', async () => {
    const wide = await ask('POST', '', { ...request, scope: { detector: 'bulk-read' } });
    expect(wide).toMatchObject({ status: 400, body: { code: 'WL_BODY_INVALID' } });
    expect(wide.body['message']).toContain('state at least one of actor, asset');
    const never = await ask('POST', '', { ...request, scope: { detector: 'audit-disabled', actor: 'a' } });
    expect(never.body['message']).toContain('scope.detector is "audit-disabled"');
  });
});
