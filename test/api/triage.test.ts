import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lifeEventOf, type LifeEvent } from '../../src/finding/lifecycle.ts';
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
