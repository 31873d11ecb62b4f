import type { Event } from '../../src/event/event.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { i18n, known } from './i18n.ts';

/** An answer that is no success: the server's code and message, or `network` when there was no answer at all. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly retryAfterSeconds: number;

  constructor(code: string, message: string, status: number, retryAfterSeconds = 0) {
    super(message);
    this.code = code;
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export interface FindingDetails {
  finding: Finding;
  revisions: readonly Finding[];
  events: readonly Event[];
}

/** Whether somebody is signed in. @throws ApiError when the server can not be asked. */
export async function isSignedIn(): Promise<boolean> {
  try {
    await call('GET', 'me');
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return false;
    throw error;
  }
}

export async function signIn(with_: { code: string } | { name: string; password: string }): Promise<void> {
  await call('POST', 'sign-in', with_);
}

export async function signOut(): Promise<void> {
  await call('POST', 'sign-out', {});
}

export async function findingDetails(id: string): Promise<FindingDetails> {
  return (await call('GET', `findings/${encodeURIComponent(id)}`)) as FindingDetails;
}

/** What went wrong, in the current language. */
export function reasonOf(error: unknown): string {
  const { t } = i18n.global;
  if (!(error instanceof ApiError)) return t('error.network');
  const { message, code } = error;
  return known('error', code, t('error.other', { message, code }));
}

async function call(method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`/api/v1/${path}`, {
    method,
    ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
  }).catch((error: unknown) => {
    throw new ApiError('network', String(error), 0);
  });
  const answer = (await response.json().catch(() => ({}))) as { code?: string; message?: string };
  if (response.ok) return answer;
  const retryAfter = Number(response.headers.get('retry-after') ?? 0);
  throw new ApiError(answer.code ?? 'network', answer.message ?? response.statusText, response.status, retryAfter);
}
