import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { seasonRegistry } from '../../../demo/season/registry.ts';
import { Season } from '../../../demo/season/season.ts';
import { buildWorld, type WorldOptions } from '../../../demo/season/world.ts';
import { detectors } from '../../../detectors/index.ts';
import { runBacktest } from '../../../src/backtest.ts';
import { BaselineBook } from '../../../src/detection/baseline.ts';
import type { EventSink } from '../../../src/detection/engine-options.ts';
import { Engine } from '../../../src/detection/engine.ts';
import { SettingsBook } from '../../../src/detection/scoped-contexts.ts';
import { EmbeddedEventLog } from '../../../src/event-log/embedded.ts';
import type { EventLog } from '../../../src/event-log/event-log.ts';
import { KafkaEventLog } from '../../../src/event-log/kafka.ts';
import { topicTable } from '../../../src/event-log/topics.ts';
import { decodeBatch, encodeBatch, encodeRows, storeBlock } from '../../../src/event/batch.ts';
import type { Event } from '../../../src/event/event.ts';
import type { Finding } from '../../../src/finding/finding.ts';
import { registryFrom } from '../../../src/registry/registry-from.ts';
import { storeClient } from '../../../src/store/client.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { StoreWriter } from '../../../src/store/writer.ts';
import { startBroker } from '../../integration/kafka-broker.ts';
import { startStore } from '../../integration/store-process.ts';
import { verify, type BenchContext, type Measured, type Scenario } from '../bench.ts';
import { LineReader } from '../detection/play.ts';

const BATCH_EVENTS = 500;
const NOWHERE: EventSink = {
  add: () => undefined,
  full: () => false,
  relieved: () => Promise.resolve(),
  durable: () => Promise.resolve(),
};

export const scenarios: Scenario[] = [
  {
    id: 'same-findings',
    title: 'A season judged from LMDB, from Kafka with 1 and 8 partitions, by two detects in turn, and by a backtest',
    unit: 'findings, the same everywhere',
    repeat: 1,
    run: (context) => measure(context),
  },
];

/** The ids of all findings must be the same, however the season came in. */
async function measure(context: BenchContext): Promise<Measured> {
  const isFull = context.seconds >= 60;
  const options = { seed: 1, first: '2026-07-15', days: isFull ? 90 : 3, leadInDays: isFull ? 91 : 30 };
  const play = new Play(options, isFull ? 8_000 : 2_000);
  const broker = await startBroker();
  const store = await startStore();
  const address = { url: store.url, user: 'default', password: store.password, database: 'wanglou' };
  await migrate(address, { retentionDays: 400 });
  const client = storeClient(address);
  try {
    const writer = new StoreWriter({ client });
    writer.start();
    const ids = new Map<string, Set<string>>();
    const add = (name: string, found: Set<string>): void => {
      ids.set(name, found);
      context.progress(`  ${name}: ${found.size} findings`);
    };
    add('LMDB', await withEmbedded((log) => play.on(log, 1, writer)));
    await writer.flushed();
    writer.stop();
    for (const partitions of [1, 8])
      add(`Kafka, ${partitions}`, await withKafka(broker.brokers, partitions, (log) => play.on(log, partitions)));
    add(
      'two detects',
      await withKafka(broker.brokers, 8, (log, prefix) =>
        withKafka(broker.brokers, 8, (other) => play.on(log, 8, NOWHERE, other), prefix),
      ),
    );
    const parts = { client, registry: play.registry, detectors, settings: {}, versions: new SettingsBook() };
    const range = { warmUpFrom: 0, from: 0, to: Date.now() + 400 * 86_400_000 };
    const again = await runBacktest({ ...parts, suppressing: () => '' }, range);
    add('backtest', new Set(again.findings.keys()));
    const expected = digest(ids.get('LMDB')!);
    for (const [name, found] of ids) verify(digest(found) === expected, `${name} found something else than LMDB`);
    return {
      value: ids.get('LMDB')!.size,
      checked: `the same ids: ${[...ids.keys()].join('; ')}`,
      details: { 'simulated days': options.days, events: play.events },
    };
  } finally {
    await client.close();
    await store.stop();
    await broker.stop();
  }
}

function digest(ids: ReadonlySet<string>): string {
  return createHash('sha256')
    .update([...ids].sort().join())
    .digest('hex');
}

/** Appends the season to a log and lets the engine judge it from there. */
class Play {
  readonly registry;
  events = 0;
  readonly #options: WorldOptions;
  readonly #volume: number;

  constructor(options: WorldOptions, volume: number) {
    this.registry = registryFrom(seasonRegistry(buildWorld(options)));
    this.#options = options;
    this.#volume = volume;
  }

  /** @param other a second member of the group, which takes over in the middle. @returns the ids of all findings. */
  async on(log: EventLog, partitions: number, sink: EventSink = NOWHERE, other?: EventLog): Promise<Set<string>> {
    const engines = [this.#engine(log, sink)];
    await engines[0]!.start();
    if (other !== undefined) {
      engines.push(this.#engine(other, sink));
      await engines[1]!.start();
    }
    const reader = new LineReader(partitions);
    // Anew each time: a season goes on from day to day.
    const season = new Season(buildWorld(this.#options), this.#volume);
    const { days } = season;
    this.events = 0;
    for (const [n, day] of days.entries()) {
      if (other !== undefined && n === days.length >> 1) await engines[0]!.stop();
      for (const line of season.lines(day)) {
        this.events++;
        if (reader.read(line) >= BATCH_EVENTS) await append(log, reader.take());
      }
      await append(log, reader.take());
      await untilJudged(engines, this.events - 20_000);
    }
    await append(log, reader.end());
    await untilJudged(engines, this.events);
    for (const engine of engines) await engine.stop();
    return findingsIn(log);
  }

  #engine(log: EventLog, sink: EventSink): Engine {
    return new Engine({
      log,
      sink,
      codec: { decodeBatch, storeBlock, encodeRows },
      detectors,
      registry: { current: () => this.registry },
      makeBaseline: (current) => new BaselineBook(current),
      onProblem: () => undefined, // what matters is in what it finds
    });
  }
}

async function append(log: EventLog, parts: readonly Event[][]): Promise<void> {
  const records = parts.flatMap((events, partition) =>
    events.length === 0 ? [] : [{ topic: 'events' as const, partition, value: encodeBatch(events).bytes }],
  );
  if (records.length > 0) await log.append(records);
}

async function untilJudged(engines: readonly Engine[], events: number): Promise<void> {
  while (engines.reduce((sum, engine) => sum + engine.status().evaluated, 0) < events) await pause(20);
}

async function findingsIn(log: EventLog): Promise<Set<string>> {
  const ids = new Set<string>();
  for (let partition = 0; partition < log.partitions('findings'); partition++) {
    const { first, next } = await log.bounds('findings', partition);
    for await (const { value } of log.readRange('findings', partition, first, next))
      ids.add((JSON.parse(Buffer.from(value).toString()) as Finding).id);
  }
  return ids;
}

const topicsWith = (partitions: number) => topicTable({ partitions, keepMs: 1e12, keepBytes: 1e12 });

async function withEmbedded<T>(use: (log: EventLog) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'wanglou-bench-log-'));
  const log = new EmbeddedEventLog({
    dir,
    topics: topicsWith(1),
    onProblem: (problem) => verify(false, problem),
    onFatal: (error) => verify(false, error.message),
  });
  await log.start();
  try {
    return await use(log);
  } finally {
    await log.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

let logs = 0;

async function withKafka<T>(
  brokers: string,
  partitions: number,
  use: (log: EventLog, prefix: string) => Promise<T>,
  topicPrefix = `season${logs++}.`,
): Promise<T> {
  const log = new KafkaEventLog({
    brokers: brokers.split(','),
    topicPrefix,
    replication: 1,
    topics: topicsWith(partitions),
    onProblem: () => undefined,
  });
  await log.start();
  try {
    return await use(log, topicPrefix);
  } finally {
    await log.stop();
  }
}
