import { watchingTheWatchers } from '../../../detectors/watching-the-watchers.ts';
import { auditEntry, type AuditEntry } from '../../../src/access/audit/entry.ts';
import { eventsOfAudit } from '../../../src/access/audit/events-of.ts';
import type { Event } from '../../../src/event/event.ts';
import { around, contract, fires, quiet } from '../contract.ts';

const MORNING = Date.parse('2026-11-20T09:00+08:00');
let records = 0;

/** What the audit trail says, as its own source tells it: so many seconds after nine, by wang unless it says otherwise. */
export function audited(seconds: number, said: Partial<AuditEntry> & Pick<AuditEntry, 'action'>): Event {
  const at = MORNING + seconds * 1_000;
  const entry = auditEntry({ id: `record-${records++}`, at, account: 'wang', outcome: 'success', ...said });
  const [event] = eventsOfAudit(entry);
  return { ...event!, actor: event!.account, ingestTime: event!.time };
}

const changed = (seconds: number, detector = 'bulk-read'): Event =>
  audited(seconds, { action: 'settings.change', object: `POST /api/v1/settings: detector ${detector}` });
const closed = (seconds: number, detector = 'bulk-read', account = 'wang'): Event =>
  audited(seconds, { action: 'triage.close', account, object: `POST /api/v1/findings/f/close: detector ${detector}` });
/** Refused sign-ins of an administrator, some seconds apart. */
const refused = (count: number, apart = 30): Event[] =>
  Array.from({ length: count }, (_, n) =>
    audited(n * apart, { action: 'sign-in', outcome: 'refused', roles: ['security-administrator'] }),
  );

export const acts = { changed, closed, refused };

export const watchingTheWatchersCases = contract(watchingTheWatchers, {
  fires: fires(() => [changed(0), closed(60), closed(90), closed(200)]),
  quiet: quiet(() => [closed(0), changed(60), closed(90, 'slow-drip'), closed(100, 'bulk-read', 'li')]),
  ...around({ limit: 5, events: (count) => refused(count) }),
  coldStart: 'same',
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
