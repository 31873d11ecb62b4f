import type { ListedApiToken } from '../../../src/access/api-tokens.ts';
import type { Permission } from '../../../src/access/permissions.ts';
import type { ListedSession, WallLink } from '../../../src/access/session-desk.ts';
import { call } from '../api.ts';

export type { ListedApiToken, ListedSession, Permission, WallLink };

export async function ownSessions(): Promise<readonly ListedSession[]> {
  return (await call<{ sessions: readonly ListedSession[] }>('GET', 'sessions')).sessions;
}

export async function sessionsOf(account: string): Promise<readonly ListedSession[]> {
  return (await call<{ sessions: readonly ListedSession[] }>('GET', `${of(account)}/sessions`)).sessions;
}

/** @param account whose, when it is not one's own. */
export async function endSession(id: string, account?: string): Promise<void> {
  await call('POST', `${account === undefined ? '' : `${of(account)}/`}sessions/${id}/end`, {});
}

export async function endOtherSessions(): Promise<void> {
  await call('POST', 'sessions/end-others', {});
}

export function drawWallLink(name: string): Promise<WallLink> {
  return call('POST', 'wall-links', { name });
}

export async function apiTokens(whose: 'own' | 'all'): Promise<readonly ListedApiToken[]> {
  return (await call<{ tokens: readonly ListedApiToken[] }>('GET', rootOf(whose))).tokens;
}

/** @param days until it expires. @returns the token, told once. */
export async function createApiToken(request: {
  name: string;
  permissions: readonly Permission[];
  networks: readonly string[];
  days: number;
}): Promise<string> {
  const { days, ...rest } = request;
  const expires = new Date(Date.now() + days * 86_400_000).toISOString();
  return (await call<{ token: string }>('POST', 'api-tokens', { ...rest, expires })).token;
}

export async function revokeApiToken(id: string, whose: 'own' | 'all'): Promise<void> {
  await call('POST', `${rootOf(whose)}/${id}/revoke`, {});
}

function rootOf(whose: 'own' | 'all'): string {
  return whose === 'own' ? 'api-tokens' : 'api-tokens-of-all';
}

function of(account: string): string {
  return `accounts/${encodeURIComponent(account)}`;
}
