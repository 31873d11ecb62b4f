import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventSearch } from '../../src/api/queries.ts';
import { buildApi } from '../../src/api/server.ts';
import { WanglouError } from '../../src/errors.ts';
import { finding, pulse } from '../feed/samples.ts';
import { event, testParts, type TestParts } from './parts.ts';

let parts: TestParts;
let app: FastifyInstance;
let appDir: string;

beforeEach(async () => {
  appDir = mkdtempSync(join(tmpdir(), 'wanglou-page-'));
  mkdirSync(join(appDir, 'assets'));
  writeFileSync(join(appDir, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(appDir, 'assets/app-1a2b.js'), 'export {}');
  parts = await testParts();
  app = await buildApi({ host: '127.0.0.1', port: 0, publicOrigin: 'https://wanglou.example', appDir }, parts);
});
afterEach(async () => {
  await app.close();
  parts.remove();
  rmSync(appDir, { recursive: true });
});

async function asked(
  options: InjectOptions,
): Promise<{ status: number; body: Record<string, unknown>; headers: Record<string, unknown> }> {
  const response = await app.inject(options);
  return { status: response.statusCode, body: response.json<Record<string, unknown>>(), headers: response.headers };
}
async function got(url: string): Promise<{ status: number; body: Record<string, unknown> }> {
  return asked({ url, headers: { authorization: `Bearer ${parts.apiToken}` } });
}

const ID = '00000000-0000-8000-8000-000000000001';

describe('who may come in', () => {
  it.each(['me', 'findings', `findings/${ID}`, 'events', `events/${ID}`, 'sources', 'detectors'])(
    'nobody reads /api/v1/%s without a session or a token',
    async (path) => {
      for (const headers of [{}, { cookie: 'wanglou_session=made-up' }, { authorization: 'Bearer made-up' }]) {
        const { status, body } = await asked({ url: `/api/v1/${path}`, headers });
        expect(status).toBe(401);
        expect(body).toEqual({
          code: 'WL_UNAUTHORIZED',
          message: 'Nobody is signed in',
          remedy: 'Sign in, or send Authorization: Bearer <API token>.',
        });
      }
    },
  );

  it('a session and an API token read', async () => {
    const cookie = await parts.signedIn();
    expect(await asked({ url: '/api/v1/me', headers: { cookie } })).toMatchObject({
      status: 200,
      body: { account: 'operator' },
    });
    expect(await got('/api/v1/me')).toMatchObject({ status: 200, body: { account: 'api-token' } });
  });

  it('a wrong token is not helped by a good cookie', async () => {
    const cookie = await parts.signedIn();
    expect((await asked({ url: '/api/v1/me', headers: { cookie, authorization: 'Bearer x' } })).status).toBe(401);
  });

  it('metrics need the token, health does not', async () => {
    expect((await app.inject('/metrics')).statusCode).toBe(401);
    expect((await app.inject('/health')).statusCode).toBe(200);
  });
});

it('tells browsers to come by HTTPS only where the web app is reached so', async () => {
  expect((await app.inject('/health')).headers['strict-transport-security']).toBe(
    'max-age=31536000; includeSubDomains',
  );
  const plain = await buildApi({ host: '127.0.0.1', port: 0, publicOrigin: '', appDir }, parts);
  expect((await plain.inject('/health')).headers['strict-transport-security']).toBeUndefined();
  await plain.close();
});

describe('signing in', () => {
  const signIn = (payload: unknown, headers = {}): ReturnType<typeof asked> =>
    asked({ method: 'POST', url: '/api/v1/sign-in', payload: payload as object, headers });

  it('gives a cookie that scripts can not read and other sites can not use', async () => {
    const { status, headers, body } = await signIn({ code: await parts.access.drawCode() });
    expect(status).toBe(200);
    expect(body).toMatchObject({ account: 'operator', roles: ['operator'] });
    expect(headers['set-cookie']).toMatch(
      /^wanglou_session=[\w-]{43}; Path=\/; Expires=.*; HttpOnly; Secure; SameSite=Strict$/,
    );
  });

  it('says what is wrong with a code, and what to do', async () => {
    expect(await signIn({ code: 'wrong' })).toMatchObject({
      status: 401,
      body: { code: 'WL_UNAUTHORIZED', message: 'The sign-in code is wrong, was used before or has expired' },
    });
  });

  it('does not say whether the name or the password was wrong', async () => {
    const { body } = await signIn({ name: 'operator', password: 'x' });
    expect((await signIn({ name: 'nobody', password: 'x' })).body).toEqual(body);
  });

  it('has to wait after too many failures, as Retry-After says', async () => {
    for (let i = 0; i < 5; i++) await signIn({ code: 'guess' });
    expect(await signIn({ code: 'guess' })).toMatchObject({
      status: 429,
      headers: { 'retry-after': '1' },
      body: { code: 'WL_TOO_MANY', remedy: 'Wait 1 s, then try again.' },
    });
  });

  it.each([
    ['nothing', undefined, 400],
    ['an empty object', {}, 400],
    ['a number for a code', { code: 7 }, 400],
    ['too much', { code: 'x', extra: 1 }, 400],
    ['a huge body', { code: 'x'.repeat(70_000) }, 413],
  ])('refuses %s', async (_what, payload, status) => {
    expect((await signIn(payload)).status).toBe(status);
  });

  it('refuses a form and broken JSON, saying what to send', async () => {
    const form = await asked({
      method: 'POST',
      url: '/api/v1/sign-in',
      payload: 'code=x',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(form).toMatchObject({ status: 415, body: { remedy: 'Send application/json.' } });
    const broken = await asked({
      method: 'POST',
      url: '/api/v1/sign-in',
      payload: '{"code"',
      headers: { 'content-type': 'application/json' },
    });
    expect(broken).toMatchObject({ status: 400, body: { code: 'WL_BODY_INVALID' } });
  });

  it('is refused from the page of somebody else', async () => {
    const code = await parts.access.drawCode();
    expect(await signIn({ code }, { origin: 'https://evil.example' })).toMatchObject({
      status: 403,
      body: { code: 'WL_FORBIDDEN' },
    });
    expect((await signIn({ code }, { origin: 'https://wanglou.example' })).status).toBe(200);
  });
});

describe('signing out', () => {
  const signOut = (headers: Record<string, string>): ReturnType<typeof asked> =>
    asked({ method: 'POST', url: '/api/v1/sign-out', headers: { host: '127.0.0.1:8080', ...headers } });

  it('ends the session', async () => {
    const cookie = await parts.signedIn();
    expect((await signOut({ cookie, origin: 'http://127.0.0.1:8080' })).status).toBe(200);
    expect((await asked({ url: '/api/v1/me', headers: { cookie } })).status).toBe(401);
  });

  it.each([undefined, 'null', 'http://127.0.0.1:8081', 'http://evil.example', 'https://wanglou.example.evil.example'])(
    'is refused with the cookie from origin %s',
    async (origin) => {
      const cookie = await parts.signedIn();
      expect((await signOut({ cookie, ...(origin === undefined ? {} : { origin }) })).status).toBe(403);
      expect((await asked({ url: '/api/v1/me', headers: { cookie } })).status).toBe(200);
    },
  );
});

describe('findings', () => {
  it('are asked for with the filters that were given, and no others', async () => {
    parts.store.findings = [finding('a')];
    const { status, body } = await got('/api/v1/findings?severity=high&detector=bulk-read&limit=7&cursor=c');
    expect(status).toBe(200);
    expect(body['findings']).toHaveLength(1);
    await got('/api/v1/findings');
    expect(parts.store.asked).toEqual([
      { severity: ['high'], detector: 'bulk-read', limit: 7, cursor: 'c' },
      { limit: 100 },
    ]);
  });

  it('come one by one with their revisions, and the events behind them in the order of the cause', async () => {
    const ids = [3, 1, 2].map((n) => ID.replace(/1$/, String(n)));
    parts.store.events = [1, 2].map((n) => event({ id: ID.replace(/1$/, String(n)), raw: `line ${n}` }));
    parts.store.findings = [finding('a'), finding('a', { revision: 2, eventIds: ids })];
    const { body } = await got(`/api/v1/findings/${finding('a').id}`);
    expect(body).toMatchObject({ finding: { revision: 2 }, revisions: [{ revision: 1 }, { revision: 2 }] });
    expect(body['events']).toMatchObject([{ raw: 'line 1' }, { raw: 'line 2' }]);
  });

  it('that do not exist are not found', async () => {
    expect(await got(`/api/v1/findings/${ID}`)).toMatchObject({
      status: 404,
      body: { code: 'WL_NOT_FOUND', message: `There is no finding ${ID}` },
    });
  });
});

describe('events', () => {
  it('are searched over the last week unless from and to are given', async () => {
    await got('/api/v1/events?text=%E6%9C%9B%E6%A5%BC&outcome=failure');
    const [search] = parts.store.asked as [EventSearch];
    expect(search).toMatchObject({ text: '望楼', outcome: 'failure', limit: 100 });
    expect(search.to - search.from).toBe(7 * 86_400_000);
  });

  it('take times as ISO 8601 or as milliseconds', async () => {
    await got('/api/v1/events?from=2026-01-31T08:00:00%2B08:00&to=1769860800000');
    expect(parts.store.asked).toEqual([{ from: 1_769_817_600_000, to: 1_769_860_800_000, limit: 100 }]);
  });

  it.each([
    ['limit=0', 'limit is "0": Too small: expected number to be >=1'],
    ['limit=many', 'limit is "many": Invalid input: expected number, received NaN'],
    ['from=yesterday', 'from is "yesterday": is no time; use 2026-01-31T08:00:00+08:00 or milliseconds since 1970'],
    ['from=2&to=1', 'from (2) is not before to (1)'],
    ['outcome=maybe', 'outcome is "maybe": Invalid option: expected one of "success"|"failure"'],
    ['sql=1', '"sql" is not known here'],
    ['text=a&text=b', 'text is ["a","b"]: Invalid input: expected string, received array'],
  ])('refuse %s with field, value and remedy', async (query, message) => {
    expect(await got(`/api/v1/events?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'WL_QUERY_INVALID', message },
    });
    expect(parts.store.asked).toEqual([]);
  });

  it('name the parameters that exist when an unknown one is given', async () => {
    expect((await got('/api/v1/events?sql=1')).body['remedy']).toBe(
      'Use from, to, text, source, account, asset, outcome, limit, cursor.',
    );
  });

  it('come flat or as OCSF', async () => {
    parts.store.events = [event({ classUid: 6005, raw: 'a line' })];
    expect((await got(`/api/v1/events/${ID}`)).body).toMatchObject({ raw: 'a line' });
    expect((await got(`/api/v1/events/${ID}?form=ocsf`)).body).toEqual({ class_uid: 6005 });
    expect((await got('/api/v1/events/17')).body).toMatchObject({
      code: 'WL_QUERY_INVALID',
      message: 'id is "17": must be a UUID',
    });
    expect((await got(`/api/v1/events/${ID.replace(/1$/, '2')}`)).status).toBe(404);
  });
});

describe('faults', () => {
  it('of the store are told as such', async () => {
    parts.store.fault = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:8123'), { code: 'ECONNREFUSED' });
    expect(await got('/api/v1/events')).toMatchObject({ status: 503, body: { code: 'WL_STORE_AWAY' } });
    parts.store.fault = new WanglouError('WL_STORE_AWAY', 'The store restarts');
    expect(await got('/api/v1/events')).toMatchObject({ status: 503, body: { message: 'The store restarts' } });
  });

  it('that nobody expected say nothing about the inside', async () => {
    parts.store.fault = new Error('secret path /data/access');
    const { status, body } = await got('/api/v1/events');
    expect(status).toBe(500);
    expect(body).toMatchObject({ code: 'WL_INTERNAL' });
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it('in paths are not found, as JSON for scripts', async () => {
    expect(await got('/api/v1/nothing')).toMatchObject({ status: 404, body: { code: 'WL_NOT_FOUND' } });
    expect(await got('/assets/gone.js')).toMatchObject({ status: 404 });
  });
});

describe('health', () => {
  it('answers 503 and what is missing until everything is there', async () => {
    parts.missing.push('The store does not answer on 127.0.0.1:8123.');
    expect(await asked({ url: '/health' })).toMatchObject({
      status: 503,
      body: { ready: false, missing: parts.missing, state: 'starting' },
    });
    parts.missing.pop();
    expect(await asked({ url: '/health' })).toMatchObject({ status: 200, body: { ready: true, missing: [] } });
  });

  it('is told to Prometheus in numbers', async () => {
    parts.feed.start();
    parts.feed.pulse(pulse(Date.now(), { totals: { received: 41 } }));
    await new Promise((resume) => setTimeout(resume, 1_100));
    const { body } = await app.inject({ url: '/metrics', headers: { authorization: `Bearer ${parts.apiToken}` } });
    parts.feed.stop();
    expect(body).toContain('wanglou_events_total{step="received"} 41');
    expect(body).toContain('wanglou_program_silent{program="collect",instance=""} 0');
    expect(body).toContain('process_cpu_seconds_total');
  });
});

describe('the page', () => {
  const opened = async (url: string): Promise<LightMyRequestResponse> =>
    app.inject({ url, headers: { accept: 'text/html,*/*' } });

  it('comes at / and at every address of its own, and is asked for again each time', async () => {
    for (const url of ['/', '/findings?severity=high']) {
      const { statusCode, body, headers } = await opened(url);
      expect([statusCode, headers['cache-control']]).toEqual([200, 'no-cache']);
      expect(body).toContain('<title>page</title>');
      expect(headers['etag']).toBeTruthy();
    }
  });

  it('may load and run only files of ours', async () => {
    const policy = String((await opened('/')).headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toContain('http');
  });

  it('has assets that are kept for ever', async () => {
    const { headers } = await app.inject('/assets/app-1a2b.js');
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  it.each(['/../../etc/passwd', '/assets/..%2f..%2f..%2fetc%2fpasswd', '/.env'])(
    'gives no file outside of it for %s',
    async (url) => {
      expect((await app.inject(url)).statusCode).toBeGreaterThanOrEqual(400);
    },
  );

  it('says so when it is not built', async () => {
    const bare = await buildApi({ host: '127.0.0.1', port: 0, publicOrigin: '', appDir: '/nonexistent' }, parts);
    const response = await bare.inject({ url: '/', headers: { accept: 'text/html' } });
    expect([response.statusCode, response.body]).toEqual([503, 'The web app is not built yet: run npm start.\n']);
    await bare.close();
  });
});

describe('answers', () => {
  it('are not kept by anybody, nor guessed to be something else', async () => {
    const { headers } = await app.inject('/health');
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  });
});
