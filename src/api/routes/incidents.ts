import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { WanglouError } from '../../errors.ts';
import type { Incident } from '../../finding/incident.ts';
import { checked, limit } from '../answers.ts';
import type { Guard } from '../guard.ts';

const search = z.strictObject({
  limit: limit(500),
  severity: z.enum(['low', 'medium', 'high', 'critical']).optional(),
  correlation: z.string().min(1).max(100).optional(),
  vendor: z.string().min(1).max(300).optional(),
  cursor: z.string().max(500).optional(),
});
const one = z.strictObject({ id: z.uuid('must be a UUID') });
const form = z.strictObject({ form: z.enum(['flat', 'ocsf']).default('flat') });

/** Incidents: the latest, and one with its revisions. */
export function incidentRoutes(app: FastifyInstance, guard: Guard, toOcsf: (incident: Incident) => unknown): void {
  app.get('/api/v1/incidents', guard.may('see-findings'), async (request) => {
    const { cursor, ...given } = checked(search, request.query, 'WL_QUERY_INVALID');
    const stated = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    return request.sees.queries.latestIncidents({
      ...stated,
      limit: given.limit,
      ...(cursor === undefined ? {} : { before: cursor }),
    });
  });

  app.get('/api/v1/incidents/:id', guard.may('see-findings'), async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    const wanted = checked(form, request.query, 'WL_QUERY_INVALID').form;
    const revisions = await request.sees.queries.incidentRevisions(id);
    const incident = revisions.at(-1);
    if (!incident) throw new WanglouError('WL_NOT_FOUND', `There is no incident ${id}`, { remedy: 'Check the id.' });
    return wanted === 'ocsf' ? toOcsf(incident) : { incident, revisions };
  });
}
