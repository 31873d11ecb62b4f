import type { ListedToken } from '../../../src/sender-token-desk.ts';
import { call } from '../api.ts';

export type { ListedToken };

/** The token itself is told once, to the one who made it. */
export type MadeToken = ListedToken & { token: string };

export interface TokensOfSenders {
  tokens: readonly ListedToken[];
  /** Tokens of the configuration, which are good for any source. */
  forAll: readonly { file: string; source: string }[];
}

/** @throws ApiError */
export function listTokens(): Promise<TokensOfSenders> {
  return call('GET', 'sender-tokens');
}

/** @param expires ms since the Unix epoch; 0 for never. @throws ApiError */
export function makeToken(source: string, networks: readonly string[], expires: number): Promise<MadeToken> {
  return call('POST', 'sender-tokens', {
    source,
    networks,
    ...(expires > 0 && { expires: new Date(expires).toISOString() }),
  });
}

/** @throws ApiError */
export async function revokeToken(id: string): Promise<void> {
  await call('POST', `sender-tokens/${encodeURIComponent(id)}/revoke`, {});
}
