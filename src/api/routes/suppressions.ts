import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { AuditAction } from '../../access/audit/entry.ts';
import { suppressionRequest, suppressionScope } from '../../finding/suppression.ts';
import { checked } from '../answers.ts';
import type { Guard } from '../guard.ts';
import type { Suppressions } from '../parts.ts';

const one = z.strictObject({ id: z.uuid('must be a UUID') });
const preview = z.strictObject({ scope: suppressionScope });

/** What nobody is to be told of for a while, why, and what that would have hidden. */
export function suppressionRoutes(app: FastifyInstance, guard: Guard, suppressions: Suppressions): void {
  app.get('/api/v1/suppressions', { preHandler: guard.signedIn }, async () => ({
    suppressions: await suppressions.list(),
  }));

  const audited = (audit: AuditAction) => ({ preHandler: guard.signedInHere, config: { audit } });
  app.post('/api/v1/suppressions', audited('suppression.create'), async (request, reply) => {
    const made = await suppressions.create(
      checked(suppressionRequest, request.body, 'WL_BODY_INVALID'),
      request.session!.account,
    );
    return reply.code(201).send(made);
  });

  app.post('/api/v1/suppressions/preview', audited('suppression.preview'), async (request) =>
    suppressions.preview(checked(preview, request.body, 'WL_BODY_INVALID').scope),
  );

  app.post('/api/v1/suppressions/:id/end', audited('suppression.end'), async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    return suppressions.end(id, request.session!.account);
  });
}
