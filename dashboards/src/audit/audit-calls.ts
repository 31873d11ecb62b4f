import type { AuditEntry, AuditOutcome } from '../../../src/access/audit/entry.ts';
import type { Bilingual } from '../../../src/finding/finding.ts';
import { call } from '../api.ts';

export type AuditRecord = AuditEntry & { title: Bilingual };

export interface AuditPageOf {
  entries: readonly AuditRecord[];
  /** '' on the last page. */
  next: string;
  /** Everything that is audited, by its name. */
  actions: Readonly<Record<string, Bilingual>>;
  /** Why nothing can be recorded now; '' when all is well. */
  problem: string;
}

export const OUTCOMES = ['success', 'refused', 'failed', 'unknown'] as const satisfies readonly AuditOutcome[];

/** What the address of the page asks for; '' for everything. Times are as in a field for them, in the zone of the page. */
export interface AuditWish {
  actor: string;
  action: string;
  outcome: string;
  from: string;
  to: string;
}

const FIELDS = ['actor', 'action', 'outcome', 'from', 'to'] as const satisfies readonly (keyof AuditWish)[];
const PER_PAGE = '100';

export function auditWishIn(query: URLSearchParams): AuditWish {
  const [actor, action, outcome, from, to] = FIELDS.map((field) => query.get(field) ?? '');
  return { actor: actor!, action: action!, outcome: outcome!, from: from!, to: to! };
}

/** The other way round; what is not asked for is left out. */
export function auditQueryOf(wish: AuditWish): string {
  return new URLSearchParams(FIELDS.flatMap((field) => (wish[field] === '' ? [] : [[field, wish[field]]]))).toString();
}

/** What the server is asked, without which page. */
export function askedOf(wish: AuditWish): URLSearchParams {
  const asked = new URLSearchParams();
  for (const field of FIELDS) {
    const value = wish[field];
    if (value === '') continue;
    const at = Date.parse(value);
    if (field !== 'from' && field !== 'to') asked.set(field, value);
    else if (!Number.isNaN(at)) asked.set(field, String(at));
  }
  return asked;
}

/** @param cursor `next` of the page before; '' for the first. @throws ApiError */
export function auditRecords(wish: AuditWish, cursor: string): Promise<AuditPageOf> {
  const asked = askedOf(wish);
  asked.set('limit', PER_PAGE);
  if (cursor !== '') asked.set('cursor', cursor);
  return call('GET', `audit?${asked.toString()}`);
}
