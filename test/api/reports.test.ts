import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WantedReport } from '../../src/reports/report-job-files.ts';
import { plantedSight } from '../reports/planted.ts';
import { testReports } from '../reports/test-reports.ts';
import { auditOf, testApi, type TestApi } from './parts.ts';

const HOUR_MS = 3_600_000;
const FROM = '2026-10-01T00:00:00+08:00';
const TO = '2026-11-01T00:00:00+08:00';
const NOW = Date.parse('2026-11-26T09:00+08:00');
const wish = {
  ...{
    kind: 'five-questions',
    subject: { kind: 'asset', id: 'families' },
    from: FROM,
    to: TO,
    timeZone: 'Asia/Shanghai',
  },
};

let api: TestApi;
let now: number;
let cookie: string;
beforeEach(async () => {
  now = NOW;
  api = await testApi({ now: () => now });
  cookie = await api.parts.signedIn();
  await api.parts.registry.record(
    [
      { list: 'departments', key: 'aid', entries: [{ id: 'aid', name: '民政局' }] },
      { list: 'systems', key: 'aid-db', entries: [{ id: 'aid-db', name: '救助', department: 'aid' }] },
      {
        list: 'assets',
        key: 'families',
        entries: [
          { id: 'families', name: '困难家庭', names: ['aid.families'], level: 'core', system: 'aid-db', owner: 'aid' },
        ],
      },
    ],
    { origin: 'api', by: 'the test' },
  );
});
afterEach(() => api.stop());

/** As somebody at the page. */
async function at(method: 'GET' | 'POST', path: string, payload?: object) {
  const headers = { cookie, host: 'wanglou.test', origin: 'http://wanglou.test' };
  const answer = await api.app.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) });
  return { status: answer.statusCode, headers: answer.headers, text: answer.body, body: bodyOf(answer.body) };
}
function bodyOf(text: string): Record<string, unknown> {
  return text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
}
/** Asks for a report, and answers with its id and digest once it is there. */
async function make(changes: object = {}): Promise<{ id: string; digest: string }> {
  const { status, body } = await at('POST', '/reports', { ...wish, ...changes });
  expect(status, JSON.stringify(body)).toBe(202);
  const id = body['id'] as string;
  await expect.poll(async () => (await at('GET', `/reports/${id}`)).body['report']).toBeTruthy();
  const { report } = (await at('GET', `/reports/${id}`)).body as { report: { version: { digest: string } } };
  return { id, digest: report.version.digest };
}
const actions = (): string[] => auditOf(api.parts.log).map(({ action, phase }) => `${action} ${phase}`);

describe('a report', () => {
  it('is made, previewed, taken as a file in both languages, reviewed and signed, each step in the audit trail', async () => {
    const { id, digest } = await make();
    const preview = await at('GET', `/reports/${id}/preview?language=en`);
    expect(preview.headers['content-security-policy']).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox; base-uri 'none'; form-action 'none'",
    );
    expect(preview.headers['x-frame-options']).toBe('SAMEORIGIN');
    expect(preview.text).toContain('The five questions about data');
    const file = await at('GET', `/reports/${id}/file?language=zh`);
    expect(file.headers['content-disposition']).toBe(`attachment; filename="five-questions-${id.slice(0, 8)}-v1.html"`);
    expect(file.headers['x-frame-options']).toBe('DENY');
    expect(file.text).toContain('数据资产“五问”报告');
    expect(file.text).toContain('试用模式');
    for (const act of ['review', 'sign'])
      expect((await at('POST', `/reports/${id}/${act}`, { digest })).status).toBe(200);
    expect((await at('GET', '/reports')).body).toMatchObject({
      total: 1,
      trial: true,
      reports: [{ id, state: 'signed' }],
    });
    expect((await at('POST', `/reports/${id}/return`, { digest, text: 'late' })).body).toMatchObject({
      code: 'WL_CONFLICT',
      reason: 'report-signed',
    });
    for (const action of ['report.prepare', 'report.read', 'report.export', 'report.review', 'report.sign'])
      expect(actions()).toContain(`${action} done`);
  });

  it('is returned with a reason and made again as a new version; the old one can still be read', async () => {
    const { id, digest } = await make();
    expect((await at('POST', `/reports/${id}/return`, { digest })).body['message']).toContain('text');
    await at('POST', `/reports/${id}/return`, { digest, text: '缺少监管部门' });
    expect((await at('POST', `/reports/${id}/prepare`, {})).status).toBe(202);
    const versions = async () =>
      ((await at('GET', `/reports/${id}`)).body as { report: { versions: object[] } }).report.versions;
    await expect.poll(async () => (await versions()).length).toBe(2);
    expect((await at('GET', `/reports/${id}/file?version=1`)).text).toContain('缺少监管部门');
    expect((await at('GET', `/reports/${id}/file?version=2`)).text).not.toContain('缺少监管部门');
    expect((await at('GET', `/reports/${id}/file?version=3`)).status).toBe(404);
    expect((await at('POST', `/reports/${id}/prepare`, {})).body).toMatchObject({ reason: 'report-not-returned' });
  });

  it('is neither shown nor signed when its content in the store is not the one that was made', async () => {
    const { id, digest } = await make();
    const [row] = api.parts.reporting.contents.rows;
    row!.content = row!.content.replace('困难家庭', '富裕家庭');
    const changed = { code: 'WL_CONFLICT', reason: 'report-changed' };
    expect((await at('GET', `/reports/${id}/file`)).body).toMatchObject(changed);
    now += 61_000;
    expect((await at('GET', `/reports/${id}`)).body).toMatchObject({ problem: changed });
    expect((await at('POST', `/reports/${id}/review`, { digest })).body).toMatchObject(changed);
    api.parts.reporting.contents.rows.length = 0;
    expect((await at('GET', `/reports/${id}/preview`)).body).toMatchObject({
      ...changed,
      remedy: expect.stringContaining('missing') as string,
    });
  });

  it('is made after a restart, once, by who may still prepare it', async () => {
    const { desk, wanted } = api.parts.reporting;
    const { id } = await make();
    expect(wanted.size).toBe(0);
    const from = { ...wish, from: Date.parse(FROM), to: Date.parse(TO) } as WantedReport['wish'];
    const left: WantedReport = {
      id: randomUUID(),
      version: 1,
      wish: from,
      scope: null,
      by: 'operator',
      at: now,
      attempts: 1,
    };
    await desk.takeUp([{ ...left, id }, left]);
    await expect.poll(async () => (await at('GET', `/reports/${left.id}`)).body['report']).toBeTruthy();
    expect((await at('GET', `/reports/${id}`)).body).toMatchObject({
      report: { versions: [{ version: 1 }] },
      job: null,
    });
  });

  it('fails with what to do, and can be cancelled while it waits', async () => {
    const { body } = await at('POST', '/reports', { ...wish, subject: { kind: 'asset', id: 'nothing' } });
    const job = async () => ((await at('GET', `/reports/${body['id'] as string}`)).body as { job: object }).job;
    await expect.poll(job).toMatchObject({ state: 'failed', failure: { code: 'WL_NOT_FOUND' } });
    api.parts.profileStore.reasons = async () =>
      Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    const away = await at('POST', '/reports', wish);
    const awayJob = async () => (await at('GET', `/reports/${away.body['id'] as string}`)).body['job'];
    await expect.poll(awayJob).toMatchObject({ state: 'failed', failure: { code: 'WL_STORE_AWAY' } });
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    api.parts.profileStore.reasons = async () => held.then(() => api.parts.profileStore.reason);
    const [first, second] = [await at('POST', '/reports', wish), await at('POST', '/reports', wish)].map((asked) => asked.body['id'] as string); // prettier-ignore
    for (const id of [second!, first!])
      expect((await at('POST', `/reports/${id}/cancel`, {})).body).toMatchObject({ state: 'cancelled' });
    goOn();
    expect((await at('POST', `/reports/${first!}/cancel`, {})).status).toBe(409);
    await make();
    expect((await at('GET', '/reports')).body).toMatchObject({ total: 1 });
  });

  it('is refused with the field that is wrong', async () => {
    const refused = async (changes: object) => (await at('POST', '/reports', { ...wish, ...changes })).body;
    expect(await refused({ kind: 'horoscope' })).toMatchObject({ code: 'WL_BODY_INVALID' });
    expect(await refused({ to: new Date(now + HOUR_MS).toISOString() })).toMatchObject({
      message: expect.stringContaining('to is') as string,
    });
    expect(await refused({ kind: 'monthly-posture', subject: { kind: 'platform' }, within: 'subject' })).toMatchObject({
      message: expect.stringContaining('within is "subject"') as string,
    });
    expect((await at('GET', '/reports/00000000-0000-4000-8000-000000000000')).status).toBe(404);
  });

  it('has no person of a log line in it who is not masked', async () => {
    api.parts.profileStore.used = { purpose: [{ name: '核对 13912345678', events: 1, rows: 1, first: 1, last: 2 }] };
    const { id } = await make();
    const { text } = await at('GET', `/reports/${id}/file`);
    expect(text).toContain('核对');
    expect(text).not.toContain('13912345678');
  });

  it('says what the page has to say when there is no browser that prints', async () => {
    expect((await at('GET', '/reports')).body['pdf']).toEqual({
      found: false,
      problem: 'there is no Chromium in PATH',
    });
  });
});

describe('where there are people', () => {
  it('a report is prepared by one of them, not by a token that is nobody', async () => {
    const { maker } = api.parts.reporting;
    const people: Record<string, string> = { an: '007', bo: '008', cai: '007' };
    const { desk } = testReports(api.parts.log.table('settings'), plantedSight(), {
      ...{ trial: false, personOf: (account) => people[account] ?? '', makerOf: () => maker, now: () => now },
    });
    const asked = { ...wish, kind: 'five-questions', subject: { kind: 'asset', id: 'families' } } as const;
    const at = { ...asked, from: Date.parse(FROM), to: Date.parse(TO) };
    const refused = { code: 'WL_FORBIDDEN', remedy: 'Sign in, or use a token of a person.' };
    const ask = async (account: string) => desk.ask({ account, scope: null }, at, 'all');
    await expect(ask('api-token')).rejects.toMatchObject(refused);
    const { id } = await ask('an');
    const state = async (account: string) => (await desk.of({ account, scope: null }, id)).report?.next;
    await expect.poll(() => state('an')).toMatchObject({ reviewed: false, returned: true });
    // Another account of the same person, and another person.
    expect(await state('cai')).toMatchObject({ reviewed: false });
    expect(await state('bo')).toMatchObject({ reviewed: true, signed: false });
  });

  it('a report that waited for a restart is not made for one who may not prepare it any more', async () => {
    const objectionTo = (account: string): string => (account === 'gao' ? 'gao is not an active account any more' : '');
    const { desk, contents } = testReports(api.parts.log.table('settings'), plantedSight(), { objectionTo });
    const asked = { ...wish, kind: 'five-questions', subject: { kind: 'asset', id: 'families' } } as const;
    const at = { ...asked, from: Date.parse(FROM), to: Date.parse(TO) };
    const left = { id: randomUUID(), version: 1, wish: at, scope: null, by: 'gao', at: now, attempts: 0 };
    await desk.takeUp([left]);
    const job = async () => (await desk.of({ account: 'gao', scope: null }, left.id)).job;
    await expect.poll(job).toMatchObject({ state: 'failed', failure: { code: 'WL_FORBIDDEN' } });
    expect(contents.rows).toEqual([]);
  });
});

describe('reports within a scope', () => {
  const scope = { departments: ['aid'], vendors: [] };
  const manager = { account: 'chen', scope };

  it('are those whose makers saw no more: the others are as unknown as those that are none', async () => {
    const whole = await make();
    const own = await make({ within: 'subject' });
    const { desk } = api.parts.reporting;
    const list = desk.list(manager, { limit: 10 }).reports.map(({ id }) => id);
    expect(list).toEqual([own.id]);
    await expect(desk.of(manager, whole.id)).rejects.toThrow(/There is no report/);
    await expect(desk.file(manager, whole.id, { form: 'html', language: 'zh' })).rejects.toThrow(/There is no report/);
    expect((await desk.file(manager, own.id, { form: 'html', language: 'en' })).body).toContain('departments: aid');
    const stranger = { account: 'di', scope: { departments: ['tax'], vendors: [] } };
    expect(desk.list(stranger, { limit: 10 })).toMatchObject({ total: 0, jobs: [] });
  });
});

describe('a schedule of reports', () => {
  const monthly = {
    ...{ kind: 'five-questions', subject: { kind: 'department', id: 'aid' }, every: 'month', day: 1, minute: 540 },
    timeZone: 'Asia/Shanghai',
  };

  it('is made, listed with when it is due next, and ended', async () => {
    const made = await at('POST', '/report-schedules', monthly);
    expect(made.status).toBe(201);
    const [listed] = (await at('GET', '/report-schedules')).body['schedules'] as { id: string; nextAt: number }[];
    expect(listed!.nextAt).toBe(Date.parse('2026-12-01T09:00+08:00'));
    expect((await at('POST', `/report-schedules/${listed!.id}/end`, {})).body).toMatchObject({ nextAt: null });
    expect((await at('POST', `/report-schedules/${listed!.id}/end`, {})).status).toBe(409);
  });

  it('is refused for what can not be repeated so', async () => {
    const refused = async (changes: object) => (await at('POST', '/report-schedules', { ...monthly, ...changes })).body;
    expect(await refused({ kind: 'monthly-posture', subject: { kind: 'platform' }, every: 'year' })).toMatchObject({
      remedy: 'Make it every month.',
    });
    expect(await refused({ timeZone: 'Mars/Base' })).toMatchObject({ message: 'timeZone is "Mars/Base"' });
    expect(await refused({ day: 40 })).toMatchObject({ remedy: 'Name a day from 1 to 31.' });
  });
});
