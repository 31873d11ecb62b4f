import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BacktestReport } from '../../src/backtest-report.ts';
import { TAKES_EFFECT_AFTER_MS } from '../../src/event-log/table-follower.ts';
import type { Finding } from '../../src/finding/finding.ts';
import type { FindingHistory } from '../../src/triage-desk.ts';
import { ledgerBalances } from './ledger-balances.ts';
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

/** Wrong passwords of one account from one address, now. */
async function guessAt(account: string): Promise<void> {
  const lines = Array.from({ length: 14 }, (_, n) => {
    const time = new Date(Date.now() - 14 + n).toISOString();
    const what = { action: 'sign-in', outcome: 'failure', classUid: 3002, activityId: 1 };
    return JSON.stringify({ time, account, clientAddress: '203.0.113.7', host: 'gate', ...what });
  });
  const answer = await fetch(`http://127.0.0.1:${wanglou.ports.intake}/ingest`, {
    method: 'POST',
    headers: { authorization: `Bearer ${wanglou.token('ingest')}`, 'content-type': 'application/x-ndjson' },
    body: `${lines.join('\n')}\n`,
  });
  expect(answer.status).toBe(200);
}

async function findingOf(account: string): Promise<Finding> {
  // The store makes its tables while the others start.
  const all = async () => (await api<{ findings?: Finding[] }>('/findings')).findings ?? [];
  const named = ({ actor }: Finding) => actor.startsWith(account);
  return (await eventually(all, (findings) => findings.some(named))).find(named)!;
}

/** @returns their ids, while most of them wait to be made. */
async function askForReports(count: number): Promise<string[]> {
  const subject = { kind: 'platform', id: '' };
  const [from, to] = [Date.now() - 86_400_000, Date.now()].map(String);
  const ask = () => api<{ id: string }>('/reports', { kind: 'sharing-ledger', subject, from, to, timeZone: 'UTC' });
  return (await Promise.all(Array.from({ length: count }, ask))).map(({ id }) => id);
}

/** The command line, as people use it, beside the running programs. */
async function command(...words: string[]): Promise<string> {
  const environment = {
    ...{ PATH: process.env['PATH'], UV_THREADPOOL_SIZE: '16', WANGLOU_DATA_DIR: wanglou.dataDir },
    ...{ WANGLOU_WEB_PORT: String(wanglou.ports.web), WANGLOU_STORE_PORT: String(wanglou.ports.store) },
  };
  const node = resolve('node_modules/.bin/node');
  return (await promisify(execFile)(node, [resolve('src/main.ts'), ...words], { env: environment })).stdout;
}

describe('what people decide about findings', () => {
  it('is in the history of the finding, also after serve was killed', async () => {
    await guessAt('lina');
    const { id } = await findingOf('lina');
    await api(`/findings/${id}/acknowledge`, {});
    const closing = { disposition: 'false-positive', reason: 'a test' };
    expect((await api<FindingHistory>(`/findings/${id}/close`, closing)).state.status).toBe('closed');
    const stored = () =>
      command('query', `SELECT count() FROM triage FINAL WHERE finding = '${id}'`, '--format', 'TSV');
    await eventually(stored, (count) => Number(count) >= 3);
    const asked = await askForReports(8);
    wanglou.kill('serve');
    await pause(500);
    const history = await eventually(
      () => api<FindingHistory>(`/findings/${id}/history`).catch(() => undefined),
      (answer) => answer?.state !== undefined,
    );
    expect(history!.state).toMatchObject({ status: 'closed', disposition: 'false-positive' });
    const acts = history!.events.map(({ act }) => act).filter((act) => act !== 'grew');
    expect(acts).toEqual(['raised', 'acknowledged', 'closed']);
    const list = () => api<{ reports: { id: string }[]; jobs: object[] }>('/reports').catch(() => undefined);
    const { reports } = (await eventually(list, (found) => found?.jobs.length === 0))!;
    expect(reports.map(({ id: report }) => report).sort(), 'reports that were asked for before').toEqual(asked.sort());
  });

  it('suppresses findings from the moment on that it says, without losing them', async () => {
    const { actor } = await findingOf('lina');
    const scope = { detector: 'brute-force', actor: actor.replace('lina', 'quiet') };
    const { id } = await api<{ id: string }>('/suppressions', { scope, reason: 'a test', days: 1 });
    await pause(TAKES_EFFECT_AFTER_MS + 500);
    await guessAt('quiet');
    expect(await findingOf('quiet')).toMatchObject({ alert: false, suppression: id });
    const shown = await api<{ findings: Finding[] }>('/findings?suppressed=no');
    expect(shown.findings.some((finding) => finding.actor === scope.actor)).toBe(false);
  });

  it('changes settings by the command line, which a backtest can try before', async () => {
    const trial = ['backtest', '--json', '--detector', 'brute-force', '--from', String(Date.now() - 3_600_000)];
    const unchanged = JSON.parse(await command(...trial)) as BacktestReport;
    expect(unchanged).toMatchObject({ findings: { now: 2, stored: 2, same: 2 }, raised: [], gone: [] });
    const stricter = JSON.parse(await command(...trial, '--set', 'failuresAtLeast=1000')) as BacktestReport;
    expect(stricter.gone).toHaveLength(2);
    await command(
      'settings',
      'change',
      '--detector',
      'brute-force',
      '--set',
      'failuresAtLeast=1000',
      '--why',
      'a test',
    );
    const { versions } = JSON.parse(await command('settings', 'versions')) as { versions: object[] };
    expect(versions).toMatchObject([{ detector: 'brute-force', version: 1, settings: { failuresAtLeast: 1_000 } }]);
    await pause(TAKES_EFFECT_AFTER_MS + 500);
    await guessAt('wang');
    await guessAt('lina');
    const grown = async () => (await findingOf('lina')).count;
    await pause(2_000);
    expect(await grown()).toBeLessThan(14);
    const { findings } = await api<{ findings: Finding[] }>('/findings');
    expect(findings.some(({ actor }) => actor.startsWith('wang'))).toBe(false);
  });

  it('is itself watched: who changes a rule and then closes its findings is a finding', async () => {
    const { id } = await findingOf('quiet');
    await api('/settings', { detector: 'brute-force', scope: {}, settings: null, why: 'a test' });
    await api(`/findings/${id}/close`, { disposition: 'benign', reason: 'a test' });
    const watched = async () =>
      (await api<{ findings: Finding[] }>('/findings?detector=watching-the-watchers')).findings;
    const [found] = await eventually(watched, (findings) => findings.length > 0);
    expect(found).toMatchObject({ actor: 'api-token', source: 'wanglou', severity: 'critical', observed: 1 });
    expect(found!.explanation.en).toContain('changed the rule brute-force');
  });
});

it('leaves a coverage ledger that balances', async () => {
  await ledgerBalances(wanglou);
});
