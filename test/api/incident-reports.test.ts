import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lifeEventOf } from '../../src/finding/lifecycle.ts';
import { finding, incident } from '../feed/samples.ts';
import { event, testApi, type TestApi } from './parts.ts';

const HOSTILE = `<script>document.title=1</script>"'&\u202e\u001b[31m${'长'.repeat(3_400)}`;
const causes = [1, 2].map((n) =>
  event({ id: `00000000-0000-8000-8000-00000000000${n}`, raw: n === 1 ? `read ${HOSTILE}` : 'second line', time: n }),
);
const first = finding('one', { eventIds: [causes[0]!.id, '00000000-0000-8000-8000-000000000099'] });
const second = finding('two', { eventIds: causes.map(({ id }) => id), detector: 'export-spike' });
const made = incident([first, second]);

let api: TestApi;
let now: number;
beforeEach(async () => {
  now = made.causedAt + 60_000;
  api = await testApi({ now: () => now });
  api.parts.store.events = causes;
  api.parts.store.findings = [first, second];
  api.parts.store.lives = [first, second].map(lifeEventOf);
  api.parts.store.incidents = [made];
});
afterEach(() => api.stop());

const get = (path: string) => api.ask('GET', `/incidents/${made.id}${path}`);
const say = (act: string, body: object) => api.ask('POST', `/incidents/${made.id}/report/${act}`, body);
async function exported(query: string): Promise<string> {
  const headers = { authorization: `Bearer ${api.parts.apiToken}` };
  return (await api.app.inject({ url: `/api/v1/incidents/${made.id}/report${query}`, headers })).body;
}
const withoutStamp = (report: string): string => report.replace(/<footer>[\s\S]*<\/footer>/, '');

describe('an incident as a whole', () => {
  it('names each log line once with its digest, which findings rest on it, and what is missing', async () => {
    const { body } = await get('/evidence');
    const lines = body['events'] as { id: string; raw: string; sha256: string; findings: string[] }[];
    expect(lines.map(({ id, findings }) => [id, findings])).toEqual([
      [causes[0]!.id, [first.id, second.id]],
      [causes[1]!.id, [second.id]],
    ]);
    for (const { raw, sha256 } of lines) expect(sha256).toBe(createHash('sha256').update(raw).digest('hex'));
    expect(body['missing']).toEqual(['00000000-0000-8000-8000-000000000099']);
  });

  it('is taken up with its first finding, and closed with its last', async () => {
    expect((await get('/decisions')).body['status']).toBe('new');
    const close = { disposition: 'benign', reason: '已核实' };
    await api.ask('POST', `/findings/${first.id}/close`, close);
    expect((await get('/decisions')).body['status']).toBe('acknowledged');
    await api.ask('POST', `/findings/${second.id}/close`, close);
    const { body } = await get('/decisions');
    expect(body['status']).toBe('closed');
    expect((body['events'] as { act: string }[]).filter(({ act }) => act === 'closed')).toHaveLength(2);
  });

  it('does not exist for an unknown id, and says which level, field or form is none', async () => {
    const nobody = '/incidents/00000000-0000-5000-8000-000000000000';
    for (const path of ['/evidence', '/decisions', '/report-state', '/report'])
      expect((await api.ask('GET', nobody + path)).status).toBe(404);
    expect((await api.ask('POST', `${nobody}/report/state`, { field: 'unit', text: 'x' })).status).toBe(404);
    expect((await say('classify', { level: 'huge', within: '4h' })).body['message']).toContain('level is "huge"');
    expect((await say('state', { field: 'colour', text: 'x' })).body['message']).toContain('field is "colour"');
    expect((await get('/report?form=pdf')).body['message']).toContain('form is "pdf"');
  });

  it('describes its routes', async () => {
    const headers = { authorization: `Bearer ${api.parts.apiToken}` };
    const { paths } = (await api.app.inject({ url: '/api/openapi.json', headers })).json<{ paths: object }>();
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/api/v1/incidents/{id}/report/classify', '/api/v1/findings/{id}/context/{what}']),
    );
  });
});

describe('the report of an incident', () => {
  it('runs from the confirmation, keeps every entry, and is done when it was sent', async () => {
    expect((await say('sent', { text: '12387' })).body).toMatchObject({ code: 'WL_CONFLICT' });
    const { body } = await say('classify', { level: 'major', within: '1h', text: '涉及重要数据' });
    expect(body['clock']).toMatchObject({ state: 'running', dueAt: now + 3_600_000 });
    await say('state', { field: 'impact', text: '三万人' });
    await say('state', { field: 'impact', text: '五万人' });
    now += 3_600_001;
    expect((await get('/report-state')).body['clock']).toMatchObject({ state: 'overdue' });
    const sent = (await say('sent', { text: '省网信办 12387，回执 0071' })).body;
    expect(sent['clock']).toMatchObject({ state: 'sent', sent: { late: true } });
    expect((sent['entries'] as { text: string }[]).map(({ text }) => text)).toEqual([
      '涉及重要数据',
      '三万人',
      '五万人',
      '省网信办 12387，回执 0071',
    ]);
  });

  it('leaves in either form with its log lines masked', async () => {
    api.parts.store.events = causes.map((cause) => ({ ...cause, raw: 'xm=李娜 <b>' }));
    for (const form of ['html', 'json']) {
      const report = await exported(`?form=${form}`);
      expect(report).not.toContain('李娜');
      expect(report).toContain('name#');
    }
  });

  it('shows whatever log lines and people wrote as text, in a file that runs and loads nothing', async () => {
    await say('state', { field: 'place', text: HOSTILE.slice(0, 3_900) });
    for (const language of ['zh', 'en']) {
      const report = await exported(`?form=html&language=${language}`);
      expect(report).not.toMatch(/<script|javascript:|<img|src=|href=/i);
      expect(report).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
      expect(report).toContain('&lt;script&gt;document.title=1&lt;/script&gt;&quot;&#39;&amp;\\u202e\\u001b[31m');
      expect(report).toContain("default-src 'none'");
    }
  });

  it('is the same from the same facts but for the stamp, in each language, and names what it lacks', async () => {
    const chinese = await exported('?form=html');
    expect(withoutStamp(await exported('?form=html&language=zh'))).toBe(withoutStamp(chinese));
    expect(chinese).toMatch(/时限内必须报告<\/b>：事件级别/);
    expect(chinese).toContain(made.explanation.zh);
    const english = await exported('?form=html&language=en');
    expect(english).toContain('due within the deadline</b>: Level');
    expect(english).toContain(made.explanation.en);
    await say('state', { field: 'place', text: '一号机房' });
    expect(withoutStamp(await exported('?form=html'))).not.toBe(withoutStamp(chinese));
  });

  it('is JSON with the incident as OCSF, its evidence and decisions', async () => {
    const report = JSON.parse(await exported('?form=json')) as Record<string, unknown>;
    expect(report).toMatchObject({
      ...{ incident: { id: made.id }, ocsf: { class_uid: 2005 }, timeZone: 'Asia/Shanghai' },
      ...{ evidence: { missing: [expect.any(String)] }, report: { clock: { state: 'maybe' } } },
    });
  });
});
