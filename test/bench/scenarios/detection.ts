import { setFlagsFromString } from 'node:v8';
import { setTimeout as pause } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { detectors } from '../../../detectors/index.ts';
import { BaselineBook } from '../../../src/detection/baseline.ts';
import type { Detector } from '../../../src/detection/detector.ts';
import { Enrichment } from '../../../src/detection/enrichment.ts';
import { Pipeline } from '../../../src/detection/pipeline.ts';
import { decodeBatch, encodeRows, storeBlock } from '../../../src/event/batch.ts';
import { emptyEvent, type Event } from '../../../src/event/event.ts';
import { IdSequence } from '../../../src/event/id.ts';
import { verify, type BenchContext, type Measured, type Scenario } from '../bench.ts';
import { batchesOf, demoRegistry, eventsOf, mixedLines, NOW, rateOf, shortly, type Batch } from '../material.ts';

const EVENTS = 50_000;
const FIRST_SIX = new Set([
  'brute-force',
  'bulk-read',
  'first-time-asset',
  'off-hours-access',
  'password-spray',
  'vendor-after-contract',
]);

export const scenarios: Scenario[] = [
  {
    id: 'detect',
    title: 'Enrich, judge with all detectors, make the store’s blocks',
    unit: 'events/s',
    repeat: 3,
    run: (context) => detect(detectors, true, context),
  },
  {
    id: 'detect-6',
    title: 'The same with the first six detectors',
    unit: 'events/s',
    repeat: 3,
    run: (context) =>
      detect(
        detectors.filter(({ name }) => FIRST_SIX.has(name)),
        true,
        context,
      ),
  },
  {
    id: 'detect-1',
    title: 'The same with one detector',
    unit: 'events/s',
    repeat: 3,
    run: (context) => detect(detectors.slice(0, 1), true, context),
  },
  {
    id: 'replay',
    title: 'The same with all detectors, from the bytes of the log',
    unit: 'events/s',
    repeat: 3,
    run: (context) => detect(detectors, false, context),
  },
  {
    id: 'memory-subjects',
    title: 'Memory for 1,000,000 subjects (250,000 accounts), all detectors',
    unit: 'MB',
    repeat: 1,
    lowerIsBetter: true,
    run: memory,
  },
];

/** A pipeline that hands its blocks to nobody. */
function makePipeline(some: readonly Detector[]) {
  const counts = { rows: 0 };
  const seen = { received: 0, heartbeats: 0, duplicates: 0, undecodable: 0 };
  const ledger = { ...seen, evaluated: 0, handedOver: 0, findings: 0, forced: 0 };
  const registry = demoRegistry();
  const baseline = new BaselineBook(() => registry);
  const pipeline = new Pipeline([0], {
    codec: { decodeBatch, storeBlock, encodeRows },
    sink: {
      add: (_block, rows) => void (counts.rows += rows),
      full: () => false,
      relieved: async () => undefined,
      durable: async () => undefined,
    },
    registry: { current: () => registry },
    enrichment: new Enrichment(),
    ledger,
    onProblem: (problem) => verify(false, problem),
    detectors: some,
    run: { settings: {} },
    baseline,
    forgetDuplicatesAfter: 1_000_000,
    onParked: ({ reason }) => verify(false, reason),
  });
  return { pipeline, ledger, counts, baseline };
}

async function detect(some: readonly Detector[], live: boolean, context: BenchContext): Promise<Measured> {
  const batches = batchesOf(eventsOf(mixedLines(EVENTS)));
  const { pipeline, ledger, counts } = makePipeline(some);
  let offset = 0;
  const take = ({ value, live: decoded }: Batch): number => {
    const record = { topic: 'events' as const, partition: 0, offset: offset++, key: '', value };
    pipeline.take(live ? { ...record, live: decoded } : record);
    return decoded.events.length;
  };
  for (const batch of batches) take(batch); // subjects are known before the clock starts
  const before = ledger.evaluated;
  const { rate, done, cpuMicros } = await rateOf(shortly(context), () => take(batches[offset % batches.length]!));
  verify(ledger.evaluated - before === done, `${ledger.evaluated - before} events were judged of ${done}`);
  verify(counts.rows === ledger.evaluated, `${counts.rows} rows for ${ledger.evaluated} events`);
  const details = { detectors: some.length, 'CPU µs/event': cpuMicros, findings: ledger.findings };
  return { value: rate, checked: `${done} judged and made rows`, details };
}

/** Each is a subject in four ways: itself, from its address, and with each of two assets. */
const ACCOUNTS = 250_000;

/** Each account signs in, fails once and reads two datasets. */
async function memory(context: BenchContext): Promise<Measured> {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const accounts = context.seconds < 10 ? ACCOUNTS / 50 : ACCOUNTS;
  const { pipeline, ledger, baseline } = makePipeline(detectors);
  const ids = new IdSequence(Buffer.alloc(10, 9));
  const before = await bytesInUse(collectGarbage);
  for (let first = 0; first < accounts; first += 100) {
    const events = Array.from({ length: 400 }, (_, n) => eventOf(first + (n >> 2), n & 3, ids.next()));
    const [batch] = batchesOf(events);
    pipeline.take({ topic: 'events', partition: 0, offset: first / 100, key: '', value: batch!.value });
  }
  const bytes = (await bytesInUse(collectGarbage)) - before;
  verify(bytes > 0, `${bytes} bytes more are in use than before`);
  verify(ledger.evaluated === accounts * 4, `${ledger.evaluated} events were judged of ${accounts * 4}`);
  const tables = [...pipeline.shards.values()].flatMap((shard) => shard.tables);
  const records = tables.reduce((sum, { size }) => sum + size, 0);
  verify(tables.find(({ kind }) => kind.name === 'actor')!.size === accounts, 'every account is a subject');
  return {
    value: ((bytes / records) * 1_000_000) / 1e6,
    checked: `${accounts} accounts are ${records} subjects`,
    details: {
      'MB for 10,000 subjects': ((bytes / records) * 10_000) / 1e6,
      'bytes a subject, with its part of the baselines': bytes / records,
      'bytes an account': bytes / accounts,
      subjects: records,
      baselines: baseline.size,
    },
  };
}

/** What an earlier scenario left behind takes more than one collection, and a turn between them, to go. */
async function bytesInUse(collectGarbage: () => void): Promise<number> {
  for (let round = 0; round < 3; round++) {
    collectGarbage();
    await pause(50);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function eventOf(account: number, kind: number, id: string): Event {
  const isRead = kind >= 2;
  const act = isRead
    ? { classUid: 6005, action: 'query', asset: `base.public.table_${(account + kind) % 120}`, rows: 3 }
    : { classUid: 3002, action: 'sign-in' };
  return Object.assign(emptyEvent(), act, {
    id,
    time: NOW,
    ingestTime: NOW,
    source: 'bench',
    outcome: kind === 1 ? 'failure' : 'success',
    account: `person${account}`,
    clientAddress: `10.${account >> 16}.${(account >> 8) & 255}.${account & 255}`,
  } as const);
}
