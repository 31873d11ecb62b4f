import { WanglouError } from '../errors.ts';
import type { Denied } from './attempts.ts';
import type { Account } from './people.ts';
import type { PeopleBook } from './people-book.ts';
import type { Passwords } from './passwords.ts';
import { samePerson } from './objections.ts';
import { digest } from './secret.ts';
import type { CodeCheck, SecondFactor } from './second-factor.ts';
import type { Proven } from './sign-on.ts';
import { signOnRefusal } from './sign-on-faults.ts';

/** What somebody says to come in. */
export interface Credentials {
  name: string;
  password: string;
  /** Six digits of the authenticator app. */
  totp: string;
}

/** What turns an activation code into an account that signs in. */
export interface ActivationRequest extends Credentials {
  code: string;
  /** Staff number or full name; counts only for the accounts of the first start. */
  person: string;
}

/** For the authenticator app of somebody who has a good activation code. */
export interface Enrolment {
  /** base32. */
  secret: string;
  /** `otpauth://totp/…` */
  uri: string;
  /** Whether the activation has to say who it is. */
  asksPerson: boolean;
}

/** Who came in, with the version that the session is bound to. */
export interface Entered {
  account: Pick<Account, 'name' | 'version'>;
}

export interface PeopleDoorParts {
  book: PeopleBook;
  passwords: Passwords;
  secondFactor: SecondFactor;
  now: () => number;
}

/**
 * Where people come in. Every try, also for a name that does not exist, is one check of a password and one of a code, so
 * that the time says nothing; a hint is given only after the right password.
 */
export class PeopleDoor {
  readonly #parts: PeopleDoorParts;
  /** A secret of nobody, for the work that a try takes. */
  readonly #nobodys: string;

  constructor(parts: PeopleDoorParts) {
    this.#parts = parts;
    this.#nobodys = parts.secondFactor.secretFor('', '');
  }

  async enter({ name, password, totp }: Credentials): Promise<Entered | Denied> {
    const { book, passwords } = this.#parts;
    const account = book.people.accounts.get(name);
    const isRight = await passwords.isRight(password, account?.passwordHash ?? '');
    const secret = account && account.sealedSecret !== '' ? this.#open(account) : this.#nobodys;
    const check = this.#check(secret, totp, name);
    if (account === undefined || !isRight) return { denied: true };
    if (check.outcome !== 'right') return hintOf(check);
    if (account.state === 'locked') return { denied: true, hint: { why: 'locked' } };
    if (!(await book.useStep(name, check.step))) return { denied: true, hint: { why: 'code-used' } };
    return { account };
  }

  /** What a good activation code enrols. */
  async enrolment(name: string, code: string): Promise<Enrolment | Denied> {
    await this.#parts.book.look(); // another program may have drawn the code a moment ago
    const account = this.#parts.book.people.accounts.get(name);
    const isGood = account?.activations.some((one) => one.digest === digest(code) && one.expiresAt > this.#parts.now());
    if (account?.state !== 'new' || isGood !== true) return { denied: true };
    const secret = this.#parts.secondFactor.secretFor(name, digest(code));
    return { secret, uri: this.#parts.secondFactor.uriOf(name, secret), asksPerson: account.person === '' };
  }

  /**
   * Spends an activation code: from now on name, password and codes of the app sign in.
   * @throws WanglouError WL_BODY_INVALID for a password that is too easy, WL_CONFLICT when the person may not have the role.
   */
  async activate(request: ActivationRequest): Promise<Entered | Denied> {
    const { book, passwords, secondFactor } = this.#parts;
    const { name, code, password, totp, person } = request;
    const enrolment = await this.enrolment(name, code);
    if ('denied' in enrolment) return enrolment;
    const check = this.#check(enrolment.secret, totp, name);
    if (check.outcome !== 'right') return hintOf(check);
    const passwordHash = await passwords.hash(password, name);
    const sealedSecret = secondFactor.seal(name, enrolment.secret);
    const what = { account: name, by: name, digest: digest(code), person: person.trim(), passwordHash, sealedSecret };
    await book.add({ act: 'activated', ...what });
    await book.useStep(name, check.step);
    return { account: book.people.accounts.get(name)! };
  }

  /** The account that is bound to who signed in at the provider. */
  async enterProven(proven: Proven): Promise<Entered | Denied> {
    await this.#parts.book.look();
    const account = [...this.#parts.book.people.accounts.values()].find(
      ({ identity }) => identity?.issuer === proven.issuer && identity.subject === proven.subject,
    );
    if (!account) throw signOnRefusal('sign-on-unbound', proven.person);
    return account.state === 'locked' ? { denied: true, hint: { why: 'locked' } } : { account };
  }

  /**
   * Spends an activation code: from now on who signed in at the provider has the account. Who was given the code and who
   * the account was made for must be the same, as the provider has it.
   * @throws WanglouError WL_PROVIDER_REFUSED, WL_CONFLICT
   */
  async activateProven(proven: Proven, { name, code }: { name: string; code: string }): Promise<Entered | Denied> {
    const { book } = this.#parts;
    const enrolment = await this.enrolment(name, code);
    if ('denied' in enrolment) return enrolment;
    const { person } = book.people.accounts.get(name)!;
    const { issuer, subject } = proven;
    if (person !== '' && proven.person !== name && !samePerson(person, proven.person))
      throw signOnRefusal('sign-on-person', `${name} is ${person}, not ${proven.person}`);
    const what = { account: name, by: name, digest: digest(code), person: proven.person };
    await book.add({ act: 'activated-by-provider', ...what, identity: { issuer, subject } });
    return { account: book.people.accounts.get(name)! };
  }

  /** Ends all sessions of the account; the one that follows is new. @throws WanglouError WL_BODY_INVALID */
  async changePassword(credentials: Credentials, password: string): Promise<Entered | Denied> {
    if (password === credentials.password)
      throw new WanglouError('WL_BODY_INVALID', 'The new password is the old one', {
        details: { reason: 'password-old' },
        remedy: 'Take another one.',
      });
    const entered = await this.enter(credentials);
    if ('denied' in entered) return entered;
    const { name } = entered.account;
    const passwordHash = await this.#parts.passwords.hash(password, name);
    await this.#parts.book.add({ act: 'password-changed', account: name, by: name, passwordHash });
    return { account: this.#parts.book.people.accounts.get(name)! };
  }

  async signOutEverywhere(name: string): Promise<void> {
    await this.#parts.book.add({ act: 'signed-out', account: name, by: name });
  }

  #open({ name, sealedSecret }: Account): string {
    return this.#parts.secondFactor.open(name, sealedSecret);
  }

  #check(secret: string, code: string, name: string): CodeCheck {
    const { secondFactor, book, now } = this.#parts;
    return secondFactor.check(secret, code.replace(/\s/g, ''), now(), book.usedStep(name));
  }
}

function hintOf(check: Exclude<CodeCheck, { outcome: 'right' }>): Denied {
  if (check.outcome === 'clock-off') return { denied: true, hint: { why: 'clock-off', seconds: check.seconds } };
  return { denied: true, hint: { why: check.outcome === 'used' ? 'code-used' : 'code-wrong' } };
}
