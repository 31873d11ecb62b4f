import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Access } from '../../access/access.ts';
import { checked } from '../answers.ts';
import type { Guard } from '../guard.ts';
import type { SignOnWith } from '../parts.ts';
import { answerSignIn } from '../sign-in-answer.ts';

const COOKIE = 'wanglou_sign_on';
const ROOT = '/api/v1/sign-on';

const text = z.string().min(1).max(1_024);
const back = z.strictObject({
  codeAndState: z.string().max(8_192).describe('What the provider sent the browser back with: `code=…&state=…`.'),
  activation: z.strictObject({ name: text, code: text }).optional().describe('Binds the account to who came back.'),
});

/** Schemas of the requests, for the API's description. */
export const SIGN_ON_REQUESTS = { back };

/** To the OpenID Connect provider and back: our page is where it sends the browser, which tells us with what. */
export function signOnRoutes(app: FastifyInstance, guard: Guard, access: Access, signOn: SignOnWith): void {
  const keep = (reply: FastifyReply, kept: string): void =>
    void reply.setCookie(COOKIE, kept, {
      ...{ path: ROOT, httpOnly: true, sameSite: 'strict', secure: guard.isSecure },
      ...(kept === '' && { expires: new Date(0) }),
    });

  app.get(ROOT, { config: { permission: 'open' } }, async (request, reply) => {
    const { url, kept } = await signOn.begin(pageOf(request, guard));
    keep(reply, kept);
    return { url };
  });

  app.post(
    ROOT,
    { config: { permission: 'open', audit: 'sign-in' }, preHandler: guard.fromHere },
    async (request, reply) => {
      const { codeAndState, activation } = checked(back, request.body, 'WL_BODY_INVALID');
      keep(reply, '');
      request.audit.object = `account of ${signOn.label}`;
      const proven = await signOn.prove(codeAndState, request.cookies[COOKIE] ?? '');
      request.audit.object = `${activation ? `activation of ${activation.name} by` : 'account of'} ${proven.person} at ${proven.issuer}`;
      const result = await access.signInProven(proven, request.ip, activation);
      return answerSignIn(guard, request, reply, result, activation ? 'activation' : 'provider');
    },
  );
}

/** The address of our page, as its browser reaches it. */
export function pageOf(request: FastifyRequest, guard: Guard): string {
  return `${guard.publicOrigin || `${request.protocol}://${request.headers.host ?? ''}`}/`;
}
