import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { checked } from '../answers.ts';
import type { Guard } from '../guard.ts';

export const CONTEXTS = ['picture', 'day', 'parties', 'similar'] as const;
const one = z.strictObject({
  id: z.uuid('must be a UUID'),
  what: z.enum(CONTEXTS),
});

/** What is looked at beside a finding, each by itself: a slow or failing one keeps no other from being seen. */
export function findingContextRoutes(app: FastifyInstance, guard: Guard): void {
  app.get('/api/v1/findings/:id/context/:what', guard.may('see-findings'), async (request) => {
    const { id, what } = checked(one, request.params, 'WL_QUERY_INVALID');
    return request.sees.context[what](id);
  });
}
