import { emptyEvent, type Event } from '../../event/event.ts';
import { CLASS, signIn, signOut } from '../../event/formats/outcome.ts';
import { keyedId } from '../../event/id.ts';
import { OWN_SOURCE } from '../../event/own-source.ts';
import type { AuditAction, AuditEntry } from './entry.ts';

/** Looking makes no event: whoever reads all events would make new ones for ever. Refused senders are counted by source. */
const LOOKING: ReadonlySet<AuditAction> = new Set([
  'ingest',
  'events.search',
  'findings.search',
  'sql.check',
  'sql.run',
  'sql.result',
  'sql.cancel',
  'event.read',
  'audit.read',
  'read',
]);
const MAX_EVENTS = 100;
/** OCSF activities of API activity. */
const ACTIVITY = { create: 1, update: 3, delete: 4 } as const;

/**
 * What our own detectors see of a record: signing in as authentication, everything else as API activity. A record of several
 * refused sign-ins is as many events, of the names that were tried in turn, at most 100. What was asked for is not among it.
 */
export function eventsOfAudit(entry: AuditEntry): Event[] {
  if (entry.phase === 'begun' || LOOKING.has(entry.action)) return [];
  if (entry.action !== 'sign-in') return [eventOf(entry, entry.account, 0)];
  const names = entry.object.split(', ').flatMap((tried) => /^account (.+)$/s.exec(tried)?.[1] ?? []);
  const accounts = entry.account !== '' || names.length === 0 ? [entry.account] : names;
  const count = Math.min(entry.count, MAX_EVENTS);
  return Array.from({ length: count }, (_, n) => eventOf(entry, accounts[n % accounts.length]!, n));
}

function eventOf(entry: AuditEntry, account: string, n: number): Event {
  const event = emptyEvent();
  event.id = keyedId('audit', entry.id, String(n));
  event.time = entry.recordedAt;
  event.source = OWN_SOURCE;
  event.authenticated = true;
  event.format = 'wanglou';
  event.service = 'wanglou';
  event.account = account;
  event.clientAddress = entry.address;
  event.session = entry.session;
  event.rows = entry.rows;
  event.target = entry.object;
  const outcome = entry.outcome === 'success' ? 'success' : 'failure';
  if (entry.action === 'sign-in') signIn(event, outcome);
  else if (entry.action === 'sign-out') signOut(event);
  else {
    event.classUid = CLASS.api;
    event.activityId = activityOf(entry.action);
    event.action = 'configure';
    event.outcome = outcome;
  }
  event.message = `${entry.action} ${entry.outcome} ${entry.object}`;
  event.attributes = ['audit', entry.action, 'audit.id', entry.id, 'audit.code', entry.code, ...detailsOf(entry)];
  return event;
}

/** What detectors go by: roles, and the names that the object of a change has after its path. */
function detailsOf({ action, object, roles, count }: AuditEntry): string[] {
  const details = roles.length > 0 ? ['audit.roles', roles.join(' ')] : [];
  const party = /(?:: |, )for (.+)$/s.exec(object)?.[1];
  const since = /^since (.+)$/.exec(object)?.[1];
  const detectors = [...object.matchAll(/(?:: |, )detector ([\w-]+)/g)].map(([, name]) => name!);
  if (detectors.length > 0) details.push('audit.detectors', detectors.join(' '));
  if (party !== undefined) details.push('audit.for', party);
  if (action === 'audit.resumed') details.push('audit.count', String(count));
  if (since !== undefined) details.push('audit.since', String(Date.parse(since)));
  return details;
}

function activityOf(action: AuditAction): number {
  if (/\.(create|import|note)$/.test(action)) return ACTIVITY.create;
  return /\.(end|revoke)$/.test(action) ? ACTIVITY.delete : ACTIVITY.update;
}
