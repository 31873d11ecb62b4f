import { describe, expect, it } from 'vitest';
import { auditEntry, type AuditEntry } from '../../../src/access/audit/entry.ts';
import { eventsOfAudit } from '../../../src/access/audit/events-of.ts';

const entry = (changes: Partial<AuditEntry>) =>
  auditEntry({ id: 'a1', at: 5, action: 'settings.change', account: 'wang', outcome: 'success', ...changes });

describe('the audit trail as events', () => {
  it('is API activity of our own source, of who did it, without what was asked for', () => {
    const [event] = eventsOfAudit(entry({ asked: 'a person', address: '192.0.2.1' }));
    expect(event).toMatchObject({ source: 'wanglou', account: 'wang', classUid: 6003, outcome: 'success' });
    expect(JSON.stringify(event)).not.toContain('a person');
  });

  it('has as many failed sign-ins as were counted, of the names that were tried, each with an id of its own', () => {
    const refused = { action: 'sign-in', account: '', outcome: 'refused', object: 'account a, account b' } as const;
    const events = eventsOfAudit(entry({ ...refused, count: 4 }));
    expect(events.map(({ account }) => account)).toEqual(['a', 'b', 'a', 'b']);
    expect(events[0]).toMatchObject({ classUid: 3002, action: 'sign-in', outcome: 'failure' });
    expect(new Set(events.map(({ id }) => id)).size).toBe(4);
    expect(eventsOfAudit(entry({ ...refused, count: 1e6 })).length).toBe(100);
  });

  it('says nothing of looking, and of a change only once', () => {
    expect(eventsOfAudit(entry({ action: 'events.search' }))).toEqual([]);
    expect(eventsOfAudit(entry({ phase: 'begun' }))).toEqual([]);
  });
});
