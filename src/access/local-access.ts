import { join } from 'node:path';
import { WanglouError } from '../errors.ts';
import type { Access, AccessMode, Refused, Session, SignIn } from './access.ts';
import { API_TOKEN_PREFIX, ApiTokens } from './api-tokens.ts';
import { Attempts, type Denied } from './attempts.ts';
import { isHashed, isPassword } from './password.ts';
import type { CredentialBook, NewCredential } from './credential-book.ts';
import { credentialId, endOf, isSession, type Credential } from './credentials.ts';
import { Passwords, SCRYPT, type Hashing } from './passwords.ts';
import { scopeOf } from './people.ts';
import type { PeopleBook } from './people-book.ts';
import { PeopleDoor, type ActivationRequest, type Credentials, type Enrolment, type Entered } from './people-door.ts';
import { mayInTrial, mayWith, type Permission } from './permissions.ts';
import { SecondFactor } from './second-factor.ts';
import { SignIns, type Kept } from './sign-ins.ts';
import type { Proven } from './sign-on.ts';
import { WALL, WALL_IDLE_MS } from './wall.ts';
import { bearerOf, readTokens, TokenFile, tokenPath, type TokenSettings } from './tokens.ts';

export interface LocalAccessOptions extends TokenSettings {
  /** The password of `operator`, or its hash (see password.ts); '' when only one-time codes sign in. For trials only. */
  operatorPassword: string;
  /** Who there is; without it this is a trial. */
  people?: PeopleBook;
  /** Sessions and tokens of people; with `people`. */
  credentials?: CredentialBook;
  hashing?: Hashing;
  /** ms since the Unix epoch. */
  now?: () => number;
}

/** The account of a trial. */
const TRIAL = { name: 'operator', version: '' };
const ROLES: readonly string[] = ['operator'];
/** A session of a person ends so long after it began. */
const SESSION_MS = 12 * 3_600_000;
/** In the full mode the API token is nobody in particular: it reads, and decides nothing. */
const TOKEN_ROLES: readonly string[] = ['auditor'];

/**
 * In a trial, one account, `operator`, that signs in with a code printed at the start or with a configured password. In the
 * full mode, people with roles (people.ts). Ingest and API tokens in files under the data directory.
 */
export class LocalAccess implements Access {
  readonly mode: AccessMode;
  readonly #options: LocalAccessOptions;
  readonly #now: () => number;
  readonly #signIns: SignIns;
  readonly #ingestTokens: TokenFile;
  readonly #apiTokens: TokenFile;
  readonly #apiTokensOfPeople: ApiTokens | undefined;
  readonly #attempts: Attempts;
  readonly #passwords: Passwords;
  #passwordHash = '';
  #door: PeopleDoor | undefined;

  constructor(options: LocalAccessOptions) {
    this.mode = options.people ? 'full' : 'trial';
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#attempts = new Attempts(this.#now);
    this.#passwords = new Passwords(options.hashing ?? SCRYPT);
    this.#signIns = new SignIns(join(options.dataDir, 'access/sign-ins.json'), this.#now);
    this.#ingestTokens = new TokenFile(tokenPath(options.dataDir, 'ingest'));
    this.#apiTokens = new TokenFile(tokenPath(options.dataDir, 'api'));
    const { credentials, people } = options;
    this.#apiTokensOfPeople = credentials && people && new ApiTokens(credentials, people, this.#now);
  }

  async start(): Promise<void> {
    const { operatorPassword, dataDir, people, hashing = SCRYPT } = this.#options;
    await readTokens(this.#options);
    await this.#signIns.load();
    if (people) {
      await this.#passwords.start();
      const secondFactor = await SecondFactor.read(dataDir);
      this.#door = new PeopleDoor({ book: people, passwords: this.#passwords, secondFactor, now: this.#now });
    } else if (isHashed(operatorPassword)) {
      await isPassword('', operatorPassword);
      this.#passwordHash = operatorPassword;
    } else if (operatorPassword !== '') this.#passwordHash = await hashing.hash(operatorPassword);
  }

  async stop(): Promise<void> {
    await this.#passwords.stop();
  }

  /** A new one-time code; those drawn before stay good until they are used or expire. */
  drawCode(): Promise<string> {
    return this.#signIns.drawCode();
  }

  async signInWithCode(code: string, peer: string): Promise<SignIn> {
    const { credentials } = this.#options;
    if (credentials) return this.#beginWall(code, peer, credentials);
    return this.#signIn(peer, '', async () =>
      (await this.#signIns.spendCode(code)) ? { account: TRIAL } : { denied: true },
    );
  }

  async signInWithPassword(name: string, password: string, peer: string, totp = ''): Promise<SignIn> {
    return this.#signIn(peer, name, async () => {
      if (this.#door) return this.#door.enter({ name, password, totp });
      const isRight = this.#passwordHash !== '' && (await this.#passwords.isRight(password, this.#passwordHash));
      return isRight && name === TRIAL.name ? { account: TRIAL } : { denied: true };
    });
  }

  async enrol(name: string, code: string, peer: string): Promise<Enrolment | Refused> {
    return this.#attempts.attempt(peer, name, () => this.#people.enrolment(name, code));
  }

  async activate(request: ActivationRequest, peer: string): Promise<SignIn> {
    return this.#signIn(peer, request.name, () => this.#people.activate(request));
  }

  async signInProven(proven: Proven, peer: string, activation?: { name: string; code: string }): Promise<SignIn> {
    return this.#signIn(peer, activation?.name ?? '', () =>
      activation ? this.#people.activateProven(proven, activation) : this.#people.enterProven(proven),
    );
  }

  async changePassword(credentials: Credentials, password: string, peer: string): Promise<SignIn> {
    return this.#signIn(peer, credentials.name, () => this.#people.changePassword(credentials, password));
  }

  async signOutEverywhere({ account }: Session): Promise<void> {
    await this.#people.signOutEverywhere(account);
  }

  session(cookieValue: string, address = ''): Session | undefined {
    if (cookieValue === '') return undefined;
    const { credentials } = this.#options;
    if (!credentials) return this.#sessionOf(this.#signIns.find(cookieValue));
    const found = credentials.find(cookieValue);
    if (!found || !isSession(found) || !credentials.isGood(found)) return undefined;
    const session = this.#sessionOf(found);
    if (session) credentials.used(found, address);
    return session;
  }

  async look(): Promise<void> {
    await this.#options.people?.look();
    await this.#options.credentials?.look();
  }

  async signOut(cookieValue: string): Promise<void> {
    const { credentials } = this.#options;
    if (!credentials) return this.#signIns.end(cookieValue);
    const found = credentials.find(cookieValue);
    if (found && credentials.isGood(found)) await credentials.end([found], found.account);
  }

  apiSession(authorizationHeader: string, address = ''): Session | undefined {
    const token = bearerOf(authorizationHeader);
    if (this.#apiTokensOfPeople && token.startsWith(API_TOKEN_PREFIX))
      return this.#apiTokensOfPeople.sessionOf(token, address);
    if (token === '' || !this.#apiTokens.grantOf(token)) return undefined;
    const roles = this.mode === 'trial' ? ROLES : TOKEN_ROLES;
    return { account: 'api-token', roles, scope: null, expiresAt: Infinity, means: 'token' };
  }

  rolesOf(name: string): readonly string[] {
    return this.#options.people?.people.accounts.get(name)?.roles ?? [];
  }

  may({ roles, only }: Session, what: Permission): boolean {
    if (only !== undefined && !only.includes(what)) return false;
    return this.mode === 'trial' ? mayInTrial(what) : mayWith(roles, what);
  }

  ingestSource(authorizationHeader: string): { source: string } | undefined {
    const token = bearerOf(authorizationHeader);
    const grant = token === '' ? undefined : this.#ingestTokens.grantOf(token);
    return grant && { source: grant.source };
  }

  async #signIn(peer: string, name: string, check: () => Promise<Entered | Denied>): Promise<SignIn> {
    const result = await this.#attempts.attempt(peer, name, check);
    if ('outcome' in result) return result;
    const { name: account, version } = result.account;
    return this.#begun({ account, version, kind: 'person', from: peer, expiresAt: this.#now() + SESSION_MS });
  }

  /** A link for a wall screen begins one session, which lasts as long as it is used and its maker is as it was. */
  async #beginWall(code: string, peer: string, credentials: CredentialBook): Promise<SignIn> {
    const link = await this.#attempts.attempt<Credential>(peer, '', async () => {
      const spent = await credentials.spend(code, 'wall-link');
      return spent && this.#sessionOf(spent) ? spent : { denied: true };
    });
    if ('outcome' in link) return link;
    const { account, version, name } = link;
    const lasting = { only: WALL, idleMs: WALL_IDLE_MS, expiresAt: Number.MAX_SAFE_INTEGER };
    return this.#begun({ account, version, name, kind: 'wall', from: peer, ...lasting });
  }

  async #begun(made: NewCredential & { version: string }): Promise<SignIn> {
    const { credentials } = this.#options;
    if (!credentials) {
      const { cookieValue, expiresAt } = await this.#signIns.begin(made.account, made.version);
      return accepted(cookieValue, this.#sessionOf({ ...made, expiresAt }));
    }
    const { secret, credential } = await credentials.add(made);
    return accepted(secret, this.#sessionOf(credential));
  }

  /** A session counts as long as its account is as it was when the session began. */
  #sessionOf(kept: Kept | Credential | undefined): Session | undefined {
    if (kept === undefined) return undefined;
    const { people } = this.#options;
    const { account, version, expiresAt } = kept;
    if (!people) return account === TRIAL.name ? { account, roles: ROLES, scope: null, expiresAt } : undefined;
    const known = people.people.accounts.get(account);
    if (known?.state !== 'active' || known.version !== version) return undefined;
    const of = 'kind' in kept ? asSession(kept) : { expiresAt };
    return { account, roles: known.roles, scope: scopeOf(known), ...of, ...(known.identity && { byProvider: true }) };
  }

  get #people(): PeopleDoor {
    if (this.#door) return this.#door;
    throw new WanglouError('WL_NOT_FOUND', 'This is a trial: it has one account and no people', {
      remedy: 'Set access to full for accounts of people.',
    });
  }
}

function asSession(credential: Credential): Pick<Session, 'expiresAt' | 'id' | 'only' | 'means'> {
  const { kind, only } = credential;
  return {
    ...{ expiresAt: endOf(credential), id: credentialId(credential) },
    ...(kind === 'wall' && { means: 'wall' as const }),
    ...(only && { only }),
  };
}

function accepted(cookieValue: string, session: Session | undefined): SignIn {
  return session ? { outcome: 'accepted', cookieValue, session } : { outcome: 'refused' };
}
