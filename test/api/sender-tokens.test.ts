import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isWholeToken } from '../../src/access/secret.ts';
import { auditOf, testApi, type TestApi } from './parts.ts';

let api: TestApi;
let now = Date.parse('2026-03-01T00:00:00Z');
beforeEach(async () => {
  now = Date.parse('2026-03-01T00:00:00Z');
  api = await testApi({ now: () => now });
  const source = { id: 'portal', system: '' };
  const by = { by: 'wang', origin: 'api' } as const;
  await api.parts.registry.record([{ list: 'sources', key: 'portal', entries: [source] }], by);
});
afterEach(() => api.stop());

const make = (changes: object = {}) => api.ask('POST', '/sender-tokens', { source: 'portal', ...changes });
const listed = async () => (await api.ask('GET', '/sender-tokens')).body as { tokens: Record<string, unknown>[] };

describe('tokens of senders', () => {
  it('are told once, and then listed without themselves; the one for all is listed as such', async () => {
    const { status, body } = await make({ networks: ['192.0.2.0/24'], expires: '2026-06-01T00:00:00Z' });
    expect(status).toBe(201);
    const token = String(body['token']);
    expect(token).toMatch(/^wli_/);
    expect(isWholeToken(token)).toBe(true);
    const list = await listed();
    expect(list).toMatchObject({
      tokens: [
        { source: 'portal', state: 'active', createdBy: 'api-token', networks: ['192.0.2.0/24'], lastUsedAt: 0 },
      ],
      forAll: [{ source: '' }],
    });
    const kept = Buffer.concat([...(await entries())]).toString();
    for (const text of [JSON.stringify(list), kept, JSON.stringify(auditOf(api.parts.log))])
      expect(text).not.toContain(token.slice(4, 20));
    expect(auditOf(api.parts.log).map(({ action }) => action)).toContain('token.create');
  });

  it('may be two at a time for a source, so that a sender can change from one to the other', async () => {
    const [first, second] = [await make(), await make()];
    expect(second.status).toBe(201);
    const third = await make();
    expect(third).toMatchObject({ status: 409, body: { message: 'portal has 2 active tokens' } });
    expect(third.body['remedy']).toContain(String(first.body['id']));
    expect((await api.ask('POST', `/sender-tokens/${String(first.body['id'])}/revoke`)).body['state']).toBe('revoked');
    expect((await make()).status).toBe(201);
    expect((await api.ask('POST', `/sender-tokens/${String(first.body['id'])}/revoke`)).status).toBe(409);
  });

  it('that are asked for at once are not more than two either', async () => {
    const statuses = (await Promise.all([make(), make(), make(), make()])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([201, 201, 409, 409]);
  });

  it('that have expired no longer count', async () => {
    for (let n = 0; n < 2; n++) await make({ expires: String(now + 1_000) });
    now += 1_000;
    expect((await make()).status).toBe(201);
    expect((await listed()).tokens.map(({ state }) => state)).toEqual(['active', 'expired', 'expired']);
  });

  it.each([
    [{ source: 'nobody' }, 'source is "nobody", which the registry does not have'],
    [{ source: 'wanglou' }, 'source is "wanglou"'],
    [{ networks: ['everywhere'] }, 'networks has "everywhere"'],
    [{ expires: '2020-01-01T00:00:00Z' }, 'expires is 2020-01-01T00:00:00.000Z, which has passed'],
  ])('are refused with what is wrong: %j', async (changes, message) => {
    const { status, body } = await make(changes);
    expect(status).toBe(400);
    expect(body['message']).toContain(message);
  });

  it('are made by those who may only', async () => {
    api.parts.access.may = () => false;
    expect((await make()).status).toBe(403);
  });
});

async function entries(): Promise<Uint8Array[]> {
  const values: Uint8Array[] = [];
  for await (const [, value] of api.parts.log.table('sender-tokens').entries()) values.push(value);
  return values;
}
