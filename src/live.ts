import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { EventLog, LogRecord, Subscription } from './event-log/event-log.ts';
import type { Feed } from './feed/feed.ts';
import type { Pulse } from './feed/pulse.ts';
import type { Finding } from './finding/finding.ts';
import type { Incident } from './finding/incident.ts';
import type { LifeEvent } from './finding/lifecycle.ts';
import { keepTrying } from './keep-trying.ts';
import type { StoreQueries } from './store/queries.ts';
import type { TableWriter } from './store/table-writer.ts';
import type { TriageDesk } from './triage-desk.ts';

/** Findings of the topic that a new `serve` looks back at: what detection said and the store may not have yet. */
const LOOK_BACK_RECORDS = 2_000;
const RECALLED = 500;

/**
 * Feeds every revision of a finding to the page the moment it is in the log. What was before comes from the end of the
 * topic, and from the store as soon as it answers; the feed ignores revisions that it knows.
 */
export async function followFindings(
  eventLog: EventLog,
  feed: Pick<Feed, 'finding' | 'recall' | 'life'>,
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
  const recall = async (): Promise<void> => {
    const { findings } = await queries.latestFindings({ limit: RECALLED, suppressed: 'no' });
    feed.recall(findings);
    feed.life(await queries.lifeEvents(findings.map(({ id }) => id)));
  };
  void keepTrying('store', recall, log).then(() => missing.clear());
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
 * Feeds every entry of a finding's history to the desk and to the page. The history of findings that the page begins with
 * comes from the end of the topic, and from the store.
 */
export async function followTriage(
  eventLog: EventLog,
  feed: Pick<Feed, 'life'>,
  desk: TriageDesk,
  log: Logger,
): Promise<Subscription> {
  const learn = (record: LogRecord): void => {
    const event = valueOf(record) as LifeEvent;
    desk.learn(event);
    feed.life([event]);
  };
  const subscription = await eventLog.subscribe({
    topic: 'triage',
    group: `feed-${randomUUID()}`,
    from: 'latest',
    onRecords: async (_partition, records) => records.forEach(learn),
    onFault: (error) => log.error({ err: error }, 'the live view gets no more decisions about findings'),
  });
  const { first, next } = await eventLog.bounds('triage', 0);
  for await (const record of eventLog.readRange('triage', 0, Math.max(first, next - LOOK_BACK_RECORDS), next))
    learn(record);
  return subscription;
}

/** Feeds every revision of an incident to the page; what was before comes from the store and the end of the topic. */
export async function followIncidents(
  eventLog: EventLog,
  feed: Feed,
  queries: StoreQueries,
  log: Logger,
): Promise<Subscription> {
  const subscription = await eventLog.subscribe({
    topic: 'incidents',
    group: `feed-${randomUUID()}`,
    from: 'latest',
    onRecords: async (_partition, records) => {
      for (const record of records) feed.incident(valueOf(record) as Incident);
    },
    onFault: (error) => log.error({ err: error }, 'the live view gets no more incidents'),
  });
  const { first, next } = await eventLog.bounds('incidents', 0);
  for await (const record of eventLog.readRange('incidents', 0, Math.max(first, next - LOOK_BACK_RECORDS), next))
    feed.incident(valueOf(record) as Incident);
  void keepTrying('store', () => queries.latestIncidents({ limit: RECALLED }), log).then(({ incidents }) => {
    for (const incident of incidents.reverse()) feed.incident(incident);
  });
  return subscription;
}

/**
 * Writes the records of a topic to the store, once the store has its schema; a crash in between repeats a record. What can
 * not be written when it stops comes again.
 */
export async function storeTopic<T>(
  eventLog: EventLog,
  topic: 'findings' | 'triage' | 'incidents' | 'audit',
  writer: TableWriter<T>,
  ready: Promise<void>,
  log: Logger,
): Promise<Subscription> {
  const group = `store-${topic}`;
  const ended = Promise.withResolvers<never>();
  const begun = Promise.race([ready, ended.promise]);
  begun.catch(() => undefined);
  const subscription = await eventLog.subscribe({
    topic,
    group,
    from: 'earliest',
    onRecords: async (partition, records) => {
      await begun;
      await writer.write(records.map((record) => valueOf(record) as T));
      await eventLog.commit(group, [{ topic, partition, offset: records.at(-1)!.offset + 1 }]);
    },
    onFault: (error) => log.error({ err: error }, `${topic} no longer reach the store`),
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

/**
 * What the log has of findings and their lives, and the store may not have now: to be read after the store was. What is
 * appended later is not among it.
 */
export async function unstoredFindings(
  eventLog: EventLog,
): Promise<() => AsyncGenerator<{ finding?: Finding; life?: LifeEvent }>> {
  const from = { findings: await storedUpTo(eventLog, 'findings'), triage: await storedUpTo(eventLog, 'triage') };
  return async function* () {
    for (const topic of ['findings', 'triage'] as const) {
      const { first, next } = await eventLog.bounds(topic, 0);
      for await (const record of eventLog.readRange(topic, 0, Math.max(first, from[topic]), next)) {
        const value = valueOf(record);
        yield topic === 'findings' ? { finding: value as Finding } : { life: value as LifeEvent };
      }
    }
  };
}

async function storedUpTo(eventLog: EventLog, topic: 'findings' | 'triage'): Promise<number> {
  return (await eventLog.committed(`store-${topic}`, topic, 0)) ?? 0;
}

function valueOf(record: LogRecord): unknown {
  return record.live ?? JSON.parse(Buffer.from(record.value).toString());
}
