import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { WanglouError } from '../../errors.ts';
import { savedQueryRequest, type SavedQueryRequest } from '../../hunting/saved-query.ts';
import { checked } from '../answers.ts';
import { noteAbout } from '../audit-requests.ts';
import type { Guard } from '../guard.ts';
import { showing, type Masks } from '../mask-answers.ts';
import type { SavedQueriesOf } from '../parts.ts';

const ROOT = '/api/v1/saved-queries';
const one = z.strictObject({ id: z.uuid('must be a UUID') });
const change = savedQueryRequest.extend({ after: z.number().int().min(1).describe('The version that was changed.') });

/** Schemas of the requests, for the API's description. */
export const SAVED_QUERY_REQUESTS = { create: savedQueryRequest, change };

/** Queries that people keep, with all their versions. Who sees a part of the platform sees no queries of others: they may name the rest. */
export function savedQueryRoutes(app: FastifyInstance, guard: Guard, saved: SavedQueriesOf, masks: Masks): void {
  const who = ({ session }: FastifyRequest): [account: string, seesShared: boolean] => [
    session!.account,
    session!.scope === null,
  ];

  /** What is shared is shown to others as it is: no value of a person's goes that way. */
  const impersonal = (wanted: SavedQueryRequest): SavedQueryRequest => {
    if (!wanted.shared || masks.text(JSON.stringify(wanted)) === JSON.stringify(wanted)) return wanted;
    throw new WanglouError('WL_BODY_INVALID', 'query has personal information in it, and is shared', {
      details: { reason: 'saved-query-personal' },
      remedy: 'Put a parameter without a default in its place, or keep the query for yourself.',
    });
  };

  app.get(ROOT, showing('own', guard.may('hunt')), async (request) => ({ queries: await saved.list(...who(request)) }));

  app.get(`${ROOT}/:id/versions`, showing('own', guard.may('hunt')), async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    return { versions: await saved.versions(id, ...who(request)) };
  });

  app.post(ROOT, showing('own', guard.may('hunt', 'saved-query.create')), async (request, reply) => {
    const wanted = impersonal(checked(savedQueryRequest, request.body, 'WL_BODY_INVALID'));
    const made = await saved.create(wanted, request.session!.account);
    noteAbout(request, made.name);
    return reply.code(201).send(made);
  });

  app.put(`${ROOT}/:id`, showing('own', guard.may('hunt', 'saved-query.change')), async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    const { after, ...wanted } = checked(change, request.body, 'WL_BODY_INVALID');
    return saved.change(id, impersonal(wanted), after, request.session!.account);
  });

  app.delete(`${ROOT}/:id`, showing('own', guard.may('hunt', 'saved-query.remove')), async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    return saved.remove(id, request.session!.account);
  });
}
