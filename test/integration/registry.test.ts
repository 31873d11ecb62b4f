import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ledgerBalances } from './ledger-balances.ts';
import { StoredEvents } from './stored-events.ts';
import { eventually, startWanglou, type RunningWanglou } from './wanglou.ts';

const CARD = '11010519491231002X';
let wanglou: RunningWanglou;
let stored: StoredEvents;

beforeAll(async () => {
  wanglou = await startWanglou();
  stored = new StoredEvents(wanglou);
});
afterAll(async () => {
  await stored?.close();
  await wanglou?.stop();
});

function command(...args: string[]): string {
  const node = resolve('node_modules/.bin/node');
  const env = { PATH: process.env['PATH'] ?? '', WANGLOU_DATA_DIR: wanglou.dataDir };
  return execFileSync(node, ['--no-warnings', resolve('src/main.ts'), 'registry', ...args], { env, encoding: 'utf8' });
}
const api = async (path: string): Promise<Record<string, unknown>> => {
  const headers = { authorization: `Bearer ${wanglou.token('api')}` };
  const answer = await fetch(`http://127.0.0.1:${wanglou.ports.web}/api/v1/${path}`, { headers });
  return (await answer.json()) as Record<string, unknown>;
};
async function send(event: object): Promise<void> {
  const headers = { authorization: `Bearer ${wanglou.token('ingest')}`, 'content-type': 'application/json' };
  const url = `http://127.0.0.1:${wanglou.ports.intake}/ingest`;
  const body = JSON.stringify({ time: new Date().toISOString(), account: 'li', action: 'read', ...event });
  expect((await fetch(url, { method: 'POST', headers, body })).status).toBeLessThan(300);
}

it('what is imported while everything runs is known to all programs, and names it lacks are listed', async () => {
  const table = join(wanglou.dataDir, 'assets.csv');
  writeFileSync(table, '编号,名称,等级,日志名称\npeople,常住人口,核心,/api/person/{id}\n');
  expect(command('import', table, '--dry-run')).toContain('1 added (dry run');
  expect((await api('registry/assets'))['total']).toBe(0);
  expect(command('import', table)).toBe('added assets people\n1 added\n');
  await eventually(
    () => api('registry/assets'),
    ({ total }) => total === 1,
  );

  await send({ asset: 'db.unknown', message: 'mark-unknown' });
  const unresolved = await eventually(
    () => api('registry-unresolved'),
    (answer) => JSON.stringify(answer).includes('db.unknown'),
  );
  expect(unresolved['unresolved']).toContainEqual({ kind: 'asset', name: 'db.unknown', count: 1 });

  await send({ asset: '/api/person/42', message: 'mark-known' });
  const events = (): Promise<Record<string, unknown>> => api('events?text=mark-known&from=0&to=4000000000000');
  const found = await eventually(events, (answer) => (answer['events'] as unknown[]).length === 1);
  expect((found['events'] as object[])[0]).toMatchObject({ asset: 'people', assetLevel: 'core' });
});

it('an identifier of a person reaches neither log nor store, only its hash does', async () => {
  await send({ message: `mark-person id ${CARD}` });
  const [event] = await eventually(
    () => stored.withMark('mark-person'),
    ({ length }) => length === 1,
  );
  const hash = command('subject', CARD).trim();
  expect(event!.message).toBe(`mark-person id ${hash}`);
  expect(event!.raw).not.toContain(CARD);
});

it('leaves a coverage ledger that balances', async () => {
  await ledgerBalances(wanglou);
});
