import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { drawToken } from '../../src/access/secret.ts';
import { TownServer } from './town-server.ts';

const DAY_MS = 24 * 3_600_000;
let server: TownServer;
let operator: string;

beforeEach(async () => {
  server = await TownServer.start();
  await server.town.withAdministrators();
  await server.town.person('li.wei', 'operator');
  operator = await server.signedIn('li.wei');
});
afterEach(() => server.stop());

/** @returns the token itself. */
async function token(request: object = {}, as = operator): Promise<string> {
  const whole = { name: 'nightly', permissions: ['see-findings'], expires: String(Date.now() + 4e12), ...request };
  const answer = await server.ask('api-tokens', as, whole);
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body['token'] as string;
}
const soon = (): string => String(server.town.now + 30 * DAY_MS);

describe('an API token of a person', () => {
  it('does what it was made for, as its person, and nothing else that the person may', async () => {
    const made = await token({ expires: soon() });
    expect(made).toMatch(/^wlp_[\w-]{43}[0-9a-f]{8}$/);
    expect((await server.ask('findings', made)).status).toBe(200);
    expect((await server.ask('me', made)).body).toMatchObject({ account: 'li.wei', permissions: ['see-findings'] });
    expect((await server.ask('events', made)).status).toBe(403);
    expect((await server.ask('suppressions', operator)).status).toBe(200);
    expect((await server.ask('suppressions', made)).status).toBe(403);
  });

  it('makes no tokens, draws no links for screens, ends no sessions and changes no password', async () => {
    const made = await token({ expires: soon(), permissions: ['see-findings', 'follow-feed'] });
    const asked: [string, object?][] = [
      ['api-tokens'],
      ['api-tokens', { name: 'x', permissions: ['see-findings'], expires: soon() }],
      ['wall-links', { name: 'hall' }],
      ['sessions'],
      ['sessions/end-others', {}],
      ['sign-out-everywhere', {}],
      ['password', { password: 'x', totp: '1', newPassword: 'y' }],
    ];
    for (const [path, body] of asked)
      expect([path, (await server.ask(path, made, body)).body['reason']]).toEqual([path, 'in-person']);
  });

  it.each([
    [{ permissions: ['change-rules'] }, 403, /permissions has change-rules, which li.wei does not have/],
    [{ permissions: [] }, 400, /name at least one/],
    [{ permissions: ['everything'] }, 400, /must be of/],
    [{ expires: undefined }, 400, /expires/],
    [{ expires: '1970-01-02' }, 400, /not in the year to come/],
    [{ expires: '2099-01-01' }, 400, /not in the year to come/],
    [{ networks: ['nowhere'] }, 400, /networks has "nowhere"/],
    [{ name: ' ' }, 400, /say what it is for/],
  ])('is not made with %j', async (wrong, status, message) => {
    const request = { name: 'nightly', permissions: ['see-findings'], expires: soon(), ...wrong };
    const answer = await server.ask('api-tokens', operator, request);
    expect([answer.status, answer.body['message']]).toEqual([status, expect.stringMatching(message)]);
  });

  it('is listed without itself, with its last use, and says to its holder why it is taken no more', async () => {
    const made = await token({ expires: soon() });
    server.town.now += 3_600_000;
    await server.ask('findings', made);
    const [listed] = (await server.ask('api-tokens', operator)).body['tokens'] as { id: string }[];
    expect(listed).toMatchObject({ state: 'active', lastUsedAt: server.town.now, lastUsedFrom: '127.0.0.1' });
    expect(JSON.stringify(listed)).not.toContain(made.slice(4, 40));
    expect((await server.ask(`api-tokens/${listed!.id}/revoke`, operator, {})).body).toMatchObject({
      state: 'revoked',
    });
    const said = async (text: string): Promise<unknown> => (await server.ask('findings', text)).body['message'];
    expect(await said(made)).toMatch(/^the API token \w+ was revoked at/);
    expect(await said(made.slice(0, -1))).toMatch(/cut off or mistyped/);
    expect(await said(drawToken('wlp_'))).toMatch(/is not known here/);
    const short = await token({ expires: String(server.town.now + 60_000) });
    server.town.now += 60_000;
    expect(await said(short)).toMatch(/expired at/);
    const far = await token({ expires: soon(), networks: ['192.0.2.0/24'] });
    expect(await server.ask('findings', far)).toMatchObject({ status: 403, body: { code: 'WL_FORBIDDEN' } });
    expect((await server.ask('findings', await token({ expires: soon(), networks: ['127.0.0.1'] }))).status).toBe(200);
  });

  it('loses what its person loses, sleeps while the account is locked, and ends with a reset', async () => {
    const { desk } = server.town;
    const made = await token({ expires: soon() });
    const status = async (): Promise<number> => (await server.ask('findings', made)).status;
    await desk.restrain('li.wei', 'locked', 'security-administrator');
    expect(await status()).toBe(401);
    await desk.restrain('li.wei', 'unlocked', 'security-administrator');
    expect(await status()).toBe(200);
    await desk.revoke('li.wei', 'operator', 'security-administrator');
    expect(await status()).toBe(403);
    await desk.grant('li.wei', 'operator', 'security-administrator');
    const fresh = await desk.requestReset('li.wei', 'system-administrator');
    await desk.decide(desk.requests()[0]!.id, 'approved', 'security-administrator');
    server.town.now += 1;
    await server.town.activate(fresh);
    expect(await status()).toBe(401);
  });

  it('is seen by the administrators and revoked by the one for security, at once, also on an open feed', async () => {
    const made = await token({ expires: soon(), permissions: ['follow-feed'] });
    const socket = new WebSocket(`${server.origin.replace('http', 'ws')}/feed`, {
      headers: { authorization: `Bearer ${made}` },
    });
    await new Promise((done, fail) => socket.once('message', done).once('error', fail));
    const closed = new Promise((done) => socket.once('close', done));
    const system = await server.signedIn('system-administrator');
    const [seen] = (await server.ask('api-tokens-of-all', system)).body['tokens'] as { id: string }[];
    expect(seen).toMatchObject({ account: 'li.wei', name: 'nightly' });
    const path = `api-tokens-of-all/${seen!.id}/revoke`;
    expect((await server.ask(path, system, {})).status).toBe(403);
    expect((await server.ask(path, operator, {})).status).toBe(403);
    expect((await server.ask(path, await server.signedIn('security-administrator'), {})).status).toBe(200);
    expect(await closed).toBe(4401);
    expect((await server.ask(path, await server.signedIn('security-administrator'), {})).status).toBe(409);
  });

  it('of somebody else is nobody’s to revoke', async () => {
    await token({ expires: soon() });
    await server.town.person('wu', 'auditor');
    const wu = await server.signedIn('wu');
    const [listed] = server.town.apiTokens.list();
    expect((await server.ask(`api-tokens/${listed!.id}/revoke`, wu, {})).status).toBe(404);
  });
});

describe('sessions over REST', () => {
  it('are listed and ended one by one, by their person and by the security administrator', async () => {
    const other = await server.signedIn('li.wei');
    const mine = (await server.ask('sessions', operator)).body['sessions'] as { id: string; current: boolean }[];
    expect(mine.map(({ current }) => current).sort()).toEqual([false, true]);
    const { id } = mine.find(({ current }) => !current)!;
    expect((await server.ask(`sessions/${id}/end`, operator, {})).status).toBe(200);
    expect((await server.ask('me', other)).status).toBe(401);
    expect((await server.ask(`sessions/${id}/end`, operator, {})).status).toBe(404);
    const security = await server.signedIn('security-administrator');
    const theirs = (await server.ask('accounts/li.wei/sessions', security)).body['sessions'] as { id: string }[];
    expect((await server.ask(`accounts/li.wei/sessions/${theirs[0]!.id}/end`, security, {})).status).toBe(200);
    expect((await server.ask('me', operator)).status).toBe(401);
  });

  it('begin at a wall screen with a link, last there, and may nothing but look on', async () => {
    const link = await server.ask('wall-links', operator, { name: 'hall' });
    const screen = await server.ask('sign-in', '', { code: link.body['code'] as string });
    expect(screen.body).toMatchObject({ account: 'li.wei', means: 'wall' });
    const expires = /Expires=([^;]+)/.exec(screen.cookies[0]!)![1]!;
    expect(Date.parse(expires)).toBeGreaterThan(Date.now() + 300 * DAY_MS);
    expect((await server.ask('posture', screen.cookie)).status).toBe(200);
    expect((await server.ask('findings', screen.cookie)).status).toBe(403);
    expect((await server.ask('wall-links', screen.cookie, { name: 'next' })).status).toBe(403);
    expect((await server.ask('me', screen.cookie)).cookies[0]).toContain('Expires=');
    expect(await server.ask('sign-in', '', { code: link.body['code'] as string })).toMatchObject({
      status: 401,
      body: { message: 'The link for a wall screen is wrong, was used before or has expired' },
    });
  });
});
