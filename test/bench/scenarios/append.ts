import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeBatch } from '../../../src/event/batch.ts';
import { EmbeddedEventLog } from '../../../src/event-log/embedded.ts';
import { topicTable } from '../../../src/event-log/topics.ts';
import { verify, type Scenario } from '../bench.ts';
import { LineReader, ratePerSecond } from '../in-process.ts';
import { sshdLines } from '../lines.ts';

const BATCH = 500;
const BATCHES = 4;

export const scenarios: Scenario[] = [
  {
    id: 'log-append',
    title: `Append to the embedded log, durable: ${BATCHES} batches of ${BATCH} at a time`,
    unit: 'events/s',
    limit: 'limit-fdatasync',
    repeat: 5,
    async run() {
      const dir = mkdtempSync(join(tmpdir(), 'wanglou-bench-'));
      const fail = (problem: string | Error): never => {
        throw problem instanceof Error ? problem : new Error(problem);
      };
      const topics = topicTable({ partitions: 1, keepMs: 3_600_000, keepBytes: 1e9 });
      const log = new EmbeddedEventLog({ dir, topics, onProblem: fail, onFatal: fail });
      await log.start();
      const reader = new LineReader();
      const { bytes } = encodeBatch(sshdLines(BATCH).map((line) => reader.read(line, 'bench', Date.now())));
      const records = Array.from({ length: BATCHES }, () => ({ topic: 'events' as const, partition: 0, value: bytes }));
      let appended = 0;
      const value = await ratePerSecond(1, async () => {
        appended += (await log.append(records)).length;
        return BATCH * BATCHES;
      });
      const { next } = await log.bounds('events', 0);
      verify(next === appended, `${next} records are in the log of ${appended}`);
      await log.stop();
      rmSync(dir, { recursive: true });
      return {
        value,
        checked: `${next} of ${appended} records in the log`,
        details: { 'bytes/event': bytes.length / BATCH },
      };
    },
  },
];
