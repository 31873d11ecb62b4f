import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lifeEventOf, type LifeEvent } from '../../src/finding/lifecycle.ts';
import type { DecidedAll } from '../../src/triage-desk.ts';
import { aFinding } from '../store/a-finding.ts';
import { testApi, type TestApi } from './parts.ts';

const finding = aFinding();
let api: TestApi;
beforeEach(async () => {
  api = await testApi();
  api.parts.store.lives = [lifeEventOf(finding)];
});
afterEach(() => api.stop());

const post = (act: string, body: object = {}, id = finding.id) => api.ask('POST', `/findings/${id}/${act}`, body);

describe('what people do with findings', () => {
  it('is appended to the log with who did it, and answered with the state after it', async () => {
    expect((await post('acknowledge')).body['state']).toMatchObject({ status: 'acknowledged' });
    await post('assign', { assignee: 'wang' });
    await post('note', { text: 'called the bureau' });
    const closed = await post('close', { disposition: 'false-positive', reason: 'a test system' });
    expect(closed.body['state']).toMatchObject({ status: 'closed', disposition: 'false-positive', assignee: 'wang' });
    const appended = api.parts.log
      .records('triage', 0)
      .map(({ value }) => JSON.parse(Buffer.from(value).toString()) as LifeEvent);
    expect(appended.map(({ act, by }) => [act, by])).toEqual(
      ['acknowledged', 'assigned', 'note', 'closed'].map((act) => [act, appended[0]!.by]),
    );
    expect(appended[0]!.by).not.toBe('');
  });

  it('is refused with 409 when the finding is closed already, and shown in the history once', async () => {
    const reason = { disposition: 'benign', reason: 'month-end' };
    const both = await Promise.all([post('close', reason), post('close', reason)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(both.find(({ status }) => status === 409)!.body).toMatchObject({ code: 'WL_CONFLICT' });
    const url = `/api/v1/findings/${finding.id}/history`;
    const answer = await api.app.inject({ url, headers: { authorization: `Bearer ${api.parts.apiToken}` } });
    expect(answer.json<{ events: LifeEvent[] }>().events.map(({ act }) => act)).toEqual(['raised', 'closed']);
  });

  it('names the field that is wrong', async () => {
    const answer = await post('close', { disposition: 'whatever', reason: 'x' });
    expect(answer).toMatchObject({ status: 400, body: { code: 'WL_BODY_INVALID' } });
    expect(answer.body['message']).toContain('disposition is "whatever"');
  });

  it('works on findings from before there was a history, and not on unknown ones', async () => {
    api.parts.store.lives = [];
    api.parts.store.findings = [finding];
    expect((await post('acknowledge')).status).toBe(200);
    expect((await post('acknowledge', {}, '00000000-0000-5000-8000-000000000000')).status).toBe(404);
  });

  it('needs somebody who is signed in', async () => {
    const answer = await api.app.inject({ method: 'POST', url: `/api/v1/findings/${finding.id}/acknowledge` });
    expect(answer.statusCode).toBe(401);
  });
});

describe('one decision about many findings', () => {
  const ids = [1, 2, 3].map((n) => `6f1c3a52-8f0b-5a52-9d3e-00000000000${n}`);
  const all = async (path: string, body: object) => {
    const { status, body: answered } = await api.ask('POST', `/findings/triage${path}`, body);
    return { status, ...(answered as unknown as DecidedAll & { message: string }) };
  };
  const statuses = async () => (await api.ask('GET', '/findings/counts')).body['byStatus'];
  beforeEach(() => {
    api.parts.store.findings = ids.map((id) => aFinding({ id }));
    api.parts.store.lives = api.parts.store.findings.map(lifeEventOf);
  });

  it('is an entry in the history of each, and what can not be decided is named with the reason', async () => {
    await post('acknowledge', {}, ids[1]);
    const nobody = '00000000-0000-5000-8000-000000000000';
    const answer = await all('', { findings: [...ids, nobody], decision: { act: 'acknowledge' } });
    expect(answer.done.map(({ finding: id }) => id)).toEqual([ids[0], ids[2]]);
    expect(answer.refused).toMatchObject([
      { finding: ids[1], code: 'WL_CONFLICT', message: expect.stringContaining('is acknowledged already') as string },
      { finding: nobody, code: 'WL_NOT_FOUND' },
    ]);
    expect(await statuses()).toEqual({ new: 0, acknowledged: 3, closed: 0, reopened: 0 });
    expect(api.parts.log.records('triage', 0)).toHaveLength(3);
  });

  it('is taken back in one request, but for findings that somebody else has acted on since', async () => {
    const decision = { act: 'close', disposition: 'benign', reason: 'a drill' };
    const { done } = await all('', { findings: ids, decision });
    await api.parts.triage.act(ids[0]!, { act: 'reopened', text: 'no drill' }, 'wang');
    const undone = await all('/undo', { entries: done.map(({ finding: id, entry }) => ({ finding: id, entry })) });
    expect(undone.refused).toMatchObject([
      { finding: ids[0], message: expect.stringContaining('was reopened by wang since') as string },
    ]);
    expect(undone.done.map(({ state }) => state.status)).toEqual(['new', 'new']);
    expect(await statuses()).toEqual({ new: 2, acknowledged: 0, closed: 0, reopened: 1 });
  });

  it('is refused as a whole when it makes no sense, or is about more than 1,000', async () => {
    const loud = await all('', { findings: ids, decision: { act: 'close', disposition: 'loud', reason: 'x' } });
    expect(loud).toMatchObject({ status: 400, message: expect.stringContaining('disposition is "loud"') as string });
    const many = { findings: Array.from({ length: 1_001 }, () => ids[0]), decision: { act: 'acknowledge' } };
    expect((await all('', many)).status).toBe(400);
    expect(api.parts.log.records('triage', 0)).toHaveLength(0);
  });
});
