import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildApi } from '../../src/api/server.ts';
import { auditOf, testParts, type TestParts } from './parts.ts';

const ELSEWHERE = 'https://evil.example';
const ID = '00000000-0000-8000-8000-000000000001';
const TYPE_AND_CHARSET = /^(application\/(json|javascript)|text\/\w+); charset=utf-8/;

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
  await app.ready();
});
afterEach(async () => {
  await app.close();
  parts.remove();
  rmSync(appDir, { recursive: true });
});

/** An address that the route takes. */
function addressOf(url: string): string {
  return url.replace(/:\w+/g, ID).replace('*', 'none.js');
}

describe('every answer', () => {
  const reading = (): string[] =>
    app.declaredRoutes().flatMap(({ method, url }) => (method === 'GET' && url !== '/feed' ? [addressOf(url)] : []));

  it('tells browsers to load nothing from elsewhere, to guess no type, to be in no frame and to tell nobody', async () => {
    const urls = ['/', '/assets/app-1a2b.js', '/nothing', ...reading()];
    expect(urls.length).toBeGreaterThan(40);
    for (const url of urls) {
      const { headers } = await app.inject({ url, headers: { accept: 'text/html,*/*', origin: ELSEWHERE } });
      const policy = String(headers['content-security-policy']);
      for (const part of ["default-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"])
        expect(policy, url).toContain(part);
      expect(headers, url).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers['content-type'], url).toMatch(TYPE_AND_CHARSET);
      const told = ['access-control-allow-origin', 'server', 'x-powered-by', 'location'];
      expect(
        told.filter((name) => name in headers),
        url,
      ).toEqual([]);
    }
  });

  it('with data is kept by no browser', async () => {
    const authorization = `Bearer ${parts.apiToken}`;
    for (const url of reading().filter((one) => one.startsWith('/api/')))
      expect((await app.inject({ url, headers: { authorization } })).headers['cache-control'], url).toBe('no-store');
  });
});

describe('what nobody needs', () => {
  it.each(['/assets', '/assets/', '/api', '/api/v1', '/api/v1/'])('is not listed: %s', async (url) => {
    expect((await app.inject(url)).statusCode).toBe(404);
  });

  it.each(['TRACE', 'OPTIONS', 'PUT', 'DELETE', 'PATCH'] as const)('is not answered: %s', async (method) => {
    const ask = (url: string): Promise<LightMyRequestResponse> =>
      app.inject({
        method: method as 'PUT',
        url,
        headers: { authorization: `Bearer ${parts.apiToken}`, 'x-own': 'y' },
      });
    for (const url of ['/', '/health', '/api/v1/me', '/api/v1/findings']) {
      const { statusCode, body } = await ask(url);
      expect(statusCode).toBe(404);
      expect(body).not.toContain('x-own');
    }
  });
});

describe('the address of a client', () => {
  const guess = (server: FastifyInstance, forwarded: string): Promise<LightMyRequestResponse> =>
    server.inject({
      method: 'POST',
      url: '/api/v1/sign-in',
      payload: { code: 'guess' },
      headers: { 'x-forwarded-for': forwarded, 'x-real-ip': forwarded, forwarded: `for=${forwarded}` },
    });
  const addresses = (): string[] => auditOf(parts.log).map(({ address }) => address);

  it('is that of the connection, whatever the request says', async () => {
    for (let n = 0; n < 5; n++) await guess(app, `192.0.2.${n}`);
    expect((await guess(app, '192.0.2.5')).statusCode).toBe(429);
    expect(new Set(addresses())).toEqual(new Set(['127.0.0.1']));
  });

  it('is what a proxy says that is trusted, and not what was said to the proxy', async () => {
    const options = {
      host: '127.0.0.1',
      port: 0,
      publicOrigin: '',
      appDir,
      trustedProxies: '127.0.0.0/8, 203.0.113.1',
    };
    const behind = await buildApi(options, parts);
    for (let n = 0; n < 6; n++) expect((await guess(behind, `192.0.2.${n}`)).statusCode).toBe(401);
    await guess(behind, '198.51.100.9, 192.0.2.77, 203.0.113.1');
    expect(addresses().at(-1)).toBe('192.0.2.77');
    for (let n = 0; n < 4; n++) await guess(behind, `198.51.100.${n}, 192.0.2.77`);
    expect((await guess(behind, '198.51.100.9, 192.0.2.77')).statusCode).toBe(429);
    await behind.close();
  });
});

describe('a request within a request', () => {
  const HEAD = 'POST /api/v1/sign-in HTTP/1.1\r\nHost: wanglou\r\nContent-Type: application/json\r\n';
  const INNER = 'GET /health HTTP/1.1\r\nHost: wanglou\r\n\r\n';

  it.each([
    [
      'a length and chunks',
      `${HEAD}Content-Length: ${INNER.length + 5}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['two lengths', `${HEAD}Content-Length: 0\r\nContent-Length: ${INNER.length}\r\n\r\n`],
    ['chunks by another name', `${HEAD}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ['a line end in a name', `${HEAD}X-One\r\n: a\r\nContent-Length: 0\r\n\r\n`],
  ])('is not read behind one with %s', async (_what, outer) => {
    await app.listen({ host: '127.0.0.1', port: 0 });
    const answered = await sent((app.server.address() as { port: number }).port, outer + INNER);
    expect(answered).toMatch(/^HTTP\/1\.1 400 /);
    expect(answered.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });
});

/** All that a server answers until it closes the connection. */
function sent(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (data) => (answer += data.toString()));
    socket.once('error', reject).once('close', () => resolve(answer));
  });
}
