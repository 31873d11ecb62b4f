import type { Event } from '../event.ts';

/** OCSF classes that the readers use. */
export const CLASS = {
  base: 0,
  process: 1007,
  accountChange: 3001,
  authentication: 3002,
  authorizeSession: 3003,
  groupManagement: 3006,
  userManagement: 3007,
  roleManagement: 3008,
  api: 6003,
  datastore: 6005,
} as const;

/**
 * An attempt to sign in that counts: one event with action `sign-in` and an outcome for each attempt. Lines that only tell
 * more about the same attempt are `aside`.
 */
export function signIn(event: Event, outcome: 'success' | 'failure'): void {
  event.classUid = CLASS.authentication;
  event.activityId = 1;
  event.action = 'sign-in';
  event.outcome = outcome;
}

/** The end of a session. */
export function signOut(event: Event): void {
  event.classUid = CLASS.authentication;
  event.activityId = 2;
  event.action = 'sign-out';
  event.outcome = 'success';
}

/**
 * A line about an attempt that another line of the same log counts (`Invalid user x`, a PAM line beside sshd's own): it keeps
 * account, address and what it says of the outcome, but no action, so that one attempt is counted once.
 */
export function aside(event: Event, outcome: Event['outcome'] = ''): void {
  event.classUid = CLASS.authentication;
  event.activityId = 0;
  event.action = '';
  event.outcome = outcome;
}

/** A program started by somebody, named in the message or the attribute `command`. */
export function command(event: Event, outcome: 'success' | 'failure'): void {
  event.classUid = CLASS.process;
  event.activityId = 1;
  event.action = 'command';
  event.outcome = outcome;
}

const USER_ACTIVITIES = {
  'account-create': 1,
  'account-change': 2,
  'account-delete': 3,
  grant: 14,
  revoke: 15,
} as const;

/** An account was created, changed, deleted, or its rights were (User Management). */
export function manageUser(event: Event, action: keyof typeof USER_ACTIVITIES, target: string): void {
  event.classUid = CLASS.userManagement;
  event.activityId = USER_ACTIVITIES[action];
  event.action = action;
  event.target = target;
}
