import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startBroker } from '../../integration/kafka-broker.ts';
import type { RunningWanglou } from '../../integration/wanglou.ts';
import { verify, type BenchContext, type Measured, type Scenario } from '../bench.ts';
import { startSending, type Sent } from '../load-process.ts';
import { askStore, withPlatform } from '../platform.ts';
import { stagesOf } from '../stages.ts';
import { Usage } from '../usage.ts';

const DRAIN_LIMIT_MS = 120_000;
/** The stages are sampled in a run of their own, because sampling costs. */
const SAMPLED_SECONDS = 10;

export const scenarios: Scenario[] = [
  {
    id: 'end-to-end',
    title: 'End to end, embedded: syslog and HTTP in, all detectors, fsync, queryable',
    unit: 'events/s',
    repeat: 1,
    run: (context) => sustained(context, {}),
  },
  {
    id: 'end-to-end-kafka',
    title: 'End to end through a Kafka broker, separate programs',
    unit: 'events/s',
    limit: 'limit-kafkajs',
    repeat: 1,
    async run(context) {
      const broker = await startBroker();
      try {
        return await sustained(context, { WANGLOU_KAFKA_BROKERS: broker.brokers });
      } finally {
        await broker.stop();
      }
    },
  },
];

async function sustained(context: BenchContext, settings: Record<string, string>): Promise<Measured> {
  const measured = await withPlatform(settings, (platform) => pour(platform, context.seconds, context));
  const stages = await sampledStages(settings, Math.min(context.seconds, SAMPLED_SECONDS), context);
  return { ...measured, stages };
}

/** Pours load in for so long, waits until all of it can be queried, and counts. */
async function pour(platform: RunningWanglou, seconds: number, context: BenchContext): Promise<Measured> {
  const usage = new Usage(platform.pids());
  const { intake, syslog } = platform.ports;
  const senders = [
    startSending({ mix: 'syslog', port: syslog, seconds }),
    startSending({ mix: 'json', port: intake, seconds, token: platform.token('ingest') }),
  ];
  try {
    const sent = await Promise.all(senders.map((sender) => sender.sent));
    const endedAt = Date.now();
    const events = sent.reduce((sum, { lines }) => sum + lines, 0);
    const storedAtEnd = await storedEvents(platform);
    context.progress(`  sent ${events}, of which ${storedAtEnd} are stored already`);
    await untilStored(platform, events);
    const queryableAt = Date.now();
    const beganAt = Math.min(...sent.map((one) => one.beganAt));
    const wallSeconds = (queryableAt - beganAt) / 1_000;
    const checked = await check(platform, events, sent);
    return {
      value: events / wallSeconds,
      checked,
      details: {
        'wall s': wallSeconds,
        'not yet stored when the last byte was sent': events - storedAtEnd,
        'drained in s': (queryableAt - endedAt) / 1_000,
        ...usageDetails(usage, sent, events),
      },
    };
  } finally {
    for (const sender of senders) sender.stop();
  }
}

function usageDetails(usage: Usage, sent: readonly Sent[], events: number): Record<string, number> {
  const senders = sent.map(({ mix, cpuSeconds }) => [`CPU µs/event, generator ${mix}`, (cpuSeconds * 1e6) / events]);
  const threads = Object.entries(usage.perEvent(events)).map(([name, micros]) => [`CPU µs/event, ${name}`, micros]);
  const all = [...threads, ...senders] as [string, number][];
  const rss = Object.entries(usage.peakRss()).map(([name, megabytes]) => [`peak RSS MB, ${name}`, megabytes]);
  return {
    'CPU µs/event, everything': all.reduce((sum, [, micros]) => sum + micros, 0),
    ...Object.fromEntries(all),
    ...Object.fromEntries(rss),
  } as Record<string, number>;
}

/** Every line that was taken is one row, and none is there twice. */
async function check(platform: RunningWanglou, events: number, sent: readonly Sent[]): Promise<string> {
  const acknowledged = sent.reduce((sum, one) => sum + one.acknowledged, 0);
  const [rows, distinct, faulty] = (
    await askStore(platform, "SELECT count(), uniqExact(id), countIf(fault != '') FROM events")
  ).split('\t');
  verify(acknowledged === events, `${acknowledged} of ${events} lines were acknowledged`);
  verify(Number(distinct) === events, `${distinct} distinct events are stored of ${events}`);
  verify(Number(rows) === events, `${rows} rows for ${events} events`);
  verify(faulty === '0', `${faulty} events could not be read`);
  verify(
    platform.printed.every((line) => !line.includes('ended (')),
    platform.printed.join('\n'),
  );
  return `acknowledged ${acknowledged} = stored ${rows} = distinct ids ${distinct}`;
}

async function storedEvents(platform: RunningWanglou): Promise<number> {
  return Number(await askStore(platform, 'SELECT count() FROM events'));
}

async function untilStored(platform: RunningWanglou, events: number): Promise<void> {
  const end = Date.now() + DRAIN_LIMIT_MS;
  for (;;) {
    const stored = await storedEvents(platform);
    if (stored >= events) return;
    verify(
      Date.now() < end,
      `only ${stored} of ${events} events are stored ${DRAIN_LIMIT_MS} ms after the last was sent`,
    );
    await pause(20);
  }
}

async function sampledStages(
  settings: Record<string, string>,
  seconds: number,
  context: BenchContext,
): Promise<Record<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), 'wanglou-bench-profiles-'));
  try {
    const sampling = `--cpu-prof --cpu-prof-interval=2000 --cpu-prof-dir=${folder}`;
    let [events, sinceMicros] = [0, 0];
    await withPlatform({ ...settings, NODE_OPTIONS: sampling }, async (platform) => {
      sinceMicros = Number(process.hrtime.bigint() / 1_000n);
      const { value, details } = await pour(platform, seconds, context);
      events = value * Number(details['wall s']);
    });
    return stagesOf(folder, events, sinceMicros);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
