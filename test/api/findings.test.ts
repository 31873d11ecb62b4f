import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lifeEventOf } from '../../src/finding/lifecycle.ts';
import { finding, incident } from '../feed/samples.ts';
import { testApi, type TestApi } from './parts.ts';

let api: TestApi;
const [low, vendors, mine] = [
  finding('low', { severity: 'low', causedAt: 3_000, actor: 'wang' }),
  finding('vendors', { severity: 'critical', causedAt: 2_000, vendor: 'qiming' }),
  finding('mine', { causedAt: 1_000, department: '' }),
];
beforeEach(async () => {
  api = await testApi();
  api.parts.store.findings = [low, vendors, mine];
  api.parts.store.lives = api.parts.store.findings.map(lifeEventOf);
  await api.ask('POST', `/findings/${mine.id}/assign`, { assignee: await whoAmI() });
  await api.ask('POST', `/findings/${vendors.id}/close`, { disposition: 'false-positive', reason: 'a drill' });
});
afterEach(() => api.stop());

const whoAmI = async (): Promise<string> => (await api.ask('GET', '/me')).body['account'] as string;

async function found(query: string): Promise<string[]> {
  const { body } = await api.ask('GET', `/findings?${query}`);
  return (body['findings'] as { id: string }[]).map(
    ({ id }) => [low, vendors, mine].find((one) => one.id === id)!.groupKey,
  );
}

describe('the search for findings', () => {
  it.each([
    ['', ['low', 'vendors', 'mine']],
    ['severity=low,critical', ['low', 'vendors']],
    ['status=new', ['low', 'mine']],
    ['status=closed&disposition=false-positive', ['vendors']],
    ['assignee=@me', ['mine']],
    ['assignee=@none', ['low', 'vendors']],
    ['vendor=@any', ['vendors']],
    ['vendor=@none', ['low', 'mine']],
    ['department=@none', ['mine']],
    ['actor=wang', ['low']],
    ['from=2000&to=3000', ['vendors']],
    ['text=RESIDENT%20qiming', ['vendors']],
    [`ids=${mine.id},${low.id}`, ['low', 'mine']],
  ])('by "%s" gives those, the last raised first', async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  it('says how each stands, also what was decided a moment ago', async () => {
    const { body } = await api.ask('GET', '/findings');
    expect(body['findings']).toMatchObject([
      { raisedAt: 3_000 },
      { life: { status: 'closed', disposition: 'false-positive' } },
      { life: { status: 'new', assignee: await whoAmI() } },
    ]);
    expect((body['findings'] as object[])[0]).not.toHaveProperty('life');
  });

  it('goes on where a page ended, and gives all places at once', async () => {
    const first = (await api.ask('GET', '/findings?limit=2')).body;
    expect(await found(`limit=2&cursor=${String(first['next'])}`)).toEqual(['mine']);
    const { body } = await api.ask('GET', '/findings/ids?severity=low,high');
    expect(body).toEqual({ ids: [low.id, mine.id] });
  });

  it('counts, by severity and status as if that field were not filtered', async () => {
    expect((await api.ask('GET', '/findings/counts?severity=low')).body).toEqual({
      total: 1,
      bySeverity: { critical: 1, high: 1, medium: 0, low: 1 },
      byStatus: { new: 1, acknowledged: 0, closed: 0, reopened: 0 },
    });
  });

  it('groups, the worst first, and those of no incident together', async () => {
    const joined = incident([vendors, low]);
    api.parts.store.incidents = [joined];
    expect((await api.ask('GET', '/findings/groups?by=incident')).body['groups']).toMatchObject([
      { key: joined.id, title: joined.title, findings: 2, severity: 'critical' },
      { key: '', findings: 1, severity: 'high' },
    ]);
    expect((await api.ask('GET', '/findings/groups?by=vendor&status=new')).body['groups']).toMatchObject([
      { key: '', findings: 2 },
    ]);
  });

  it.each([
    ['severity=loud', 'severity is "loud": "loud" is not known; use low, medium, high, critical, with commas between'],
    ['status=new,done', 'status is "new,done": "done" is not known'],
    ['incident=7', 'incident is "7": must be a UUID or @none'],
    ['ids=7', 'ids is "7": must be UUIDs'],
    ['from=yesterday', 'from is "yesterday": is no time'],
    ['colour=red', '"colour" is not known here'],
  ])('refuses "%s", with the field, the value and what is known', async (query, message) => {
    for (const path of ['', '/counts', '/ids'])
      expect(await api.ask('GET', `/findings${path}?${query}`)).toMatchObject({
        status: 400,
        body: { code: 'WL_QUERY_INVALID', message: expect.stringContaining(message) as string },
      });
  });
});
