import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../browser/chromium.ts';
import { buildPage } from '../browser/page-server.ts';
import { subjectsOf, VIEWS } from '../browser/views.ts';
import { labelledLines } from '../access/masking/corpus.ts';
import { VALUE_KINDS } from '../access/masking/values.ts';
import { FeedReader } from './feed-reader.ts';
import { KnownValues } from './known-values.ts';
import { ledgerBalances } from './ledger-balances.ts';
import { ledger } from './shown.ts';
import { eventually, startWanglou, type RunningWanglou } from './wanglou.ts';

const SEED = 2026;
const VALUES = 100_000;
/** Most lines are sent some together, as one longer line: it is the values that count. */
const LINES_OF_ONE = 10_000;
const TOGETHER = 10;
const PER_REQUEST = 2_000;

const sent = labelledLines(SEED, Math.ceil(VALUES / VALUE_KINDS.length));
const known = new KnownValues(sent.flatMap(({ personal }) => personal));
const lines = sentLines();
const frames: string[] = [];
let wanglou: RunningWanglou;
let feed: FeedReader;

/** Kinds are mixed in each longer line. */
function sentLines(): string[] {
  const mixed = sent.map((_, at) => sent[(at * 7919) % sent.length]!.text);
  const together: string[] = [];
  for (let at = LINES_OF_ONE; at < mixed.length; at += TOGETHER)
    together.push(mixed.slice(at, at + TOGETHER).join(' ; '));
  return [...mixed.slice(0, LINES_OF_ONE), ...together];
}

beforeAll(async () => {
  buildPage();
  console.log(`seed ${SEED}, ${sent.length} values in ${lines.length} lines`);
  wanglou = await startWanglou();
  feed = new FeedReader(wanglou.ports.web, () => wanglou.token('api'), {
    onFrame: (frame) => frames.push(JSON.stringify(frame)),
  });
  feed.start();
  for (let at = 0; at < lines.length; at += PER_REQUEST) await send(lines.slice(at, at + PER_REQUEST), at);
  const all = lines.length;
  await eventually(
    () => ledger(wanglou),
    ({ stored }) => stored! >= all,
    120_000,
  );
}, 300_000);

afterAll(async () => {
  await feed.stop();
  await wanglou.stop();
});

/** Every other lot by HTTP, the rest by syslog. */
async function send(lot: readonly string[], at: number): Promise<void> {
  if ((at / PER_REQUEST) % 2 === 0) {
    const answer = await fetch(`http://127.0.0.1:${wanglou.ports.intake}/ingest`, {
      method: 'POST',
      headers: { authorization: `Bearer ${wanglou.token('ingest')}`, 'content-type': 'text/plain' },
      body: `${lot.join('\n')}\n`,
    });
    expect(answer.status).toBe(200);
    return;
  }
  const socket = connect(wanglou.ports.syslog, '127.0.0.1');
  await new Promise((done) => socket.once('connect', done));
  socket.end(lot.map((line) => `<134>1 2026-03-12T08:01:02Z app01 gateway 811 - - ${line}\n`).join(''));
  await new Promise((done) => socket.once('close', done));
}

async function ask(path: string, body?: object): Promise<{ status: number; text: string }> {
  const authorization = `Bearer ${wanglou.token('api')}`;
  const posted = {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { authorization, 'content-type': 'application/json' },
  };
  const init = body === undefined ? { headers: { authorization } } : posted;
  const answer = await fetch(`http://127.0.0.1:${wanglou.ports.web}${path}`, init);
  return { status: answer.status, text: await answer.text() };
}

describe(`${VALUES} values of personal information, of every kind`, () => {
  it('come out of no search for events, by page', async () => {
    let events = 0;
    for (let cursor = ''; ;) {
      const { text } = await ask(`/api/v1/events?limit=1000&from=0${cursor}`);
      expect(known.in(text)).toEqual([]);
      const page = JSON.parse(text) as { events: { id: string }[]; next: string };
      events += page.events.length;
      if (page.next === '') break;
      cursor = `&cursor=${encodeURIComponent(page.next)}`;
    }
    expect(events).toBeGreaterThanOrEqual(lines.length);
  });

  it('come out of no other route, in no form, nor with an error', async () => {
    const { paths } = JSON.parse((await ask('/api/openapi.json')).text) as {
      paths: Record<string, { get?: object }>;
    };
    const [event] = (JSON.parse((await ask('/api/v1/events?limit=1&from=0')).text) as { events: [{ id: string }] })
      .events;
    const value = '13912345678';
    for (const [path, { get }] of Object.entries(paths).filter((entry) => entry[1].get !== undefined)) {
      expect(get).toBeDefined();
      for (const part of [event.id, value, 'assets']) {
        const { text } = await ask(path.replace(/\{\w+\}/g, part));
        expect(known.in(text), path).toEqual([]);
        expect(text, path).not.toContain(value);
      }
    }
    for (const path of [
      `/api/v1/events/${event.id}`,
      `/api/v1/events/${event.id}?form=ocsf`,
      '/api/v1/sources',
      '/metrics',
    ])
      expect(known.in((await ask(path)).text), path).toEqual([]);
    for (const { text } of sent.filter((one, at) => at % 1_000 === 0 && one.text.length < 300)) {
      const asked = encodeURIComponent(text);
      expect(known.in((await ask(`/api/v1/events?limit=5&text=${asked}`)).text)).toEqual([]);
      expect(known.in((await ask(`/api/v1/events?outcome=${asked}`)).text)).toEqual([]);
    }
  });

  it('come out of no hunting: no column, count or suggestion, and none is found by a part of it', async () => {
    const hunt = (what: string, more: string) => ask(`/api/v1/hunting/${what}?from=2020-01-01&${more}`);
    const columns = `columns=raw,message,attributes,target,recipient,person,asset,account,actor,session,device,purpose`;
    for (const offset of [0, 4_000, 9_000, 12_000, 18_000]) {
      const { text } = await hunt('rows', `${columns}&limit=200&offset=${offset}`);
      expect(known.in(text)).toEqual([]);
      expect((JSON.parse(text) as { events: unknown[] }).events).toHaveLength(200);
    }
    for (const fields of [
      'account,actor,asset,host,service,source',
      'clientAddress,caseNumber,fields,workOrder,grant,role',
    ])
      expect(known.in((await hunt('facets', `fields=${fields}`)).text)).toEqual([]);
    expect(known.in((await hunt('pivot', 'rows=account&columns=asset')).text)).toEqual([]);
    for (const field of ['account', 'asset', 'attributes', 'host', 'person', 'target'])
      expect(known.in((await hunt('suggestions', `field=${field}`)).text)).toEqual([]);
    // As it is written there: other ways to write it are other texts.
    const asWritten = sent.flatMap(({ text, personal }) => personal.filter(({ written }) => text.includes(written)));
    const mobile = asWritten.find(({ kind, written }) => kind === 'mobile' && /^1\d{10}$/.test(written))!.written;
    const total = async (text: string) =>
      (JSON.parse((await hunt('histogram', `text=${text}`)).text) as { total: number }).total;
    expect(await total(mobile)).toBeGreaterThan(0);
    for (const part of [mobile.slice(0, 10), mobile.slice(1), mobile.slice(3, 9)]) expect(await total(part)).toBe(0);
  });

  it('come out of no page, in the browser', async () => {
    const browser = await openBrowser();
    try {
      const url = `http://127.0.0.1:${wanglou.ports.web}`;
      const [source] = (JSON.parse((await ask('/api/v1/sources')).text) as { sources: { source: string }[] }).sources;
      const of = await subjectsOf(url, wanglou.token('api'), { source: source!.source, detector: 'bulk-read' });
      const page = await browser.context.newPage();
      await page.goto(`${url}/#code=${wanglou.code}`);
      await page.getByRole('button', { name: '退出登录' }).waitFor();
      for (const view of VIEWS) {
        await page.goto(`${url}/${view.address(of)}`);
        await page.locator('main').waitFor();
        await page.waitForLoadState('networkidle');
        expect(known.in(await page.content()), view.name).toEqual([]);
      }
    } finally {
      await browser.close();
    }
  });

  it('come out of neither the feed nor the logs of the programs', () => {
    expect(frames.length).toBeGreaterThan(1);
    expect(known.in(frames.join('\n'))).toEqual([]);
    const folder = join(wanglou.dataDir, 'log');
    const logs = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(logs.length).toBeGreaterThan(0);
    expect(known.in([...logs, ...wanglou.printed].join('\n'))).toEqual([]);
  });

  it('are seen by who reveals one event, and nobody else', async () => {
    const { events } = JSON.parse((await ask('/api/v1/events?limit=500&from=0')).text) as {
      events: { id: string; raw: string }[];
    };
    const { id } = events.find(({ raw }) => raw.includes('›'))!;
    const why = { purpose: 'audit', reason: 'a yearly check' };
    const { status, text } = await ask(`/api/v1/events/${id}/reveal`, why);
    expect(status).toBe(200);
    expect(known.in(text).length).toBeGreaterThan(0);
    expect(known.in((await ask(`/api/v1/events/${id}`)).text)).toEqual([]);
  });
});

it('leaves a coverage ledger that balances', async () => {
  await ledgerBalances(wanglou);
});
