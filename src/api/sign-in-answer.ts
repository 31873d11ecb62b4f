import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Hint, Refused, Session, SignIn } from '../access/access.ts';
import { sessionMark } from '../access/audit/entry.ts';
import { WanglouError } from '../errors.ts';
import type { Guard } from './guard.ts';

const LONGEST_COOKIE_MS = 400 * 24 * 3_600_000;

/** The session that began, its cookie beside it. @throws WanglouError that says as much as the one who tried may know. */
export async function answerSignIn(
  guard: Guard,
  request: FastifyRequest,
  reply: FastifyReply,
  result: SignIn,
  what: Tried,
): Promise<Session> {
  if (result.outcome !== 'accepted') throw refusal(reply, result, what);
  await guard.endPresented(request);
  guard.setCookie(reply, result.cookieValue, cookieEnd(result.session));
  request.session = result.session;
  request.audit.session = sessionMark(result.cookieValue);
  return result.session;
}

/** The session of a wall screen ends when it is not used: the browser keeps its cookie as long as browsers do. */
export function cookieEnd({ means, expiresAt }: Session): number {
  return means === 'wall' ? Date.now() + LONGEST_COOKIE_MS : expiresAt;
}

/** What somebody tried to come in with. */
export type Tried = 'code' | 'wall' | 'password' | 'password and app' | 'activation' | 'provider';

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
  provider: {
    message: 'Nobody signed in at the provider',
    remedy: 'Begin again at the sign-in page.',
  },
  activation: {
    message: 'Name or activation code is wrong, or the code was used before or has expired',
    remedy: 'Check both, or ask the system administrator for a new code.',
  },
};

export function refusal(reply: FastifyReply, result: Refused, what: Tried): WanglouError {
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
