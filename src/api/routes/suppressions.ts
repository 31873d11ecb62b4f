import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { suppressionRequest, suppressionScope } from '../../finding/suppression.ts';
import { checked } from '../answers.ts';
import { noteAbout } from '../audit-requests.ts';
import type { Guard } from '../guard.ts';

const one = z.strictObject({ id: z.uuid('must be a UUID') });
const preview = z.strictObject({ scope: suppressionScope });

/** What nobody is to be told of for a while, why, and what that would have hidden. */
export function suppressionRoutes(app: FastifyInstance, guard: Guard): void {
  // What is not told is told to nobody: that is for those who see everything.
  const change = guard.within('refused');

  app.get('/api/v1/suppressions', guard.may('see-suppressions'), async (request) => ({
    suppressions: await request.sees.suppressions.list(),
  }));

  app.post('/api/v1/suppressions', change.may('suppress', 'suppression.create'), async (request, reply) => {
    const wanted = checked(suppressionRequest, request.body, 'WL_BODY_INVALID');
    const made = await request.sees.suppressions.create(wanted, request.session!.account);
    const { detector, actor } = wanted.scope;
    noteAbout(request, ...(detector ? [`detector ${detector}`] : []), ...(actor ? [`for ${actor}`] : []));
    return reply.code(201).send(made);
  });

  app.post('/api/v1/suppressions/preview', change.may('suppress', 'suppression.preview'), async (request) =>
    request.sees.suppressions.preview(checked(preview, request.body, 'WL_BODY_INVALID').scope),
  );

  app.post('/api/v1/suppressions/:id/end', change.may('suppress', 'suppression.end'), async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    return request.sees.suppressions.end(id, request.session!.account);
  });
}
