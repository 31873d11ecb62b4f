import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import WebSocket from 'ws';
import type { FeedMessage } from '../../../src/feed/protocol.ts';
import type { RunningWanglou } from '../../integration/wanglou.ts';
import { percentile, verify, type BenchContext, type Measured, type Scenario } from '../bench.ts';
import { startSending } from '../load-process.ts';
import { askStore, startPlatform } from '../platform.ts';

const GUESSES = 10;
const BACKGROUND_PER_SECOND = 2_000;

export const scenarios: Scenario[] = [
  {
    id: 'ack',
    title: 'POST /ingest → durable and acknowledged, p99, 20,000 events/s in bodies of 100',
    unit: 'ms',
    lowerIsBetter: true,
    repeat: 1,
    run: (context) => withPlatform((platform) => acknowledgements(platform, context)),
  },
  {
    id: 'line-to-screen',
    title: `Last causing line → WebSocket message, p99, beside ${BACKGROUND_PER_SECOND.toLocaleString('en')} lines/s`,
    unit: 'ms',
    lowerIsBetter: true,
    repeat: 1,
    run: (context) => withPlatform((platform) => lineToScreen(platform, context)),
  },
  {
    id: 'stored',
    title: 'Line → found by a query, p99, beside the same load',
    unit: 'ms',
    lowerIsBetter: true,
    repeat: 1,
    run: (context) => withPlatform((platform) => lineToQuery(platform, context)),
  },
];

async function withPlatform(measure: (platform: RunningWanglou) => Promise<Measured>): Promise<Measured> {
  const platform = await startPlatform();
  try {
    return await measure(platform);
  } finally {
    await platform.stop();
  }
}

async function acknowledgements(platform: RunningWanglou, { seconds }: BenchContext): Promise<Measured> {
  const sending = startSending({
    mix: 'json',
    port: platform.ports.intake,
    token: platform.token('ingest'),
    seconds: Math.min(seconds, 20),
    rate: 20_000,
    block: 100,
  });
  const { lines, acknowledged, linesPerSecond, ackP50Ms = NaN, ackP99Ms = NaN } = await sending.sent;
  verify(lines === acknowledged, `${acknowledged} of ${lines} lines were acknowledged`);
  return {
    value: ackP99Ms,
    checked: `${acknowledged} of ${lines} lines acknowledged`,
    details: { 'p50 ms': ackP50Ms, 'events/s': linesPerSecond },
  };
}

/** Guesses passwords at a real pace, one account after the other, and listens to the feed as the page does. */
async function lineToScreen(platform: RunningWanglou, { seconds }: BenchContext): Promise<Measured> {
  const background = startSending({
    mix: 'syslog',
    port: platform.ports.syslog,
    seconds: Math.min(seconds, 60),
    rate: BACKGROUND_PER_SECOND,
    block: 20,
  });
  const heard = new Map<string, number>();
  const feed = await listen(platform, (account) => heard.set(account, heard.get(account) ?? performance.now()));
  const socket = await open(platform.ports.syslog);
  const sentAt = new Map<string, number>();
  const end = performance.now() + Math.min(seconds, 60) * 1_000 - 1_500;
  for (let n = 0; performance.now() < end || n === 0; n++) {
    const account = `guessed${n}`;
    for (let guess = 0; guess < GUESSES; guess++) socket.write(failed(account, n));
    sentAt.set(account, performance.now());
    await pause(100 + ((n * 37) % 100));
  }
  await background.sent;
  await pause(2_000);
  socket.destroy();
  feed.close();
  const latencies = [...sentAt].map(([account, at]) => (heard.get(account) ?? Infinity) - at);
  verify(
    latencies.every(Number.isFinite),
    `${latencies.filter(Number.isFinite).length} of ${latencies.length} were shown`,
  );
  return shares(latencies, `${latencies.length} of ${latencies.length} findings came over the WebSocket`);
}

async function lineToQuery(platform: RunningWanglou, { seconds }: BenchContext): Promise<Measured> {
  const background = startSending({
    mix: 'syslog',
    port: platform.ports.syslog,
    seconds: Math.min(seconds, 20),
    rate: BACKGROUND_PER_SECOND,
    block: 20,
  });
  const socket = await open(platform.ports.syslog);
  const latencies: number[] = [];
  const end = performance.now() + Math.min(seconds, 20) * 1_000 - 1_000;
  for (let n = 0; performance.now() < end || n === 0; n++) {
    const account = `sought${n}`;
    const began = performance.now();
    socket.write(failed(account, n));
    while ((await askStore(platform, `SELECT count() FROM events WHERE account = '${account}'`)) !== '1') {
      verify(performance.now() - began < 30_000, `${account} was not found within 30 s`);
      await pause(5);
    }
    latencies.push(performance.now() - began);
  }
  await background.sent;
  socket.destroy();
  return shares(latencies, `${latencies.length} of ${latencies.length} lines were found`);
}

function shares(latencies: readonly number[], checked: string): Measured {
  return {
    value: percentile(latencies, 99),
    checked,
    details: { 'p50 ms': percentile(latencies, 50), 'most ms': Math.max(...latencies), measured: latencies.length },
  };
}

function failed(account: string, n: number): string {
  const address = `203.0.113.${n % 250}`;
  const time = new Date().toISOString();
  return `<86>1 ${time} gate sshd 1 - - Failed password for ${account} from ${address} port 4711 ssh2\n`;
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').setNoDelay();
  await new Promise((done, fail) => socket.once('connect', done).once('error', fail));
  return socket;
}

/** Tells of each account that a finding is about. */
async function listen(platform: RunningWanglou, onAccount: (account: string) => void): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${platform.ports.web}/feed`, {
    headers: { authorization: `Bearer ${platform.token('api')}` },
  });
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as FeedMessage;
    if (message.type === 'hello') return;
    for (const { actor, explanation } of message.findings) {
      const account = /\bguessed\d+/.exec(`${actor} ${explanation.en}`)?.[0];
      if (account !== undefined) onAccount(account);
    }
  });
  await new Promise((done, fail) => socket.once('open', done).once('error', fail));
  return socket;
}
