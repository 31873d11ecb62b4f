import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { checked, limit, time } from '../answers.ts';
import type { Guard } from '../guard.ts';

const id = z.string().min(1).max(200);
const subject = z.strictObject({ kind: z.enum(['actor', 'asset', 'vendor', 'department']), id });
const one = z.strictObject({ id });
const asOfQuery = z.strictObject({ asOf: time.optional() });
/** Days back: a week or four. */
const days = z.enum(['7', '28']).default('7').transform(Number);
const spanQuery = z.strictObject({ asOf: time.optional(), days });
const findingsQuery = z.strictObject({ asOf: time.optional(), limit: limit(500) });

/** Schemas of the requests, for the API's description. */
export const PROFILE_REQUESTS = { asOfQuery, spanQuery, findingsQuery };

/** Actors, assets, vendors and departments: who they are, what they did, what was found about them. */
export function profileRoutes(app: FastifyInstance, guard: Guard): void {
  const read = guard.may('see-profiles');

  app.get('/api/v1/profiles/:kind/:id', read, async (request) => {
    const { kind, id: name } = checked(subject, request.params, 'WL_QUERY_INVALID');
    const { asOf = Date.now() } = checked(asOfQuery, request.query, 'WL_QUERY_INVALID');
    return request.sees.profiles.of(kind, name, asOf);
  });

  app.get('/api/v1/profiles/:kind/:id/activity', read, async (request) => {
    const { kind, id: name } = checked(subject, request.params, 'WL_QUERY_INVALID');
    const { asOf = Date.now(), days: back } = checked(spanQuery, request.query, 'WL_QUERY_INVALID');
    return request.sees.profiles.activity(kind, name, back, asOf);
  });

  app.get('/api/v1/profiles/:kind/:id/findings', read, async (request) => {
    const { kind, id: name } = checked(subject, request.params, 'WL_QUERY_INVALID');
    const { asOf = Date.now(), limit: most } = checked(findingsQuery, request.query, 'WL_QUERY_INVALID');
    return { findings: await request.sees.profiles.findings(kind, name, most, asOf) };
  });

  app.get('/api/v1/assets/:id/questions', read, async (request) => {
    const { id: name } = checked(one, request.params, 'WL_QUERY_INVALID');
    const { asOf = Date.now(), days: back } = checked(spanQuery, request.query, 'WL_QUERY_INVALID');
    return request.sees.profiles.questions(name, back, asOf);
  });

  app.get('/api/v1/vendors/:id/scorecard', read, async (request) => {
    const { id: name } = checked(one, request.params, 'WL_QUERY_INVALID');
    const { asOf = Date.now(), days: back } = checked(spanQuery, request.query, 'WL_QUERY_INVALID');
    return request.sees.profiles.scorecard(name, back, asOf);
  });

  app.get('/api/v1/vendors', read, async (request) => {
    const { asOf = Date.now() } = checked(asOfQuery, request.query, 'WL_QUERY_INVALID');
    return { vendors: await request.sees.profiles.vendors(asOf) };
  });
}
