import { join } from 'node:path';
import type { Access, Permission, Session, SignIn } from './access.ts';
import { BackOff } from './back-off.ts';
import { hashPassword, isHashed, isPassword } from './password.ts';
import { SignIns } from './sign-ins.ts';
import { bearerOf, readTokens, TokenFile, tokenPath, type TokenSettings } from './tokens.ts';

export interface LocalAccessOptions extends TokenSettings {
  /** The password of `operator`, or its hash (see password.ts); '' when only one-time codes sign in. */
  operatorPassword: string;
  /** ms since the Unix epoch. */
  now?: () => number;
}

const ACCOUNT = 'operator';
const ROLES: readonly string[] = ['operator'];
const PERMISSIONS: Readonly<Record<Permission, readonly string[]>> = {
  'change-registry': ['operator'],
  'see-audit': ['operator'],
  'manage-tokens': ['operator'],
};

/**
 * One account, `operator`, that signs in with a code printed at the start or with a configured password; one ingest and one
 * API token in files under the data directory. The account's own back-off is mild, so that strangers can not lock it out.
 */
export class LocalAccess implements Access {
  readonly #options: LocalAccessOptions;
  readonly #now: () => number;
  readonly #signIns: SignIns;
  readonly #ingestTokens: TokenFile;
  readonly #apiTokens: TokenFile;
  readonly #backOff = { peer: new BackOff(5), account: new BackOff(20, 10_000) };
  #passwordHash = '';
  /** One password check at a time: each takes 128 MiB. */
  #checking: Promise<unknown> = Promise.resolve();

  constructor(options: LocalAccessOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#signIns = new SignIns(join(options.dataDir, 'access/sign-ins.json'), this.#now);
    this.#ingestTokens = new TokenFile(tokenPath(options.dataDir, 'ingest'));
    this.#apiTokens = new TokenFile(tokenPath(options.dataDir, 'api'));
  }

  async start(): Promise<void> {
    await readTokens(this.#options);
    await this.#signIns.load();
    const { operatorPassword } = this.#options;
    if (isHashed(operatorPassword)) await isPassword('', operatorPassword);
    if (operatorPassword !== '')
      this.#passwordHash = isHashed(operatorPassword) ? operatorPassword : await hashPassword(operatorPassword);
  }

  async stop(): Promise<void> {
    await this.#checking.catch(() => undefined);
  }

  /** A new one-time code; those drawn before stay good until they are used or expire. */
  drawCode(): Promise<string> {
    return this.#signIns.drawCode();
  }

  async signInWithCode(code: string, peer: string): Promise<SignIn> {
    return this.#attempt(peer, '', () => this.#signIns.spendCode(code));
  }

  async signInWithPassword(name: string, password: string, peer: string): Promise<SignIn> {
    return this.#attempt(peer, name, () => this.#checkPassword(name, password));
  }

  session(cookieValue: string): Session | undefined {
    const found = cookieValue === '' ? undefined : this.#signIns.find(cookieValue);
    return found && { account: found.account, roles: ROLES, expiresAt: found.expiresAt };
  }

  async signOut(cookieValue: string): Promise<void> {
    await this.#signIns.end(cookieValue);
  }

  apiSession(authorizationHeader: string): Session | undefined {
    const token = bearerOf(authorizationHeader);
    if (token === '' || !this.#apiTokens.grantOf(token)) return undefined;
    return { account: 'api-token', roles: ROLES, expiresAt: Infinity };
  }

  may({ roles }: Session, what: Permission): boolean {
    return PERMISSIONS[what].some((role) => roles.includes(role));
  }

  ingestSource(authorizationHeader: string): { source: string } | undefined {
    const token = bearerOf(authorizationHeader);
    const grant = token === '' ? undefined : this.#ingestTokens.grantOf(token);
    return grant && { source: grant.source };
  }

  async #attempt(peer: string, name: string, check: () => Promise<boolean>): Promise<SignIn> {
    const { peer: byPeer, account: byAccount } = this.#backOff;
    const now = this.#now();
    const waitMs = Math.max(byPeer.waitMs(peer, now), name === '' ? 0 : byAccount.waitMs(name, now));
    if (waitMs > 0) return { outcome: 'wait', retryAfterMs: waitMs };
    if (!(await check())) {
      byPeer.failed(peer, this.#now());
      if (name !== '') byAccount.failed(name, this.#now());
      return { outcome: 'refused' };
    }
    byPeer.succeeded(peer);
    const { cookieValue, expiresAt } = await this.#signIns.begin(ACCOUNT);
    return { outcome: 'accepted', cookieValue, session: { account: ACCOUNT, roles: ROLES, expiresAt } };
  }

  /** Takes the same time for an unknown name as for a wrong password. */
  #checkPassword(name: string, password: string): Promise<boolean> {
    if (this.#passwordHash === '') return Promise.resolve(false);
    const check = async (): Promise<boolean> => (await isPassword(password, this.#passwordHash)) && name === ACCOUNT;
    const checked = this.#checking.then(check, check);
    this.#checking = checked;
    return checked;
  }
}
