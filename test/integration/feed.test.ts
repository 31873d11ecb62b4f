import { Ajv } from 'ajv';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FeedReader } from './feed-reader.ts';
import { ledgerBalances } from './ledger-balances.ts';
import { findingsShown } from './shown.ts';
import { eventually, startWanglou, type RunningWanglou } from './wanglou.ts';

let wanglou: RunningWanglou;
beforeAll(async () => {
  wanglou = await startWanglou();
});
afterAll(() => wanglou.stop());

const api = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${wanglou.ports.web}/api${path}`, {
    ...init,
    headers: { authorization: `Bearer ${wanglou.token('api')}`, 'content-type': 'application/json' },
  });

/** Wrong passwords of one account: a finding of brute-force. */
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

/** Accounts of the findings that a client shows, in order. */
const accounts = (reader: FeedReader): string[] =>
  reader.findings.map(({ actor }) => String(actor).split('@')[0]!).sort();
const shows = (reader: FeedReader, names: readonly string[]): Promise<string[]> =>
  eventually(
    async () => accounts(reader),
    (shown) => shown.join() === names.join(),
  );

describe('the live feed', () => {
  it('keeps clients of different subscriptions right, also over lost connections and a killed server', async () => {
    const frames: object[] = [];
    const onFrame = (frame: object): unknown => frames.push(frame);
    const token = (): string => wanglou.token('api');
    const reader = (subscription: string) => new FeedReader(wanglou.ports.web, token, { subscription, onFrame });
    const all = reader('');
    const guessed = reader('topics=findings&detector=brute-force');
    const fresh = reader('topics=findings,health&detector=brute-force&status=new');
    const none = reader('topics=findings,incidents&vendor=nobody');
    const readers = [all, guessed, fresh, none];
    for (const each of readers) each.start();
    try {
      await eventually(
        async () => readers.map(({ connections }) => connections),
        (counts) => counts.every((count) => count >= 1),
      );
      await guessAt('lina');
      await Promise.all([shows(guessed, ['lina']), shows(fresh, ['lina'])]);
      const { id } = guessed.findings[0]!;
      expect((await api(`/v1/findings/${id}/acknowledge`, { method: 'POST', body: '{}' })).status).toBe(200);
      await shows(fresh, []);

      for (const each of readers) each.breakOff();
      await guessAt('wang');
      await Promise.all([shows(guessed, ['lina', 'wang']), shows(fresh, ['wang'])]);

      const before = readers.map(({ connections }) => connections);
      wanglou.kill('serve');
      await guessAt('zhao');
      await Promise.all([shows(guessed, ['lina', 'wang', 'zhao']), shows(fresh, ['wang', 'zhao'])]);
      await eventually(
        async () => readers.map(({ connections }, i) => connections - before[i]!),
        (again) => again.every((count) => count > 0),
      );
      const idsOf = (findings: readonly { id: string }[]): string => String(findings.map((one) => one.id).sort());
      await eventually(
        async () => [idsOf(await findingsShown(wanglou)), idsOf(all.findings)],
        ([stored, shown]) => stored === shown && all.findings.length >= 3,
      );
      expect(guessed.findings.find((one) => one.id === id)).toMatchObject({ life: { status: 'acknowledged' } });
      expect(accounts(none)).toEqual([]);
      expect(readers.flatMap(({ faults }) => faults)).toEqual([]);
    } finally {
      await Promise.all(readers.map((each) => each.stop()));
    }
    await fitTheDescription(frames);
  });
});

/** Every frame is as the document says that the server itself gives out. */
async function fitTheDescription(frames: readonly object[]): Promise<void> {
  const document = (await (await api('/asyncapi.json')).json()) as object;
  const ajv = new Ajv({ strict: false, allErrors: true }).addSchema(document, 'feed');
  const [isHello, isChanges] = ['Hello', 'Changes'].map((name) =>
    ajv.compile({ $ref: `feed#/components/schemas/${name}` }),
  );
  const wrong = frames.filter((frame) => !isHello!(frame) && !isChanges!(frame));
  expect(wrong.slice(0, 1), JSON.stringify(isChanges!.errors?.slice(0, 3))).toEqual([]);
  expect(frames.some((frame) => 'health' in frame && 'findings' in frame)).toBe(true);
  expect(frames.some((frame) => 'gone' in frame)).toBe(true);
  expect(isChanges!({ ...frames.find((frame) => isChanges!(frame)), n: 'many' })).toBe(false);
}

describe('wanglou watch', () => {
  /** The command as people run it; what it prints and says, so far. */
  function watching(words: readonly string[], environment: Record<string, string>) {
    const env = { PATH: process.env['PATH'], WANGLOU_WEB_PORT: String(wanglou.ports.web), ...environment };
    const child: ChildProcess = spawn(resolve('node_modules/.bin/node'), [resolve('src/main.ts'), 'watch', ...words], {
      env,
    });
    const so = { printed: '', said: '' };
    child.stdout!.on('data', (part: Buffer) => (so.printed += part.toString()));
    child.stderr!.on('data', (part: Buffer) => (so.said += part.toString()));
    const seen = (what: keyof typeof so, text: RegExp): Promise<string> =>
      eventually(
        async () => so[what],
        (all) => text.test(all),
      );
    const ended = once(child, 'exit') as Promise<[number | null]>;
    return { child, seen, ended, so };
  }

  it('prints a finding once, comes back after a restart of the server and says so, ends on Ctrl-C', async () => {
    const { child, seen, ended, so } = watching(['--lang', 'zh', '--detector', 'brute-force'], {
      WANGLOU_DATA_DIR: wanglou.dataDir,
    });
    await seen('said', /已连接/);
    await guessAt('sun');
    await seen('printed', /sun@/);
    wanglou.kill('serve');
    await seen('said', /正在重新连接[^]*服务已重新启动/);
    await guessAt('zhou');
    await seen('printed', /zhou@/);
    await pause(300);
    child.kill('SIGINT');
    expect((await ended)[0]).toBe(0);
    const raised = so.printed.split('\n').filter((line) => line.includes('sun@'));
    expect(raised).toHaveLength(1);
  });

  it('ends with 77 when the token is refused, with 78 when the subscription can not be meant', async () => {
    const other = mkdtempSync(join(tmpdir(), 'wanglou-watch-'));
    try {
      const refused = watching([], { WANGLOU_DATA_DIR: other });
      expect((await refused.ended)[0]).toBe(77);
      expect(refused.so.said).toMatch(/refuses the API token \(WL_UNAUTHORIZED\)\n {2}Use/);
      const wrong = watching(['--severity', 'hihg'], { WANGLOU_DATA_DIR: wanglou.dataDir });
      expect((await wrong.ended)[0]).toBe(78);
      expect(wrong.so.said).toContain('severity is "hihg"');
    } finally {
      rmSync(other, { recursive: true, force: true });
    }
  });
});

it('leaves a coverage ledger that balances', async () => {
  await ledgerBalances(wanglou);
});
