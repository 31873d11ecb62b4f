import { setTimeout as pause } from 'node:timers/promises';
import { Crowd } from '../../fuzz/crowd.ts';
import { LegitimateSender, type SteadyResult } from '../../fuzz/legitimate-sender.ts';
import { collectorState } from '../../integration/collector-state.ts';
import type { RunningWanglou } from '../../integration/wanglou.ts';
import { percentile, verify, type BenchContext, type Measured, type Scenario } from '../bench.ts';
import { askStore, withPlatform } from '../platform.ts';

const CONNECTIONS = 10_000;
const CROWD_ADDRESS = '127.0.0.2';
const EVERY_MS = 20;
const STORED_WITHIN_S = 60;

export const scenarios: Scenario[] = [
  {
    id: 'connections',
    title:
      '10,000 connections of one address that send nothing, or drip, beside a sender: its acknowledgements against those without',
    unit: '× p99',
    repeat: 1,
    lowerIsBetter: true,
    run: connections,
  },
];

function connections(context: BenchContext): Promise<Measured> {
  return withPlatform({}, async (platform) => {
    const { syslog, intake, web } = platform.ports;
    await steady(platform, 2); // what runs for the first time is slow
    const alone = await steady(platform, context.seconds / 2);
    const crowd = new Crowd(CROWD_ADDRESS);
    const beside = steady(platform, context.seconds / 2);
    await crowd.gather(CONNECTIONS, [syslog, intake, web]);
    const held = crowd.open;
    const { mark, sent, acknowledgedMs } = await beside;
    const refused =
      ((await collectorState(platform, 'syslog-tcp'))?.refused ?? 0) +
      ((await collectorState(platform, 'http'))?.refused ?? 0);
    crowd.disperse();
    const stored = await storedOf(platform, mark, sent);
    verify(stored === sent, `${stored} of ${sent} lines of the sender beside are stored`);
    verify(refused > 0, 'none of the crowd was refused');
    const p99 = percentile(acknowledgedMs, 99);
    const p99Alone = percentile(alone.acknowledgedMs, 99);
    return {
      value: p99 / p99Alone,
      checked: `stored ${stored} of ${sent}`,
      details: { 'p99 ms alone': p99Alone, 'p99 ms beside': p99, 'held open': held, refused },
    };
  });
}

async function steady(platform: RunningWanglou, seconds: number): Promise<SteadyResult> {
  const sender = new LegitimateSender(platform, EVERY_MS);
  sender.start();
  await pause(seconds * 1_000);
  return sender.stop();
}

async function storedOf(platform: RunningWanglou, mark: string, expected: number): Promise<number> {
  const sql = `SELECT count() FROM events_once WHERE position(raw, '${mark}') > 0`;
  for (let waited = 0; ; waited++) {
    const stored = Number(await askStore(platform, sql));
    if (stored >= expected || waited >= STORED_WITHIN_S) return stored;
    await pause(1_000);
  }
}
