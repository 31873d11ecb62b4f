import type { Permission } from './permissions.ts';

/**
 * A secret that somebody carries: the cookie of a session (`person`), that of a wall screen (`wall`), the one-time link that
 * begins one (`wall-link`), a token for scripts (`token`). Kept as its digest, and for a while after its end.
 */
export interface Credential {
  /** SHA-256 of the secret. */
  digest: string;
  kind: 'person' | 'wall' | 'wall-link' | 'token';
  account: string;
  /** Of the account: a session ends when that changes; '' for what stays. */
  version: string;
  /** What its maker calls it; '' for sessions of people. */
  name: string;
  /** Nothing but these, where they are named: what the account may is asked as well. */
  only: readonly Permission[] | null;
  /** Addresses or CIDR ranges that it may be used from; none for anywhere. */
  networks: readonly string[];
  /** ms since the Unix epoch, as all times here. */
  createdAt: number;
  /** Address that it was made from. */
  from: string;
  expiresAt: number;
  /** It ends when it is not used for so long; 0 for never. */
  idleMs: number;
  lastUsedAt: number;
  lastUsedFrom: string;
  /** 0 while it has not been ended by anybody. */
  endedAt: number;
  endedBy: string;
}

/** What people see of it. */
export interface ListedCredential extends Pick<
  Credential,
  'kind' | 'account' | 'name' | 'createdAt' | 'from' | 'lastUsedAt' | 'lastUsedFrom'
> {
  id: string;
  /** When it ends if nobody uses it any more. */
  expiresAt: number;
}

/** Names a credential without giving it away. */
export function credentialId({ digest }: Pick<Credential, 'digest'>): string {
  return digest.slice(0, 16);
}

/** Whether it is the cookie of a session, and not a link or a token. */
export function isSession({ kind }: Pick<Credential, 'kind'>): boolean {
  return kind === 'person' || kind === 'wall';
}

/** When it ends by itself if it is not used any more. */
export function endOf({ expiresAt, idleMs, lastUsedAt }: Credential): number {
  return idleMs === 0 ? expiresAt : Math.min(expiresAt, lastUsedAt + idleMs);
}

export function isGood(credential: Credential, now: number): boolean {
  return credential.endedAt === 0 && now < endOf(credential);
}

export function listed(credential: Credential): ListedCredential {
  const { kind, account, name, createdAt, from, lastUsedAt, lastUsedFrom } = credential;
  const expiresAt = endOf(credential);
  return { id: credentialId(credential), kind, account, name, createdAt, from, lastUsedAt, lastUsedFrom, expiresAt };
}
