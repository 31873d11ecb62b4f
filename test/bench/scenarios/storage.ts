import { EmbeddedEventLog } from '../../../src/event-log/embedded.ts';
import { topicTable } from '../../../src/event-log/topics.ts';
import { encodeBatch, storeBlock } from '../../../src/event/batch.ts';
import type { Event } from '../../../src/event/event.ts';
import { IdSequence } from '../../../src/event/id.ts';
import { storeClient } from '../../../src/store/client.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { StoreWriter } from '../../../src/store/writer.ts';
import { startStore, type StoreProcess } from '../../integration/store-process.ts';
import { cpuSeconds, peakRssMb, verify, type BenchContext, type Measured, type Scenario } from '../bench.ts';
import { batchesOf, eventsOf, mixedLines, PER_BATCH, rateOf, shortly, withFolder } from '../material.ts';

export const scenarios: Scenario[] = [
  {
    id: 'append',
    title: 'Append encoded batches to the embedded log, fsync',
    unit: 'events/s',
    limit: 'limit-fdatasync',
    repeat: 3,
    run: append,
  },
  {
    id: 'insert',
    title: 'Insert blocks through the writer into the embedded store, fsync',
    unit: 'events/s',
    limit: 'limit-chdb',
    repeat: 1,
    run: insert,
  },
];

const EVENTS = 50_000;
/** Records in one append: what collects while the last one goes to the disk. */
const PER_APPEND = 4;

function append(context: BenchContext): Promise<Measured> {
  return withFolder(async (dir) => {
    const topics = topicTable({ partitions: 1, keepMs: 3_600_000, keepBytes: 1e12 });
    const report = (problem: unknown): void => verify(false, String(problem));
    const log = new EmbeddedEventLog({ dir, topics, onProblem: report, onFatal: report });
    await log.start();
    const batches = batchesOf(eventsOf(mixedLines(EVENTS)));
    let next = 0;
    const { rate, done, cpuMicros } = await rateOf(shortly(context), async () => {
      const some = Array.from({ length: PER_APPEND }, () => batches[next++ % batches.length]!);
      await log.append(some.map(({ value }) => ({ topic: 'events', partition: 0, value })));
      return PER_APPEND * PER_BATCH;
    });
    let kept = 0;
    for await (const { value } of log.readRange('events', 0, 0, Infinity)) kept += value.length > 0 ? PER_BATCH : 0;
    await log.stop();
    verify(kept === done, `${kept} events are in the log of ${done}`);
    return { value: rate, checked: `${kept} read back`, details: { 'CPU µs/event': cpuMicros } };
  });
}

async function insert(context: BenchContext): Promise<Measured> {
  const store = await startStore();
  try {
    return await insertInto(store, Math.min(context.seconds, 10));
  } finally {
    await store.stop();
  }
}

async function insertInto({ url, password, pid }: StoreProcess, seconds: number): Promise<Measured> {
  const address = { url, user: 'default', password, database: 'wanglou' };
  await migrate(address, { retentionDays: 400 });
  const client = storeClient(address);
  const problems: string[] = [];
  const onProblem = (problem: string): void => {
    if (problem !== '') problems.push(problem);
  };
  const writer = new StoreWriter({ client, onProblem });
  writer.start();
  const events = eventsOf(mixedLines(EVENTS));
  const before = cpuSeconds(pid);
  const began = performance.now();
  const records = await addBlocks(writer, events, began + seconds * 1_000);
  await writer.flushed();
  const wallSeconds = (performance.now() - began) / 1_000;
  const done = records * PER_BATCH;
  const result = await client.query({ query: 'SELECT uniqExact(id) AS rows FROM events', format: 'JSONEachRow' });
  const [counted] = await result.json<{ rows: string }>();
  await client.close();
  verify(done > 0 && Number(counted!.rows) === done, `${counted!.rows} distinct rows are there of ${done}`);
  return {
    value: done / wallSeconds,
    checked: `${done} distinct rows`,
    details: {
      'store CPU µs/event': ((cpuSeconds(pid) - before) * 1e6) / done,
      'store peak RSS MB': peakRssMb(pid),
      'inserts tried again': problems.length,
      ...(problems.length === 0 ? {} : { because: problems[0]! }),
    },
  };
}

/** Adds records, each event under a new id, until `end`. @returns how many records. */
async function addBlocks(writer: StoreWriter, events: readonly Event[], end: number): Promise<number> {
  const ids = new IdSequence();
  let offset = 0;
  while (performance.now() < end) {
    const from = (offset * PER_BATCH) % EVENTS;
    const some = events.slice(from, from + PER_BATCH);
    for (const event of some) event.id = ids.next();
    const place = { partition: 0, offset: offset++ };
    const { bytes, baseEnd } = encodeBatch(some);
    writer.add(storeBlock(bytes, baseEnd, some, place), PER_BATCH, place);
    if (writer.full()) await writer.relieved();
    else if (offset % 8 === 0) await new Promise((resume) => setImmediate(resume));
  }
  return offset;
}
