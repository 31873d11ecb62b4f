import { isDeepStrictEqual } from 'node:util';
import { WanglouError } from '../errors.ts';
import { isLowered, longerOf, type RetentionDays } from '../retention.ts';
import { ADMINISTRATORS, CONFIGURATION, FIRST_START } from './objections.ts';
import type { Account, Activation, Request } from './people.ts';
import type { NewChange, PeopleBook } from './people-book.ts';
import type { Role } from './permissions.ts';
import { isEmpty, type Scope } from '../scope/scope.ts';
import { digest, drawSecret } from './secret.ts';

/** How long a new account, or one that was reset, can be activated. */
const ACTIVATION_MS = 72 * 3_600_000;

/** An account without its secrets. */
export type ShownAccount = Pick<
  Account,
  'name' | 'person' | 'roles' | 'scope' | 'state' | 'createdAt' | 'createdBy'
> & {
  /** What signs it in. */
  signsIn: 'password' | 'provider';
};

/** A one-time code for `account`, told once: only its digest is kept. */
export interface DrawnCode {
  account: string;
  code: string;
  /** ms since the Unix epoch. */
  expiresAt: number;
}

/** What administrators do with accounts. Which of them may do what is the guard's; which changes are right is the book's. */
export class PeopleDesk {
  readonly #book: PeopleBook;
  readonly #now: () => number;

  constructor(book: PeopleBook, now: () => number = Date.now) {
    this.#book = book;
    this.#now = now;
  }

  accounts(): ShownAccount[] {
    return [...this.#book.people.accounts.values()].map(shown);
  }

  /** What waits for somebody's word, and what became of the rest; the newest first. */
  requests(): Request[] {
    return [...this.#book.people.requests.values()]
      .map(({ id, account, retention, role, by, at, state, decidedBy }) => ({
        ...{ id, account, retention, role, by, at, state, decidedBy },
      }))
      .sort((a, b) => b.at - a.at);
  }

  /** An account without any role. @throws WanglouError WL_BODY_INVALID, WL_CONFLICT */
  async create(account: string, person: string, by: string): Promise<DrawnCode> {
    await this.#book.add({ act: 'created', account, person, by });
    return this.drawCode(account, by);
  }

  /** Another activation code for an account that has never been activated. @throws WanglouError WL_CONFLICT */
  drawCode(account: string, by: string): Promise<DrawnCode> {
    return this.#withCode(account, (activation) => ({ act: 'activation-drawn', account, activation, by }));
  }

  /** Password and second factor begin anew once somebody else agrees; the code is good from then on. */
  requestReset(account: string, by: string): Promise<DrawnCode> {
    return this.#withCode(account, (activation) => ({ act: 'reset-requested', account, activation, by }));
  }

  /** Grants, or, for one of the three administrators, asks for the word of another. @returns whether it waits. */
  async grant(account: string, role: Role, by: string): Promise<{ waiting: boolean }> {
    const waiting = ADMINISTRATORS.includes(role);
    await this.#book.add({ act: waiting ? 'grant-requested' : 'granted', account, role, by });
    return { waiting };
  }

  async revoke(account: string, role: Role, by: string): Promise<ShownAccount> {
    return this.#changed(account, { act: 'revoked', account, role, by });
  }

  /** Limits what its roles reach; an empty scope takes the limits away. Ends its sessions. */
  async limit(account: string, scope: Scope, by: string): Promise<ShownAccount> {
    return this.#changed(account, { act: 'scoped', account, scope: isEmpty(scope) ? null : scope, by });
  }

  /** `signed-out` ends the sessions; `locked` also keeps the account from coming back. */
  async restrain(account: string, act: 'locked' | 'unlocked' | 'signed-out', by: string): Promise<ShownAccount> {
    return this.#changed(account, { act, account, by });
  }

  async decide(request: string, act: 'approved' | 'refused', by: string): Promise<Request> {
    await this.#book.add({ act, request, by });
    return this.requests().find(({ id }) => id === request)!;
  }

  /**
   * The three administrators of the first start, each with a code as long as nobody has activated it; a later start draws
   * new ones for those who are missing.
   */
  async found(): Promise<DrawnCode[]> {
    const codes: DrawnCode[] = [];
    for (const role of ADMINISTRATORS) {
      if (this.#book.people.accounts.size < ADMINISTRATORS.length) await this.#foundOne(role);
      const account = this.#book.people.accounts.get(role);
      if (account?.createdBy === FIRST_START && account.person === '')
        codes.push(await this.drawCode(role, FIRST_START));
    }
    return codes;
  }

  /**
   * What the configuration wants kept: more counts at once, less once somebody has agreed. What was refused is not
   * asked for again.
   * @returns what was asked for, waiting or refused; undefined when all is as the configuration wants it.
   */
  async wantRetention(wanted: RetentionDays): Promise<Request | undefined> {
    const by = CONFIGURATION;
    const { retention } = this.#book.people;
    const days = retention === null ? wanted : longerOf(retention, wanted);
    if (!isDeepStrictEqual(days, retention)) await this.#addUnlessConflict({ act: 'retention-set', days, by });
    const asked = (): Request[] => this.requests().filter((one) => one.retention !== null);
    const isWanted = (one: Request): boolean => isDeepStrictEqual(one.retention?.wanted, wanted);
    for (const { id } of asked().filter((one) => one.state === 'waiting' && !isWanted(one)))
      await this.#addUnlessConflict({ act: 'refused', request: id, by });
    if (!isLowered(days, wanted)) return undefined;
    const [last] = asked();
    if (last !== undefined && isWanted(last) && last.state !== 'approved') return last;
    await this.#addUnlessConflict({ act: 'retention-requested', days: wanted, by });
    return asked().find(({ state }) => state === 'waiting');
  }

  async #foundOne(role: Role): Promise<void> {
    await this.#addUnlessConflict({ act: 'founded', account: role, role, by: FIRST_START });
  }

  /** Another program that starts at the same moment may have been first: that is as good. */
  async #addUnlessConflict(change: NewChange): Promise<void> {
    const isConflict = (error: unknown): boolean => error instanceof WanglouError && error.code === 'WL_CONFLICT';
    await this.#book.add(change).catch((error: unknown) => {
      if (!isConflict(error)) throw error;
    });
  }

  async #changed(account: string, change: NewChange): Promise<ShownAccount> {
    await this.#book.add(change);
    return shown(this.#book.people.accounts.get(account)!);
  }

  async #withCode(account: string, change: (activation: Activation) => NewChange): Promise<DrawnCode> {
    const code = drawSecret();
    const expiresAt = this.#now() + ACTIVATION_MS;
    await this.#book.add(change({ digest: digest(code), expiresAt }));
    return { account, code, expiresAt };
  }
}

function shown({ name, person, roles, scope, state, createdAt, createdBy, identity }: Account): ShownAccount {
  return { name, person, roles, scope, state, createdAt, createdBy, signsIn: identity ? 'provider' : 'password' };
}
