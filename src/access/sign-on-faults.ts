import { ClientError, AuthorizationResponseError, ResponseBodyError } from 'openid-client';
import { WanglouError } from '../errors.ts';

/** Why nobody came in by way of the provider, in a word: pages say it in their own language. */
export const SIGN_ON_REASONS = {
  'sign-on-denied': [
    'The provider says that the sign-in was not allowed, or was broken off there',
    'Try again, or ask whoever runs the provider.',
  ],
  'sign-on-failed': [
    'The provider could not sign anybody in',
    'Try again; if it happens again, ask whoever runs the provider.',
  ],
  'sign-on-expired': [
    'The way back from the provider is older than 10 minutes, was used before, or began in another browser',
    'Begin again at the sign-in page.',
  ],
  'sign-on-state': [
    'The answer does not belong to a sign-in that began in this browser',
    'Begin again at the sign-in page.',
  ],
  'sign-on-clock': ['The clock of the provider or of this server is off', 'Set both clocks (NTP), then try again.'],
  'sign-on-answer': [
    'The answer of the provider is not as it must be',
    'Check oidcIssuer and oidcClientId; the log of serve says more.',
  ],
  'sign-on-factor': [
    'The provider does not prove a second factor',
    'Sign in there with a second factor; oidcSecondFactor says which acr or amr values count.',
  ],
  'sign-on-claim': [
    'The provider does not say who this is',
    'Let the provider give out the claim of oidcPersonClaim, or name another one.',
  ],
  'sign-on-unbound': [
    'No account here is bound to who signed in at the provider',
    'Open the activation link of the account and choose the provider there; the system administrator has the link.',
  ],
  'sign-on-person': [
    'The account was made for somebody else than who signed in at the provider',
    'Sign in at the provider as yourself, or ask the system administrator.',
  ],
  'sign-on-away': [
    'The provider does not answer',
    'Try again later, or sign in with a password if the account has one.',
  ],
} as const satisfies Record<string, readonly [message: string, remedy: string]>;

export type SignOnReason = keyof typeof SIGN_ON_REASONS;

/** @param said what the provider said, for the message. */
export function signOnRefusal(
  reason: SignOnReason,
  said = '',
  more: { seconds?: number; cause?: unknown } = {},
): WanglouError {
  const [message, remedy] = SIGN_ON_REASONS[reason];
  const { cause, ...numbers } = more;
  const code = reason === 'sign-on-away' ? 'WL_PROVIDER_AWAY' : 'WL_PROVIDER_REFUSED';
  const details = { reason, ...numbers };
  return new WanglouError(code, said === '' ? message : `${message}: ${said}`, { remedy, details, cause });
}

/** What the provider sent the browser back with instead of a code. */
export function refusedReturn(given: URLSearchParams): WanglouError {
  const error = given.get('error')!;
  const said = [error, given.get('error_description') ?? ''].filter(Boolean).join(', ').slice(0, 200);
  return signOnRefusal(error === 'access_denied' ? 'sign-on-denied' : 'sign-on-failed', said);
}

/** What went wrong between us and the provider, for people. */
export function signOnFault(error: unknown, issuer: string): WanglouError {
  if (error instanceof WanglouError) return error;
  if (error instanceof ResponseBodyError || error instanceof AuthorizationResponseError) {
    const reason = error.error === 'invalid_grant' ? 'sign-on-expired' : 'sign-on-failed';
    return signOnRefusal(reason, error.error, { cause: error });
  }
  const code = error instanceof ClientError ? error.code : undefined;
  if (code === 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED')
    return signOnRefusal('sign-on-clock', '', { seconds: secondsOff(error), cause: error });
  const isAway = error instanceof TypeError || code === 'OAUTH_TIMEOUT' || code === 'OAUTH_RESPONSE_IS_NOT_CONFORM';
  return signOnRefusal(isAway ? 'sign-on-away' : 'sign-on-answer', isAway ? issuer : '', { cause: error });
}

/** How much the provider's clock is ahead of ours, s; negative: behind. */
function secondsOff(error: unknown): number {
  const why = ((error as Error).cause as Error).cause as { now: number; claims: { iat: number } };
  return why.claims.iat - why.now;
}
