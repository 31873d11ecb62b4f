import { WanglouError } from '../errors.ts';
import type { Session } from './access.ts';
import type { CredentialBook } from './credential-book.ts';
import { credentialId, type Credential } from './credentials.ts';
import { scopeOf, type Account } from './people.ts';
import type { PeopleBook } from './people-book.ts';
import { mayWith, PERMISSIONS, type Permission } from './permissions.ts';
import { drawToken } from './secret.ts';
import { networkOf, refusalOf } from './token-check.ts';

/** Scanners for leaked secrets find tokens of people by it. */
export const API_TOKEN_PREFIX = 'wlp_';

const LONGEST_MS = 366 * 24 * 3_600_000;
const MOST_ACTIVE = 20;

const WORDS = {
  token: 'the API token',
  remedyUnknown: 'Make one at the page of your account.',
  remedyExpired: 'Make a new one at the page of your account.',
};

export interface ApiTokenRequest {
  /** What it is for, in a few words. */
  name: string;
  /** What it may do, of what the person may. */
  permissions: readonly Permission[];
  /** Addresses or CIDR ranges that it may be used from; none for anywhere. */
  networks: readonly string[];
  /** ms since the Unix epoch. */
  expiresAt: number;
}

/** A token for people: what is known of it but itself. */
export type ListedApiToken = Pick<
  Credential,
  'account' | 'name' | 'networks' | 'createdAt' | 'expiresAt' | 'lastUsedAt' | 'lastUsedFrom' | 'endedAt' | 'endedBy'
> & {
  id: string;
  permissions: readonly Permission[];
  /** `asleep`: its account is locked, or was reset after it was made. */
  state: 'active' | 'asleep' | 'expired' | 'revoked';
};

/** Tokens that people make for their scripts: each does some of what the person may, for a time, and ends with the account. */
export class ApiTokens {
  readonly #credentials: CredentialBook;
  readonly #people: PeopleBook;
  readonly #now: () => number;

  constructor(credentials: CredentialBook, people: PeopleBook, now: () => number = Date.now) {
    this.#credentials = credentials;
    this.#people = people;
    this.#now = now;
  }

  /**
   * Whose token this is. @param address of the peer.
   * @throws WanglouError WL_UNAUTHORIZED, WL_FORBIDDEN that says to its holder why it is not taken.
   */
  sessionOf(text: string, address: string): Session {
    const found = this.#credentials.find(text);
    const token = found?.kind === 'token' ? found : undefined;
    const checked = token && { token: asChecked(token), network: networkOf(token.networks) };
    const refusal = refusalOf(text, checked, { address, now: this.#now(), words: WORDS });
    if (refusal) throw refusal.refused;
    const { account: name, only, expiresAt } = token!; // one that is not known is refused
    const account = this.#people.people.accounts.get(name);
    if (!account || isAsleep(token!, account))
      throw new WanglouError(
        'WL_UNAUTHORIZED',
        `the API token ${credentialId(token!)} does not work: its account ${name} is locked or was reset`,
        {
          remedy: 'Ask the security administrator, or make a new token.',
        },
      );
    this.#credentials.used(token!, address);
    const kept = { expiresAt, means: 'token' as const, id: credentialId(token!), only: only ?? [] };
    return { account: name, roles: account.roles, scope: scopeOf(account), ...kept };
  }

  /** Newest first, also those that are no longer good. @param account whose; everybody's when left out. */
  list(account?: string): ListedApiToken[] {
    return this.#tokens(account)
      .map((one) => this.#listed(one))
      .sort((a, b) => b.createdAt - a.createdAt);
  }

  /**
   * @returns the token, which is not kept and never told again, and what is kept of it.
   * @throws WanglouError WL_BODY_INVALID, WL_FORBIDDEN, WL_CONFLICT
   */
  async create(session: Session, request: ApiTokenRequest, from: string): Promise<ListedApiToken & { token: string }> {
    const { account } = session;
    const { name, permissions, networks, expiresAt } = request;
    networkOf(networks);
    this.#checkExpiry(expiresAt);
    const lacking = permissions.find((one) => !mayWith(session.roles, one));
    if (lacking !== undefined)
      throw new WanglouError('WL_FORBIDDEN', `permissions has ${lacking}, which ${account} does not have`, {
        remedy: 'Give a token only what you may do yourself.',
      });
    if (this.list(account).filter(({ state }) => state === 'active').length >= MOST_ACTIVE)
      throw new WanglouError('WL_CONFLICT', `${account} has ${MOST_ACTIVE} active tokens`, {
        remedy: 'Revoke one first.',
      });
    const token = drawToken(API_TOKEN_PREFIX);
    const made = { kind: 'token', account, name, from, only: permissions, networks, expiresAt } as const;
    const { credential } = await this.#credentials.add(made, token);
    return { token, ...this.#listed(credential) };
  }

  /** @param account whose it must be; anybody's when left out. @throws WanglouError WL_NOT_FOUND, WL_CONFLICT */
  async revoke(id: string, by: string, account?: string): Promise<ListedApiToken> {
    const found = this.#tokens(account).find((one) => credentialId(one) === id);
    if (!found)
      throw new WanglouError('WL_NOT_FOUND', `There is no token ${id}`, { remedy: 'Look at the list of tokens.' });
    if (found.endedAt !== 0)
      throw new WanglouError('WL_CONFLICT', `token ${id} was revoked at ${new Date(found.endedAt).toISOString()}`, {
        remedy: 'Nothing is left to do.',
      });
    await this.#credentials.end([found], by);
    return this.list(found.account).find((one) => one.id === id)!;
  }

  #tokens(account?: string): Credential[] {
    return this.#credentials
      .all()
      .filter((one) => one.kind === 'token' && (account === undefined || one.account === account));
  }

  #checkExpiry(expiresAt: number): void {
    const now = this.#now();
    if (expiresAt > now && expiresAt <= now + LONGEST_MS) return;
    throw new WanglouError(
      'WL_BODY_INVALID',
      `expires is ${new Date(expiresAt).toISOString()}: not in the year to come`,
      {
        remedy: 'Give a time to come, at most a year from now.',
      },
    );
  }

  #listed(token: Credential): ListedApiToken {
    const { account, name, networks, createdAt, expiresAt, lastUsedAt, lastUsedFrom, endedAt, endedBy } = token;
    const wasUsed = lastUsedAt > createdAt;
    return {
      ...{ id: credentialId(token), account, name, networks, createdAt, expiresAt, endedAt, endedBy },
      ...{ lastUsedAt: wasUsed ? lastUsedAt : 0, lastUsedFrom: wasUsed ? lastUsedFrom : '' },
      ...{ permissions: token.only ?? [], state: this.#stateOf(token) },
    };
  }

  #stateOf(token: Credential): ListedApiToken['state'] {
    if (token.endedAt !== 0) return 'revoked';
    if (this.#now() >= token.expiresAt) return 'expired';
    const account = this.#people.people.accounts.get(token.account);
    return account && !isAsleep(token, account) ? 'active' : 'asleep';
  }
}

/** Whoever has the account after a reset is not served by tokens from before. */
function isAsleep({ createdAt }: Credential, { state, activatedAt }: Account): boolean {
  return state !== 'active' || createdAt < activatedAt;
}

function asChecked(token: Credential): {
  id: string;
  networks: readonly string[];
  expiresAt: number;
  revokedAt: number;
} {
  return { id: credentialId(token), networks: token.networks, expiresAt: token.expiresAt, revokedAt: token.endedAt };
}

/** All permissions, for the form of a token. */
export const ALL_PERMISSIONS = Object.keys(PERMISSIONS) as [Permission, ...Permission[]];
