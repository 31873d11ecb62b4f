import type { Event } from '../../src/event/event.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { i18n, known, language } from './i18n.ts';

/** What is wrong with one field of an entry of the registry. */
export interface FieldFault {
  /** `quota.rowsPerDay`; '' for the entry as a whole. */
  field: string;
  remedy: string;
  value?: string | number | undefined;
  /** Of a table that was imported: its line, and the column as the file calls it. */
  line?: number;
  column?: string;
}

/** What the server says of a fault beside its code and message. */
interface Said {
  retryAfterSeconds?: number;
  remedy?: string | undefined;
  faults?: readonly FieldFault[] | undefined;
  reason?: string | undefined;
  seconds?: number | undefined;
  place?: string | undefined;
  value?: string | number | undefined;
  line?: number | undefined;
  column?: number | undefined;
  messageZh?: string | undefined;
  remedyZh?: string | undefined;
}

/** An answer that is no success: the server's code and message, or `network` when there was no answer at all. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly retryAfterSeconds: number;
  /** What to do, in English; '' when the server does not say. */
  readonly remedy: string;
  readonly faults: readonly FieldFault[];
  /** What is against it, in a word; '' when the server does not say. */
  readonly reason: string;
  /** By how much a clock is off. */
  readonly seconds: number;
  /** Where in what was asked it is wrong, and what stands there; '' when the server does not say. */
  readonly place: string;
  readonly value: string;
  /** Of a text that people wrote, counted from 1; 0 when the server does not say. */
  readonly line: number;
  readonly column: number;
  /** Message and remedy in Chinese, where the server has words of its own. */
  readonly inChinese: { message: string; remedy: string };

  constructor(code: string, message: string, status: number, said: Said = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.retryAfterSeconds = said.retryAfterSeconds ?? 0;
    this.remedy = said.remedy ?? '';
    this.faults = said.faults ?? [];
    this.reason = said.reason ?? '';
    this.seconds = said.seconds ?? 0;
    this.place = said.place ?? '';
    this.line = said.line ?? 0;
    this.column = said.column ?? 0;
    this.inChinese = { message: said.messageZh ?? '', remedy: said.remedyZh ?? '' };
    this.value = said.value === undefined ? '' : String(said.value);
  }
}

let unauthorized: () => void = () => undefined;

/** @param listener told whenever the server answers that nobody is signed in, or not any more. */
export function onUnauthorized(listener: () => void): void {
  unauthorized = listener;
}

export interface FindingDetails {
  finding: Finding;
  revisions: readonly Finding[];
  events: readonly Event[];
}

export async function signIn(
  with_: { code: string } | { name: string; password: string; totp?: string },
): Promise<void> {
  await call('POST', 'sign-in', with_);
}

/** @returns where to sign out too, when a provider signed in. */
export async function signOut(): Promise<string | undefined> {
  return (await call<{ alsoAt?: string }>('POST', 'sign-out', {})).alsoAt;
}

/** Account of who is signed in. */
export async function whoAmI(): Promise<string> {
  return (await call<{ account: string }>('GET', 'me')).account;
}

export async function findingDetails(id: string): Promise<FindingDetails> {
  return call('GET', `findings/${encodeURIComponent(id)}`);
}

/** What went wrong, in the current language. */
export function reasonOf(error: unknown): string {
  const { t } = i18n.global;
  if (!(error instanceof ApiError)) return t('error.network');
  const { message, code, reason, place, value } = error;
  if (error.inChinese.message !== '') return language() === 'zh' ? error.inChinese.message : message;
  if (reason !== '') return known('reason', reason, message, { place, value });
  return known('error', code, t('error.other', { message, code }));
}

/** What to do about it, in the current language; '' when nobody knows. */
export function remedyOf(error: unknown): string {
  if (!(error instanceof ApiError) || error.reason !== '') return '';
  if (error.inChinese.remedy !== '') return language() === 'zh' ? error.inChinese.remedy : error.remedy;
  return known('remedy', error.code, error.remedy);
}

/** @param path below `/api/v1/`. @throws ApiError */
export async function call<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<T> {
  const response = await fetch(`/api/v1/${path}`, {
    method,
    ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
  }).catch((error: unknown) => {
    throw new ApiError('network', String(error), 0);
  });
  const answer = (await response.json().catch(() => ({}))) as Said & { code?: string; message?: string };
  if (response.ok) return answer as T;
  const { code = 'network', message = response.statusText, ...said } = answer;
  if (response.status === 401 && !['me', 'sign-in', 'sign-on', 'password'].includes(path)) unauthorized();
  const retryAfterSeconds = Number(response.headers.get('retry-after') ?? 0);
  throw new ApiError(code, message, response.status, { ...said, retryAfterSeconds });
}
