import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventLogUnavailable } from '../../src/event-log/event-log.ts';
import { finding } from '../feed/samples.ts';
import { auditOf, testApi, type TestApi } from './parts.ts';

const ID = '00000000-0000-8000-8000-000000000001';

let api: TestApi;
beforeEach(async () => {
  api = await testApi();
  api.parts.store.findings.push(finding('one', { id: ID }));
});
afterEach(() => api.stop());

const trail = () => auditOf(api.parts.log);
const close = () => api.ask('POST', `/findings/${ID}/close`, { disposition: 'false-positive', reason: 'a rehearsal' });
const signIn = (payload: object) => api.app.inject({ method: 'POST', url: '/api/v1/sign-in', payload });

/** The log takes no records of the trail any more. @returns a call that lets it take them again. */
function cutOff(): () => void {
  const { log } = api.parts;
  const append = log.append.bind(log);
  log.append = async (records) => {
    if (records.some(({ topic }) => topic === 'audit')) throw new EventLogUnavailable('full', 'no room', 1_000);
    return append(records);
  };
  return () => (log.append = append);
}

describe('every route that changes something', () => {
  it('has a name in the audit trail', () => {
    const unnamed = api.app.changingRoutes.filter(({ audit }) => audit === undefined);
    expect(unnamed, 'give each a name: { config: { audit: … } }, from src/access/audit/entry.ts').toEqual([]);
    expect(api.app.changingRoutes.length).toBeGreaterThan(10);
  });
});

describe('a change', () => {
  it('is recorded before it is made and, with its outcome, before it is answered', async () => {
    const append = api.parts.log.append.bind(api.parts.log);
    const order: string[] = [];
    api.parts.log.append = async (records) => {
      order.push(...records.map(({ topic }) => topic));
      return append(records);
    };
    const answer = await api.app.inject({
      method: 'POST',
      url: `/api/v1/findings/${ID}/close`,
      headers: { authorization: `Bearer ${api.parts.apiToken}` },
      payload: { disposition: 'false-positive', reason: 'a rehearsal' },
    });
    expect(answer.statusCode).toBe(200);
    expect(order).toEqual(['audit', 'triage', 'audit']);
    const [begun, done] = trail();
    expect(begun).toMatchObject({ phase: 'begun', outcome: 'unknown', action: 'triage.close', account: 'api-token' });
    expect(done).toMatchObject({
      id: begun!.id,
      phase: 'done',
      outcome: 'success',
      reason: 'a rehearsal',
      object: `POST /api/v1/findings/${ID}/close: detector bulk-read`,
    });
    expect(answer.headers['x-audit-id']).toBe(begun!.id);
  });

  it('that was refused says why', async () => {
    await api.ask('POST', `/findings/${ID}/close`, { disposition: 'nonsense', reason: 'x' });
    expect(trail().at(-1)).toMatchObject({ action: 'triage.close', outcome: 'refused', code: 'WL_BODY_INVALID' });
  });

  it('is not made while it can not be recorded; reading goes on', async () => {
    const restore = cutOff();
    expect(await close()).toMatchObject({ status: 503, body: { code: 'WL_AUDIT_AWAY' } });
    expect(api.parts.log.records('triage', 0)).toEqual([]);
    expect((await api.ask('GET', '/events')).status).toBe(200);
    expect((await api.ask('GET', `/findings/${ID}`)).status).toBe(200);
    restore();
    expect((await close()).status).toBe(200);
    expect(trail()[0]).toMatchObject({ action: 'audit.resumed', count: 1 });
  });

  it('whose outcome can not be recorded is not answered as if all were well', async () => {
    const { triage } = api.parts;
    const act = triage.act.bind(triage);
    triage.act = async (...given) => {
      const history = await act(...given);
      cutOff();
      return history;
    };
    const { status, body } = await close();
    expect(status).toBe(503);
    expect(body['remedy']).toContain('may be done');
    expect(trail()).toMatchObject([{ phase: 'begun', outcome: 'unknown' }]);
  });
});

describe('signing in', () => {
  it('is recorded with the session that began, and never with the code', async () => {
    const code = await api.parts.access.drawCode();
    expect((await signIn({ code })).statusCode).toBe(200);
    expect(trail()).toMatchObject([{ action: 'sign-in', outcome: 'success', account: 'operator' }]);
    expect(trail()[0]!.session).toMatch(/^[0-9a-f]{16}$/);
    expect(JSON.stringify(trail())).not.toContain(code);
  });

  it('does not spend the code while nothing can be recorded', async () => {
    const restore = cutOff();
    await close(); // the trail finds out
    const code = await api.parts.access.drawCode();
    expect((await signIn({ code })).json()).toMatchObject({ code: 'WL_AUDIT_AWAY' });
    restore();
    expect((await signIn({ code })).statusCode).toBe(200);
  });

  it('gives no session whose beginning could not be recorded', async () => {
    cutOff();
    const answer = await signIn({ code: await api.parts.access.drawCode() });
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('in vain is one record a minute for each sender, with the count and the names, without passwords', async () => {
    for (const name of ['root', 'admin', 'root']) await signIn({ name, password: 'hunter2-the-secret' });
    expect(trail()).toMatchObject([{ outcome: 'refused', code: 'WL_UNAUTHORIZED', object: 'account root', count: 1 }]);
    await api.parts.trail.flush();
    expect(trail()).toHaveLength(2);
    expect(trail()[1]).toMatchObject({ count: 2, object: 'account admin, account root' });
    expect(JSON.stringify(trail())).not.toContain('hunter2');
  });
});

describe('reading', () => {
  it('of events is recorded with the query and the size of the result', async () => {
    await api.ask('GET', '/events?text=bank');
    expect(trail()).toMatchObject([{ action: 'events.search', outcome: 'success', asked: '{"text":"bank"}', rows: 0 }]);
  });

  it('of findings is recorded when somebody or something is looked up, not when the page asks what is new', async () => {
    await api.ask('GET', '/findings?actor=wang&text=bank');
    await api.ask('GET', '/findings?severity=high');
    expect(trail()).toMatchObject([{ action: 'findings.search', asked: '{"actor":"wang","text":"bank"}', rows: 0 }]);
  });

  it('is recorded with at most 2,000 characters of what was asked for, and the digest of all of it', async () => {
    const long = '中'.repeat(499);
    await api.ask(
      'GET',
      `/events?${new URLSearchParams({ text: long, account: long, asset: long, source: long, cursor: long }).toString()}`,
    );
    const [record] = trail();
    expect(record!.asked).toMatch(/^{"text":"中{499}".*…$/);
    expect(record!.asked.length).toBe(2_001);
    expect(record!.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('without permission is recorded', async () => {
    await api.app.inject('/api/v1/findings');
    expect(trail()).toMatchObject([
      { action: 'read', outcome: 'refused', object: 'GET /api/v1/findings', account: '' },
    ]);
  });

  it('of the trail is recorded, and needs the permission', async () => {
    expect((await api.ask('GET', '/audit?action=sign-in')).status).toBe(200);
    expect(trail()).toMatchObject([{ action: 'audit.read' }]);
    expect((await api.app.inject('/api/v1/audit')).statusCode).toBe(401);
    api.parts.access.may = () => false;
    expect((await api.ask('GET', '/audit')).status).toBe(403);
    expect((await api.ask('GET', '/audit?action=nonsense')).status).toBe(403);
  });
});
