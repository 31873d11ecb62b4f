import { TOTP, Secret } from 'otpauth';
import { LocalAccess } from '../../src/access/local-access.ts';
import { ApiTokens } from '../../src/access/api-tokens.ts';
import { CredentialBook } from '../../src/access/credential-book.ts';
import { PeopleBook } from '../../src/access/people-book.ts';
import { PeopleDesk, type DrawnCode } from '../../src/access/people-desk.ts';
import { SessionDesk } from '../../src/access/session-desk.ts';
import type { Hashing } from '../../src/access/passwords.ts';
import { hashPassword, isPassword } from '../../src/access/password.ts';
import type { Role } from '../../src/access/permissions.ts';
import type { Session } from '../../src/access/access.ts';
import { MemoryTable } from '../registry/version-table.ts';

export const PASSWORD = 'correct horse 望楼 staple';
const PEER = '192.0.2.7';

/** Cheap, and counts: what a try costs is seen without a clock. */
export class CountingHashing implements Hashing {
  hashed = 0;
  checked = 0;
  hash(password: string): Promise<string> {
    this.hashed++;
    return hashPassword(password, { N: 1024, r: 8, p: 1 });
  }
  isRight(given: string, hashed: string): Promise<boolean> {
    this.checked++;
    return isPassword(given, hashed);
  }
}

/** A data directory's people with their authenticator apps, on a clock that the test moves. */
export class SmallTown {
  now = 1_800_000_000_000;
  readonly hashing = new CountingHashing();
  readonly table: MemoryTable;
  readonly book: PeopleBook;
  readonly desk: PeopleDesk;
  readonly credentialTable: MemoryTable;
  readonly credentials: CredentialBook;
  readonly sessions: SessionDesk;
  readonly apiTokens: ApiTokens;
  readonly access: LocalAccess;
  /** Secret of each account's app. */
  readonly apps = new Map<string, string>();
  #founders: DrawnCode[] = [];

  /** @param other whose people and sessions these are too. */
  constructor(dataDir: string, other?: SmallTown) {
    const now = (): number => this.now;
    this.table = other?.table ?? new MemoryTable();
    this.credentialTable = other?.credentialTable ?? new MemoryTable();
    const onProblem = (): void => undefined;
    this.book = new PeopleBook({ table: this.table, onProblem, now });
    this.credentials = new CredentialBook({ table: this.credentialTable, onProblem, now });
    this.sessions = new SessionDesk(this.credentials, this.book, now);
    this.apiTokens = new ApiTokens(this.credentials, this.book, now);
    this.desk = new PeopleDesk(this.book, now);
    const tokens = { ingestToken: '', apiToken: '', operatorPassword: '' };
    const { book: people, credentials, hashing } = this;
    this.access = new LocalAccess({ dataDir, ...tokens, people, credentials, hashing, now });
  }

  async start(): Promise<void> {
    await this.book.start();
    await this.credentials.start();
    await this.access.start();
    this.#founders = await this.desk.found();
  }

  async stop(): Promise<void> {
    await this.book.stop();
    await this.credentials.stop();
  }

  /** The six digits that the app of an account shows, on a device whose clock is off. */
  code(account: string, offMs = 0): string {
    const secret = Secret.fromBase32(this.apps.get(account)!);
    return new TOTP({ secret, algorithm: 'SHA1', digits: 6, period: 30 }).generate({ timestamp: this.now + offMs });
  }

  founder(role: Role): DrawnCode {
    return this.#founders.find(({ account }) => account === role)!;
  }

  async activate({ account, code }: DrawnCode, person = ''): Promise<void> {
    const enrolment = await this.access.enrol(account, code, PEER);
    if ('outcome' in enrolment) throw new Error(enrolment.outcome);
    this.apps.set(account, enrolment.secret);
    const request = { name: account, code, password: PASSWORD, totp: this.code(account), person };
    const result = await this.access.activate(request, PEER);
    if (result.outcome !== 'accepted') throw new Error(JSON.stringify(result));
    this.now += 30_000;
  }

  /** Administrators who are there, named as their roles. */
  async withAdministrators(): Promise<void> {
    await this.activate(this.founder('system-administrator'), 'Zhao');
    await this.activate(this.founder('security-administrator'), 'Qian');
    await this.activate(this.founder('audit-administrator'), 'Sun');
  }

  /** Somebody who has been given the role in the way that is prescribed. */
  async person(name: string, role: 'operator' | 'auditor', person = name): Promise<void> {
    await this.activate(await this.desk.create(name, person, 'system-administrator'));
    await this.desk.grant(name, role, 'security-administrator');
  }

  async signIn(name: string): Promise<{ cookie: string; session: Session }> {
    const result = await this.access.signInWithPassword(name, PASSWORD, PEER, this.code(name));
    if (result.outcome !== 'accepted') throw new Error(JSON.stringify(result));
    this.now += 30_000;
    return { cookie: result.cookieValue, session: result.session };
  }
}
