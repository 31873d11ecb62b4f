import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Access, SignIn } from '../../access/access.ts';
import type { AuditAction } from '../../access/audit/entry.ts';
import { isServedWithin, PERMISSIONS, type Permission } from '../../access/permissions.ts';
import { checked } from '../answers.ts';
import { COOKIE, type Guard } from '../guard.ts';
import type { SignOnWith } from '../parts.ts';
import { answerSignIn, cookieEnd, refusal, type Tried } from '../sign-in-answer.ts';
import { pageOf } from './sign-on.ts';

const text = z.string().min(1).max(1_024);
const totp = z.string().max(12);
const signInBody = z.union(
  [z.strictObject({ code: text }), z.strictObject({ name: text, password: text, totp: totp.optional() })],
  {
    error: 'Expected {"code": …} or {"name": …, "password": …, "totp": …}',
  },
);
const enrolBody = z.strictObject({ name: text, code: text });
const activateBody = z.strictObject({
  name: text,
  code: text,
  password: text,
  totp,
  person: z.string().max(100).default(''),
});
const passwordBody = z.strictObject({ password: text, totp, newPassword: text });

/** Schemas of the requests, for the API's description. */
export const SIGN_IN_REQUESTS = {
  ...{ signIn: signInBody, enrol: enrolBody, activate: activateBody, password: passwordBody },
};

/** Signing in and out, and who is signed in. In the full mode also activating an account and changing the own password. */
export function sessionRoutes(app: FastifyInstance, guard: Guard, access: Access, signOn?: SignOnWith): void {
  const open = (audit: AuditAction) => ({ config: { permission: 'open' as const, audit }, preHandler: guard.fromHere });
  const answer = (request: FastifyRequest, reply: FastifyReply, result: SignIn, what: Tried): Promise<object> =>
    answerSignIn(guard, request, reply, result, what);
  const accountTried = (request: FastifyRequest, name: string): void => {
    request.audit.object = `account ${name.slice(0, 100)}`;
    const roles = access.rolesOf(name);
    if (roles.length > 0) request.audit.roles = roles;
  };

  app.get('/api/v1/sign-in', { config: { permission: 'open' } }, async () => ({
    mode: access.mode,
    ...(signOn && { provider: signOn.label }),
  }));

  app.post('/api/v1/sign-in', open('sign-in'), async (request, reply) => {
    const body = checked(signInBody, request.body, 'WL_BODY_INVALID');
    if ('code' in body) {
      request.audit.object = 'one-time code';
      return answer(
        request,
        reply,
        await access.signInWithCode(body.code, request.ip),
        access.mode === 'full' ? 'wall' : 'code',
      );
    }
    accountTried(request, body.name);
    const result = await access.signInWithPassword(body.name, body.password, request.ip, body.totp);
    return answer(request, reply, result, access.mode === 'full' ? 'password and app' : 'password');
  });

  app.post('/api/v1/enrol', open('account.enrol'), async (request, reply) => {
    const { name, code } = checked(enrolBody, request.body, 'WL_BODY_INVALID');
    accountTried(request, name);
    const result = await access.enrol(name, code, request.ip);
    if ('outcome' in result) throw refusal(reply, result, 'activation');
    return result;
  });

  app.post('/api/v1/activate', open('account.activate'), async (request, reply) => {
    const body = checked(activateBody, request.body, 'WL_BODY_INVALID');
    accountTried(request, body.name);
    return answer(request, reply, await access.activate(body, request.ip), 'activation');
  });

  app.post(
    '/api/v1/password',
    guard.within('same').inPerson('signed-in', 'account.password'),
    async (request, reply) => {
      const { newPassword, ...given } = checked(passwordBody, request.body, 'WL_BODY_INVALID');
      const credentials = { ...given, name: request.session!.account };
      return answer(
        request,
        reply,
        await access.changePassword(credentials, newPassword, request.ip),
        'password and app',
      );
    },
  );

  app.post('/api/v1/sign-out', guard.within('same').may('signed-in', 'sign-out'), async (request, reply) => {
    await access.signOut(request.cookies[COOKIE] ?? '');
    guard.setCookie(reply, '', 0);
    const alsoAt = request.session!.byProvider === true ? await signOn?.endUrl(pageOf(request, guard)) : undefined;
    return { signedOut: true, ...(alsoAt !== undefined && { alsoAt }) };
  });

  app.post(
    '/api/v1/sign-out-everywhere',
    guard.within('same').inPerson('signed-in', 'sign-out-everywhere'),
    async ({ session }, reply) => {
      await access.signOutEverywhere(session!);
      guard.setCookie(reply, '', 0);
      return { signedOut: true };
    },
  );

  app.get('/api/v1/me', guard.within('same').may('signed-in'), async ({ session, cookies }, reply) => {
    if (session!.means === 'wall') guard.setCookie(reply, cookies[COOKIE] ?? '', cookieEnd(session!));
    const served = (one: Permission): boolean => session!.scope === null || isServedWithin(one);
    const permissions = (Object.keys(PERMISSIONS) as Permission[]).filter(
      (one) => access.may(session!, one) && served(one),
    );
    return { ...session, mode: access.mode, permissions };
  });
}
