import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { checked, time } from '../answers.ts';
import type { Guard } from '../guard.ts';

const heat = z.strictObject({
  measure: z.enum(['findings', 'events']).default('findings').describe('Findings weigh by their severity.'),
  span: z.enum(['24h', '7d']).default('24h').describe('The last 24 hours, or hours of the day over the last 7 days.'),
});
const changes = z.strictObject({ since: time.describe('In the last 31 days.') });
export const OVERVIEW_REQUESTS = { heat, changes };

/** What the first page shows of everything: departments by hours, and what changed since somebody last looked. */
export function overviewRoutes(app: FastifyInstance, guard: Guard): void {
  app.get('/api/v1/heat', guard.may('see-posture'), async (request) => {
    const { measure, span } = checked(heat, request.query, 'WL_QUERY_INVALID');
    return request.sees.overview.heat(measure, span);
  });

  app.get('/api/v1/changes', guard.may('see-findings'), async (request) => {
    const { since } = checked(changes, request.query, 'WL_QUERY_INVALID');
    return request.sees.overview.changes(since, request.session!.account);
  });
}
