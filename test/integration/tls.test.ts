import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { connect as connectPlain, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connect, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/access/audit/entry.ts';
import { Authority, type Certificate } from './certificates.ts';
import { ledgerBalances } from './ledger-balances.ts';
import { ask } from './shown.ts';
import { eventually, startWanglou, type RunningWanglou } from './wanglou.ts';

const dir = mkdtempSync(join(tmpdir(), 'wanglou-tls-'));
const authority = new Authority(join(dir, 'authority'));
const inUse: Certificate = { cert: join(dir, 'in-use.pem'), key: join(dir, 'in-use.key') };
const [sender, thief, stranger] = [
  authority.issue('portal'),
  authority.issue('thief'),
  new Authority(join(dir, 'other')),
];
const crl = join(dir, 'crl.pem');
let wanglou: RunningWanglou;

beforeAll(async () => {
  putToUse(authority.issue('first'));
  copyFileSync(authority.revoke('thief'), crl);
  wanglou = await startWanglou({
    WANGLOU_TLS_CERT: inUse.cert,
    WANGLOU_TLS_KEY: inUse.key,
    WANGLOU_TLS_CLIENT_CA: authority.ca,
    WANGLOU_TLS_CRL: crl,
    WANGLOU_WEB_TLS: 'on',
    WANGLOU_INTAKE_TLS: 'on',
  });
});
afterAll(async () => {
  await wanglou?.stop();
  rmSync(dir, { recursive: true, force: true });
});

function putToUse({ cert, key }: Certificate): void {
  copyFileSync(key, inUse.key);
  copyFileSync(cert, inUse.cert);
}

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: Record<string, unknown>;
}

/** Asks over TLS, trusting our authority. */
async function call(
  port: number,
  path: string,
  asked: { body?: string; token?: string; as?: Certificate; agent?: Agent } = {},
): Promise<Answer> {
  const { body, token, as, agent } = asked;
  const own = as && { cert: readFileSync(as.cert), key: readFileSync(as.key) };
  const headers = { ...(token && { authorization: `Bearer ${token}` }), ...(body && { 'content-type': 'text/plain' }) };
  const where = { host: 'localhost', family: 4, port, path, method: body === undefined ? 'GET' : 'POST' };
  return new Promise((done, failed) => {
    const sent = request({ ...where, headers, ca: readFileSync(authority.ca), agent: agent ?? new Agent(), ...own });
    sent.once('error', failed).once('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.once('end', () => {
        const text = Buffer.concat(parts).toString();
        done({ status: response.statusCode!, headers: response.headers, body: JSON.parse(text) as Answer['body'] });
      });
    });
    sent.end(body);
  });
}

const api = (path: string) => call(wanglou.ports.web, `/api/v1${path}`, { token: wanglou.token('api') });
const send = (line: string, asked: { token?: string; as?: Certificate }) =>
  call(wanglou.ports.intake, '/ingest', { body: line, ...asked });

/** Common name of the certificate that a new connection is shown. */
async function shownAt(port: number): Promise<string> {
  const socket = await connected(port);
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return String(subject.CN);
}

function connected(port: number, options: object = {}): Promise<TLSSocket> {
  return new Promise((done, failed) => {
    const socket = connect({ port, ca: readFileSync(authority.ca), servername: 'localhost', ...options });
    socket.once('secureConnect', () => done(socket)).once('error', failed);
  });
}

async function command(words: readonly string[], settings: Record<string, string> = {}): Promise<string> {
  const node = resolve('node_modules/.bin/node');
  const options = { env: { ...wanglou.environment, NODE_NO_WARNINGS: '1', ...settings } };
  return (await promisify(execFile)(node, [resolve('src/main.ts'), ...words], options)).stdout;
}

describe('HTTPS', () => {
  it('is what the web app, the intake and the command line speak, with TLS 1.2 or later', async () => {
    const answer = await call(wanglou.ports.web, '/health');
    expect(answer.headers['strict-transport-security']).toContain('max-age=');
    for (const port of [wanglou.ports.web, wanglou.ports.intake, wanglou.ports.syslogTls]) {
      expect((await connected(port)).getProtocol()).toBe('TLSv1.3');
      const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
      await expect(connected(port, old)).rejects.toThrow(/alert|protocol|version|unsupported/i);
      const weak = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA' };
      await expect(connected(port, weak)).rejects.toThrow(/alert|handshake/i);
    }
    for (const program of ['serve', 'collect'])
      expect(JSON.parse(await command(['health', program]))).toMatchObject({ ready: true });
    await expect(fetch(`http://127.0.0.1:${wanglou.ports.web}/health`)).rejects.toThrow();
  });

  it('knows a sender by its certificate, and refuses one that is revoked or a stranger saying why, on the record', async () => {
    const made = await api('/sources');
    expect(made.status).toBe(200);
    expect((await send('<13>hello by certificate', { as: sender })).status).toBe(200);
    const stored = "SELECT source, authenticated FROM events_once WHERE message LIKE '%hello by certificate%'";
    const [row] = await eventually(() => ask(wanglou, stored), (rows) => rows.length > 0); // prettier-ignore
    expect(row).toMatchObject({ source: 'http/portal', authenticated: true });
    const revoked = await send('x', { as: thief, token: wanglou.token('ingest') });
    expect([revoked.status, revoked.body['message']]).toEqual([
      401,
      expect.stringMatching(/^the client certificate thief .* is revoked$/),
    ]);
    const unknown = await send('x', { as: stranger.issue('portal') });
    expect([unknown.status, unknown.body['message']]).toEqual([401, expect.stringContaining('is not trusted')]);
    expect((await send('x', { as: sender, token: 'wrong' })).status).toBe(401);
    expect((await send('x', {})).status).toBe(401);
    const records = async () => (await api('/audit?action=ingest')).body['entries'] as AuditEntry[];
    const found = await eventually(records, (entries) => (entries ?? []).length >= 2);
    expect(found.map(({ object, outcome, code }) => [object, outcome, code])).toContainEqual([
      'certificate revoked',
      'refused',
      'WL_UNAUTHORIZED',
    ]);
  });

  it('takes a changed list of revoked certificates and a changed certificate into use while connections stay open', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    await call(wanglou.ports.web, '/health', { agent });
    const [open] = Object.values(agent.freeSockets).flat();
    putToUse(authority.issue('second'));
    copyFileSync(authority.revoke('portal'), crl);
    for (const port of [wanglou.ports.web, wanglou.ports.intake, wanglou.ports.syslogTls])
      await eventually(() => shownAt(port), (name) => name === 'second'); // prettier-ignore
    await call(wanglou.ports.web, '/health', { agent });
    expect(Object.values(agent.freeSockets).flat()).toEqual([open]);
    agent.destroy();
    const refused = await eventually(() => send('x', { as: sender }), ({ status }) => status === 401); // prettier-ignore
    expect(refused.body['message']).toContain('is revoked');
  });

  it('leaves the old certificate in use when the new one is broken, and says so', async () => {
    writeFileSync(inUse.cert, 'no certificate at all');
    const problems = async () => JSON.stringify((await call(wanglou.ports.web, '/health')).body);
    const said = await eventually(problems, (text) => text.includes('web: changed certificate files are not in use'));
    expect(said).toContain('holds no certificate in PEM form');
    await eventually(problems, (text) => text.split('changed certificate files').length > 3);
    expect(await shownAt(wanglou.ports.web)).toBe('second');
    expect(await shownAt(wanglou.ports.intake)).toBe('second');
    putToUse(authority.issue('third'));
    await eventually(() => shownAt(wanglou.ports.web), (name) => name === 'third'); // prettier-ignore
    await eventually(problems, (text) => !text.includes('changed certificate files'));
  });

  it('is how a ClickHouse server with a certificate is asked, and no other is believed', async () => {
    const { cert, key } = authority.issue('clickhouse');
    const server = createTlsServer(
      { cert: readFileSync(cert), key: readFileSync(key), ca: readFileSync(authority.ca), requestCert: true },
      (socket) => {
        const store = connectPlain(wanglou.ports.store, '127.0.0.1');
        socket.pipe(store).pipe(socket);
        for (const one of [socket, store]) one.on('error', () => [socket, store].forEach((each) => each.destroy()));
      },
    );
    server.listen(0);
    const url = `https://localhost:${(server.address() as AddressInfo).port}`;
    const asked = async (ca: string): Promise<string> => {
      const settings = {
        ...{
          WANGLOU_CLICKHOUSE_URL: url,
          WANGLOU_CLICKHOUSE_PASSWORD_FILE: join(wanglou.dataDir, 'access/store-token'),
        },
        ...{ WANGLOU_CLICKHOUSE_CA: ca, WANGLOU_CLICKHOUSE_CERT: sender.cert, WANGLOU_CLICKHOUSE_KEY: sender.key },
      };
      return command(['query', 'SELECT 6 * 7 AS answer', '--format', 'TSV'], settings);
    };
    expect(await asked(authority.ca)).toBe('42\n');
    await expect(asked(stranger.ca)).rejects.toThrow(/certificate/);
    server.close();
  });

  it('shows no token, password or key in logs, process lists or addresses', async () => {
    await send('x', { token: 'a-wrong-token-of-a-sender' });
    await call(wanglou.ports.web, '/api/v1/findings', { token: 'a-wrong-token-of-a-script' });
    const tokens = (['ingest', 'api', 'store'] as const).map((name) => wanglou.token(name));
    const secrets = [...tokens, 'a-wrong-token', keyOf(inUse.key), wanglou.code];
    const logs = readdirSync(join(wanglou.dataDir, 'log')).map((name) =>
      readFileSync(join(wanglou.dataDir, 'log', name), 'utf8'),
    );
    expect(logs.join('').length).toBeGreaterThan(0);
    const processes = Object.values(wanglou.pids()).map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(5);
      expect([...logs, ...processes].filter((text) => text.includes(secret))).toEqual([]);
    }
  });
});

function keyOf(path: string): string {
  return readFileSync(path, 'utf8').split('\n')[1]!;
}

it('leaves a coverage ledger that balances', async () => {
  await ledgerBalances(wanglou);
});
