import type { ErrorCode } from '../errors.ts';
import type { Account, Change, People, Request } from './people.ts';
import type { Role } from './permissions.ts';
import type { Identity } from './sign-on.ts';
import { isLowered } from '../retention.ts';
import type { Scope } from '../scope/scope.ts';

export const REASONS = [
  'name-form',
  'name-taken',
  'no-account',
  'has-password',
  'wrong-state',
  'code-bad',
  'person-missing',
  'own-account',
  'person-unknown',
  'has-role',
  'lacks-role',
  'exclusive',
  'scope-missing',
  'has-scope',
  'two-people',
  'own-request',
  'about-oneself',
  'no-request',
  'decided',
  'too-old',
  'identity-taken',
] as const;
export type Reason = (typeof REASONS)[number];

/** Why a change must not be made, for the one who asked. */
export interface Objection {
  /** What is against it, in a word: pages say it in their own language. */
  reason: Reason;
  code: ErrorCode;
  message: string;
  remedy: string;
}

/** 三员: no person has two of them, nor one of them and anything else. */
export const ADMINISTRATORS: readonly Role[] = [
  'system-administrator',
  'security-administrator',
  'audit-administrator',
];

/** Made the first three accounts; nobody signs in with it. */
export const FIRST_START = 'first-start';
/** What is set on the machine asks in this name. */
export const CONFIGURATION = 'configuration';
const RESERVED = [FIRST_START, CONFIGURATION, 'operator', 'api-token', 'wanglou'];
const REQUEST_MS = 7 * 24 * 3_600_000;

/** The rules that hold for every change, whichever program made it. Undefined when there is nothing against it. */
export function objectionTo(people: People, change: Change): Objection | undefined {
  switch (change.act) {
    case 'founded':
      return [...people.accounts.values()].some(
        ({ name, roles }) => name === change.account || roles.includes(change.role),
      )
        ? conflict('name-taken', `There is an account ${change.account} or a ${change.role} already`)
        : undefined;
    case 'created':
      return toName(people, change.account);
    case 'retention-set':
    case 'retention-requested':
      return toRetention(people, change);
    case 'approved':
    case 'refused':
      return toDecision(people, change);
    default:
      return toAccount(people, change);
  }
}

/** To keep less takes the word of another; to keep more does not. */
function toRetention(
  { retention, requests }: People,
  { act, days }: Extract<Change, { act: 'retention-set' | 'retention-requested' }>,
): Objection | undefined {
  const isLess = retention !== null && isLowered(retention, days);
  if (act === 'retention-set')
    return isLess
      ? forbidden('two-people', 'To keep less takes the word of two', 'Ask for it; another person decides.')
      : undefined;
  if (!isLess) return conflict('wrong-state', 'Nothing would be kept for less than it is');
  return [...requests.values()].some((one) => one.state === 'waiting' && one.retention !== null)
    ? conflict('wrong-state', 'Another request to keep less waits already')
    : undefined;
}

type OfAccount = Exclude<Extract<Change, { account: string }>, { act: 'founded' | 'created' }>;

function toAccount(people: People, change: OfAccount): Objection | undefined {
  const account = people.accounts.get(change.account);
  if (!account)
    return {
      reason: 'no-account',
      code: 'WL_NOT_FOUND',
      message: `There is no account ${change.account}`,
      remedy: 'Check the name.',
    };
  switch (change.act) {
    case 'activation-drawn':
      return account.state === 'new'
        ? undefined
        : conflict(
            'has-password',
            `${account.name} has a password already`,
            'Ask for a reset instead; somebody else has to agree.',
          );
    case 'activated':
      return toActivation(people, account, change);
    case 'activated-by-provider':
      return toIdentity(people, change.identity) ?? toActivation(people, account, change);
    case 'password-changed':
      return account.state === 'active' && account.identity === null
        ? undefined
        : conflict('wrong-state', `${account.name} is ${account.state}`);
    case 'locked':
    case 'unlocked':
      return toLock(people, account, change);
    case 'granted':
      return ADMINISTRATORS.includes(change.role)
        ? forbidden('two-people', `${change.role} takes the word of two`, 'Ask for it; another person decides.')
        : toGrant(people, account, change.role, change.by);
    case 'grant-requested':
      return toGrant(people, account, change.role, change.by);
    case 'revoked':
      if (isSelf(people, account, change.by))
        return forbidden('own-account', `${change.by} may not change the own roles`);
      return account.roles.includes(change.role)
        ? undefined
        : conflict('lacks-role', `${account.name} does not have the role ${change.role}`);
    case 'scoped':
      return toScope(people, account, change);
    case 'reset-requested':
      return account.state === 'active'
        ? undefined
        : conflict('wrong-state', `${account.name} is ${account.state}`, 'Only an active account is reset.');
    case 'signed-out':
      return undefined;
  }
}

function toName({ accounts }: People, name: string): Objection | undefined {
  if (!/^[a-z][a-z0-9.-]{1,39}$/.test(name))
    return {
      reason: 'name-form',
      code: 'WL_BODY_INVALID',
      message: `name is ${JSON.stringify(name)}: 2 to 40 of a-z, 0-9, dot and hyphen, a letter first`,
      remedy: 'Correct name.',
    };
  if (accounts.has(name) || RESERVED.includes(name))
    return conflict('name-taken', `name is ${JSON.stringify(name)}: taken, now or before`, 'Take another name.');
  return undefined;
}

function toActivation(
  people: People,
  account: Account,
  { digest, at, person }: Extract<Change, { act: 'activated' | 'activated-by-provider' }>,
): Objection | undefined {
  if (account.state !== 'new') return conflict('wrong-state', `${account.name} is ${account.state}`);
  if (!account.activations.some((one) => one.digest === digest && one.expiresAt > at))
    return conflict('code-bad', 'The activation code is wrong, was used before or has expired');
  if (account.person !== '') return undefined;
  if (person.trim() === '')
    return {
      reason: 'person-missing',
      code: 'WL_BODY_INVALID',
      message: 'person is "": say who you are, by staff number or full name',
      remedy: 'Correct person.',
    };
  const [role] = account.roles;
  return role === undefined ? undefined : toRole(people, { ...account, person, roles: [] }, role);
}

/** One account is signed in by one identity. */
function toIdentity({ accounts }: People, { issuer, subject }: Identity): Objection | undefined {
  const taken = [...accounts.values()].find(
    ({ identity }) => identity?.issuer === issuer && identity.subject === subject,
  );
  return taken && conflict('identity-taken', `${taken.name} is bound to who signed in at the provider already`);
}

function toGrant(people: People, account: Account, role: Role, by: string): Objection | undefined {
  if (isSelf(people, account, by))
    return forbidden('own-account', `${by} may not change the own roles`, 'Another one has to do it.');
  if (account.person === '')
    return conflict(
      'person-unknown',
      `Nobody has said yet who ${account.name} is`,
      'Wait until the account is activated.',
    );
  if (account.roles.includes(role)) return conflict('has-role', `${account.name} has the role ${role} already`);
  return toManager(account, role, account.scope) ?? toRole(people, account, role);
}

/** Whoever manages something has it in the scope; an administrator has no scope. */
function toManager({ name }: Account, role: Role, scope: Scope | null): Objection | undefined {
  const kind = role === 'department-manager' ? 'departments' : role === 'vendor-manager' ? 'vendors' : undefined;
  if (kind !== undefined && (scope?.[kind] ?? []).length === 0)
    return conflict('scope-missing', `${name} has no ${kind} to be ${role} of`, `Name ${kind} of its scope first.`);
  if (ADMINISTRATORS.includes(role) && scope !== null)
    return conflict('has-scope', `${name} has a scope, and ${role} is for the whole platform`, 'Take the scope away.');
  return undefined;
}

function toScope(people: People, account: Account, { scope, by }: { scope: Scope | null; by: string }) {
  if (isSelf(people, account, by))
    return forbidden('own-account', `${by} may not change the own scope`, 'Another one has to do it.');
  return account.roles.map((role) => toManager(account, role, scope)).find((objection) => objection !== undefined);
}

/** Exclusive per person, over all accounts of that person. */
function toRole(people: People, account: Account, role: Role): Objection | undefined {
  const all = [...people.accounts.values()].filter(
    (one) => one.name === account.name || samePerson(one.person, account.person),
  );
  const held = all.flatMap(({ name, roles }) => (name === account.name ? account.roles : roles));
  const inTheWay = held.find((one) => ADMINISTRATORS.includes(one) || ADMINISTRATORS.includes(role));
  if (inTheWay === undefined) return undefined;
  return conflict(
    'exclusive',
    `role is ${JSON.stringify(role)}: ${account.person} is ${inTheWay} already, and an administrator is nothing else`,
    'Grant it to another person, or revoke the other role first.',
  );
}

function toLock(people: People, account: Account, { act, by }: { act: string; by: string }): Objection | undefined {
  if (isSelf(people, account, by)) return forbidden('own-account', `${by} may not lock or unlock the own account`);
  const isLocked = account.state === 'locked';
  return isLocked === (act === 'locked') ? conflict('wrong-state', `${account.name} is ${account.state}`) : undefined;
}

function toDecision(
  people: People,
  { act, request: id, by, at }: Extract<Change, { act: 'approved' | 'refused' }>,
): Objection | undefined {
  const request = people.requests.get(id);
  if (!request)
    return {
      reason: 'no-request',
      code: 'WL_NOT_FOUND',
      message: `There is no request ${id}`,
      remedy: 'Check the id.',
    };
  if (request.state !== 'waiting')
    return conflict('decided', `The request is ${request.state} by ${request.decidedBy} already`);
  // What the configuration wants it goes on wanting.
  if (request.retention === null && at > request.at + REQUEST_MS)
    return conflict('too-old', 'The request is older than a week', 'Ask for it again.');
  if (act === 'refused' || request.retention !== null) return undefined;
  const [asker, account] = [people.accounts.get(request.by), people.accounts.get(request.account)!];
  if (request.by === by || (asker !== undefined && isSelf(people, asker, by)))
    return forbidden('own-request', `${by} asked for this and may not approve it`, 'Another person has to approve it.');
  if (isSelf(people, account, by))
    return forbidden(
      'about-oneself',
      `This is about ${by}, who may not approve it`,
      'Another person has to approve it.',
    );
  return toApproved(people, account, request);
}

/** What was right when it was asked for may be wrong by now. */
function toApproved(people: People, account: Account, request: Request): Objection | undefined {
  if (request.role !== '') return toGrant(people, account, request.role, request.by);
  return account.state === 'active' ? undefined : conflict('wrong-state', `${account.name} is ${account.state}`);
}

function isSelf(people: People, account: Account, by: string): boolean {
  return account.name === by || samePerson(account.person, people.accounts.get(by)?.person ?? '');
}

export function samePerson(one: string, other: string): boolean {
  const plain = (text: string): string => text.normalize('NFKC').replace(/\s+/g, '').toLowerCase();
  return plain(one) !== '' && plain(one) === plain(other);
}

function conflict(
  reason: Reason,
  message: string,
  remedy = 'Look at the accounts as they are now, then decide again.',
): Objection {
  return { reason, code: 'WL_CONFLICT', message, remedy };
}

function forbidden(reason: Reason, message: string, remedy = 'Another administrator has to do it.'): Objection {
  return { reason, code: 'WL_FORBIDDEN', message, remedy };
}
