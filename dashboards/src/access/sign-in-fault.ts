import { ApiError, reasonOf } from '../api.ts';
import { i18n, known } from '../i18n.ts';

/** Why a sign-in was refused, in the current language. @param otherwise what a plain refusal says. */
export function signInFault(error: unknown, otherwise: string): string {
  const { t } = i18n.global;
  if (!(error instanceof ApiError)) return t('signIn.failed', { reason: reasonOf(error) });
  if (error.status === 429) return t('signIn.wait', { seconds: error.retryAfterSeconds });
  if (error.code === 'WL_CLOCK_OFF') {
    const seconds = Math.abs(error.seconds);
    return error.seconds > 0 ? t('access.clockFast', { seconds }) : t('access.clockSlow', { seconds });
  }
  if (error.reason.startsWith('sign-on-') || error.reason === 'identity-taken') return reasonOf(error);
  if (error.code === 'WL_UNAUTHORIZED') return otherwise;
  if (error.status === 401) return known('refused', error.code, otherwise);
  return t('signIn.failed', { reason: reasonOf(error) });
}
