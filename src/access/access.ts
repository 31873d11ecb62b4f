/**
 * The seam between the platform and whoever decides about people and tokens. Today `LocalAccess` fills it with one account;
 * a full model of people, roles and approvals can take its place without a change to the routes, the feed or the collectors.
 */
export interface Access {
  /** Reads tokens and sessions. @throws WanglouError when the data directory can not be used. */
  start(): Promise<void>;
  stop(): Promise<void>;

  /** A one-time code; it is spent by this call if it is right. `peer` is the client's address, for the back-off. */
  signInWithCode(code: string, peer: string): Promise<SignIn>;
  signInWithPassword(name: string, password: string, peer: string): Promise<SignIn>;
  /** Whose session this cookie value is, or undefined when there is none, it has expired or was ended. */
  session(cookieValue: string): Session | undefined;
  signOut(cookieValue: string): Promise<void>;

  /** Who may read the API with this Authorization header (`Bearer wla_…`). */
  apiSession(authorizationHeader: string): Session | undefined;
  /** Whether somebody who is signed in may do this. */
  may(session: Session, what: Permission): boolean;
  /** Which source may append with this Authorization header; `source` is '' when the token is bound to none. */
  ingestSource(authorizationHeader: string): { source: string } | undefined;
}

/** What not everybody who is signed in may do. */
export type Permission = 'change-registry' | 'see-audit' | 'manage-tokens';

/** Somebody who is signed in. */
export interface Session {
  account: string;
  /** For now always `operator`: sees posture, findings and events. */
  roles: readonly string[];
  /** ms since the Unix epoch; Infinity for tokens. */
  expiresAt: number;
}

/** What a sign-in came to. A refusal never says whether the name or the password was wrong. */
export type SignIn =
  | { outcome: 'accepted'; session: Session; cookieValue: string }
  | { outcome: 'refused' }
  /** Too many failures: not even looked at. */
  | { outcome: 'wait'; retryAfterMs: number };
