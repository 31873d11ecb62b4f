import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { REVEAL_PURPOSES, type Reveals } from '../../access/reveals.ts';
import { WanglouError } from '../../errors.ts';
import { checked } from '../answers.ts';
import type { Guard } from '../guard.ts';
import { showing } from '../mask-answers.ts';

const one = z.strictObject({ id: z.uuid('must be a UUID') });
const wish = z.strictObject({
  purpose: z.enum(REVEAL_PURPOSES, { error: `must be one of ${REVEAL_PURPOSES.join(', ')}` }),
  reason: z.string().trim().min(4, 'say in a few words why').max(500).describe('Kept in the audit trail.'),
});
const empty = z.strictObject({});
const DECISIONS = { approve: true, refuse: false } as const;
const REQUESTS = '/api/v1/reveal-requests';

/** Schemas of the requests, for the API's description. */
export const REVEAL_REQUESTS = { wish };

/**
 * Seeing one event as it was logged, with a reason: recorded before it is answered, for one person, for fifteen minutes. Where
 * somebody else has to agree, the first answer is 202 and asking again shows it once they have.
 * @param isShared whether there are others: a trial has nobody who could agree.
 */
export function revealRoutes(app: FastifyInstance, guard: Guard, reveals: Reveals, isShared: boolean): void {
  app.post('/api/v1/events/:id/reveal', showing('revealed', guard.may('reveal', 'reveal')), async (request, reply) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    const said = checked(wish, request.body ?? {}, 'WL_BODY_INVALID');
    const [event] = await request.sees.queries.eventsById([id]);
    if (!event) throw new WanglouError('WL_NOT_FOUND', `There is no event ${id}`, { remedy: 'Check the id.' });
    const reveal = reveals.ask({ event: id, by: request.session!.account, ...said });
    if (reveal.state === 'refused')
      throw new WanglouError('WL_FORBIDDEN', `${reveal.decidedBy} has refused to reveal event ${id}`, {
        remedy: 'Ask them why; the request can be made again a day after the first.',
      });
    if (reveal.state === 'waiting') return reply.code(202).send({ reveal });
    request.audit.rows = 1;
    return { reveal, event };
  });

  if (!isShared) return;
  const deciding = guard.within('refused');
  app.get(REQUESTS, deciding.may('decide-requests'), async () => ({ requests: reveals.list() }));

  for (const [name, agrees] of Object.entries(DECISIONS))
    app.post(
      `${REQUESTS}/:id/${name}`,
      deciding.may('decide-requests', `reveal.${name as keyof typeof DECISIONS}`),
      async (request) => {
        checked(empty, request.body ?? {}, 'WL_BODY_INVALID');
        const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
        return { reveal: reveals.decide(id, agrees, request.session!.account) };
      },
    );
}
