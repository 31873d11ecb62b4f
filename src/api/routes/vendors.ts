import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { checked, time } from '../answers.ts';
import type { Guard } from '../guard.ts';

const one = z.strictObject({ id: z.string().min(1).max(200) });
export const vendorQuery = z.strictObject({ asOf: time.optional() });

/** How great a risk a vendor is, with each term of it, so that it can be disputed; and how well its systems serve. */
export function vendorRoutes(app: FastifyInstance, guard: Guard): void {
  const read = guard.may('see-profiles');

  app.get('/api/v1/vendors/:id/risk', read, async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    const { asOf = Date.now() } = checked(vendorQuery, request.query, 'WL_QUERY_INVALID');
    return request.sees.vendorRisks.of(id, asOf);
  });

  app.get('/api/v1/vendors/:id/service', read, async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    const { asOf = Date.now() } = checked(vendorQuery, request.query, 'WL_QUERY_INVALID');
    return request.sees.vendorServices.of(id, asOf);
  });
}
