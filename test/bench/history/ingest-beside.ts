import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeDemoRegistry } from '../../../demo/main.ts';
import { startWanglou, type RunningWanglou } from '../../integration/wanglou.ts';
import { percentile, verify, type BenchContext, type Measured } from '../bench.ts';
import { startSending, type Sent } from '../load-process.ts';
import { askActorDays, askAssetYears, askRollUps, askTexts, type Times } from './asked.ts';
import { ask } from './expected.ts';
import { endOf, type FilledStore } from './filled.ts';

const RATE = 10_000;
const DRAIN_LIMIT_MS = 120_000;
const ASK_EVERY_MS = 50;

/**
 * The real way in, with all detectors, into the same table: events that can be queried within a second of the last being
 * sent, for each that was sent, while everything is asked all the time, against the same without any question before it.
 */
export async function ingestBeside(store: FilledStore, context: BenchContext): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'wanglou-bench-registry-'));
  await writeDemoRegistry(folder, 7);
  const { url, user, password, database } = store.address;
  const platform = await startWanglou(
    {
      WANGLOU_REGISTRY_DIR: folder,
      WANGLOU_CLICKHOUSE_URL: url,
      WANGLOU_CLICKHOUSE_USER: user,
      WANGLOU_CLICKHOUSE_PASSWORD: password,
      WANGLOU_CLICKHOUSE_DATABASE: database,
    },
    [
      { name: 'pipeline', title: 'collect + detect' },
      { name: 'serve', title: 'serve' },
    ],
  );
  try {
    await pour(store, platform, Math.min(5, context.seconds)); // what runs for the first time is slow
    const alone = await pour(store, platform, context.seconds / 2);
    const times: Times = new Map();
    const ended = new AbortController();
    const asking = askUntil(store, times, ended.signal);
    const beside = await pour(store, platform, context.seconds / 2);
    ended.abort();
    const asked = await asking;
    verify(asked > 0, 'nothing was asked');
    return {
      value: beside.rate / alone.rate,
      checked: `${alone.events + beside.events} events stored as sent, ${asked} answers as the generator has them`,
      details: {
        'events/s alone': alone.rate,
        'events/s beside': beside.rate,
        'last event stored after ms, alone': alone.lastStoredMs,
        'last event stored after ms, beside': beside.lastStoredMs,
        ...percentilesOf(times),
      },
    };
  } finally {
    await platform.stop();
    rmSync(folder, { recursive: true, force: true });
    await forget(store);
  }
}

/** Sends for so long at the rate, and waits until all is stored. */
async function pour(store: FilledStore, platform: RunningWanglou, seconds: number) {
  const before = await storedToday(store);
  const sending = startSending({
    mix: 'json',
    port: platform.ports.intake,
    seconds,
    rate: RATE,
    token: platform.token('ingest'),
  });
  const sent: Sent = await sending.sent.finally(() => sending.stop());
  const endedAt = Date.now();
  verify(sent.acknowledged === sent.lines, `${sent.acknowledged} of ${sent.lines} lines were acknowledged`);
  for (;;) {
    const stored = (await storedToday(store)) - before;
    if (stored >= sent.lines) break;
    verify(Date.now() < endedAt + DRAIN_LIMIT_MS, `${stored} of ${sent.lines} events are stored`);
    await new Promise((resume) => setTimeout(resume, ASK_EVERY_MS));
  }
  const storedAt = Date.now();
  return {
    events: sent.lines,
    rate: (sent.lines * 1_000) / (storedAt - sent.beganAt),
    lastStoredMs: storedAt - endedAt,
  };
}

async function askUntil(store: FilledStore, times: Times, signal: AbortSignal): Promise<number> {
  let asked = 0;
  for (let round = 0; !signal.aborted; round++) {
    asked += await askActorDays(store, times, 1, 5, round);
    if (!signal.aborted) asked += await askAssetYears(store, times, 1, round);
    if (!signal.aborted) asked += await askTexts(store, times, 2, round);
    if (!signal.aborted) asked += await askRollUps(store, times, 1);
  }
  return asked;
}

function percentilesOf(times: Times): Record<string, number> {
  return Object.fromEntries([...times].map(([what, ms]) => [`${what} beside, p95 ms`, percentile(ms, 95)]));
}

async function storedToday(store: FilledStore): Promise<number> {
  const [row] = await ask<{ events: number }>(
    store.client,
    'SELECT toUInt32(uniqExact(id)) AS events FROM events WHERE ingest_time >= fromUnixTimestamp64Milli({from:Int64})',
    { from: endOf(store.year) },
  );
  return row!.events;
}

/** What came in goes, so that the folder is as it was. */
async function forget(store: FilledStore): Promise<void> {
  for (let day = endOf(store.year); day <= Date.now(); day += 86_400_000)
    await store.client.command({
      query: 'ALTER TABLE events DROP PARTITION {partition:UInt32}',
      query_params: { partition: Number(new Date(day).toISOString().slice(0, 10).replaceAll('-', '')) },
    });
}
