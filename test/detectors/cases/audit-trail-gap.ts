import { auditTrailGap } from '../../../detectors/audit-trail-gap.ts';
import { eventsOfAudit } from '../../../src/access/audit/events-of.ts';
import { auditEntry } from '../../../src/access/audit/entry.ts';
import type { Event } from '../../../src/event/event.ts';
import { around, contract, fires, quiet } from '../contract.ts';

const END = Date.parse('2026-11-20T03:00:00Z');
let records = 0;

/** The record that is made when the trail can be written again. */
export function resumed(gapMs: number, missing = 0): Event[] {
  const object = `since ${new Date(END - gapMs).toISOString()}`;
  const said = { id: `resumed-${records++}`, at: END, action: 'audit.resumed', outcome: 'success' } as const;
  return eventsOfAudit(auditEntry({ ...said, object, count: missing })).map((event) => ({ ...event, ingestTime: END }));
}

export const auditTrailGapCases = contract(auditTrailGap, {
  fires: fires(() => resumed(420_000, 3)),
  quiet: quiet(() => resumed(5_000)),
  ...around({ limit: 60_000, step: 1_000, events: (gapMs) => resumed(gapMs) }),
  coldStart: 'same',
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
