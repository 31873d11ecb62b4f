import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Reveals, REVEALED_MS } from '../../src/access/reveals.ts';
import { buildApi } from '../../src/api/server.ts';
import { emptyEvent, type Event } from '../../src/event/event.ts';
import { finding } from '../feed/samples.ts';
import { auditOf, testApi, type TestApi } from './parts.ts';

const MOBILE = '13912345678';
const EVENT: Event = {
  ...emptyEvent(),
  id: '00000000-0000-8000-8000-000000000001',
  account: 'zhangwei',
  message: `sms to ${MOBILE}`,
  raw: `Mar 12 08:01:02 app01 gateway: sms to ${MOBILE} 姓名：李娜 port=8080`,
  attributes: ['xm', '李娜', 'page', '2'],
};
const OPTIONS = { host: '127.0.0.1', port: 0, publicOrigin: '', appDir: 'nowhere' };
const WHY = { purpose: 'complaint', reason: 'the resident asks who looked' };
const reveal = (id = EVENT.id): string => `/events/${id}/reveal`;

let api: TestApi;
beforeEach(async () => {
  api = await testApi();
  api.parts.store.events = [EVENT];
});
afterEach(() => api.stop());

describe('what leaves the server', () => {
  it('is masked in events, and says who acted', async () => {
    for (const path of ['/events', `/events/${EVENT.id}`]) {
      const { status, body } = await api.ask('GET', path);
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toMatch(/13912345678|李娜/);
      expect(JSON.stringify(body)).toContain('mobile#');
    }
    expect((await api.ask('GET', `/events/${EVENT.id}`)).body['account']).toBe('zhangwei');
  });

  it('is masked in findings and in the events behind them', async () => {
    const explanation = { zh: `导出了 ${MOBILE} 的记录`, en: `exported the record of ${MOBILE}` };
    const found = finding('export-spike', { explanation, eventIds: [EVENT.id] });
    api.parts.store.findings = [found];
    const { status, body } = await api.ask('GET', `/findings/${found.id}`);
    expect(status).toBe(200);
    expect(JSON.stringify(body)).not.toMatch(/13912345678|李娜/);
  });

  it('is masked in errors that say what was wrong', async () => {
    for (const path of [`/events?limit=${MOBILE}`, `/events/${MOBILE}`, `/no-such/${MOBILE}`, `/events/${MOBILE}%`]) {
      const { status, body } = await api.ask('GET', path);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(JSON.stringify(body)).toContain('mobile#');
      expect(JSON.stringify(body)).not.toContain(MOBILE);
    }
    const { status, body } = await api.ask('POST', reveal(), { purpose: MOBILE, reason: 'because' });
    expect([status, JSON.stringify(body).includes(MOBILE)]).toEqual([400, false]);
  });

  it('is found by who knows all of a value, and by nobody who tries its digits', async () => {
    const found = async (text: string): Promise<number> => {
      const { body } = await api.ask('GET', `/events?text=${encodeURIComponent(text)}`);
      return (body['events'] as Event[]).length;
    };
    expect(await found(MOBILE)).toBe(1);
    expect(await found('李娜')).toBe(1);
    expect(await found('gateway: SMS')).toBe(1);
    for (const part of ['139', '1391234567', '李', '4567']) expect(await found(part)).toBe(0);
  });
});

describe('an event revealed', () => {
  it('is shown as it was logged, with why and until when, and recorded before', async () => {
    const { status, body } = await api.ask('POST', reveal(), WHY);
    expect(status).toBe(200);
    expect(body['event']).toMatchObject({ raw: EVENT.raw, attributes: EVENT.attributes });
    expect(body['reveal']).toMatchObject({ by: 'api-token', state: 'open', ...WHY });
    const { at, until } = body['reveal'] as { at: number; until: number };
    expect(until - at).toBe(15 * 60_000);
    const [begun, done] = auditOf(api.parts.log).filter(({ action }) => action === 'reveal');
    expect(begun).toMatchObject({ phase: 'begun', outcome: 'unknown', reason: WHY.reason });
    expect(done).toMatchObject({ id: begun!.id, phase: 'done', outcome: 'success', rows: 1 });
    expect(done!.object).toContain(EVENT.id);
  });

  it('leaves all other answers masked', async () => {
    await api.ask('POST', reveal(), WHY);
    expect(JSON.stringify((await api.ask('GET', `/events/${EVENT.id}`)).body)).not.toContain(MOBILE);
  });

  it('needs a reason, and an event', async () => {
    for (const body of [{}, { purpose: 'audit' }, { ...WHY, reason: ' ' }, { ...WHY, purpose: 'curiosity' }])
      expect((await api.ask('POST', reveal(), body)).status).toBe(400);
    expect((await api.ask('POST', reveal('00000000-0000-8000-8000-00000000000f'), WHY)).status).toBe(404);
  });

  it('is shown once somebody else has agreed, where that is asked for', async () => {
    const reveals = new Reveals({ needsApproval: true });
    const app = await buildApi(OPTIONS, { ...api.parts, reveals });
    const ask = async (): Promise<{ status: number; text: string }> => {
      const headers = { authorization: `Bearer ${api.parts.apiToken}` };
      const answer = await app.inject({ method: 'POST', url: `/api/v1${reveal()}`, headers, payload: WHY });
      return { status: answer.statusCode, text: answer.payload };
    };
    const waiting = await ask();
    expect([waiting.status, waiting.text.includes(MOBILE)]).toEqual([202, false]);
    const [request] = reveals.list();
    reveals.decide(request!.id, true, 'the security administrator');
    const shown = await ask();
    expect([shown.status, shown.text.includes(MOBILE)]).toEqual([200, true]);
    await app.close();
  });

  it('is not shown while it can not be recorded', async () => {
    api.parts.log.append = async () => Promise.reject(new Error('the disk is full'));
    const { status, body } = await api.ask('POST', reveal(), WHY);
    expect([status, body['code']]).toEqual([503, 'WL_AUDIT_AWAY']);
    expect(JSON.stringify(body)).not.toContain(MOBILE);
  });
});

describe('reveals', () => {
  const wish = { event: EVENT.id, by: 'li', purpose: 'audit', reason: 'yearly audit' } as const;

  it('end after fifteen minutes, for one person and one event', () => {
    let now = 1_000;
    const reveals = new Reveals({ needsApproval: false, now: () => now });
    const first = reveals.ask(wish);
    now += REVEALED_MS - 1;
    expect(reveals.ask(wish)).toBe(first);
    expect(reveals.of('wang', EVENT.id)).toBeUndefined();
    expect(reveals.of('li', 'another')).toBeUndefined();
    now += 1;
    expect(reveals.of('li', EVENT.id)).toBeUndefined();
    expect(reveals.ask(wish).id).not.toBe(first.id);
  });

  it('wait for the word of another where that is asked for', () => {
    let now = 1_000;
    const reveals = new Reveals({ needsApproval: true, now: () => now });
    const asked = reveals.ask(wish);
    expect(asked.state).toBe('waiting');
    expect(() => reveals.decide(asked.id, true, 'li')).toThrow('li asked for this');
    now += 3_600_000;
    expect(reveals.decide(asked.id, true, 'zhao')).toMatchObject({ state: 'open', until: now + REVEALED_MS });
    expect(reveals.ask(wish)).toMatchObject({ id: asked.id, state: 'open', decidedBy: 'zhao' });
    expect(() => reveals.decide(asked.id, false, 'qian')).toThrow('zhao has decided this already');
    now += REVEALED_MS;
    expect(reveals.ask(wish).state).toBe('waiting');
  });

  it('that were refused stay refused', () => {
    const reveals = new Reveals({ needsApproval: true });
    const asked = reveals.ask(wish);
    reveals.decide(asked.id, false, 'zhao');
    expect(reveals.ask(wish)).toMatchObject({ id: asked.id, state: 'refused', decidedBy: 'zhao' });
  });
});
