import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { REVEAL_PURPOSES, type Reveals } from '../../access/reveals.ts';
import { WanglouError } from '../../errors.ts';
import { checked, time } from '../answers.ts';
import type { Guard } from '../guard.ts';
import { showing } from '../mask-answers.ts';
import type { EvidenceOf } from '../parts.ts';

export const SEALED_STREAMS = ['events', 'findings', 'triage', 'incidents', 'audit', 'registry', 'reports'] as const;

const one = z.strictObject({ id: z.uuid('must be a UUID') });
const nothing = z.strictObject({});
const why = {
  purpose: z.enum(REVEAL_PURPOSES, { error: `must be one of ${REVEAL_PURPOSES.join(', ')}` }),
  reason: z.string().trim().min(4, 'say in a few words why').max(500).describe('Kept in the audit trail.'),
};
const wish = z.strictObject(why);
const range = z.strictObject({
  from: time,
  to: time,
  streams: z
    .array(z.enum(SEALED_STREAMS, { error: `must be of ${SEALED_STREAMS.join(', ')}` }))
    .min(1)
    .default([...SEALED_STREAMS])
    .describe('What is wanted of all that is sealed; everything when left out.'),
  ...why,
});

/** Schemas of the requests, for the API's description. */
export const EVIDENCE_REQUESTS = { wish, range };

/**
 * Seals: where the chain stands, whether an event is sealed, and what proves it elsewhere. A proof without the record tells
 * nothing of it; whatever has records in it is unmasked, and is asked for and agreed to as seeing an event unmasked is.
 */
export function evidenceRoutes(app: FastifyInstance, guard: Guard, evidence: EvidenceOf, reveals: Reveals): void {
  const ofAll = guard.within('refused');

  app.get('/api/v1/evidence', showing('own', ofAll.may('see-evidence')), async (request) => {
    checked(nothing, request.query, 'WL_QUERY_INVALID');
    return evidence.chain();
  });

  app.post('/api/v1/evidence/check', showing('own', ofAll.may('see-evidence', 'evidence.check')), async (request) => {
    checked(nothing, request.body ?? {}, 'WL_BODY_INVALID');
    return { check: evidence.startCheck() };
  });

  app.get('/api/v1/events/:id/seal', showing('own', guard.may('see-events')), async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    await mustSee(request.sees.queries, id);
    return evidence.sealOf(id);
  });

  app.post(
    '/api/v1/events/:id/proof',
    showing('revealed', guard.may('reveal', 'evidence.proof')),
    async (request, reply) => {
      const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
      const said = checked(wish, request.body ?? {}, 'WL_BODY_INVALID');
      await mustSee(request.sees.queries, id);
      const reveal = agreed(reveals, { event: id, by: request.session!.account, ...said });
      if (reveal.state === 'waiting') return reply.code(202).send({ reveal });
      request.audit.rows = 1;
      return { reveal, ...(await evidence.sealOf(id, true)) };
    },
  );

  app.post(
    '/api/v1/evidence/export',
    showing('revealed', ofAll.may('export-evidence', 'evidence.export')),
    async (request, reply) => {
      const { from, to, streams, ...said } = checked(range, request.body ?? {}, 'WL_BODY_INVALID');
      if (from >= to)
        throw new WanglouError('WL_BODY_INVALID', `from (${from}) is not before to (${to})`, {
          remedy: 'Give a from that lies before to.',
        });
      const by = request.session!.account;
      const event = `evidence ${new Date(from).toISOString()} – ${new Date(to).toISOString()} ${streams.join(' ')}`;
      const reveal = agreed(reveals, { event, by, ...said });
      if (reveal.state === 'waiting') return reply.code(202).send({ reveal });
      const archive = await evidence.archive({ from, to, streams, by });
      return reply
        .type('application/x-tar')
        .header('content-disposition', 'attachment; filename="wanglou-evidence.tar"')
        .send(archive);
    },
  );
}

async function mustSee(
  queries: { eventsById(ids: readonly string[]): Promise<readonly unknown[]> },
  id: string,
): Promise<void> {
  if ((await queries.eventsById([id])).length === 0)
    throw new WanglouError('WL_NOT_FOUND', `There is no event ${id}`, { remedy: 'Check the id.' });
}

/** What was asked for, unless somebody has refused it. */
function agreed(reveals: Reveals, wanted: Parameters<Reveals['ask']>[0]): ReturnType<Reveals['ask']> {
  const reveal = reveals.ask(wanted);
  if (reveal.state === 'refused')
    throw new WanglouError('WL_FORBIDDEN', `${reveal.decidedBy} has refused ${wanted.event}`, {
      remedy: 'Ask them why; the request can be made again a day after the first.',
    });
  return reveal;
}
