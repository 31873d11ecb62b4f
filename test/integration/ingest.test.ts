import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerBalances } from './ledger-balances.ts';
import { accountOf, EVERY_LINE_ONCE, numberedLines } from './numbered-lines.ts';
import { StoredEvents } from './stored-events.ts';
import { eventually, startWanglou, type RunningWanglou } from './wanglou.ts';

const dir = mkdtempSync(join(tmpdir(), 'wanglou-ingest-'));
let wanglou: RunningWanglou;
let stored: StoredEvents;

beforeAll(async () => {
  wanglou = await startWanglou({ WANGLOU_MAX_BODY_BYTES: '4000000' });
  stored = new StoredEvents(wanglou);
});

afterAll(async () => {
  await stored.close();
  await wanglou.stop();
  rmSync(dir, { recursive: true });
});

/** Sends with curl, which asks before it sends large bodies (`Expect: 100-continue`). @returns status and body. */
async function curl(body: string | Buffer, ...options: string[]): Promise<[number, string]> {
  const file = join(dir, `body-${Math.random()}`);
  writeFileSync(file, body);
  const to = ['-sS', '-w', '\n%{http_code}', '--data-binary', `@${file}`, ...options];
  const as = ['-H', `Authorization: Bearer ${wanglou.token('ingest')}`, '-H', 'Content-Type: application/x-ndjson'];
  const url = `http://127.0.0.1:${wanglou.ports.intake}/ingest`;
  const child = spawn('curl', [...to, ...as, url], { stdio: ['ignore', 'pipe', 'ignore'] });
  const answer = await text(child.stdout);
  const end = answer.lastIndexOf('\n');
  return [Number(answer.slice(end + 1)), answer.slice(0, end)];
}

const key = (name: string): string[] => ['-H', `Idempotency-Key: ${name}`];
const encoded = (name: string): string[] => ['-H', `Content-Encoding: ${name}`];

/** Sends until there is an answer that says it is durable. */
const sendUntilTaken = (body: string, ...options: string[]): Promise<[number, string]> =>
  eventually(
    () => curl(body, ...options),
    ([status]) => status === 200,
  );

async function account(mark: string, lines: readonly string[]) {
  const events = await stored.arrived(`#${mark}#`, lines.length);
  return accountOf(
    lines,
    events.map(({ raw }) => raw),
  );
}

describe('/ingest, for curl,', () => {
  it.each([
    ['plain', [], (body: string) => body],
    ['gzip', encoded('gzip'), gzipSync],
    ['zstd', encoded('zstd'), zstdCompressSync],
  ])('stores every line once: %s', async (mark, options, encode) => {
    const lines = numberedLines(mark, 2_000).map((line) => line.trimEnd());
    const [status, answer] = await curl(encode(lines.join('\n')), ...options);
    expect([status, JSON.parse(answer)]).toMatchObject([200, { accepted: lines.length, rejected: 0 }]);
    expect(await account(mark, lines)).toEqual(EVERY_LINE_ONCE);
  });

  it('stores a batch once however often and at the same time it comes, also across a crash', async () => {
    const lines = numberedLines('repeated', 1_000).map((line) => line.trimEnd());
    const body = lines.join('\n');
    await Promise.all(Array.from({ length: 3 }, () => curl(body, ...key('batch-1'))));
    wanglou.kill('pipeline');
    for (let i = 0; i < 3; i++) await sendUntilTaken(body, ...key('batch-1'));
    await sendUntilTaken('#repeated# the end');
    await stored.arrived('#repeated# the end', 1);
    expect(await account('repeated', [...lines, '#repeated# the end'])).toEqual(EVERY_LINE_ONCE);
  });

  it('stores an event once that has an id, in whatever batches it comes', async () => {
    const events = numberedLines('ids', 500).map((message, id) => JSON.stringify({ id: `e-${id}`, message }));
    await curl(events.join('\n'));
    wanglou.kill('pipeline');
    await sendUntilTaken(events.toReversed().join('\n'));
    await sendUntilTaken(
      JSON.stringify(['#ids# the end', ...events.slice(0, 100)]),
      '-H',
      'Content-Type: application/json',
    );
    await stored.arrived('#ids# the end', 1);
    expect(await account('ids', [...events, '#ids# the end'])).toEqual(EVERY_LINE_ONCE);
  });

  it('says in an answer that curl can show what is wrong', async () => {
    const large = 'x'.repeat(4_000_001);
    expect(await curl(large)).toMatchObject([413, expect.stringContaining('Send smaller batches')]);
    expect(await curl(large, '-H', 'Transfer-Encoding: chunked')).toMatchObject([
      413,
      expect.stringContaining('WL_BODY'),
    ]);
    expect(await curl('x', ...encoded('br'))).toMatchObject([415, expect.stringContaining('gzip, deflate or zstd')]);
    expect(await curl('no gzip', ...encoded('gzip'))).toMatchObject([400, expect.stringContaining('is not gzip')]);
    expect(await curl(' \n')).toMatchObject([400, expect.stringContaining('no records')]);
  });
});

it('leaves a coverage ledger that balances', async () => {
  await ledgerBalances(wanglou);
});
