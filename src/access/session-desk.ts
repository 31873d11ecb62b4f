import { WanglouError } from '../errors.ts';
import type { Session } from './access.ts';
import type { CredentialBook } from './credential-book.ts';
import { credentialId, isSession, listed, type Credential, type ListedCredential } from './credentials.ts';
import type { PeopleBook } from './people-book.ts';
import { WALL_LINK_MS } from './wall.ts';

/** A session in a list; `current` is the one that asks. */
export type ListedSession = ListedCredential & { current: boolean };

/** A one-time code for a wall screen, told once. */
export interface WallLink {
  code: string;
  /** ms since the Unix epoch. */
  expiresAt: number;
}

/** The sessions that people have, and how they end; links that begin those of wall screens. */
export class SessionDesk {
  readonly #credentials: CredentialBook;
  readonly #people: PeopleBook;
  readonly #now: () => number;

  constructor(credentials: CredentialBook, people: PeopleBook, now: () => number = Date.now) {
    this.#credentials = credentials;
    this.#people = people;
    this.#now = now;
  }

  /** The last used first. @param asking id of the session that asks. */
  of(account: string, asking = ''): ListedSession[] {
    return this.#running(account)
      .map((one) => ({ ...listed(one), current: credentialId(one) === asking }))
      .sort((a, b) => b.lastUsedAt - a.lastUsedAt);
  }

  /** @throws WanglouError WL_NOT_FOUND when the account has no such session, or no more. */
  async end(account: string, id: string, by: string): Promise<void> {
    const found = this.#running(account).find((one) => credentialId(one) === id);
    if (!found)
      throw new WanglouError('WL_NOT_FOUND', `${account} has no session ${id} that runs`, {
        remedy: 'Look at the list of sessions as it is now.',
      });
    await this.#credentials.end([found], by);
  }

  /** Ends all of the account but the one that asks. @returns how many. */
  async endOthers({ account, id }: Session): Promise<number> {
    const others = this.#running(account).filter((one) => credentialId(one) !== id);
    await this.#credentials.end(others, account);
    return others.length;
  }

  /** @param name what the screen is called in lists. @param from address of who asks. */
  async drawWallLink({ account }: Session, name: string, from: string): Promise<WallLink> {
    const { version } = this.#people.people.accounts.get(account)!;
    const expiresAt = this.#now() + WALL_LINK_MS;
    const { secret } = await this.#credentials.add({ kind: 'wall-link', account, version, name, from, expiresAt });
    return { code: secret, expiresAt };
  }

  #running(account: string): Credential[] {
    const version = this.#people.people.accounts.get(account)?.version;
    return this.#credentials
      .all()
      .filter((one) => one.account === account && one.version === version && isSession(one))
      .filter((one) => this.#credentials.isGood(one));
  }
}
