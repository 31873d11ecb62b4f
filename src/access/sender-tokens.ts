import type { BlockList } from 'node:net';
import { digest } from './secret.ts';
import { networkOf, refusalOf, type TokenRefusal } from './token-check.ts';

/** Scanners for leaked secrets find tokens of senders by it. */
export const SENDER_PREFIX = 'wli_';

/** A token of one source, as it is kept: never the token itself. */
export interface SenderToken {
  id: string;
  /** Registry id of the source that it appends for. */
  source: string;
  /** SHA-256 of the token. */
  digest: string;
  /** Addresses or CIDR ranges that it may be used from; none for anywhere. */
  networks: readonly string[];
  /** ms since the Unix epoch; 0 for never. */
  expiresAt: number;
  createdAt: number;
  createdBy: string;
  /** 0 while it is not revoked. */
  revokedAt: number;
  revokedBy: string;
}

/** Where and when a token was used last. */
export interface TokenUse {
  id: string;
  at: number;
  from: string;
}

/** What a token allows, or why it does not: for its holder, and in a few words for counts. */
export type Checked = { source: string } | TokenRefusal;

export function isTokenActive(token: SenderToken, now: number): boolean {
  return token.revokedAt === 0 && (token.expiresAt === 0 || now < token.expiresAt);
}

/** The tokens of senders as this program knows them; `replace` is called whenever they have changed. */
export class SenderTokens {
  readonly #now: () => number;
  #byDigest = new Map<string, { token: SenderToken; network: BlockList }>();
  #uses = new Map<string, TokenUse>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  replace(tokens: readonly SenderToken[]): void {
    this.#byDigest = new Map(
      tokens.map((token) => [token.digest, { token, network: networkOf(token.networks) }] as const),
    );
  }

  /** @param address of the peer, shortest text form. */
  check(text: string, address: string): Checked {
    const found = this.#byDigest.get(digest(text));
    const words = {
      token: 'the ingest token',
      remedyUnknown: 'Make one for the source: wanglou token create.',
      remedyExpired: `Make a new one for ${found?.token.source ?? ''}: two may be active, so that nothing is lost meanwhile.`,
    };
    const refusal = refusalOf(text, found, { address, now: this.#now(), words });
    if (refusal !== undefined) return refusal;
    const { token } = found!; // one that is not known is refused
    this.#uses.set(token.id, { id: token.id, at: this.#now(), from: address });
    return { source: token.source };
  }

  /** The last use of each token that was used since the last call. */
  takeUses(): TokenUse[] {
    const uses = [...this.#uses.values()];
    this.#uses = new Map();
    return uses;
  }
}
