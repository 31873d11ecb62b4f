import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { eventsOfAudit } from '../../src/access/audit/events-of.ts';
import { ApiServer } from '../../src/api/server.ts';
import { ownActOf } from '../../src/detection/own-acts.ts';
import { PASSWORD, SmallTown } from '../access/people-samples.ts';
import { auditOf, testApi, testParts, type TestParts } from './parts.ts';

let dataDir: string;
let town: SmallTown;
let parts: TestParts;
let server: ApiServer;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'wanglou-people-api-'));
  town = new SmallTown(dataDir);
  await town.start();
  parts = await testParts();
  parts.feed.start();
  const options = { host: '127.0.0.1', port: 0, publicOrigin: '', appDir: '/nonexistent' };
  server = new ApiServer(options, { ...parts, access: town.access, people: town.desk, sessions: town.sessions });
  await server.start();
});
afterEach(async () => {
  parts.feed.stop();
  await server.stop();
  await town.stop();
  parts.remove();
  rmSync(dataDir, { recursive: true, force: true });
});

const origin = (): string => `http://127.0.0.1:${server.port}`;

interface Answer {
  status: number;
  body: Record<string, unknown>;
  cookie: string;
}

async function ask(path: string, cookie = '', payload?: object): Promise<Answer> {
  const response = await fetch(`${origin()}/api/v1/${path}`, {
    ...(payload && { method: 'POST', body: JSON.stringify(payload) }),
    headers: { origin: origin(), cookie, ...(payload && { 'content-type': 'application/json' }) },
  });
  const set = response.headers.get('set-cookie')?.split(';')[0] ?? '';
  return { status: response.status, body: (await response.json()) as Record<string, unknown>, cookie: set };
}

/** A cookie of somebody who signs in as people do. */
async function signedIn(name: string): Promise<string> {
  const { cookie } = await ask('sign-in', '', { name, password: PASSWORD, totp: town.code(name) });
  town.now += 30_000;
  return cookie;
}

/** An administrator of the first start, from the code to a session. */
async function founder(
  role: 'system-administrator' | 'security-administrator' | 'audit-administrator',
  person: string,
) {
  const { account: name, code } = town.founder(role);
  const { body } = await ask('enrol', '', { name, code });
  town.apps.set(name, body['secret'] as string);
  const activated = await ask('activate', '', { name, code, password: PASSWORD, totp: town.code(name), person });
  expect(activated).toMatchObject({ status: 200, body: { account: name, roles: [role] } });
  town.now += 30_000;
  return activated.cookie;
}

describe('from the first start to the first finding that somebody reads', () => {
  it('each step is taken by who may take it', async () => {
    const system = await founder('system-administrator', 'Zhao');
    const security = await founder('security-administrator', 'Qian');
    const created = await ask('accounts', system, { name: 'li.wei', person: 'Li Wei' });
    expect(created).toMatchObject({ status: 201, body: { account: 'li.wei' } });
    await town.activate({ account: 'li.wei', code: created.body['code'] as string, expiresAt: 0 });
    const without = await signedIn('li.wei');
    expect(await ask('findings', without)).toMatchObject({
      status: 403,
      body: { message: 'li.wei (without a role) does not have the permission see-findings' },
    });
    expect((await ask('accounts/li.wei/grant', system, { role: 'operator' })).status).toBe(403);
    expect((await ask('accounts/li.wei/grant', security, { role: 'operator' })).status).toBe(200);
    expect((await ask('me', without)).status).toBe(401);
    const operator = await signedIn('li.wei');
    expect((await ask('findings', operator)).status).toBe(200);
    expect((await ask('me', operator)).body).toMatchObject({
      account: 'li.wei',
      mode: 'full',
      permissions: expect.arrayContaining(['see-findings', 'triage']) as string[],
    });
  });

  it('an administrator is made by two', async () => {
    const [system, security, audit] = [
      await founder('system-administrator', 'Zhao'),
      await founder('security-administrator', 'Qian'),
      await founder('audit-administrator', 'Sun'),
    ];
    await ask('accounts', system, { name: 'wu', person: 'Wu' });
    const asked = await ask('accounts/wu/grant', security, { role: 'security-administrator' });
    expect(asked).toMatchObject({ status: 202, body: { waiting: true } });
    const { body } = await ask('access-requests', audit);
    const [{ id }] = body['requests'] as [{ id: string }];
    expect(await ask(`access-requests/${id}/approve`, security, {})).toMatchObject({
      status: 403,
      body: { message: 'security-administrator asked for this and may not approve it' },
    });
    expect(await ask(`access-requests/${id}/approve`, audit, {})).toMatchObject({ body: { state: 'approved' } });
    expect(JSON.stringify((await ask('accounts', audit)).body)).not.toMatch(/scrypt|sealed|digest/);
  });
});

describe('a sign-in over REST', () => {
  beforeEach(() => town.withAdministrators());
  const credentials = (): object => ({ name: 'audit-administrator', password: PASSWORD });

  it('says who may know it that a clock is off, in words and as a number', async () => {
    const totp = town.code('audit-administrator', -120_000);
    expect(await ask('sign-in', '', { ...credentials(), totp })).toMatchObject({
      status: 401,
      body: {
        code: 'WL_CLOCK_OFF',
        message: 'totp was right at another time: the clock of the device with the app is 120 s slow',
        seconds: -120,
      },
    });
    expect(await ask('sign-in', '', { name: 'nobody', password: 'x', totp })).toMatchObject({
      status: 401,
      body: { code: 'WL_UNAUTHORIZED', message: 'Name, password or the code of the app is wrong' },
    });
  });

  it('tells everybody which mode it is, so that the page can ask for the right things', async () => {
    expect((await ask('sign-in')).body).toEqual({ mode: 'full' });
  });

  it('ends the session that a browser had when somebody signs in there anew', async () => {
    const before = await signedIn('audit-administrator');
    const elsewhere = await signedIn('audit-administrator');
    const again = { ...credentials(), totp: town.code('audit-administrator') };
    const after = await ask('sign-in', before, again);
    town.now += 30_000;
    const statuses = await Promise.all(
      [before, elsewhere, after.cookie].map(async (cookie) => (await ask('me', cookie)).status),
    );
    expect(statuses).toEqual([401, 200, 200]);
  });

  it('is changed with the password: the old one and the old sessions are over', async () => {
    const cookie = await signedIn('audit-administrator');
    const body = { password: PASSWORD, totp: town.code('audit-administrator'), newPassword: 'a new sentence, 42' };
    const changed = await ask('password', cookie, body);
    town.now += 30_000;
    expect([(await ask('me', cookie)).status, (await ask('me', changed.cookie)).status]).toEqual([401, 200]);
    const again = { ...credentials(), totp: town.code('audit-administrator') };
    expect((await ask('sign-in', '', again)).status).toBe(401);
  });
});

describe('an open feed', () => {
  it('closes when the role is revoked', async () => {
    await town.withAdministrators();
    await town.person('li.wei', 'operator');
    const headers = { cookie: await signedIn('li.wei'), origin: origin() };
    const socket = new WebSocket(`${origin().replace('http', 'ws')}/feed`, { headers });
    await new Promise((resolve) => socket.once('message', resolve));
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    const security = await signedIn('security-administrator');
    expect((await ask('accounts/li.wei/revoke', security, { role: 'operator' })).status).toBe(200);
    expect(await closed).toBe(4401);
  });

  it('does not open for an administrator', async () => {
    await town.withAdministrators();
    const headers = { cookie: await signedIn('system-administrator'), origin: origin() };
    const socket = new WebSocket(`${origin().replace('http', 'ws')}/feed`, { headers });
    const status = await new Promise((resolve) =>
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode)),
    );
    expect(status).toBe(403);
  });
});

describe('a trial', () => {
  it('says so, and has no accounts to administer', async () => {
    const trial = await testApi();
    expect((await trial.ask('GET', '/me')).body).toMatchObject({ mode: 'trial' });
    expect((await trial.ask('GET', '/accounts')).status).toBe(404);
    expect((await trial.ask('POST', '/enrol', { name: 'li.wei', code: 'x' })).status).toBe(404);
    await trial.stop();
  });
});

it('has on the record which of those who were refused are administrators, so that our own detectors know', async () => {
  const wrong = { password: 'wrong', totp: '000000' };
  for (const name of ['security-administrator', 'nobody-here']) await ask('sign-in', '', { name, ...wrong });
  const records = auditOf(parts.log).filter(({ action }) => action === 'sign-in');
  expect(records.map(({ object, roles }) => [object, roles])).toEqual([
    ['account security-administrator', ['security-administrator']],
    ['account nobody-here', []],
  ]);
  const acts = records.flatMap((record) => eventsOfAudit(record)).map((event) => ownActOf(event)?.kind);
  expect(acts).toEqual(['refused', undefined]);
});
