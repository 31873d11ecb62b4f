import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { checked } from '../answers.ts';
import type { Guard } from '../guard.ts';
import type { SessionsOf } from '../parts.ts';

const id = z.string().regex(/^[0-9a-f]{16}$/, 'must be the id of a session in the list');
const own = z.strictObject({ id });
const somebodys = z.strictObject({ name: z.string().min(1).max(40), id });
const account = somebodys.omit({ id: true });
const wall = z.strictObject({ name: z.string().trim().min(1, 'say where the screen hangs').max(60) });
const empty = z.strictObject({});

/** Schemas of the requests, for the API's description. */
export const SESSION_REQUESTS = { wall };

/** Sessions: one's own, those of others for administrators, and links that begin a session of a wall screen. */
export function sessionListRoutes(app: FastifyInstance, guard: Guard, sessions: SessionsOf): void {
  app.get('/api/v1/sessions', guard.inPerson('signed-in'), async ({ session }) => ({
    sessions: sessions.of(session!.account, session!.id),
  }));

  app.post(
    '/api/v1/sessions/:id/end',
    guard.inPerson('signed-in', 'session.end'),
    async ({ params, body, session }) => {
      checked(empty, body ?? {}, 'WL_BODY_INVALID');
      await sessions.end(session!.account, checked(own, params, 'WL_QUERY_INVALID').id, session!.account);
      return { ended: 1 };
    },
  );

  app.post(
    '/api/v1/sessions/end-others',
    guard.inPerson('signed-in', 'session.end-others'),
    async ({ body, session }) => {
      checked(empty, body ?? {}, 'WL_BODY_INVALID');
      return { ended: await sessions.endOthers(session!) };
    },
  );

  app.post(
    '/api/v1/wall-links',
    guard.within('own').inPerson('follow-feed', 'wall.link'),
    async ({ body, session, ip }, reply) => {
      const { name } = checked(wall, body, 'WL_BODY_INVALID');
      return reply.code(201).send(await sessions.drawWallLink(session!, name, ip));
    },
  );

  app.get('/api/v1/accounts/:name/sessions', guard.within('refused').may('see-accounts'), async ({ params }) => ({
    sessions: sessions.of(checked(account, params, 'WL_QUERY_INVALID').name),
  }));

  app.post(
    '/api/v1/accounts/:name/sessions/:id/end',
    guard.within('refused').may('grant-roles', 'session.end'),
    async ({ params, body, session }) => {
      checked(empty, body ?? {}, 'WL_BODY_INVALID');
      const { name, id: which } = checked(somebodys, params, 'WL_QUERY_INVALID');
      await sessions.end(name, which, session!.account);
      return { ended: 1 };
    },
  );
}
