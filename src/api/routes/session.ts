import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Access, Hint, Refused, Session, SignIn } from '../../access/access.ts';
import { sessionMark, type AuditAction } from '../../access/audit/entry.ts';
import { PERMISSIONS, type Permission } from '../../access/permissions.ts';
import { WanglouError } from '../../errors.ts';
import { checked } from '../answers.ts';
import { COOKIE, type Guard } from '../guard.ts';

const LONGEST_COOKIE_MS = 400 * 24 * 3_600_000;
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

/** Signing in and out, and who is signed in. In the full mode also activating an account and changing the own password. */
export function sessionRoutes(app: FastifyInstance, guard: Guard, access: Access): void {
  const open = (audit: AuditAction) => ({ config: { permission: 'open' as const, audit }, preHandler: guard.fromHere });
  const answer = (request: FastifyRequest, reply: FastifyReply, result: SignIn, what: Tried): object => {
    if (result.outcome !== 'accepted') throw refusal(reply, result, what);
    guard.setCookie(reply, result.cookieValue, cookieEnd(result.session));
    request.session = result.session;
    request.audit.session = sessionMark(result.cookieValue);
    return result.session;
  };
  const accountTried = (request: FastifyRequest, name: string): void => {
    request.audit.object = `account ${name.slice(0, 100)}`;
  };

  app.get('/api/v1/sign-in', { config: { permission: 'open' } }, async () => ({ mode: access.mode }));

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

  app.post('/api/v1/password', guard.inPerson('signed-in', 'account.password'), async (request, reply) => {
    const { newPassword, ...given } = checked(passwordBody, request.body, 'WL_BODY_INVALID');
    const credentials = { ...given, name: request.session!.account };
    return answer(
      request,
      reply,
      await access.changePassword(credentials, newPassword, request.ip),
      'password and app',
    );
  });

  app.post('/api/v1/sign-out', guard.may('signed-in', 'sign-out'), async (request, reply) => {
    await access.signOut(request.cookies[COOKIE] ?? '');
    guard.setCookie(reply, '', 0);
    return { signedOut: true };
  });

  app.post(
    '/api/v1/sign-out-everywhere',
    guard.inPerson('signed-in', 'sign-out-everywhere'),
    async ({ session }, reply) => {
      await access.signOutEverywhere(session!);
      guard.setCookie(reply, '', 0);
      return { signedOut: true };
    },
  );

  app.get('/api/v1/me', guard.may('signed-in'), async ({ session, cookies }, reply) => {
    if (session!.means === 'wall') guard.setCookie(reply, cookies[COOKIE] ?? '', cookieEnd(session!));
    const permissions = (Object.keys(PERMISSIONS) as Permission[]).filter((one) => access.may(session!, one));
    return { ...session, mode: access.mode, permissions };
  });
}

/** The session of a wall screen ends when it is not used: the browser keeps its cookie as long as browsers do. */
function cookieEnd({ means, expiresAt }: Session): number {
  return means === 'wall' ? Date.now() + LONGEST_COOKIE_MS : expiresAt;
}

type Tried = 'code' | 'wall' | 'password' | 'password and app' | 'activation';

const REFUSALS: Readonly<Record<Tried, { message: string; remedy: string }>> = {
  code: {
    message: 'The sign-in code is wrong, was used before or has expired',
    remedy: 'Use the code that the last start printed, or start the serve program again for a new one.',
  },
  wall: {
    message: 'The link for a wall screen is wrong, was used before or has expired',
    remedy: 'Make a new one at the page of your account: it is good for 15 minutes and one screen.',
  },
  password: { message: 'Name or password is wrong', remedy: 'Check both and try again.' },
  'password and app': {
    message: 'Name, password or the code of the app is wrong',
    remedy: 'Check all three and try again.',
  },
  activation: {
    message: 'Name or activation code is wrong, or the code was used before or has expired',
    remedy: 'Check both, or ask the system administrator for a new code.',
  },
};

function refusal(reply: FastifyReply, result: Refused, what: Tried): WanglouError {
  if (result.outcome === 'wait') {
    const seconds = Math.ceil(result.retryAfterMs / 1_000);
    void reply.header('retry-after', seconds);
    return new WanglouError('WL_TOO_MANY', 'Too many sign-ins have failed', {
      remedy: `Wait ${seconds} s, then try again.`,
    });
  }
  if (!result.hint) return new WanglouError('WL_UNAUTHORIZED', REFUSALS[what].message, REFUSALS[what]);
  const details = 'seconds' in result.hint ? { seconds: result.hint.seconds } : {};
  const { message, remedy } = told(result.hint);
  return new WanglouError(HINT_CODES[result.hint.why], message, { remedy, details });
}

const HINT_CODES = {
  'code-wrong': 'WL_CODE_WRONG',
  'code-used': 'WL_CODE_USED',
  'clock-off': 'WL_CLOCK_OFF',
  locked: 'WL_ACCOUNT_LOCKED',
} as const;

/** Only for somebody whose password (or activation code) was right. */
function told(hint: Hint): { message: string; remedy: string } {
  switch (hint.why) {
    case 'code-wrong':
      return {
        message: 'totp is not the code that the authenticator app shows for this account',
        remedy: 'Take the six digits that the app shows now.',
      };
    case 'code-used':
      return { message: 'totp has been used before', remedy: 'Wait for the next code of the app: at most 30 s.' };
    case 'locked':
      return { message: 'The account is locked', remedy: 'Ask the security administrator.' };
    case 'clock-off': {
      const { seconds } = hint;
      const off = `${Math.abs(seconds)} s ${seconds > 0 ? 'fast' : 'slow'}`;
      return {
        message: `totp was right at another time: the clock of the device with the app is ${off}`,
        remedy: 'Set its clock (automatic time), then take the next code.',
      };
    }
  }
}
