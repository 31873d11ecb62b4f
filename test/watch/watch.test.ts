import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTokens } from '../../src/access/tokens.ts';
import { ApiServer } from '../../src/api/server.ts';
import { Feed } from '../../src/feed/feed.ts';
import { lifeEventOf } from '../../src/finding/lifecycle.ts';
import { watch, type WatchOptions } from '../../src/watch/watch.ts';
import { testParts, type TestParts } from '../api/parts.ts';
import { finding, incident, pulse } from '../feed/samples.ts';

let parts: TestParts;
let server: ApiServer;
let dataDir: string;

async function startServer(port = 0): Promise<void> {
  server = new ApiServer({ host: '127.0.0.1', port, publicOrigin: '', appDir: '/nonexistent' }, parts);
  await server.start();
}

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'wanglou-watch-'));
  parts = await testParts();
  parts.feed.start();
  await startServer();
});
afterEach(async () => {
  parts.feed.stop();
  await server.stop();
  parts.remove();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Watching {
  printed: string[];
  said: string[];
  /** Waits until something that fits was printed or said. */
  seen: (text: RegExp) => Promise<string>;
  end: () => Promise<void>;
}

function watching(options: Partial<WatchOptions> = {}, apiToken = parts.apiToken): Watching {
  const [printed, said]: [string[], string[]] = [[], []];
  const ended = new AbortController();
  const plain = { webTls: 'off' as const, tlsCert: '' };
  const config = { ...plain, webPort: server.port, timeZone: 'Asia/Shanghai', dataDir, ingestToken: '', apiToken };
  const terminal = {
    colors: false,
    print: (line: string) => printed.push(line),
    say: (line: string) => said.push(line),
  };
  const asked = { subscription: {}, json: false, language: 'en' as const, ...options };
  const running = watch(config, asked, terminal, ended.signal);
  running.catch(() => ended.abort());
  const seen = async (text: RegExp): Promise<string> => {
    for (;;) {
      const line = [...printed, ...said].find((each) => text.test(each));
      if (line !== undefined) return line;
      if (ended.signal.aborted) await running;
      await new Promise((again) => setTimeout(again, 5));
    }
  };
  const end = (): Promise<void> => {
    ended.abort();
    return running;
  };
  return { printed, said, seen, end };
}

describe('watch', () => {
  it('prints findings, what people do with them, and incidents, in either language', async () => {
    const [english, chinese] = [watching(), watching({ language: 'zh' })];
    await Promise.all([english.seen(/connected: 0 findings/), chinese.seen(/已连接/)]);
    const raised = finding('a');
    parts.feed.finding(raised);
    expect(await english.seen(/Read 52,310 rows/)).toMatch(
      /^\d\d:\d\d:\d\d \[high\] Bulk read above own baseline: .*li\.wei/,
    );
    expect(await chinese.seen(/一小时内读取/)).toMatch(/^\d\d:\d\d:\d\d \[高\] 超出自身基线的批量读取/);
    const closing = { act: 'closed', by: 'lina', disposition: 'false-positive', at: Date.now() } as const;
    parts.feed.life([{ ...lifeEventOf(raised), ...closing, id: 'x' }]);
    expect(await english.seen(/closed, false positive, by lina/)).toContain(raised.id);
    await chinese.seen(/已关闭, 误报, 操作人 lina/);
    parts.feed.incident(incident([raised, finding('b')]));
    await english.seen(/\[critical\] incident: Sprayed, then bulk read/);
    await chinese.seen(/\[严重\] 安全事件: 喷洒后批量读取/);
    await Promise.all([english.end(), chinese.end()]);
  });

  it('prints the overall score when it changes, and to scripts every score', async () => {
    const name = { zh: '全平台', en: 'Overall' };
    const overall = { kind: 'overall' as const, id: '', name, score: 71, at: Date.now(), trust: 90, dayBefore: 70 };
    const tax = { ...overall, kind: 'department' as const, id: 'tax' };
    parts.feed.posture([overall, tax]);
    const [terminal, script] = [watching(), watching({ json: true })];
    expect(await terminal.seen(/security score/)).toMatch(/^\d\d:\d\d:\d\d security score 71 \(trust 90\)$/);
    await script.seen(/"id":"tax"/);
    parts.feed.posture([{ ...overall, trust: 80 }, tax]);
    parts.feed.posture([
      { ...overall, score: 60.5 },
      { ...tax, score: 50 },
    ]);
    await terminal.seen(/security score 71 → 60\.5 \(trust 90\)/);
    await script.seen(/"score":50/);
    expect(terminal.printed.filter((line) => line.includes('score'))).toHaveLength(2);
    await Promise.all([terminal.end(), script.end()]);
  });

  it('begins with the last ten findings, oldest first', async () => {
    for (let i = 0; i < 30; i++) parts.feed.finding(finding(`f${i}`, { causedAt: 1_800_000_000_000 + i }));
    const { printed, seen, end } = watching({ subscription: { topics: 'findings' } });
    await seen(/30 findings of the last 24 hours, the last 10/);
    await end();
    const ids = Array.from({ length: 10 }, (_, i) => finding(`f${20 + i}`).id);
    expect(printed.map((line) => line.split(' ').at(-1))).toEqual(ids);
  });

  it('makes what a log line brings along harmless, for people and for scripts', async () => {
    const hostile = '\u001b[2J\u009b31m\r\nroot\u202egnp\u200b\ud800 <script>';
    const [people, scripts] = [watching(), watching({ json: true })];
    await Promise.all([people.seen(/connected/), scripts.seen(/connected/)]);
    parts.feed.finding(finding('a', { explanation: { zh: hostile, en: hostile }, actor: 'x'.repeat(10_000) }));
    const line = await people.seen(/root/);
    const json = await scripts.seen(/root/);
    for (const each of [line, json]) expect(each).not.toMatch(/[\p{Cc}\p{Cs}\u202e\u200b]/u);
    expect(line).toContain('<1b>[2J<9b>31m<0d><0a>root<202e>gnp');
    expect(line.length).toBeLessThan(1_000);
    expect(JSON.parse(json)).toMatchObject({ type: 'finding', finding: { explanation: { en: hostile } } });
    await Promise.all([people.end(), scripts.end()]);
  });

  it('tells how sources and programs stand when that changes, each second of the rates, and what left the filter', async () => {
    const { printed, seen, end } = watching({ subscription: { status: 'new' } });
    await seen(/connected/);
    const source = { source: 'population-db', events: 5, unparsed: 0, lastEventTime: Date.now(), lagMs: 900_000 };
    parts.feed.pulse(pulse(Date.now(), { sources: [source], problems: ['the volume is 86 % full'] }));
    await seen(/health: degraded; the volume is 86 % full/);
    await seen(/population-db: lagging/);
    await seen(/0 events\/s, 0 not parsed, 0 findings raised/);
    const raised = finding('a');
    parts.feed.finding(raised);
    await seen(/Read 52,310 rows/);
    parts.feed.life([{ ...lifeEventOf(raised), id: 'x', act: 'acknowledged', by: 'lina' }]);
    await seen(new RegExp(`no longer fits the filter: ${raised.id}`));
    await end();
    expect(printed.filter((line) => line.includes('degraded'))).toHaveLength(1);
    expect(printed.filter((line) => line.includes('lagging'))).toHaveLength(1);
  });

  it('goes on after a lost connection where it stopped, and says so', async () => {
    const { printed, seen, end } = watching({ subscription: { topics: 'findings' } });
    await seen(/connected/);
    parts.feed.finding(finding('before'));
    await seen(new RegExp(finding('before').id));
    const { port } = server;
    await server.stop();
    parts.feed.finding(finding('meanwhile'));
    await seen(/the connection is lost/);
    await startServer(port);
    await seen(/connected again, going on where it stopped/);
    await seen(new RegExp(finding('meanwhile').id));
    await end();
    expect(printed).toHaveLength(2);
  });

  it('prints after a restart of the server only what it has not printed yet', async () => {
    const { printed, seen, end } = watching({ subscription: { topics: 'findings' } });
    await seen(/connected/);
    parts.feed.finding(finding('before'));
    await seen(new RegExp(finding('before').id));
    const { port } = server;
    parts.feed.stop();
    await server.stop();
    await seen(/the connection is lost/);
    parts.feed = new Feed();
    parts.live = parts.feed;
    parts.feed.start();
    parts.feed.recall([finding('before'), finding('meanwhile')]);
    await startServer(port);
    await seen(/the server was started anew/);
    await seen(new RegExp(finding('meanwhile').id));
    await end();
    expect(printed).toHaveLength(2);
  });

  it('ends with an error when the token is refused or the subscription can not be meant', async () => {
    const { api } = await readTokens({ dataDir, ingestToken: '', apiToken: '' });
    await expect(watching({}, api).seen(/never/)).rejects.toMatchObject({ code: 'WL_UNAUTHORIZED' });
    const wrong = watching({ subscription: { severity: 'hihg' } });
    await expect(wrong.seen(/never/)).rejects.toMatchObject({
      code: 'WL_QUERY_INVALID',
      message: expect.stringContaining('hihg') as string,
    });
  });
});
