import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serviceLimits } from '../../detectors/service-degradation.ts';
import type { Access } from '../../src/access/access.ts';
import { mayWith } from '../../src/access/permissions.ts';
import type { DeclaredRoute } from '../../src/api/declared-routes.ts';
import { buildApi } from '../../src/api/server.ts';
import { desksOver } from '../../src/desks.ts';
import { DiffusionDesk } from '../../src/diffusion-desk.ts';
import { encodeRows } from '../../src/event/batch.ts';
import { keepForecasts } from '../../src/keep-forecasts.ts';
import type { Feed } from '../../src/feed/feed.ts';
import { PostureDesk } from '../../src/posture-desk.ts';
import { checkRetention } from '../../src/retention.ts';
import { LISTS } from '../../src/registry/schema.ts';
import { Reach } from '../../src/scope/reach.ts';
import { storeClient, type StoreClient } from '../../src/store/client.ts';
import { LINES } from '../../src/store/coverage-rows.ts';
import { DiffusionQueries } from '../../src/store/diffusion-queries.ts';
import { keepSql, type SqlOfServe } from '../../src/keep-sql.ts';
import { TABLE_NAMES } from '../../src/sql/tables.ts';
import { HuntingRuns } from '../../src/store/hunting-runs.ts';
import { migrate } from '../../src/store/migrate.ts';
import { PostureQueries } from '../../src/store/posture-queries.ts';
import { StoreQueries } from '../../src/store/queries.ts';
import { RunningQueries } from '../../src/store/running-queries.ts';
import { FINDINGS, INCIDENTS, LIVES, SCORES } from '../../src/store/tables.ts';
import { TableWriter } from '../../src/store/table-writer.ts';
import { LedgerWriter } from '../../src/store/ledger-writer.ts';
import { StoreWriter } from '../../src/store/writer.ts';
import { TriageDesk } from '../../src/triage-desk.ts';
import { Views } from '../../src/views.ts';
import { lineOf } from '../api/fake-coverage-store.ts';
import { testParts, type TestParts } from '../api/parts.ts';
import { pulse } from '../feed/samples.ts';
import { departmentWith, vendorWith, type Owned } from './scope-walk.ts';
import { startStore, type StoreProcess } from './store-process.ts';

const NOW = Date.now();
/** Two departments and two vendors; nothing is of two of them. */
const OWNERS: readonly Owned[] = [
  departmentWith('canarya', NOW),
  departmentWith('canaryb', NOW),
  vendorWith('canaryv', NOW),
  vendorWith('canaryw', NOW),
];
const NONE = '00000000-0000-8000-8000-00000000dead';
/** All that a person with a scope can be; the managers' permissions are among these. */
const ROLES = ['operator', 'auditor', 'department-manager', 'vendor-manager'];

let store: StoreProcess;
let client: StoreClient;
let running: RunningQueries;
let sql: SqlOfServe;
let parts: TestParts;
let app: FastifyInstance;
let views: Views;
let forecasts: ReturnType<typeof keepForecasts>;
let routes: DeclaredRoute[];

beforeAll(async () => {
  store = await startStore();
  const address = { url: store.url, user: 'default', password: store.password, database: 'wanglou' };
  await migrate(address, { retentionDays: 400 });
  client = storeClient(address);
  running = new RunningQueries(address);
  const hunting = new HuntingRuns(running).reader;
  parts = await testParts();
  const ofSql = { clickhouseUrl: '', clickhouseSqlUser: '', clickhouseSqlPassword: '' };
  sql = await keepSql({ dataDir: mkdtempSync(join(tmpdir(), 'wanglou-scope-')), ...ofSql }, address, parts);
  await fill();
  const { log, feed, registry } = parts;
  const queries = new StoreQueries(client);
  const triage = new TriageDesk(log, queries);
  const ledger = new DiffusionQueries(client);
  const diffusion = new DiffusionDesk(ledger, registry);
  const posture = new PostureDesk({ store: new PostureQueries(client), registry, heard: () => feed.sources() });
  const quiet = { warn: () => undefined, error: () => undefined, info: () => undefined } as never;
  forecasts = keepForecasts(client, { ledger, findings: queries }, registry, [], quiet);
  const shared = {
    eventLog: log,
    triage,
    limits: serviceLimits({}),
    config: { detectors: {}, reportWithin: '4h' as const },
    retention: checkRetention({ retentionDays: 400 }),
    coverage: { settledTo: () => undefined, replay: async () => ({}) },
  };
  views = new Views({ ...shared, client, hunting, sql: sql.desk, registry, feed, posture, forecasts });
  app = await buildApi(
    { host: '127.0.0.1', port: 0, publicOrigin: '', appDir: 'nowhere' },
    {
      ...parts,
      ...desksOver({ reader: client, hunting, registry, feed, diffusion }, shared),
      sql: sql.desk,
      ...{ posture, forecasts, registry, access: accessByScope(), within: (scope) => views.of(scope) },
    },
  );
  await app.ready();
  routes = app
    .declaredRoutes()
    .filter(({ method, within }) => method === 'GET' && (within === 'own' || within === 'same'));
}, 120_000);
afterAll(async () => {
  await app.close();
  await forecasts.stop();
  parts.feed.stop();
  parts.remove();
  await running.stop();
  await sql.stop();
  await client.close();
  await store.stop();
});

async function fill(): Promise<void> {
  const { registry, log, feed } = parts;
  await registry.record(OWNERS.flatMap((one) => one.registry), { origin: 'api', by: 'the test' }); // prettier-ignore
  const events = OWNERS.flatMap((one) => one.events);
  const place = { partition: 0, offset: 0 };
  const block = Buffer.from(encodeRows(events, events.map((_, index) => ({ ...place, index })))); // prettier-ignore
  const writer = new LedgerWriter(new StoreWriter({ client }), new StoreWriter({ client, table: 'diffusion' }), () => true, encodeRows); // prettier-ignore
  writer.start();
  writer.add(block, events.length, place, events);
  await writer.flushed();
  writer.stop();
  await new TableWriter(client, FINDINGS).write(OWNERS.flatMap((one) => one.findings));
  await new TableWriter(client, LIVES).write(OWNERS.flatMap((one) => one.lives));
  await new TableWriter(client, INCIDENTS).write(OWNERS.map((one) => one.incident));
  await new TableWriter(client, SCORES).write(OWNERS.flatMap((one) => one.scores));
  const off = { received: 0, appended: 0, parsed: 0, stored: -1, evaluated: 0 };
  const minute = Math.floor(NOW / 60_000) * 60_000 - 120_000;
  await new TableWriter(client, LINES).write(
    OWNERS.map(({ events: [first] }) => ({ ...lineOf(first!.source, minute, { off }), checkedAt: NOW })),
  );
  const put = (table: 'suppressions' | 'settings', entries: readonly { id: string }[]) =>
    log.table(table).put(entries.map((one) => [one.id, Buffer.from(JSON.stringify(one))]));
  await put('suppressions', OWNERS.map((one) => one.suppression)); // prettier-ignore
  await put('settings', OWNERS.map((one) => one.settings)); // prettier-ignore
  for (const { findings, lives, incident } of OWNERS) {
    feed.recall(findings);
    feed.life(lives);
    feed.incident(incident);
  }
  feed.posture(
    OWNERS.flatMap(({ scores }) => scores).map(({ kind, id, score }) => ({
      ...{ kind: kind as 'department', id, score, name: { zh: `${id} name`, en: `${id} name` } },
      ...{ at: NOW, trust: 50, dayBefore: null },
    })),
  );
}

/** The cookie's value is the canary of whose scope it is, or `all`. */
function accessByScope(): Access {
  const session: Access['session'] = (cookie) => {
    const scope = OWNERS.find(({ canary }) => canary === cookie)?.scope ?? null;
    return { account: 'somebody-else', roles: ROLES, scope, expiresAt: Infinity };
  };
  return Object.assign(Object.create(parts.access) as Access, {
    session,
    may: ((who, what) => mayWith(who.roles, what)) satisfies Access['may'],
  });
}

async function get(url: string, cookie: string): Promise<{ status: number; text: string }> {
  const headers = { host: 'wanglou.test', cookie: `wanglou_session=${cookie}` };
  const { statusCode, headers: sent, body } = await app.inject({ url, headers });
  return { status: statusCode, text: `${JSON.stringify(sent)}\n${body}` };
}

/** Texts that a route is asked with: what belongs in its places, of every owner, and parameters of all kinds. */
function pathsOf({ url }: DeclaredRoute, own: Owned): string[] {
  const asked = [own, strangerTo(own)];
  const queries = queriesAbout(asked);
  const ids = (name: string): string[] => asked.map((one) => one.ids[name] ?? '').filter(Boolean);
  let paths = [url];
  const into = (place: string, values: readonly string[]): void => {
    paths = paths.flatMap((path) =>
      path.includes(place) ? values.map((value) => path.replace(place, value)) : [path],
    );
  };
  into(':what', ['picture', 'day', 'parties', 'similar']);
  for (const list of LISTS) if (url.includes(':list')) paths.push(...pathsOfList(url, list));
  paths = paths.filter((path) => !path.includes(':list'));
  into(':kind', ['actor', 'asset', 'vendor', 'department']);
  return paths.flatMap((path) => {
    const kind = /\/(actor|asset|vendor|department|findings|incidents|events|sources)s?\/:id/.exec(path)?.[1];
    const filled = path.includes(':') ? ids(kind ?? 'actor').map((id) => path.replace(/:\w+/, id)) : [path];
    return filled.flatMap((one) => (queries[url] ?? ['']).map((query) => `${one}${query}`));
  });
}

/** So that each kind of owner asks about one of the same kind, and about one of the other. */
function strangerTo(own: Owned): Owned {
  return OWNERS[(OWNERS.indexOf(own) + 1) % OWNERS.length]!;
}

function pathsOfList(url: string, list: string): string[] {
  const keys = OWNERS.flatMap(({ registry }) => registry.filter((one) => one.list === list).map(({ key }) => key));
  const path = url.replace(':list', list);
  return path.includes(':id') ? keys.map((key) => path.replace(':id', key)) : [path, `${path}?search=canary`];
}

/** Parameters of routes, about these. */
function queriesAbout(asked: readonly Owned[]): Readonly<Record<string, readonly string[]>> {
  const each = (make: (one: Owned) => string): string[] => asked.map(make);
  return {
    '/api/v1/events': [
      '',
      '?text=canary',
      ...each(({ ids }) => `?asset=${ids['asset']!}`),
      ...each(({ canary }) => `?account=${canary}-login`),
    ],
    '/api/v1/events/:id': ['', '?form=ocsf'],
    '/api/v1/hunting/rows': [
      '?columns=raw,message,attributes,recipient,target,fields',
      '?text=canary',
      `?where=${encodeURIComponent('{"not":{"field":"asset","op":"contains","value":"canary"}}')}`,
      ...each(
        ({ ids }) => `?where=${encodeURIComponent(JSON.stringify({ field: 'asset', op: 'is', value: ids['asset'] }))}`,
      ),
    ],
    '/api/v1/hunting/facets': ['?fields=source,asset,actor,vendor,department,fields'],
    '/api/v1/hunting/pivot': ['?rows=actor&columns=asset', '?rows=source&columns=fields&measure=rows'],
    '/api/v1/hunting/suggestions': ['actor', 'asset', 'vendor', 'fields', 'attributes'].flatMap((field) => [
      `?field=${field}`,
      `?field=${field}&part=canary`,
    ]),
    '/api/v1/findings': ['', '?text=canary', ...each(({ ids }) => `?asset=${ids['asset']!}`)],
    '/api/v1/findings/groups': ['actor', 'detector', 'asset', 'department', 'vendor', 'incident'].map(
      (by) => `?by=${by}`,
    ),
    '/api/v1/incidents': ['', ...each(({ ids }) => `?vendor=${ids['vendor']!}`)],
    '/api/v1/incidents/:id': ['', '?form=ocsf'],
    '/api/v1/incidents/:id/report': ['', '?form=html&language=en'],
    '/api/v1/posture': [
      '',
      ...each(({ ids }) => `?scope=department&id=${ids['department']!}`),
      ...each(({ ids }) => `?scope=vendor&id=${ids['vendor']!}`),
    ],
    '/api/v1/posture/series': each(({ ids }) => `?scope=department&id=${ids['department']!}`),
    '/api/v1/heat': ['?measure=findings', '?measure=events&span=7d'],
    '/api/v1/changes': [`?since=${NOW - 24 * 3_600_000}`],
    '/api/v1/forecasts': [
      '?series=findings&step=hour',
      '?series=grants-expiring',
      ...each(({ ids }) => `?series=rows&step=hour&id=${ids['department']!}`),
    ],
    '/api/v1/registry-names': LISTS.map(
      (list) =>
        `?list=${list}${each(({ registry }) =>
          registry
            .filter((one) => one.list === list)
            .map(({ key }) => `&id=${key}`)
            .join(''),
        ).join('')}`,
    ).filter((query) => query.includes('&id=')),
  };
}

/** What is asked for comes back in some answers: that is no news to who asked. */
function withoutWhatWasAsked(text: string, path: string): string {
  const said = path.split(/[/?&=]/).filter((part) => part.includes('canary') && part !== 'canary');
  return said.reduce((rest, part) => rest.replaceAll(part, ''), text);
}

/** The rows of a query in SQL, as somebody with this scope is answered. */
async function answerTo(query: string, cookie: string): Promise<string> {
  const headers = { host: 'wanglou.test', origin: 'http://wanglou.test', cookie: `wanglou_session=${cookie}` };
  const begun = await app.inject({ method: 'POST', url: '/api/v1/sql/runs', headers, payload: { sql: query } });
  if (begun.statusCode !== 201) return begun.body;
  const { run } = begun.json<{ run: { id: string } }>();
  const url = `/api/v1/sql/runs/${run.id}`;
  await expect
    .poll(async () => (await app.inject({ url, headers })).json<{ state: string }>().state, { timeout: 60_000 })
    .not.toBe('running');
  const [ended, rows] = [await app.inject({ url, headers }), await app.inject({ url: `${url}/rows`, headers })];
  await app.inject({ method: 'DELETE', url, headers });
  return JSON.stringify({ fault: ended.json<{ fault: object }>().fault, rows: rows.json<object>() });
}

describe('queries in SQL of people with a scope', () => {
  it.each(TABLE_NAMES)('see the rows of their own in %s, and nothing that another one has', async (table) => {
    for (const own of [OWNERS[0]!, OWNERS[2]!]) {
      const told = await answerTo(`SELECT * FROM ${table}`, own.canary);
      for (const { canary } of OWNERS)
        if (canary !== own.canary) expect(told.includes(canary), around(told, canary)).toBe(false);
      if (table === 'events' || table === 'findings') expect(told).toContain(own.canary);
    }
  });

  it.each([
    'SELECT count() FROM events WHERE toUInt64(account) > 0',
    'SELECT count() FROM events e JOIN findings f ON toUInt64(e.account) = toUInt64(f.actor)',
    "SELECT arraySort(groupUniqArray(account)), any(hex('x')) FROM events GROUP BY ALL HAVING toUInt64(any(actor)) > 0",
    'SELECT (SELECT max(toUInt64(actor)) FROM findings)',
    'WITH e AS (SELECT * FROM events) SELECT toUInt64(asset) FROM e ORDER BY toUInt64(actor)',
    'SELECT count() FROM events WHERE account IN (SELECT actor FROM findings) AND toUInt64(actor) = 1',
  ])('are told of nothing by errors: %s', async (query) => {
    for (const own of [OWNERS[0]!, OWNERS[2]!]) {
      const told = await answerTo(query, own.canary);
      for (const { canary } of OWNERS)
        if (canary !== own.canary) expect(told.includes(canary), around(told, canary)).toBe(false);
    }
  });

  it('count their own rows alone', async () => {
    const counted = await answerTo('SELECT count() FROM findings', OWNERS[2]!.canary);
    const all = await answerTo('SELECT count() FROM findings', 'all');
    expect(Number(/"rows":\[\[(\d+)/.exec(counted)![1])).toBeLessThan(Number(/"rows":\[\[(\d+)/.exec(all)![1]));
  });
});

describe('people with a scope', () => {
  it('never meet a word of another one, on any route, whatever they ask', async () => {
    const crossed: string[] = [];
    const told = new Map<string, Set<string>>();
    const failed: string[] = [];
    for (const own of OWNERS)
      for (const route of routes)
        await Promise.all(
          pathsOf(route, own).map(async (path) => {
            const { status, text } = await get(path, own.canary);
            const rest = withoutWhatWasAsked(text, path);
            for (const { canary } of OWNERS)
              if (canary === own.canary && rest.includes(canary))
                told.set(own.canary, (told.get(own.canary) ?? new Set()).add(route.url)); // prettier-ignore
              else if (canary !== own.canary && rest.includes(canary))
                crossed.push(`${own.canary} ${path}: ${around(rest, canary)}`);
            if (status >= 500) failed.push(`${path}: ${status} ${text}`);
          }),
        );
    expect(crossed).toEqual([]);
    expect(failed).toEqual([]);
    // Not for nothing: what is their own, they are told of.
    for (const { canary } of OWNERS) expect([...told.get(canary)!]).toEqual(expect.arrayContaining([...TELLING]));
  }, 120_000);

  it('are answered about what is of others as about what there is not', async () => {
    const [own, other] = [OWNERS[0]!, OWNERS[1]!];
    for (const kind of ['findings', 'incidents', 'events']) {
      const id = other.ids[kind]!;
      const [others, none] = [
        await get(`/api/v1/${kind}/${id}`, own.canary),
        await get(`/api/v1/${kind}/${NONE}`, own.canary),
      ];
      expect(others.status).toBe(404);
      expect(bodyOf(others).replaceAll(id, '')).toBe(bodyOf(none).replaceAll(NONE, ''));
      expect((await get(`/api/v1/${kind}/${id}`, other.canary)).status).toBe(200);
    }
  });

  it('count only their own, and decide about nothing else', async () => {
    const [own, other] = [OWNERS[0]!, OWNERS[1]!];
    const total = async (cookie: string) =>
      (JSON.parse(bodyOf(await get('/api/v1/findings/counts', cookie))) as { total: number }).total;
    expect([await total(own.canary), await total('all')]).toEqual([2, 8]);
    const headers = { host: 'wanglou.test', origin: 'http://wanglou.test', cookie: `wanglou_session=${own.canary}` };
    const findings = [own, other].map((one) => one.ids['findings']!);
    const answer = await app.inject({
      ...{ method: 'POST', url: '/api/v1/findings/triage', headers },
      payload: { findings, decision: { act: 'acknowledge' } },
    });
    const { done, refused } = answer.json<{
      done: { finding: string }[];
      refused: { finding: string; code: string }[];
    }>();
    expect(done.map(({ finding }) => finding)).toEqual([findings[0]]);
    expect(refused).toMatchObject([{ finding: findings[1], code: 'WL_NOT_FOUND' }]);
  });

  it('see both sides of what is between two departments, and nothing more of the other one', async () => {
    const [own, other] = [OWNERS[0]!, OWNERS[1]!];
    const between = { ...other.findings[0]!, id: '11111111-1111-4111-8111-111111111111', asset: own.ids['asset']! };
    await new TableWriter(client, FINDINGS).write([between]);
    for (const { canary } of [own, other])
      expect((await get(`/api/v1/findings/${between.id}`, canary)).status).toBe(200);
    expect((await get(`/api/v1/findings/${between.id}`, OWNERS[2]!.canary)).status).toBe(404);
    expect((await get(`/api/v1/registry/departments/${other.ids['department']!}`, own.canary)).status).toBe(404);
  });
});

describe('the feed of people with a scope', () => {
  it('tells of their own alone, and its numbers do not count what others have', () => {
    const feeds: Feed[] = [];
    const texts = OWNERS.map(({ scope }) => {
      const sent: string[] = [];
      const socket = {
        ...{
          bufferedAmount: 0,
          ping: () => undefined,
          close: () => undefined,
          terminate: () => undefined,
          on: () => undefined,
        },
        sendFrame: ({ plain }: { plain: Buffer }) => void sent.push(plain.toString()),
      };
      const own = parts.feed.within(new Reach(scope, parts.registry.current(), NOW));
      own.connect(socket);
      feeds.push(own);
      return sent;
    });
    const { feed } = parts;
    const sources = OWNERS.map(({ ids }) => ({
      source: ids['sources']!,
      events: 3,
      unparsed: 0,
      lastEventTime: NOW,
      lagMs: 1,
    }));
    feed.pulse(pulse(NOW, { sources, problems: ['canaryw is away'], instance: 'canaryw-host' }));
    for (const { findings } of OWNERS.slice(1)) feed.finding({ ...findings[0]!, revision: 2 });
    for (const [n, own] of OWNERS.entries())
      for (const { canary } of OWNERS) expect([own.canary, canary, texts[n]!.join('').includes(canary)]).toEqual([own.canary, canary, canary === own.canary]); // prettier-ignore
    const numbers = texts.map(
      (sent) => (JSON.parse(/\{"type":"snapshot".*\}/.exec(sent.join('\n'))![0]) as { n: number }).n,
    );
    // Two findings, an incident and the scores of their own: what the others have is not counted.
    expect(numbers).toEqual([5, 5, 4, 4]);
    for (const own of feeds) own.stop();
  });
});

const TELLING = [
  ...['/api/v1/events', '/api/v1/events/:id', '/api/v1/findings', '/api/v1/findings/:id', '/api/v1/findings/groups'],
  ...['/api/v1/incidents', '/api/v1/incidents/:id', '/api/v1/incidents/:id/report', '/api/v1/findings/:id/history'],
  ...[
    '/api/v1/profiles/:kind/:id',
    '/api/v1/profiles/:kind/:id/findings',
    '/api/v1/registry/:list',
    '/api/v1/registry/:list/:id',
  ],
  ...['/api/v1/registry-names', '/api/v1/settings', '/api/v1/suppressions'],
  ...['rows', 'facets', 'pivot', 'suggestions'].map((what) => `/api/v1/hunting/${what}`),
];

const bodyOf = ({ text }: { text: string }): string => text.slice(text.indexOf('\n') + 1);

function around(text: string, word: string): string {
  const at = text.indexOf(word);
  return text.slice(Math.max(0, at - 80), at + 60);
}
