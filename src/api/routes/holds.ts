import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { checked, time } from '../answers.ts';
import type { Guard } from '../guard.ts';
import { showing } from '../mask-answers.ts';
import type { HoldsOf } from '../parts.ts';

const one = z.strictObject({ id: z.uuid('must be a UUID') });
const empty = z.strictObject({});
const names = z.array(z.string().trim().min(1).max(200)).max(100).default([]);
const reason = z.string().trim().min(4, 'say in a few words why').max(500);
const wish = z
  .strictObject({
    name: z.string().trim().min(1).max(200).describe('What people call it: a case number, say.'),
    from: time.describe('Event time; from ≤ time < to.'),
    to: time,
    assets: names.describe('Only events of these assets; all when left out.'),
    actors: names.describe('Only events of these accounts, actors or persons; all when left out.'),
    incident: z
      .union([z.literal(''), z.uuid('must be a UUID')])
      .default('')
      .describe('Only events of its findings.'),
    why: reason,
  })
  .refine(({ from, to }) => from < to, { path: ['to'], error: 'must be after from' });
const release = z.strictObject({ why: reason });

/** Schemas of the requests, for the API's description. */
export const HOLD_REQUESTS = { wish, release };

/** Legal holds: while one is open nothing that it is about expires. Its release takes a second person, but for a trial. */
export function holdRoutes(app: FastifyInstance, guard: Guard, holds: HoldsOf): void {
  const ofAll = guard.within('refused');

  app.get('/api/v1/holds', showing('own', ofAll.may('see-holds')), async (request) => {
    checked(empty, request.query, 'WL_QUERY_INVALID');
    return { holds: await holds.list() };
  });

  app.post('/api/v1/holds', showing('own', ofAll.may('place-holds', 'hold.place')), async (request) => {
    const { why, ...wanted } = checked(wish, request.body ?? {}, 'WL_BODY_INVALID');
    return holds.place(wanted, why, request.session!.account);
  });

  app.post('/api/v1/holds/:id/release', showing('own', ofAll.may('place-holds', 'hold.release')), async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    const { why } = checked(release, request.body ?? {}, 'WL_BODY_INVALID');
    return holds.askRelease(id, why, request.session!.account);
  });

  for (const [name, agrees] of Object.entries({ approve: true, refuse: false } as const))
    app.post(
      `/api/v1/holds/:id/${name}`,
      showing('own', ofAll.may('decide-requests', `hold.${name as 'approve' | 'refuse'}`)),
      async (request) => {
        checked(empty, request.body ?? {}, 'WL_BODY_INVALID');
        const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
        return holds.decideRelease(id, agrees, request.session!.account);
      },
    );
}
