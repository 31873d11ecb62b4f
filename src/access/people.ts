import { objectionTo } from './objections.ts';
import { MANAGERS, type Role } from './permissions.ts';
import type { Identity } from './sign-on.ts';
import type { RetentionDays } from '../retention.ts';
import { NOTHING, type Scope } from '../scope/scope.ts';

/**
 * One change of an account. Changes are only ever added, so that several programs can add them at once and nothing is lost;
 * accounts and requests are folded from them (`peopleOf`), and a change that the rules forbid counts for nothing.
 */
export type Change = ChangeHead &
  (
    | { act: 'founded'; account: string; role: Role }
    | { act: 'created'; account: string; person: string }
    | { act: 'activation-drawn'; account: string; activation: Activation }
    | {
        act: 'activated';
        account: string;
        digest: string;
        /** Who it is; asked of those whose account came with the first start. */
        person: string;
        passwordHash: string;
        sealedSecret: string;
      }
    | { act: 'activated-by-provider'; account: string; digest: string; person: string; identity: Identity }
    | { act: 'password-changed'; account: string; passwordHash: string }
    | { act: 'signed-out' | 'locked' | 'unlocked'; account: string }
    | { act: 'granted' | 'revoked' | 'grant-requested'; account: string; role: Role }
    | { act: 'scoped'; account: string; scope: Scope | null }
    | { act: 'reset-requested'; account: string; activation: Activation }
    | { act: 'retention-set' | 'retention-requested'; days: RetentionDays }
    | { act: 'approved' | 'refused'; request: string }
  );

export interface ChangeHead {
  id: string;
  /** Greater than that of every change that was known when it was made. */
  n: number;
  /** ms since the Unix epoch. */
  at: number;
  /** Account that made it; `first-start` for the first administrators, `configuration` for what is set on the machine. */
  by: string;
}

/** A one-time code, as its digest. */
export interface Activation {
  digest: string;
  /** ms since the Unix epoch. */
  expiresAt: number;
}

export interface Account {
  /** Signs in with it; never given to another person. */
  name: string;
  /** Who it is: a staff number, say. Several accounts of one person count as one; '' until the first sign-in says so. */
  person: string;
  roles: readonly Role[];
  /** What its roles are limited to; null: nothing. */
  scope: Scope | null;
  /** `new`: an activation code is out, there is no password yet. */
  state: 'new' | 'active' | 'locked';
  createdAt: number;
  createdBy: string;
  /** Another one ends all sessions that began under this one. */
  version: string;
  activations: readonly Activation[];
  passwordHash: string;
  sealedSecret: string;
  /** Who it is at the provider that signs it in; null when it has a password. */
  identity: Identity | null;
  /** When its password or identity began; 0 before. */
  activatedAt: number;
}

/**
 * Something that one has asked for and another has to decide: one of the three roles, a fresh activation code, or to keep
 * less.
 */
export interface Request {
  id: string;
  /** '' when it is about none. */
  account: string;
  /** How long is to be kept, and was when that was asked for; null for what is about an account. */
  retention: { was: RetentionDays; wanted: RetentionDays } | null;
  /** The role that is asked for; '' for a reset of password and second factor, and what is about no account. */
  role: Role | '';
  by: string;
  at: number;
  state: 'waiting' | 'approved' | 'refused';
  decidedBy: string;
}

export interface People {
  accounts: ReadonlyMap<string, Account>;
  requests: ReadonlyMap<string, Request>;
  /** How long what is stored is kept, as agreed on; null before the first start has said so. */
  retention: RetentionDays | null;
  /** Ids of the changes that counted. */
  taken: ReadonlySet<string>;
  /** For the next change. */
  n: number;
}

const MAX_ACTIVATIONS = 4;

/** Accounts and requests as they stand after these changes, in whatever order they came. */
export function peopleOf(changes: Iterable<Change>): People {
  const accounts = new Map<string, Account>();
  const requests = new Map<string, Request & { activation?: Activation }>();
  const taken = new Set<string>();
  const people: { -readonly [K in keyof People]: People[K] } = { accounts, requests, retention: null, taken, n: 1 };
  const update = (name: string, change: Partial<Account>): void => {
    accounts.set(name, { ...accounts.get(name)!, ...change });
  };
  for (const change of [...changes].sort((a, b) => a.n - b.n || (a.id < b.id ? -1 : 1))) {
    people.n = change.n + 1;
    if (objectionTo(people, change) !== undefined) continue;
    taken.add(change.id);
    apply(change);
  }
  return people;

  function apply(change: Change): void {
    const { id, at, by } = change;
    const account = 'account' in change ? accounts.get(change.account) : undefined;
    switch (change.act) {
      case 'founded':
        return void accounts.set(change.account, { ...fresh(change, ''), roles: [change.role] });
      case 'created':
        return void accounts.set(change.account, fresh(change, change.person));
      case 'activation-drawn':
        return update(change.account, {
          activations: [...account!.activations, change.activation].slice(-MAX_ACTIVATIONS),
        });
      case 'activated': {
        const { passwordHash, sealedSecret } = change;
        const person = account!.person || change.person;
        return update(change.account, {
          ...{ state: 'active', version: id, activations: [], person, passwordHash, sealedSecret, activatedAt: at },
        });
      }
      case 'activated-by-provider': {
        const person = account!.person || change.person;
        const { identity } = change;
        return update(change.account, {
          ...{ state: 'active', version: id, activations: [], person, identity, activatedAt: at },
        });
      }
      case 'password-changed':
        return update(change.account, { version: id, passwordHash: change.passwordHash });
      case 'signed-out':
        return update(change.account, { version: id });
      case 'locked':
        return update(change.account, { version: id, state: 'locked' });
      case 'unlocked':
        return update(change.account, { version: id, state: account!.activatedAt === 0 ? 'new' : 'active' });
      case 'granted':
        return grant(change.account, change.role, id);
      case 'revoked':
        return update(change.account, {
          version: id,
          roles: account!.roles.filter((role) => role !== change.role),
        });
      case 'scoped':
        return update(change.account, { version: id, scope: change.scope });
      case 'grant-requested':
        return void requests.set(id, asked(change.account, change.role));
      case 'reset-requested':
        return void requests.set(id, { ...asked(change.account, ''), activation: change.activation });
      case 'retention-set':
        people.retention = change.days;
        return;
      case 'retention-requested':
        return void requests.set(id, { ...asked('', ''), retention: { was: people.retention!, wanted: change.days } });
      case 'approved':
      case 'refused': {
        const request = requests.get(change.request)!;
        requests.set(request.id, { ...request, state: change.act, decidedBy: by });
        if (change.act === 'refused') return;
        if (request.retention !== null) {
          people.retention = request.retention.wanted;
          return;
        }
        if (request.role !== '') return grant(request.account, request.role, id);
        const none = { passwordHash: '', sealedSecret: '', identity: null, activatedAt: 0 };
        return update(request.account, { state: 'new', version: id, activations: [request.activation!], ...none });
      }
    }

    function asked(name: string, role: Role | ''): Request {
      return { id, account: name, retention: null, role, by, at, state: 'waiting', decidedBy: '' };
    }
  }

  function grant(name: string, role: Role, version: string): void {
    update(name, { version, roles: [...accounts.get(name)!.roles, role] });
  }
}

function fresh({ id, account, at, by }: ChangeHead & { account: string }, person: string): Account {
  const nothing = { roles: [], scope: null, activations: [] };
  const none = { ...nothing, passwordHash: '', sealedSecret: '', identity: null, activatedAt: 0 };
  return { name: account, person, state: 'new', createdAt: at, createdBy: by, version: id, ...none };
}

/** What somebody is limited to; null for nothing. A manager of nothing sees nothing. */
export function scopeOf({ roles, scope }: Pick<Account, 'roles' | 'scope'>): Scope | null {
  return scope ?? (MANAGERS.some((role) => roles.includes(role)) ? NOTHING : null);
}
