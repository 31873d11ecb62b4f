import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { EventLog, LogRecord, Subscription } from './event-log/event-log.ts';
import type { Feed } from './feed/feed.ts';
import type { Pulse } from './feed/pulse.ts';
import type { Finding } from './finding/finding.ts';
import { keepTrying } from './keep-trying.ts';
import type { FindingsWriter } from './store/findings-writer.ts';
import type { StoreQueries } from './store/queries.ts';

/** Findings of the topic that a new `serve` looks back at: what detection said and the store may not have yet. */
const LOOK_BACK_RECORDS = 2_000;
const RECALLED = 500;
const GROUP = 'store-findings';

/**
 * Feeds every revision of a finding to the page the moment it is in the log. What was before comes from the end of the
 * topic, and from the store as soon as it answers; the feed ignores revisions that it knows.
 */
export async function followFindings(
  eventLog: EventLog,
  feed: Feed,
  queries: StoreQueries,
  { missing, log }: { missing: Set<string>; log: Logger },
): Promise<Subscription> {
  const subscription = await eventLog.subscribe({
    topic: 'findings',
    group: `feed-${randomUUID()}`,
    from: 'latest',
    onRecords: async (_partition, records) => {
      for (const record of records) feed.finding(valueOf(record) as Finding);
    },
    onFault: (error) => log.error({ err: error }, 'the live view gets no more findings'),
  });
  const { first, next } = await eventLog.bounds('findings', 0);
  for await (const record of eventLog.readRange('findings', 0, Math.max(first, next - LOOK_BACK_RECORDS), next))
    feed.recall([valueOf(record) as Finding]);
  void keepTrying('store', () => queries.latestFindings({ limit: RECALLED }), log).then(({ findings }) => {
    feed.recall(findings);
    missing.clear();
  });
  return subscription;
}

export function followPulses(
  eventLog: EventLog,
  listener: { pulse(pulse: Pulse): void },
  log: Logger,
): Promise<Subscription> {
  return eventLog.subscribe({
    topic: 'pulse',
    group: `feed-${randomUUID()}`,
    from: 'latest',
    onRecords: async (_partition, records) => {
      for (const record of records) listener.pulse(valueOf(record) as Pulse);
    },
    onFault: (error) => log.error({ err: error }, 'the live view gets no more pulses'),
  });
}

/**
 * Writes findings from the log to the store, once the store has its schema; a crash in between repeats a revision. What can
 * not be written when it stops comes again.
 */
export async function storeFindings(
  eventLog: EventLog,
  writer: FindingsWriter,
  ready: Promise<void>,
  log: Logger,
): Promise<Subscription> {
  const ended = Promise.withResolvers<never>();
  const begun = Promise.race([ready, ended.promise]);
  begun.catch(() => undefined);
  const subscription = await eventLog.subscribe({
    topic: 'findings',
    group: GROUP,
    from: 'earliest',
    onRecords: async (partition, records) => {
      await begun;
      await writer.write(records.map((record) => valueOf(record) as Finding));
      await eventLog.commit(GROUP, [{ topic: 'findings', partition, offset: records.at(-1)!.offset + 1 }]);
    },
    onFault: (error) => log.error({ err: error }, 'findings no longer reach the store'),
  });
  return {
    stop: async () => {
      const stopped = subscription.stop();
      ended.reject(new Error('stopped before the store was ready'));
      writer.stop();
      await stopped;
    },
  };
}

function valueOf(record: LogRecord): unknown {
  return JSON.parse(Buffer.from(record.value).toString());
}
