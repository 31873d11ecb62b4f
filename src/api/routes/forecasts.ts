import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { checked } from '../answers.ts';
import type { Guard } from '../guard.ts';

/** What the forecasts can be of; `id` is a detector, department, asset level, vendor or source, '' for all. */
export const forecastQuery = z.strictObject({
  series: z.enum(['findings', 'rows', 'out-edges', 'vendor-risk', 'ingest-lag', 'events', 'grants-expiring']),
  id: z.string().max(200).default(''),
  step: z.enum(['day', 'hour']).default('day'),
  threshold: z.union([z.literal('unusual'), z.coerce.number().positive()]).optional(),
});

/** What is to be expected of a series over 7 days, or 24 hours, with how good such forecasts have been. */
export function forecastRoutes(app: FastifyInstance, guard: Guard): void {
  app.get('/api/v1/forecasts', guard.may('see-posture'), async (request) =>
    request.sees.forecasts.of(checked(forecastQuery, request.query, 'WL_QUERY_INVALID')),
  );

  // They are computed in the background, for the platform as a whole.
  app.get('/api/v1/forecasts/warnings', guard.within('refused').may('see-posture'), async (request) =>
    request.sees.forecasts.warnings(),
  );
}
