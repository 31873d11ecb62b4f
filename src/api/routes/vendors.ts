import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { checked, time } from '../answers.ts';
import type { Guard } from '../guard.ts';
import type { VendorRisks } from '../parts.ts';

const one = z.strictObject({ id: z.string().min(1).max(200) });
const query = z.strictObject({ asOf: time.optional() });

/** How great a risk a vendor is, with each term of it, so that it can be disputed. */
export function vendorRoutes(app: FastifyInstance, guard: Guard, risks: VendorRisks): void {
  app.get('/api/v1/vendors/:id/risk', { preHandler: guard.signedIn }, async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    const { asOf = Date.now() } = checked(query, request.query, 'WL_QUERY_INVALID');
    return risks.of(id, asOf);
  });
}
