import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { MAX_SQL_LENGTH } from '../../sql/gate.ts';
import { checked } from '../answers.ts';
import { noteAbout } from '../audit-requests.ts';
import type { Guard } from '../guard.ts';
import { showing } from '../mask-answers.ts';

const ROOT = '/api/v1/sql';
const value = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.union([z.string(), z.number()]))]);
const query = z.strictObject({
  sql: z.string().trim().min(1).max(MAX_SQL_LENGTH).describe('One SELECT; docs/sql.md says what it may use.'),
  parameters: z.record(z.string().max(64), value).default({}).describe('Values of {name:Type}.'),
});
const one = z.strictObject({ id: z.uuid('must be a UUID') });
const windowOf = z.strictObject({
  from: z.coerce.number().int().min(0).default(0),
  count: z.coerce.number().int().min(1).max(1_000).default(100),
});

/** Schemas of the requests, for the API's description. */
export const SQL_REQUESTS = { query, window: windowOf };

/**
 * Queries in SQL, for those who would rather write them: checked before they run, run under limits, read window by window, and
 * recorded with their text and the size of their result before a row is seen.
 */
export function sqlRoutes(app: FastifyInstance, guard: Guard): void {
  app.get(`${ROOT}/schema`, showing('own', guard.may('ask-sql')), async (request) => ({
    tables: await request.sees.sql.schema(),
  }));

  app.post(`${ROOT}/check`, guard.may('ask-sql', 'sql.check'), async (request) => {
    const { sql, parameters } = checked(query, request.body, 'WL_BODY_INVALID');
    return request.sees.sql.check(sql, parameters);
  });

  app.post(`${ROOT}/runs`, guard.may('ask-sql', 'sql.run'), async (request, reply) => {
    const { sql, parameters } = checked(query, request.body, 'WL_BODY_INVALID');
    const run = await request.sees.sql.start(sql, parameters, request.session!.account);
    noteAbout(request, `run ${run.id}`);
    return reply.code(201).header('location', `${ROOT}/runs/${run.id}`).send({ run });
  });

  app.get(`${ROOT}/runs/:id`, guard.may('ask-sql'), async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    return request.sees.sql.of(id, request.session!.account);
  });

  app.get(`${ROOT}/runs/:id/rows`, guard.may('ask-sql'), async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    const { from, count } = checked(windowOf, request.query, 'WL_QUERY_INVALID');
    return request.sees.sql.rows(id, request.session!.account, from, count);
  });

  app.delete(`${ROOT}/runs/:id`, guard.may('ask-sql', 'sql.cancel'), async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    await request.sees.sql.cancel(id, request.session!.account);
    return { id, cancelled: true };
  });
}
