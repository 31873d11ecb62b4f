import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { WanglouError } from '../../errors.ts';
import type { Event } from '../../event/event.ts';
import { checked, limit } from '../answers.ts';
import type { Guard } from '../guard.ts';
import type { Queries } from '../queries.ts';

const search = z.strictObject({
  limit: limit(500),
  severity: z.enum(['low', 'medium', 'high', 'critical']).optional(),
  detector: z.string().min(1).max(100).optional(),
  suppressed: z.enum(['no', 'only']).optional(),
  cursor: z.string().max(500).optional(),
});
const one = z.strictObject({ id: z.uuid('must be a UUID') });

/** Findings: the latest, and one with its revisions and the events behind it. */
export function findingRoutes(app: FastifyInstance, guard: Guard, queries: Queries): void {
  app.get('/api/v1/findings', { preHandler: guard.signedIn }, async (request) => {
    const { cursor, severity, detector, suppressed, ...rest } = checked(search, request.query, 'WL_QUERY_INVALID');
    return queries.latestFindings({
      ...rest,
      ...(severity === undefined ? {} : { severity }),
      ...(detector === undefined ? {} : { detector }),
      ...(suppressed === undefined ? {} : { suppressed }),
      ...(cursor === undefined ? {} : { before: cursor }),
    });
  });

  app.get('/api/v1/findings/:id', { preHandler: guard.signedIn }, async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    const finding = await queries.findingById(id);
    if (!finding) throw new WanglouError('WL_NOT_FOUND', `There is no finding ${id}`, { remedy: 'Check the id.' });
    const [revisions, events] = await Promise.all([
      queries.findingRevisions(id),
      finding.eventIds.length === 0 ? [] : queries.eventsById(finding.eventIds),
    ]);
    return { finding, revisions, events: inTheOrderOf(finding.eventIds, events) };
  });
}

function inTheOrderOf(ids: readonly string[], events: readonly Event[]): Event[] {
  const byId = new Map(events.map((event) => [event.id, event]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
