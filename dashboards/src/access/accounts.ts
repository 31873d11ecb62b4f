import type { DrawnCode, ShownAccount } from '../../../src/access/people-desk.ts';
import type { Request } from '../../../src/access/people.ts';
import type { Role } from '../../../src/access/permissions.ts';
import type { Scope } from '../../../src/scope/scope.ts';
import { call } from '../api.ts';

export type { DrawnCode, Request, Role, Scope, ShownAccount };

const of = (account: string, act: string): string => `accounts/${encodeURIComponent(account)}/${act}`;

export async function listAccounts(): Promise<readonly ShownAccount[]> {
  return (await call<{ accounts: readonly ShownAccount[] }>('GET', 'accounts')).accounts;
}

export async function listRequests(): Promise<readonly Request[]> {
  return (await call<{ requests: readonly Request[] }>('GET', 'access-requests')).requests;
}

export function createAccount(name: string, person: string): Promise<DrawnCode> {
  return call('POST', 'accounts', { name, person });
}

/** Another code for an account that nobody has activated, or a reset that somebody else has to agree to. */
export function drawCode(account: ShownAccount): Promise<DrawnCode> {
  return call('POST', of(account.name, account.state === 'new' ? 'activation-code' : 'reset'), {});
}

/** @returns whether it waits for the word of another. */
export async function grantRole(account: string, role: string): Promise<boolean> {
  return (await call<{ waiting: boolean }>('POST', of(account, 'grant'), { role })).waiting;
}

export async function revokeRole(account: string, role: Role): Promise<void> {
  await call('POST', of(account, 'revoke'), { role });
}

/** Limits what the account sees; with nothing in it, not any more. */
export async function limitAccount(account: string, scope: Scope): Promise<void> {
  await call('POST', of(account, 'scope'), scope);
}

export async function restrain(account: string, act: 'lock' | 'unlock' | 'end-sessions'): Promise<void> {
  await call('POST', of(account, act), {});
}

export async function decide(request: string, act: 'approve' | 'refuse'): Promise<void> {
  await call('POST', `access-requests/${request}/${act}`, {});
}
