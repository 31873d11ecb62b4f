import { attributeOf, type Event } from '../event/event.ts';
import { OWN_SOURCE } from '../event/own-source.ts';

/** What somebody did on this platform that can be a misuse of it. */
export type OwnActKind = 'reveal' | 'export' | 'rule-change' | 'close' | 'exception' | 'refused';

export interface OwnAct {
  kind: OwnActKind;
  /** What it was done to: persons whose data was shown, the detector of a rule or finding, whom an exception is for. */
  about: readonly string[];
  /** Rows of an export; 1 of everything else. */
  amount: number;
}

const ADMINISTRATES = /administrator/;

/** @returns undefined for what cannot be a misuse. The names are those of the audit trail (src/access/audit/entry.ts). */
export function ownActOf(event: Event): OwnAct | undefined {
  if (event.source !== OWN_SOURCE) return undefined;
  const action = attributeOf(event, 'audit');
  if (action === 'sign-in')
    return event.outcome === 'failure' && isAdministrator(event) ? act('refused', []) : undefined;
  if (event.outcome !== 'success' || action === undefined) return undefined;
  if (/(^|\.)reveal$/.test(action))
    return act('reveal', event.dataSubjects.length > 0 ? event.dataSubjects : [event.target]);
  if (/(^|\.)export$/.test(action)) return act('export', [], event.rows);
  const detectors = attributeOf(event, 'audit.detectors')?.split(' ');
  if (action === 'settings.change' && detectors !== undefined) return act('rule-change', detectors);
  // Of many at once those are named that were closed.
  const isClose = action === 'triage.close' || action === 'triage.bulk';
  if (isClose && detectors !== undefined) return act('close', detectors);
  const party = attributeOf(event, 'audit.for');
  const isException = action === 'suppression.create' || action === 'registry.create' || action === 'registry.correct';
  return isException && party !== undefined && isOneself(event, party) ? act('exception', [party]) : undefined;
}

/** Known by the roles of the account, or because the registry calls it privileged. */
function isAdministrator(event: Event): boolean {
  return event.privileged || ADMINISTRATES.test(attributeOf(event, 'audit.roles') ?? '');
}

function isOneself({ account, actor, person }: Event, party: string): boolean {
  return party !== '' && (party === account || party === actor || party === person || party.startsWith(`${account}@`));
}

function act(kind: OwnActKind, about: readonly string[], amount = 1): OwnAct {
  return { kind, about, amount };
}
