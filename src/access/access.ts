import type { ActivationRequest, Credentials, Enrolment } from './people-door.ts';
import type { Permission } from './permissions.ts';
import type { Proven } from './sign-on.ts';
import type { Scope } from '../scope/scope.ts';

/** The seam between the platform and whoever decides about people and tokens: `LocalAccess`. */
export interface Access {
  /** `trial`: one account that does everything. `full`: people with roles. */
  readonly mode: AccessMode;
  /** Reads tokens and sessions. @throws WanglouError when the data directory can not be used. */
  start(): Promise<void>;
  stop(): Promise<void>;

  /**
   * A one-time code: in a trial that of the printed link, in the full mode that of a link for a wall screen. It is spent by
   * this call if it is right. `peer` is the client's address, for the back-off.
   */
  signInWithCode(code: string, peer: string): Promise<SignIn>;
  /** @param totp six digits of the authenticator app; only the full mode asks for them. */
  signInWithPassword(name: string, password: string, peer: string, totp?: string): Promise<SignIn>;
  /** What a good activation code enrols, for the authenticator app. */
  enrol(name: string, code: string, peer: string): Promise<Enrolment | Refused>;
  /** Spends an activation code, and signs in. */
  activate(request: ActivationRequest, peer: string): Promise<SignIn>;
  /**
   * Who came back from the provider, into the account that is bound to them; with an activation code that account is bound
   * first. @throws WanglouError WL_PROVIDER_REFUSED, WL_CONFLICT
   */
  signInProven(proven: Proven, peer: string, activation?: { name: string; code: string }): Promise<SignIn>;
  /** Ends all sessions of the account and begins one. */
  changePassword(credentials: Credentials, password: string, peer: string): Promise<SignIn>;
  signOutEverywhere(session: Session): Promise<void>;
  /**
   * Whose session this cookie value is, or undefined when there is none, it has expired or was ended.
   * @param address of the peer.
   */
  session(cookieValue: string, address?: string): Session | undefined;
  signOut(cookieValue: string): Promise<void>;
  /** Learns now of sessions that have just begun at another program. @throws when that can not be read. */
  look(): Promise<void>;

  /**
   * Who may use the API with this Authorization header: `Bearer wla_…` of the data directory, or `Bearer wlp_…` of a person.
   * @param address of the peer. @throws WanglouError that says to the holder of a person's token why it is not taken.
   */
  apiSession(authorizationHeader: string, address?: string): Session | undefined;
  /** Roles of an account by its name, for the record of who was refused; none for strangers, and in a trial. */
  rolesOf(name: string): readonly string[];
  /** Whether somebody who is signed in may do this. */
  may(session: Session, what: Permission): boolean;
  /** Which source may append with this Authorization header; `source` is '' when the token is bound to none. */
  ingestSource(authorizationHeader: string): { source: string } | undefined;
}

/** Somebody who is signed in. */
export interface Session {
  account: string;
  /** As in permissions.ts. */
  roles: readonly string[];
  /** What is seen at all; null: everything. */
  scope: Scope | null;
  /** ms since the Unix epoch; Infinity for tokens. */
  expiresAt: number;
  /** What it came with, where that is not a session of the person itself: it may not do what only the person may. */
  means?: 'wall' | 'token';
  /** Nothing but these, where they are named. */
  only?: readonly Permission[];
  /** The provider signs the account in. */
  byProvider?: boolean;
  /** Of the session or token, in lists of them; none in a trial. */
  id?: string;
}

export type AccessMode = 'trial' | 'full';

/** What a sign-in came to. A refusal never says whether the name or the password was wrong. */
export type SignIn = { outcome: 'accepted'; session: Session; cookieValue: string } | Refused;

export type Refused =
  | { outcome: 'refused'; hint?: Hint }
  /** Too many failures: not even looked at. */
  | { outcome: 'wait'; retryAfterMs: number };

/** What somebody who knows the right password (or activation code) is told. */
export type Hint =
  | { why: 'code-wrong' | 'code-used' | 'locked' }
  /** The device's clock is that many seconds fast; negative: slow. */
  | { why: 'clock-off'; seconds: number };
