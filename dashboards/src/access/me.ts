import { computed, shallowRef } from 'vue';
import type { AccessMode } from '../../../src/access/access.ts';
import type { Permission } from '../../../src/access/permissions.ts';
import type { Scope } from '../../../src/scope/scope.ts';
import { ApiError, call } from '../api.ts';

/** Who is signed in, and what they may do. */
export interface Me {
  account: string;
  roles: readonly string[];
  /** What is seen at all; null: everything. */
  scope: Scope | null;
  mode: AccessMode;
  permissions: readonly Permission[];
  /** What the provider that signs people in is called. */
  provider?: string;
  /** What it came with, where that is not a session of the person. */
  means?: 'wall' | 'token';
  /** A provider signs the account in: it has no password. */
  byProvider?: boolean;
}

export const me = shallowRef<Me>();

/** One account does everything, and nobody checks it. */
export const isTrial = computed(() => me.value?.mode === 'trial');

/** Whose score is the main one: that of the platform, or, for those who see a part, of the first that is theirs. */
export const mainScore = computed<{ kind: 'overall' | 'department' | 'vendor'; id: string }>(() => {
  const { departments = [], vendors = [] } = me.value?.scope ?? {};
  if (departments[0] !== undefined) return { kind: 'department', id: departments[0] };
  return vendors[0] === undefined ? { kind: 'overall', id: '' } : { kind: 'vendor', id: vendors[0] };
});

export function may(permission: Permission): boolean {
  return me.value?.permissions.includes(permission) ?? false;
}

/** Asks who is signed in; undefined when nobody is. @throws ApiError when the server can not be asked. */
export async function askMe(): Promise<Me | undefined> {
  me.value = await call<Me>('GET', 'me').catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 401) return undefined;
    throw error;
  });
  return me.value;
}

/** How people sign in here; `provider` is what the one that signs them in is called. */
export function askSignIn(): Promise<{ mode: AccessMode; provider?: string }> {
  return call('GET', 'sign-in');
}
