import type { Logger } from 'pino';
import type { CoverageRecord } from './coverage/record.ts';
import type { EventLog, LogRecord, Subscription } from './event-log/event-log.ts';
import type { StoreClient } from './store/client.ts';
import { DOORS, EPOCHS, RANGES, rowsOfCoverage, SEGMENTS } from './store/coverage-rows.ts';
import { TableWriter } from './store/table-writer.ts';

const GROUP = 'store-coverage';

/**
 * Writes the topic `coverage` to the store, once it has its schema; a crash in between repeats records, which changes
 * nothing.
 */
export async function storeCoverage(
  eventLog: EventLog,
  client: StoreClient,
  ready: Promise<void>,
  log: Logger,
): Promise<Subscription> {
  const [doors, epochs] = [new TableWriter(client, DOORS), new TableWriter(client, EPOCHS)];
  const [segments, ranges] = [new TableWriter(client, SEGMENTS), new TableWriter(client, RANGES)];
  const stopped = Promise.withResolvers<never>();
  const begun = Promise.race([ready, stopped.promise]);
  begun.catch(() => undefined);
  const subscription = await eventLog.subscribe({
    topic: 'coverage',
    group: GROUP,
    from: 'earliest',
    onRecords: async (_partition, records) => {
      await begun;
      const rows = rowsOfCoverage(records.map(valueOf));
      await Promise.all([doors.write(rows.doors), segments.write(rows.segments)]);
      await Promise.all([epochs.write(rows.epochs), ranges.write(rows.ranges)]);
      await eventLog.commit(GROUP, [{ topic: 'coverage', partition: 0, offset: records.at(-1)!.offset + 1 }]);
    },
    onFault: (error) => log.error({ err: error }, 'the coverage ledger no longer reaches the store'),
  });
  return {
    stop: async () => {
      const ended = subscription.stop();
      stopped.reject(new Error('stopped before the store was ready'));
      for (const writer of [doors, epochs, segments, ranges]) writer.stop();
      await ended;
    },
  };
}

function valueOf({ live, value }: LogRecord): CoverageRecord {
  return (live ?? JSON.parse(Buffer.from(value).toString())) as CoverageRecord;
}
