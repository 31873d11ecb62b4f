import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { AuditEntry } from './access/audit/entry.ts';
import { eventsOfAudit } from './access/audit/events-of.ts';
import type { Intake } from './collectors/collector.ts';
import type { EventLog, Subscription } from './event-log/event-log.ts';

const GROUP = 'audit-events';
const TRY_AGAIN_MS = 1_000;

/**
 * Takes the audit trail of this platform in as events of its own source, so that detectors watch those who watch. Ids
 * follow from the records': what comes again after a crash is the same event.
 */
export async function takeAuditIn(
  eventLog: EventLog,
  intake: Pick<Intake, 'add' | 'durable'>,
  log: Logger,
): Promise<Subscription> {
  const stopping = new AbortController();
  const subscription = await eventLog.subscribe({
    topic: 'audit',
    group: GROUP,
    from: 'earliest',
    onRecords: async (partition, records) => {
      for (const { value } of records)
        for (const event of eventsOfAudit(JSON.parse(Buffer.from(value).toString()) as AuditEntry)) intake.add(event);
      if (!(await isDurable(intake, stopping.signal))) return;
      await eventLog.commit(GROUP, [{ topic: 'audit', partition, offset: records.at(-1)!.offset + 1 }]);
    },
    onFault: (error) => log.error({ err: error }, 'the audit trail no longer comes in as events'),
  });
  return {
    stop: async () => {
      stopping.abort();
      await subscription.stop();
    },
  };
}

/** @returns false when it was stopped before. */
async function isDurable(intake: Pick<Intake, 'durable'>, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted)
    try {
      await intake.durable();
      return true;
    } catch {
      await pause(TRY_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  return false;
}
