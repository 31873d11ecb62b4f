import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { checked, time } from '../answers.ts';
import type { Guard } from '../guard.ts';

const one = z.strictObject({ id: z.string().min(1).max(200) });
const query = z.strictObject({ asOf: time.optional() });

/** Where an asset, and what is derived from it, has gone up to a time: parties, edges, what is outside of its boundary. */
export function diffusionRoutes(app: FastifyInstance, guard: Guard): void {
  app.get('/api/v1/assets/:id/diffusion', guard.may('see-profiles'), async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    const { asOf = Date.now() } = checked(query, request.query, 'WL_QUERY_INVALID');
    return request.sees.diffusion.of(id, asOf);
  });
}
