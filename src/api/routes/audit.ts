import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AUDIT_ACTIONS, AUDIT_OUTCOMES, type AuditAction } from '../../access/audit/entry.ts';
import type { AuditTrail } from '../../access/audit/trail.ts';
import { checked, limit, time } from '../answers.ts';
import type { Guard } from '../guard.ts';
import type { AuditRecords } from '../parts.ts';

const DEFAULT_SPAN_MS = 7 * 24 * 3_600_000;

const actions = Object.keys(AUDIT_ACTIONS) as [AuditAction, ...AuditAction[]];
const search = z.strictObject({
  from: time.optional(),
  to: time.optional(),
  actor: z.string().min(1).max(200).optional(),
  action: z.enum(actions, { error: `must be one of ${actions.join(', ')}` }).optional(),
  outcome: z.enum(AUDIT_OUTCOMES).optional(),
  limit: limit(1_000),
  cursor: z.string().max(200).optional(),
});

/** Schema of the request, for the API's description. */
export const auditQuery = search;

/** The audit trail, newest first; looking at it is audited too. A search that names no beginning goes back a week. */
export function auditRoutes(
  app: FastifyInstance,
  guard: Guard,
  audit: AuditRecords,
  trail: Pick<AuditTrail, 'problem'>,
): void {
  app.get('/api/v1/audit', guard.may('see-audit', 'audit.read'), async (request) => {
    const { actor, ...given } = checked(search, request.query, 'WL_QUERY_INVALID');
    const to = given.to ?? Date.now() + 60_000;
    const from = given.from ?? to - DEFAULT_SPAN_MS;
    const { entries, next } = await audit.search({ ...given, account: actor, from, to });
    request.audit.rows = entries.length;
    const about = { actions: AUDIT_ACTIONS, problem: trail.problem };
    return { entries: entries.map((entry) => ({ ...entry, title: AUDIT_ACTIONS[entry.action] })), next, ...about };
  });
}
