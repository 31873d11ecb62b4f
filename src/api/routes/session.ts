import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Access, SignIn } from '../../access/access.ts';
import { sessionMark } from '../../access/audit/entry.ts';
import { WanglouError } from '../../errors.ts';
import { checked } from '../answers.ts';
import { COOKIE, type Guard } from '../guard.ts';

const text = z.string().min(1).max(1_024);
const signInBody = z.union([z.strictObject({ code: text }), z.strictObject({ name: text, password: text })], {
  error: 'Expected {"code": …} or {"name": …, "password": …}',
});

/** Signing in and out, and who is signed in. */
export function sessionRoutes(app: FastifyInstance, guard: Guard, access: Access): void {
  app.post('/api/v1/sign-in', { preHandler: guard.fromHere, config: { audit: 'sign-in' } }, async (request, reply) => {
    const body = checked(signInBody, request.body, 'WL_BODY_INVALID');
    request.audit.object = 'code' in body ? 'one-time code' : `account ${body.name.slice(0, 100)}`;
    const result =
      'code' in body
        ? await access.signInWithCode(body.code, request.ip)
        : await access.signInWithPassword(body.name, body.password, request.ip);
    if (result.outcome === 'wait') void reply.header('retry-after', Math.ceil(result.retryAfterMs / 1_000));
    if (result.outcome !== 'accepted') throw refusal(result, 'code' in body);
    guard.setCookie(reply, result.cookieValue, result.session.expiresAt);
    request.session = result.session;
    request.audit.session = sessionMark(result.cookieValue);
    return result.session;
  });

  app.post(
    '/api/v1/sign-out',
    { preHandler: guard.signedInHere, config: { audit: 'sign-out' } },
    async (request, reply) => {
      await access.signOut(request.cookies[COOKIE] ?? '');
      guard.setCookie(reply, '', 0);
      return { signedOut: true };
    },
  );

  app.get('/api/v1/me', { preHandler: guard.signedIn }, async (request) => request.session);
}

function refusal(result: Exclude<SignIn, { outcome: 'accepted' }>, withCode: boolean): WanglouError {
  if (result.outcome === 'wait')
    return new WanglouError('WL_TOO_MANY', 'Too many sign-ins have failed', {
      remedy: `Wait ${Math.ceil(result.retryAfterMs / 1_000)} s, then try again.`,
    });
  return withCode
    ? new WanglouError('WL_UNAUTHORIZED', 'The sign-in code is wrong, was used before or has expired', {
        remedy: 'Use the code that the last start printed, or start the serve program again for a new one.',
      })
    : new WanglouError('WL_UNAUTHORIZED', 'Name or password is wrong', { remedy: 'Check both and try again.' });
}
