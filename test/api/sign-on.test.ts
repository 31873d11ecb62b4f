import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SignOn } from '../../src/access/sign-on.ts';
import { CLIENT, RealProvider, walkThrough } from '../access/real-provider.ts';
import { TownServer, type Answer } from './town-server.ts';

let server: TownServer;
let provider: RealProvider;

beforeEach(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  provider = new RealProvider([
    { subject: 'u-li', name: '1024' },
    { subject: 'u-wu', name: '2048' },
    { subject: 'u-zhao', name: '0001' },
  ]);
  await provider.listen();
  server = await TownServer.start({ signOn: signOnOfProvider() });
  provider.start([`${server.origin}/`]);
  await server.town.withAdministrators();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await server.stop();
  await provider.stop();
});

function signOnOfProvider(): SignOn {
  return new SignOn({
    ...{ label: 'Intranet', issuer: provider.issuer, clientId: CLIENT.id, clientSecret: CLIENT.secret },
    ...{ scopes: 'openid profile', personClaim: 'preferred_username', secondFactor: ['mfa'], key: 'k'.repeat(32) },
  });
}

/** From the button to the answer that ends the journey. */
async function through(as: string, activation?: object): Promise<Answer> {
  const begun = await server.ask('sign-on');
  const kept = begun.cookies[0]!.split(';')[0]!;
  const codeAndState = await walkThrough(begun.body['url'] as string, as);
  return server.ask('sign-on', kept, { codeAndState, ...(activation && { activation }) });
}

/** An account for somebody whom the provider knows as `person`. */
async function account(name: string, person: string): Promise<{ name: string; code: string }> {
  const { code } = await server.town.desk.create(name, person, 'system-administrator');
  return { name, code };
}

describe('an account of somebody whom a provider signs in', () => {
  it('is bound with its activation code, and signs in without one from then on', async () => {
    const li = await account('li.wei', '1024');
    expect(await through('u-li')).toMatchObject({ status: 401, body: { reason: 'sign-on-unbound' } });
    const bound = await through('u-li', li);
    expect(bound).toMatchObject({ status: 200, body: { account: 'li.wei', byProvider: true } });
    expect(bound.cookies.some((one) => /^wanglou_session=.*HttpOnly.*SameSite=Strict/.test(one))).toBe(true);
    await server.town.desk.grant('li.wei', 'operator', 'security-administrator');
    const again = await through('u-li');
    expect(again.body).toMatchObject({ account: 'li.wei', roles: ['operator'] });
    expect((await server.ask('findings', again.cookie)).status).toBe(200);
    expect((await server.ask('accounts', again.cookie)).status).toBe(403);
    const out = await server.ask('sign-out', again.cookie, {});
    expect(out.body['alsoAt']).toContain(provider.issuer);
    expect((await server.ask('me', again.cookie)).status).toBe(401);
  });

  it('is not taken over by a name that has changed hands at the provider', async () => {
    await through('u-li', await account('li.wei', '1024'));
    provider.people[1]!.name = '1024';
    expect((await through('u-wu')).body).toMatchObject({ reason: 'sign-on-unbound' });
    provider.people[0]!.name = 'somebody else';
    expect((await through('u-li')).body).toMatchObject({ account: 'li.wei' });
  });

  it('is not bound to somebody else than it was made for, whoever has the code', async () => {
    const li = await account('li.wei', '1024');
    expect(await through('u-wu', li)).toMatchObject({ status: 401, body: { reason: 'sign-on-person' } });
    expect((await through('u-li', li)).status).toBe(200);
  });

  it('is one for each person at the provider', async () => {
    await through('u-li', await account('li.wei', '1024'));
    const second = await through('u-li', await account('li.wei2', '1024'));
    expect(second).toMatchObject({ status: 409, body: { reason: 'identity-taken' } });
  });

  it('has no password to change or to sign in with, and stays locked when it is', async () => {
    const { cookie } = await through('u-li', await account('li.wei', '1024'));
    const change = { password: 'x', totp: '123456', newPassword: 'correct horse 望楼 staple 2' };
    expect((await server.ask('password', cookie, change)).status).toBe(401);
    await server.town.desk.restrain('li.wei', 'locked', 'security-administrator');
    expect(await through('u-li')).toMatchObject({ status: 401, body: { code: 'WL_ACCOUNT_LOCKED' } });
    await server.town.desk.restrain('li.wei', 'unlocked', 'security-administrator');
    expect((await through('u-li')).status).toBe(200);
  });

  it('can be reset by two people, and bound or given a password anew', async () => {
    await through('u-li', await account('li.wei', '1024'));
    const { code } = await server.town.desk.requestReset('li.wei', 'system-administrator');
    await server.town.desk.decide(server.town.desk.requests()[0]!.id, 'approved', 'security-administrator');
    expect((await through('u-li')).body).toMatchObject({ reason: 'sign-on-unbound' });
    await server.town.activate({ account: 'li.wei', code, expiresAt: 0 });
    expect((await server.signedIn('li.wei')).length).toBeGreaterThan(0);
  });
});

describe('an administrator of the first start', () => {
  it('is who the provider says', async () => {
    await server.stop();
    server = await TownServer.start({ signOn: signOnOfProvider() });
    provider.start([`${server.origin}/`]);
    const { code } = server.town.founder('system-administrator');
    expect((await through('u-zhao', { name: 'system-administrator', code })).status).toBe(200);
    expect(server.town.book.people.accounts.get('system-administrator')?.person).toBe('0001');
  });
});

describe('the sign-in page', () => {
  it('is told what the provider is called, and what was refused there', async () => {
    expect((await server.ask('sign-in')).body).toEqual({ mode: 'full', provider: 'Intranet' });
    expect(await through('deny')).toMatchObject({
      status: 401,
      body: { code: 'WL_PROVIDER_REFUSED', reason: 'sign-on-denied' },
    });
  });
});
