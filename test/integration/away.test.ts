import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Supervisor } from '../../src/supervisor.ts';
import type { Batch } from './city-day.ts';
import { FeedReader } from './feed-reader.ts';
import { Forwarder } from './forwarder.ts';
import { startBroker } from './kafka-broker.ts';
import { ledgerBalances } from './ledger-balances.ts';
import { eventsShown, health, ledger, type ShownEvent } from './shown.ts';
import { eventually, SEPARATE, startWanglou, type RunningWanglou } from './wanglou.ts';

const WITHOUT_STORE = [
  { name: 'pipeline', title: 'collect + detect' },
  { name: 'serve', title: 'serve' },
];

let ending: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
  ending = [];
});

describe('while the store is away', () => {
  it('takes events and tells of findings, says what is wrong, and stores everything when it is back', async () => {
    const { wanglou, forwarder } = await start({}, WITHOUT_STORE);
    const page = new FeedReader(wanglou.ports.web, () => wanglou.token('api'));
    page.start();
    ending.push(() => page.stop());
    await forwarder.send(guesses('before it was there'));
    await eventually(
      async () => page.findings.map(({ detector }) => detector),
      (names) => names.includes('brute-force'),
    );
    await says(wanglou, 'events wait for the store');
    expect((await health(wanglou)).ready).toBe(false);
    const { evaluated, stored } = await ledger(wanglou);
    expect(evaluated).toBeGreaterThan(0);
    expect(stored).toBe(0);

    let store = await startStore(wanglou);
    await showsAll(wanglou, forwarder);
    await says(wanglou, '');
    await eventually(
      () => health(wanglou),
      ({ ready }) => ready,
    );

    await store.stop();
    await forwarder.send(guesses('while it was gone'));
    await says(wanglou, 'events wait for the store');
    store = await startStore(wanglou);
    await showsAll(wanglou, forwarder);
    await says(wanglou, '');
    await ledgerBalances(wanglou);
    await store.stop();
  });

  it('ends by itself, without force', async () => {
    const { wanglou, forwarder } = await start({}, WITHOUT_STORE);
    await forwarder.send(guesses('never stored'));
    await wanglou.stop();
    expect(wanglou.printed.join('\n')).not.toContain('by force');
  });
});

describe('while Kafka is away', () => {
  it('acknowledges nothing, asks senders to come again, and takes what they repeat once', async () => {
    const broker = await startBroker();
    ending.push(() => broker.stop());
    const { wanglou, forwarder } = await start({ WANGLOU_KAFKA_BROKERS: broker.brokers }, SEPARATE);
    await forwarder.send(guesses('before'));
    await broker.kill();
    for (let n = 0; n < 3; n++) {
      const refused = await forwarder.post(guesses('meanwhile'));
      expect(refused.status, refused.body).toBe(503);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    }
    const collect = await fetch(`http://127.0.0.1:${wanglou.ports.intake}/health`);
    expect(collect.status).toBe(503);
    await broker.restart();
    await forwarder.send(guesses('meanwhile'));
    await forwarder.send(guesses('after'));
    await showsAll(wanglou, forwarder);
    await ledgerBalances(wanglou);
  });
});

describe('while the registry is broken', () => {
  it('keeps the one in use, names file, line and remedy in its health, and takes the corrected one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wanglou-registry-'));
    ending.push(async () => rmSync(folder, { recursive: true }));
    const write = (text: string): void => writeFileSync(join(folder, 'accounts.yaml'), text);
    write('- id: acc-li\n  login: li.na\n');
    const { wanglou, forwarder } = await start({ WANGLOU_REGISTRY_DIR: folder });
    const actorOf = async (account: string, key: string): Promise<unknown> => {
      await forwarder.send({ ...guesses(key), lines: [signIn(account, key)] });
      const shown = await showsAll(wanglou, forwarder);
      return shown.find(({ raw }) => raw === signIn(account, key))!['actor'];
    };
    expect(await actorOf('li.na', 'before')).toBe('acc-li');
    write('- id: acc-li\n  login: li.na\n- id: acc-wang\n  loggin: wang.fang\n');
    await says(wanglou, 'accounts.yaml:4:');
    const { problems } = await health(wanglou);
    expect(problems.join()).toMatch(/accounts\.yaml:4:\d+: "loggin" is no field of accounts; did you mean login\?/);
    expect(await actorOf('li.na', 'meanwhile')).toBe('acc-li');
    write('- id: acc-li\n  login: li.na\n- id: acc-wang\n  login: wang.fang\n');
    await says(wanglou, '');
    expect(await actorOf('wang.fang', 'after')).toBe('acc-wang');
  });
});

async function start(
  settings: Record<string, string>,
  programs?: typeof SEPARATE,
): Promise<{ wanglou: RunningWanglou; forwarder: Forwarder }> {
  const wanglou = await startWanglou(settings, programs);
  const forwarder = new Forwarder({ ports: wanglou.ports, token: wanglou.token('ingest') });
  ending.push(
    () => wanglou.stop(),
    async () => forwarder.stop(),
  );
  return { wanglou, forwarder };
}

/** The store of an instance that was started without one. */
async function startStore(wanglou: RunningWanglou): Promise<Supervisor> {
  const logDir = join(wanglou.dataDir, 'log');
  mkdirSync(logDir, { recursive: true });
  const store = new Supervisor([{ name: 'store', title: 'store' }], {
    entry: resolve('src/main.ts'),
    logDir,
    print: () => undefined,
    environment: {
      PATH: process.env['PATH'] ?? '',
      UV_THREADPOOL_SIZE: '16',
      WANGLOU_DATA_DIR: wanglou.dataDir,
      WANGLOU_STORE_PORT: String(wanglou.ports.store),
    },
  });
  ending.push(() => store.stop());
  await store.start();
  return store;
}

/** Waits until the health route tells of a problem that holds the text; '' for no problem at all. */
function says(wanglou: RunningWanglou, text: string): Promise<unknown> {
  return eventually(
    () => health(wanglou),
    ({ problems }) => (text === '' ? problems.length === 0 : problems.join().includes(text)),
  );
}

/** Every acknowledged event, each once. */
async function showsAll(wanglou: RunningWanglou, forwarder: Forwarder): Promise<ShownEvent[]> {
  const shown = await eventually(
    () => eventsShown(wanglou).catch((): ShownEvent[] => []),
    ({ length }) => length >= forwarder.acknowledged.size,
  );
  const lines = shown.map(({ source, raw }) => `${source}\n${raw}`);
  expect(lines.sort()).toEqual([...forwarder.acknowledged.keys()].sort());
  return shown;
}

function guesses(key: string): Batch {
  const lines = Array.from({ length: 20 }, (_, n) => signIn('li.na', `${key}/${n}`));
  return { way: 'id', source: 'http/127.0.0.1', address: '127.0.0.1', key, lines };
}

const now = new Date().toISOString();

function signIn(account: string, id: string): string {
  return JSON.stringify({ id, kind: 'sign-in', time: now, account, clientAddress: '203.0.113.9', outcome: 'failure' });
}
