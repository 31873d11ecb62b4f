import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/access/audit/entry.ts';
import type { ListedToken } from '../../src/sender-token-desk.ts';
import { ledgerBalances } from './ledger-balances.ts';
import { ask } from './shown.ts';
import { eventually, startWanglou, type RunningWanglou } from './wanglou.ts';

let wanglou: RunningWanglou;
beforeAll(async () => {
  wanglou = await startWanglou();
});
afterAll(() => wanglou.stop());

async function api<T>(path: string, body?: object): Promise<T> {
  const answer = await fetch(`http://127.0.0.1:${wanglou.ports.web}/api/v1${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${wanglou.token('api')}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return (await answer.json()) as T;
}

/** The command line, as people use it. */
async function command<T>(...words: string[]): Promise<T> {
  const environment = {
    ...{ PATH: process.env['PATH'], UV_THREADPOOL_SIZE: '16', WANGLOU_DATA_DIR: wanglou.dataDir },
    ...{ WANGLOU_WEB_PORT: String(wanglou.ports.web) },
  };
  const node = resolve('node_modules/.bin/node');
  const { stdout } = await promisify(execFile)(node, [resolve('src/main.ts'), ...words], { env: environment });
  return JSON.parse(stdout) as T;
}

async function send(token: string, line: string): Promise<{ status: number; message: string }> {
  const answer = await fetch(`http://127.0.0.1:${wanglou.ports.intake}/ingest`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/plain' },
    body: line,
  });
  return { status: answer.status, message: ((await answer.json()) as { message?: string }).message ?? '' };
}

describe('a source with a token of its own', () => {
  it('is known by it until it is revoked, and all of it is in the audit trail', async () => {
    await api('/registry/systems', { id: 'portal', name: 'Portal', department: '', networks: [] });
    await api('/registry/sources', { id: 'portal-web', system: 'portal' });
    const made = await command<ListedToken & { token: string }>('token', 'create', '--source', 'portal-web');
    const sent = () => send(made.token, 'a line of the portal');
    await eventually(sent, ({ status }) => status === 200);
    await eventually(
      () =>
        ask(
          wanglou,
          "SELECT count() > 0 AS found FROM events_once WHERE raw = 'a line of the portal' AND source = 'portal-web' AND authenticated",
        ),
      ([row]) => row?.['found'] === 1,
    );
    expect((await send(wanglou.token('ingest'), 'the token for all is good as before')).status).toBe(200);
    expect((await send(made.token.slice(0, -2), 'x')).message).toContain('cut off or mistyped');
    await command('token', 'revoke', made.id);
    const refused = await eventually(sent, ({ status }) => status !== 200);
    expect(refused.status).toBe(401);
    expect(refused.message).toContain(`${made.id} was revoked at`);
    const { entries } = await eventually(
      () => api<{ entries: AuditEntry[] }>('/audit?action=token.revoke'),
      (answer) => answer.entries?.[0]?.outcome === 'success',
    );
    expect(entries).toHaveLength(1);
    const revoked = "source = 'wanglou' AND attributes['audit'] = 'token.revoke'";
    await eventually(
      () => ask(wanglou, `SELECT count() AS found FROM events_once WHERE ${revoked}`),
      ([row]) => row?.['found'] === 1,
    );
    expect(entries[0]).toMatchObject({ account: 'api-token', object: `POST /api/v1/sender-tokens/${made.id}/revoke` });
  });
});

it('leaves a coverage ledger that balances', async () => {
  await ledgerBalances(wanglou);
});
