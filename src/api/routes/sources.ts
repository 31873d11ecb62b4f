import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { checked } from '../answers.ts';
import type { Guard } from '../guard.ts';

const one = z.strictObject({ id: z.string().min(1).max(200) });
const spanQuery = z.strictObject({ span: z.enum(['day', 'week', 'quarter']).default('day') });

/** Schemas of the requests, for the API's description. */
export const SOURCE_REQUESTS = { spanQuery };

/** Who sends, how fast, how late, with which gaps, what is wrong with it, and what nobody sends anything about. */
export function sourceRoutes(app: FastifyInstance, guard: Guard): void {
  const read = guard.may('see-health');

  app.get('/api/v1/sources', read, async (request) => ({ sources: request.sees.live.sources() }));

  app.get('/api/v1/source-coverage', read, async (request) => request.sees.sources.coverage());

  app.get('/api/v1/sources/:id', read, async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    return request.sees.sources.of(id, checked(spanQuery, request.query, 'WL_QUERY_INVALID').span);
  });
}
