import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Access } from '../../src/access/access.ts';
import { PeopleBook } from '../../src/access/people-book.ts';
import { PeopleDesk } from '../../src/access/people-desk.ts';
import {
  MANAGERS,
  mayWith,
  PERMISSIONS,
  ROLES,
  WITHIN_A_SCOPE,
  type Permission,
} from '../../src/access/permissions.ts';
import type { DeclaredRoute } from '../../src/api/declared-routes.ts';
import { buildApi } from '../../src/api/server.ts';
import { WITHIN, type Scope } from '../../src/scope/scope.ts';
import { FakeSocket } from '../feed/fake-socket.ts';
import { MemoryTable } from '../registry/version-table.ts';
import { testParts, type TestParts } from './parts.ts';

const OPTIONS = { host: '127.0.0.1', port: 0, publicOrigin: '', appDir: 'nowhere' };
const ORIGIN = 'http://wanglou.test';
const ID = '00000000-0000-8000-8000-000000000001';

/** Everything that is asked is about the own department and vendor. */
const SCOPES: Readonly<Record<string, Scope | null>> = {
  none: null,
  'own department': { departments: ['civil'], vendors: [] },
  'other department': { departments: ['tax'], vendors: [] },
  'own vendor': { departments: [], vendors: ['qiming'] },
  'other vendor': { departments: [], vendors: ['hengtong'] },
};

/** What a route has to be asked so that it answers about something. */
const QUERIES: Readonly<Record<string, string>> = {
  '/api/v1/posture': '?scope=department&id=civil',
  '/api/v1/posture/series': '?scope=department&id=civil',
  '/api/v1/changes': `?since=${Date.now() - 3_600_000}`,
  '/api/v1/findings/groups': '?by=detector',
  '/api/v1/forecasts': '?series=findings',
  '/api/v1/hunting/facets': '?fields=asset',
  '/api/v1/hunting/pivot': '?rows=asset&columns=actor',
  '/api/v1/hunting/suggestions': '?field=asset',
  '/api/v1/registry-names': '?list=departments&id=civil&id=tax',
};
const PLACES: Readonly<Record<string, string>> = { list: 'departments', kind: 'department', what: 'similar' };
const SUBJECTS = /^\/api\/v1\/(profiles|registry|assets|vendors|sources)\//;

let parts: TestParts;
let app: FastifyInstance;
let routes: DeclaredRoute[];

/** The cookie's value is a role and the name of a scope. */
function accessByRoleAndScope(): Access {
  const session: Access['session'] = (cookie) => {
    const [role = '', scope = ''] = decodeURIComponent(cookie).split('/');
    return { account: `an ${role}`, roles: [role], scope: SCOPES[scope] ?? null, expiresAt: Infinity };
  };
  return Object.assign(Object.create(parts.access) as Access, {
    session,
    signOut: async () => undefined,
    signOutEverywhere: async () => undefined,
    may: ((who, what) => mayWith(who.roles, what)) satisfies Access['may'],
  });
}

beforeAll(async () => {
  parts = await testParts();
  await parts.registry.record(
    [
      { list: 'departments', key: 'civil', entries: [{ id: 'civil', name: '民政局' }] },
      { list: 'departments', key: 'tax', entries: [{ id: 'tax', name: '税务局' }] },
      { list: 'vendors', key: 'qiming', entries: [{ id: 'qiming', name: '启明' }] },
      { list: 'vendors', key: 'hengtong', entries: [{ id: 'hengtong', name: '恒通' }] },
    ],
    { origin: 'api', by: 'the test' },
  );
  const book = new PeopleBook({ table: new MemoryTable(), onProblem: () => undefined });
  app = await buildApi(OPTIONS, { ...parts, access: accessByRoleAndScope(), people: new PeopleDesk(book) });
  await app.ready();
  routes = app.declaredRoutes();
});
afterAll(async () => {
  await app.close();
  parts.remove();
});

function ask(route: { method: string; url: string }, role: string, scope: string) {
  const { method, url } = route;
  const path = url.replace(/:(\w+)/g, (_, name: string) => PLACES[name] ?? (SUBJECTS.test(url) ? 'civil' : ID));
  const cookie = `wanglou_session=${encodeURIComponent(`${role}/${scope}`)}`;
  const headers = { host: 'wanglou.test', origin: ORIGIN, cookie };
  // Whatever comes through the guard is refused for what it asks, and changes nothing.
  const hasBody = !['GET', 'HEAD'].includes(method) && !url.endsWith('-import');
  const payload = !hasBody ? {} : { payload: { nonsense: true } };
  return app.inject({ method: method as 'GET', url: `${path}${QUERIES[url] ?? ''}`, headers, ...payload });
}

const isOpen = ({ needs }: DeclaredRoute): boolean => needs === 'open';

describe('every route', () => {
  it('says what it does for people with a scope', () => {
    const silent = routes.filter((route) => !isOpen(route) && !WITHIN.some((one) => one === route.within));
    const told = silent.map(
      ({ method, url }) =>
        `${method} ${url} does not say what it does for people with a scope: register it with guard.within('own'), and take ` +
        `its data from request.sees, or with guard.within('same') when it is about nobody, or with guard.within('refused')`,
    );
    expect(told).toEqual([]);
  });

  it('does for its permission what the table says', () => {
    const said = (permission: string): string[] =>
      WITHIN.filter((one) => routes.some(({ needs, within }) => needs === permission && within === one));
    const found = Object.fromEntries(Object.keys(PERMISSIONS).map((one) => [one, said(one)]));
    const table = Object.entries(WITHIN_A_SCOPE).map(([one, within]) => [
      one,
      WITHIN.filter((each) => within.includes(each)),
    ]);
    expect(found).toEqual(Object.fromEntries(table));
  });

  it('lets in, in every cell of route, role and scope, exactly who may and whom it serves', async () => {
    const wrong: string[] = [];
    let cells = 0;
    for (const route of routes.filter((one) => !isOpen(one)))
      for (const role of ROLES)
        for (const [scope, limits] of Object.entries(SCOPES)) {
          const may = route.needs === 'signed-in' || mayWith([role], route.needs as Permission);
          const isServed = limits === null || (route.within ?? 'refused') !== 'refused';
          const { statusCode } = await ask(route, role, scope);
          const isLetIn = ![401, 403].includes(statusCode);
          if (isLetIn !== (may && isServed))
            wrong.push(`${route.method} ${route.url} as ${role}, ${scope}: ${statusCode}`);
          cells++;
        }
    expect(wrong).toEqual([]);
    expect(cells).toBe(routes.filter((one) => !isOpen(one)).length * ROLES.length * 5);
  }, 60_000);

  it('asks the store nothing without the rows being limited to the scope', async () => {
    parts.reader.asked.length = 0;
    for (const route of routes.filter(({ within, method }) => within === 'own' && method === 'GET'))
      for (const scope of Object.keys(SCOPES).filter((one) => one !== 'none')) await ask(route, 'operator', scope);
    expect(parts.reader.asked.length).toBeGreaterThan(100);
    expect(parts.reader.asked.filter((query) => !query.includes('additional_table_filters'))).toEqual([]);
  });

  it('says the same of what is of somebody else as of what there is not', async () => {
    const paths = [
      'profiles/department',
      'registry/departments',
      'registry/vendors',
      'sources',
      'findings',
      'incidents',
      'events',
    ];
    for (const path of paths) {
      const [others, none] = path.match(/s$/) && !path.includes('/') && path !== 'sources' ? [ID, ID.replace(/1$/, '2')] : ['tax', 'nobody']; // prettier-ignore
      const [of, absent] = await Promise.all([
        ask({ method: 'GET', url: `/api/v1/${path}/${others}` }, 'auditor', 'own department'),
        ask({ method: 'GET', url: `/api/v1/${path}/${none}` }, 'auditor', 'own department'),
      ]);
      expect([path, of.statusCode]).toEqual([path, 404]);
      expect(of.body.replaceAll(others, '…')).toBe(absent.body.replaceAll(none, '…'));
    }
  });

  it('shows the score of the own department, not of another, and that of the platform to nobody with a scope', async () => {
    const score = async (query: string) =>
      (await ask({ method: 'GET', url: `/api/v1/posture${query}` }, 'department-manager', 'own department')).statusCode;
    expect(await score('?scope=department&id=civil')).toBe(200);
    expect(await score('?scope=department&id=tax')).toBe(404);
    expect(await score('?scope=vendor&id=qiming')).toBe(404);
    expect(await score('?scope=overall')).toBe(403);
  });
});

describe('names for people', () => {
  it('are told of the own scope only, in lists and one by one', async () => {
    const get = async (path: string, scope: string) =>
      (await ask({ method: 'GET', url: `/api/v1/${path}` }, 'auditor', scope)).json<object>();
    expect(await get('registry-names?list=departments&id=civil&id=tax', 'own department')).toEqual({
      names: { civil: '民政局' },
    });
    expect(await get('registry/departments?search=局', 'own department')).toMatchObject({
      total: 1,
      entries: [{ key: 'civil' }],
    });
    expect(await get('registry/departments', 'none')).toMatchObject({ total: 2 });
    expect(await get('registry/vendors', 'own vendor')).toMatchObject({ total: 1, entries: [{ key: 'qiming' }] });
  });
});

describe('who manages', () => {
  it.each(MANAGERS)('a %s sees and changes nothing', (role) => {
    const may = (Object.keys(PERMISSIONS) as Permission[]).filter((permission) => mayWith([role], permission));
    expect(may.filter((permission) => !/^(see|follow)-/.test(permission))).toEqual([]);
  });
});

describe('a scope', () => {
  it('follows the registry: what is moved into it is seen, and the feed that told of less ends', async () => {
    const [scope, socket] = [{ departments: ['civil'], vendors: [] }, new FakeSocket()];
    const before = parts.within(scope);
    before.live.connect(socket, {}, () => true);
    expect(parts.within({ ...scope })).toBe(before);
    const system = { id: 'aid', name: '救助', department: 'civil' };
    await parts.registry.record([{ list: 'systems', key: 'aid', entries: [system] }], {
      origin: 'api',
      by: 'the test',
    });
    const after = parts.within(scope);
    expect(socket.closed?.[0]).toBe(1001);
    expect(after.registry.current().system('aid', Date.now())?.department).toBe('civil');
    expect(
      parts
        .within({ departments: ['tax'], vendors: [] })
        .registry.current()
        .system('aid', Date.now()),
    ).toBeUndefined();
  });
});
