import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { RunningWanglou } from '../../integration/wanglou.ts';
import { verify, type BenchContext, type Measured, type Scenario } from '../bench.ts';
import { startSending } from '../load-process.ts';
import { askStore, withPlatform } from '../platform.ts';

/** Stored events of a full run; short runs have a hundredth. */
const EVENTS = 10_000_000;
const LIVE_SECONDS = 10;

export const scenarios: Scenario[] = [
  {
    id: 'backtest',
    title: 'wanglou backtest of one detector over stored events, against the rate at which they came in',
    unit: 'events/s',
    repeat: 1,
    run: (context) => withPlatform({}, (platform) => measure(platform, context)),
  },
];

async function measure(platform: RunningWanglou, context: BenchContext): Promise<Measured> {
  const live = await takeIn(platform, Math.min(context.seconds, LIVE_SECONDS));
  const wanted = context.seconds < LIVE_SECONDS ? EVENTS / 100 : EVENTS;
  const { stored, from, to } = await multiply(platform, wanted);
  context.progress(`  ${stored} events are stored`);
  const began = performance.now();
  const report = await backtest(platform, from, to, context);
  const seconds = (performance.now() - began) / 1_000;
  verify(report.events === stored, `${report.events} of ${stored} events were judged`);
  verify(report.parked.length === 0, report.parked.join('; '));
  return {
    value: stored / seconds,
    checked: `all ${stored} stored events were judged`,
    details: {
      'live, all detectors, events/s': live,
      'times the live rate': stored / seconds / live,
      'wall s': seconds,
    },
  };
}

/** @returns events a second, from the first byte to the last row that can be queried. */
async function takeIn(platform: RunningWanglou, seconds: number): Promise<number> {
  const { syslog, intake } = platform.ports;
  const sent = await Promise.all([
    startSending({ mix: 'syslog', port: syslog, seconds }).sent,
    startSending({ mix: 'json', port: intake, seconds, token: platform.token('ingest') }).sent,
  ]);
  const events = sent.reduce((sum, { lines }) => sum + lines, 0);
  while (Number(await askStore(platform, 'SELECT count() FROM events')) < events)
    await new Promise((done) => setTimeout(done, 20));
  const beganAt = Math.min(...sent.map((one) => one.beganAt));
  return (events * 1_000) / (Date.now() - beganAt);
}

/** Copies what came in into the time before, under new ids, until so many are there. */
async function multiply(platform: RunningWanglou, wanted: number) {
  const span =
    'SELECT toUnixTimestamp64Milli(min(ingest_time)), toUnixTimestamp64Milli(max(ingest_time)), count() FROM events';
  const [first, last, count] = (await askStore(platform, span)).split('\t').map(Number) as [number, number, number];
  const spanMs = last - first + 1;
  for (let copy = 1; copy * count < wanted; copy++)
    await askStore(
      platform,
      `INSERT INTO events SELECT * REPLACE (generateUUIDv4() AS id, ingest_time - toIntervalMillisecond(${copy * spanMs}) AS ingest_time,
         time - toIntervalMillisecond(${copy * spanMs}) AS time)
       FROM (SELECT * FROM events WHERE ingest_time >= fromUnixTimestamp64Milli(${first})) SETTINGS max_insert_threads = 1`,
    );
  const [from, to, stored] = (await askStore(platform, span)).split('\t').map(Number) as [number, number, number];
  return { from, to: to + 1, stored };
}

interface Report {
  events: number;
  parked: string[];
}

function backtest(platform: RunningWanglou, from: number, to: number, context: BenchContext): Promise<Report> {
  const range = ['--from', new Date(from).toISOString(), '--to', new Date(to).toISOString(), '--warm-up-days', '0'];
  const args = ['backtest', '--detector', 'bulk-read', '--set', 'rowsAtLeast=5000', ...range, '--json'];
  const child = spawn(process.execPath, [resolve('src/main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      UV_THREADPOOL_SIZE: '16',
      WANGLOU_DATA_DIR: platform.dataDir,
      WANGLOU_STORE_PORT: String(platform.ports.store),
    },
  });
  let [printed, said] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
  child.stderr.on('data', (text: Buffer) => (said = text.toString()));
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) => {
      context.progress(`  ${said.trim()}`);
      if (code === 0) done(JSON.parse(printed) as Report);
      else fail(new Error(`backtest ended with ${code}: ${said}${printed}`));
    });
  });
}
