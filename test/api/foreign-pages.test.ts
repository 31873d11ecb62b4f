import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Access } from '../../src/access/access.ts';
import { PeopleBook } from '../../src/access/people-book.ts';
import { PeopleDesk } from '../../src/access/people-desk.ts';
import type { DeclaredRoute } from '../../src/api/declared-routes.ts';
import { buildApi } from '../../src/api/server.ts';
import { MemoryTable } from '../registry/version-table.ts';
import { auditOf, testParts, type TestParts } from './parts.ts';

const HERE = 'https://wanglou.test';
const READS = ['GET', 'HEAD', 'OPTIONS'];

let parts: TestParts;
let app: FastifyInstance;
let routes: DeclaredRoute[];

/** Whoever has the cookie may do everything: what is refused then is refused for where the request comes from. */
function accessOfAll(): Access {
  const session: Access['session'] = (cookie) =>
    cookie === 'all' ? { account: 'wang', roles: [], scope: null, expiresAt: Infinity } : undefined;
  const signOut = async (): Promise<void> => undefined;
  return Object.assign(Object.create(parts.access) as Access, {
    ...{ session, signOut, signOutEverywhere: signOut },
    may: () => true,
  });
}

beforeAll(async () => {
  parts = await testParts();
  const people = new PeopleDesk(new PeopleBook({ table: new MemoryTable(), onProblem: () => undefined }));
  const options = { host: '127.0.0.1', port: 0, publicOrigin: HERE, appDir: 'nowhere' };
  app = await buildApi(options, { ...parts, access: accessOfAll(), people });
  await app.ready();
  routes = app.declaredRoutes();
});
afterAll(async () => {
  await app.close();
  parts.remove();
});

function ask({ method, url }: DeclaredRoute, headers: Record<string, string>): Promise<LightMyRequestResponse> {
  const path = url.replace(/:list/, 'assets').replace(/:\w+|\*/g, '00000000-0000-8000-8000-000000000001');
  return app.inject({ method: method as 'GET', url: path, headers });
}

describe('a page of somebody else', () => {
  it.each([
    ['names its own origin', { origin: 'https://evil.example' }],
    ['names an origin that begins like ours', { origin: `${HERE}.evil.example` }],
    ['is in a sandbox', { origin: 'null' }],
    ['names none', {}],
  ])('changes nothing with the cookie of who is signed in here, when it %s', async (_how, origin) => {
    const changing = routes.filter(({ method, needs }) => !READS.includes(method) && needs !== 'open');
    expect(changing.length).toBeGreaterThan(20);
    const before = auditOf(parts.log).filter(({ phase }) => phase === 'begun').length;
    const let_in: string[] = [];
    for (const route of changing) {
      const answer = await ask(route, { host: 'wanglou.test', cookie: 'wanglou_session=all', ...origin });
      if (answer.statusCode !== 403) let_in.push(`${route.method} ${route.url}: ${answer.statusCode}`);
    }
    expect(let_in).toEqual([]);
    expect(auditOf(parts.log).filter(({ phase }) => phase === 'begun').length).toBe(before);
  });

  it('signs nobody in: from there, what is open to strangers is refused too', async () => {
    const open = routes.filter(({ method, needs }) => !READS.includes(method) && needs === 'open');
    expect(open.length).toBeGreaterThan(0);
    for (const route of open)
      expect((await ask(route, { host: 'wanglou.test', origin: 'https://evil.example' })).statusCode).toBe(403);
  });

  it('may be ours: the same requests get past the door', async () => {
    const route = routes.find(({ url }) => url === '/api/v1/suppressions/preview')!;
    const answer = await ask(route, { host: 'wanglou.test', cookie: 'wanglou_session=all', origin: HERE });
    expect(answer.statusCode).toBe(400);
  });
});

describe('every answer', () => {
  const EXPECTED: Record<string, RegExp> = {
    'content-security-policy': /default-src 'none'.*frame-ancestors 'none'/,
    'strict-transport-security': /^max-age=31536000; includeSubDomains$/,
    'x-content-type-options': /^nosniff$/,
    'x-frame-options': /^DENY$/,
    'referrer-policy': /^no-referrer$/,
    'permissions-policy': /camera=\(\)/,
    'cross-origin-opener-policy': /^same-origin$/,
    'cross-origin-resource-policy': /^same-origin$/,
    'cache-control': /./,
  };

  it.each([
    ['to who is signed in', { cookie: 'wanglou_session=all', origin: HERE }],
    ['to a stranger', {}],
  ])('%s tells the browser what it may do with it, whatever it is', async (_who, headers) => {
    const wrong: string[] = [];
    const unknown = ['/no/such/page', '/api/v1/no-such', '/%ff'].map((url) => ({
      method: 'GET',
      url,
      needs: undefined,
      within: undefined,
    }));
    for (const route of [...routes, ...unknown]) {
      if (route.url === '/feed') continue; // a WebSocket, which is no answer
      const answer = await ask(route, { host: 'wanglou.test', ...headers });
      for (const [name, value] of Object.entries(EXPECTED))
        if (!value.test(String(answer.headers[name] ?? '')))
          wrong.push(`${route.method} ${route.url} (${answer.statusCode}): ${name} is ${String(answer.headers[name])}`);
    }
    expect(wrong).toEqual([]);
  });
});
