import cookie from '@fastify/cookie';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Access } from '../../src/access/access.ts';
import { ApiTokens } from '../../src/access/api-tokens.ts';
import { CredentialBook } from '../../src/access/credential-book.ts';
import { PeopleBook } from '../../src/access/people-book.ts';
import { PeopleDesk } from '../../src/access/people-desk.ts';
import { SessionDesk } from '../../src/access/session-desk.ts';
import { SignOn } from '../../src/access/sign-on.ts';
import { mayWith, PERMISSIONS, ROLES, rolesThatMay } from '../../src/access/permissions.ts';
import { openApi } from '../../src/api/description/openapi.ts';
import { Guard } from '../../src/api/guard.ts';
import { buildApi } from '../../src/api/server.ts';
import { watchRoutes, type DeclaredRoute } from '../../src/api/declared-routes.ts';
import { MemoryTable } from '../registry/version-table.ts';
import { testParts, type TestParts } from './parts.ts';

const OPTIONS = { host: '127.0.0.1', port: 0, publicOrigin: '', appDir: 'nowhere' };
const ORIGIN = 'http://wanglou.test';

let parts: TestParts;
let app: FastifyInstance;
let routes: DeclaredRoute[];

/** The cookie's value is the role of who is signed in. */
function accessByRole(): Access {
  const session: Access['session'] = (role) =>
    role === '' ? undefined : { account: `an ${role}`, roles: [role], scope: null, expiresAt: Infinity };
  return Object.assign(Object.create(parts.access) as Access, {
    session,
    signOut: async () => undefined,
    signOutEverywhere: async () => undefined,
    may: ((who, what) => mayWith(who.roles, what)) satisfies Access['may'],
  });
}

beforeAll(async () => {
  parts = await testParts();
  const book = new PeopleBook({ table: new MemoryTable(), onProblem: () => undefined });
  const credentials = new CredentialBook({ table: new MemoryTable(), onProblem: () => undefined });
  const sessions = new SessionDesk(credentials, book);
  const apiTokens = new ApiTokens(credentials, book);
  const oidc = { issuer: 'https://idp.invalid', clientId: 'wanglou', clientSecret: '', scopes: 'openid' };
  const signOn = new SignOn({ ...oidc, label: 'SSO', personClaim: 'sub', secondFactor: ['mfa'], key: 'k'.repeat(32) });
  app = await buildApi(OPTIONS, {
    ...parts,
    access: accessByRole(),
    people: new PeopleDesk(book),
    sessions,
    signOn,
    apiTokens,
  });
  await app.ready();
  routes = app.declaredRoutes();
});
afterAll(async () => {
  await app.close();
  parts.remove();
});

async function statusOf({ method, url }: DeclaredRoute, role: string): Promise<number> {
  const path = url.replace(/:list/, 'assets').replace(/:\w+/g, '00000000-0000-8000-8000-000000000001');
  const headers = { host: 'wanglou.test', origin: ORIGIN, cookie: `wanglou_session=${role}` };
  return (await app.inject({ method: method as 'GET', url: path, headers })).statusCode;
}

const REFUSED = [401, 403];

describe('every route', () => {
  it('says which permission it takes', () => {
    const silent = routes.filter(({ needs }) => needs === undefined);
    const told = silent.map(
      ({ method, url }) =>
        `${method} ${url} declares no permission: write guard.may('see-findings'), or the permission of ` +
        `src/access/permissions.ts that fits, in place of { preHandler: guard.signedIn }`,
    );
    expect(told).toEqual([]);
  });

  it('lets in exactly the roles that the table gives its permission, and nobody who is not signed in', async () => {
    const wrong: string[] = [];
    let cells = 0;
    for (const route of routes)
      for (const role of ['', ...ROLES]) {
        const { needs = 'see-findings' } = route;
        const isLetIn =
          needs === 'open' || (role !== '' && (needs === 'signed-in' || rolesThatMay(needs).includes(role as never)));
        const status = await statusOf(route, role);
        const expected = isLetIn ? 'let in' : role === '' ? 401 : 403;
        const isRight = isLetIn ? !REFUSED.includes(status) || isSignIn(route) : status === expected;
        if (!isRight) wrong.push(`${route.method} ${route.url} as ${role || 'nobody'}: ${status}, not ${expected}`);
        cells++;
      }
    expect(wrong).toEqual([]);
    expect(cells).toBe(routes.length * (ROLES.length + 1));
    expect(routes.length).toBeGreaterThan(40);
  });

  it('about people, sessions and tokens is described, and what is described is there', () => {
    const OURS =
      /^\/api\/v1\/(sign-|enrol|activate|password|me$|accounts|access-requests|sessions|wall-links|api-tokens)/;
    const { paths } = openApi() as { paths: Record<string, object> };
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).flatMap((method) => (method === 'parameters' ? [] : `${method.toUpperCase()} ${path}`)),
    );
    const there = routes
      .filter(({ method }) => method !== 'HEAD')
      .map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`);
    const isOurs = (route: string): boolean => OURS.test(route.split(' ')[1]!);
    expect(described.filter(isOurs).sort()).toEqual(there.filter(isOurs).sort());
  });

  it('uses each permission of the table somewhere', () => {
    const used = new Set(routes.map(({ needs }) => needs));
    expect(Object.keys(PERMISSIONS).filter((permission) => !used.has(permission as never))).toEqual([]);
  });

  it('refuses with who asks, what is missing and who has it', async () => {
    const headers = { host: 'wanglou.test', cookie: 'wanglou_session=system-administrator' };
    const answer = await app.inject({ url: '/api/v1/events', headers });
    expect(answer.json()).toEqual({
      code: 'WL_FORBIDDEN',
      message: 'an system-administrator (system-administrator) does not have the permission see-events',
      remedy:
        'It takes the role operator or auditor or department-manager or vendor-manager; the security administrator grants roles.',
    });
  });
});

/** Signing in is open and may refuse for a reason of its own. */
function isSignIn({ url }: DeclaredRoute): boolean {
  return url === '/api/v1/sign-in';
}

describe('the three administrators', () => {
  const BUSINESS = ['see-posture', 'see-findings', 'see-events', 'see-profiles', 'follow-feed', 'triage'] as const;
  const administrators = ROLES.filter((role) => role.endsWith('-administrator'));

  it.each(BUSINESS)('do not have %s', (permission) => {
    expect(administrators.filter((role) => mayWith([role], permission))).toEqual([]);
  });
});

describe('a server', () => {
  it('does not start with a route that asks nobody', async () => {
    const bare = fastify();
    watchRoutes(bare, new Guard(parts.access, { publicOrigin: '', desksOf: () => parts }));
    bare.get('/api/v1/secrets', async () => ({}));
    await expect(bare.ready()).rejects.toThrow(/GET \/api\/v1\/secrets is open to everybody: give it guard\.may/);
  });

  it('starts with one that only says that somebody must be signed in, which is for operators then', async () => {
    const merged = fastify();
    merged.decorateRequest('session', null);
    await merged.register(cookie);
    const guard = new Guard(accessByRole(), { publicOrigin: '', desksOf: () => parts });
    watchRoutes(merged, guard);
    merged.post('/api/v1/merged', { preHandler: guard.signedInHere }, async () => ({}));
    const as = async (role: string): Promise<number> => {
      const headers = { host: 'wanglou.test', origin: ORIGIN, cookie: `wanglou_session=${role}` };
      return (await merged.inject({ method: 'POST', url: '/api/v1/merged', headers })).statusCode;
    };
    expect([await as(''), await as('auditor'), await as('operator')]).toEqual([401, 403, 200]);
  });
});
