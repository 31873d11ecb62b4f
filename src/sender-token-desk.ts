import { randomUUID } from 'node:crypto';
import { digest, drawToken } from './access/secret.ts';
import { isTokenActive, SENDER_PREFIX, type SenderToken, type TokenUse } from './access/sender-tokens.ts';
import { networkOf } from './access/token-check.ts';
import { WanglouError } from './errors.ts';
import { OWN_SOURCE } from './event/own-source.ts';
import type { KeyedTable } from './event-log/event-log.ts';

export interface TokenRequest {
  source: string;
  networks: readonly string[];
  /** ms since the Unix epoch; 0 for never. */
  expiresAt: number;
}

/** A token for people: what is known of it but itself. */
export type ListedToken = Omit<SenderToken, 'digest'> & {
  state: 'active' | 'expired' | 'revoked';
  /** 0 and '' when it never was. */
  lastUsedAt: number;
  lastUsedFrom: string;
};

/** Two, so that a sender can change to the new one before the old one is revoked. */
const MAX_ACTIVE = 2;

/**
 * Where tokens of senders are made, listed and revoked. They are kept in a table of the event log that every `collect`
 * program follows.
 */
export class SenderTokenDesk {
  readonly #tables: { tokens: KeyedTable; uses: KeyedTable };
  readonly #knows: (source: string) => boolean;
  readonly #now: () => number;
  #making: Promise<unknown> = Promise.resolve();

  /** @param knows whether the registry has a source. */
  constructor(
    tables: { tokens: KeyedTable; uses: KeyedTable },
    knows: (source: string) => boolean,
    now: () => number = Date.now,
  ) {
    this.#tables = tables;
    this.#knows = knows;
    this.#now = now;
  }

  /** Newest first, also those that are no longer good. */
  async list(): Promise<ListedToken[]> {
    const uses = new Map((await valuesOf<TokenUse>(this.#tables.uses)).map((use) => [use.id, use]));
    const tokens = await valuesOf<SenderToken>(this.#tables.tokens);
    return tokens
      .sort((a, b) => b.createdAt - a.createdAt)
      .map((token) => this.#listed(token, uses.get(token.id) ?? { id: token.id, at: 0, from: '' }));
  }

  /**
   * @returns the token, which is not kept and never told again, and what is kept of it.
   * @throws WanglouError WL_BODY_INVALID, WL_CONFLICT when two are active already
   */
  async create(request: TokenRequest, by: string): Promise<ListedToken & { token: string }> {
    // One after the other: two that come at once must not both be the second.
    const making = this.#making.catch(() => undefined).then(() => this.#create(request, by));
    this.#making = making;
    return making;
  }

  /** @throws WanglouError WL_NOT_FOUND, WL_CONFLICT when it is revoked already */
  async revoke(id: string, by: string): Promise<ListedToken> {
    const token = (await valuesOf<SenderToken>(this.#tables.tokens)).find((one) => one.id === id);
    if (token === undefined)
      throw new WanglouError('WL_NOT_FOUND', `There is no token ${id}`, { remedy: 'Look at the list of tokens.' });
    if (token.revokedAt !== 0)
      throw new WanglouError('WL_CONFLICT', `token ${id} was revoked at ${new Date(token.revokedAt).toISOString()}`, {
        remedy: 'Nothing is left to do.',
      });
    const revoked: SenderToken = { ...token, revokedAt: this.#now(), revokedBy: by };
    await this.#put(revoked);
    return this.#listed(revoked, { id, at: 0, from: '' });
  }

  async #create({ source, networks, expiresAt }: TokenRequest, by: string): Promise<ListedToken & { token: string }> {
    const now = this.#now();
    networkOf(networks);
    if (source === OWN_SOURCE || !this.#knows(source))
      throw new WanglouError(
        'WL_BODY_INVALID',
        `source is ${JSON.stringify(source)}, which the registry does not have`,
        {
          remedy: 'Make the source in the registry first, or name one that it has.',
        },
      );
    if (expiresAt !== 0 && expiresAt <= now)
      throw new WanglouError('WL_BODY_INVALID', `expires is ${new Date(expiresAt).toISOString()}, which has passed`, {
        remedy: 'Give a time to come, or leave it out.',
      });
    const active = (await this.list()).filter((one) => one.source === source && one.state === 'active');
    if (active.length >= MAX_ACTIVE)
      throw new WanglouError('WL_CONFLICT', `${source} has ${MAX_ACTIVE} active tokens`, {
        remedy: `Revoke one first: ${active.map(({ id }) => id).join(' or ')}.`,
      });
    const token = drawToken(SENDER_PREFIX);
    const kept: SenderToken = {
      ...{ id: randomUUID(), source, digest: digest(token), networks, expiresAt },
      ...{ createdAt: now, createdBy: by, revokedAt: 0, revokedBy: '' },
    };
    await this.#put(kept);
    return { token, ...this.#listed(kept, { id: kept.id, at: 0, from: '' }) };
  }

  #listed({ digest: _, ...token }: SenderToken, use: TokenUse): ListedToken {
    const active = isTokenActive({ ...token, digest: '' }, this.#now());
    const state = token.revokedAt !== 0 ? 'revoked' : active ? 'active' : 'expired';
    return { ...token, state, lastUsedAt: use.at, lastUsedFrom: use.from };
  }

  async #put(token: SenderToken): Promise<void> {
    await this.#tables.tokens.put([[token.id, Buffer.from(JSON.stringify(token))]]);
  }
}

async function valuesOf<T>(table: KeyedTable): Promise<T[]> {
  const values: T[] = [];
  for await (const [, value] of table.entries()) values.push(JSON.parse(Buffer.from(value).toString()) as T);
  return values;
}
