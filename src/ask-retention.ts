import type { Logger } from 'pino';
import { BY_NO_REQUEST } from './access/audit/entry.ts';
import type { AuditTrail } from './access/audit/trail.ts';
import { CONFIGURATION } from './access/objections.ts';
import type { PeopleDesk } from './access/people-desk.ts';
import { checkRetention, type RetentionSettings } from './retention.ts';

/**
 * Says in the full mode how long the configuration wants what is stored kept. More counts at once; less is asked for, and
 * until somebody else agrees it stays as it was (`RetentionInForce`).
 */
export async function askRetention(
  wanted: RetentionSettings,
  desk: PeopleDesk,
  trail: Pick<AuditTrail, 'noted'>,
  log: Logger,
): Promise<void> {
  const days = checkRetention(wanted);
  const startedAt = Date.now();
  const request = await desk.wantRetention(days);
  if (request === undefined) return;
  if (request.state === 'refused') {
    log.warn({ wanted: days }, `to keep less was refused by ${request.decidedBy}; it stays as it was`);
    return;
  }
  log.warn({ wanted: days }, 'to keep less waits until another person agrees, on the page of accounts');
  if (request.at < startedAt) return;
  await trail.noted({
    ...BY_NO_REQUEST,
    ...{ account: CONFIGURATION, action: 'retention.ask', object: 'retention', outcome: 'success', reason: '' },
    ...{ at: request.at, asked: JSON.stringify(days) },
  });
}
