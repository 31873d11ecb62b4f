import type { Within } from '../scope/scope.ts';

/**
 * Who may do what: the one table. The three administrators (三员) check each other: none of them sees business data, the one
 * who creates accounts grants nothing, the one who grants creates nothing, and the third reviews both.
 */
export const ROLES = [
  'operator',
  'auditor',
  'department-manager',
  'vendor-manager',
  'system-administrator',
  'security-administrator',
  'audit-administrator',
  'forwarder',
] as const;
export type Role = (typeof ROLES)[number];

/** Who answers for departments, or for a vendor, sees these and nothing else: without a scope, nothing. */
export const MANAGERS = ['department-manager', 'vendor-manager'] as const satisfies readonly Role[];

const SEEING = ['operator', 'auditor', ...MANAGERS] as const;

export const PERMISSIONS = {
  /** Scores, their history, forecasts. */
  'see-posture': SEEING,
  /** Findings and their histories, incidents. */
  'see-findings': SEEING,
  'see-events': SEEING,
  /** Ask anything about all events of years, masked as everywhere; save such queries. */
  hunt: ['operator', 'auditor'],
  /** Write queries in SQL, over masked tables. */
  'ask-sql': ['auditor'],
  /** Take out as a file what one may see otherwise, masked as everywhere. */
  export: ['auditor', 'audit-administrator'],
  /** See one event as it was logged, with a reason. */
  reveal: ['operator', 'auditor'],
  /** Who somebody is and what they did; where assets went; risks of vendors. */
  'see-profiles': SEEING,
  'follow-feed': SEEING,
  triage: ['operator'],
  suppress: ['operator'],
  'see-suppressions': ['operator', 'auditor', 'security-administrator', 'audit-administrator'],
  /** Detectors and the versions of their settings. */
  'see-rules': [...SEEING, 'system-administrator', 'security-administrator', 'audit-administrator'],
  'change-rules': ['security-administrator'],
  /** Judge stored events again with other settings. */
  backtest: ['operator', 'security-administrator'],
  'see-registry': [...SEEING, 'system-administrator', 'security-administrator'],
  'change-registry': ['system-administrator'],
  /** Tokens that senders append with: which there are, never themselves. */
  'see-tokens': ['operator', 'system-administrator', 'security-administrator', 'audit-administrator'],
  'manage-tokens': ['security-administrator'],
  /** Reports: whose makers saw no more than whoever reads them. */
  'see-reports': SEEING,
  /** Make reports, by hand or by schedule. */
  'prepare-reports': ['operator', 'auditor'],
  /** Review, sign and return them; whoever made one does neither. */
  'sign-reports': ['auditor'],
  /** Who did what here. */
  'see-audit': ['audit-administrator'],
  /** Where the chain of seals stands, and its public key. */
  'see-evidence': ['operator', 'auditor', 'audit-administrator'],
  /** Take sealed records away, unmasked; somebody else has to agree as to a reveal. */
  'export-evidence': ['auditor'],
  /** What may not expire, who said so and why. */
  'see-holds': ['auditor', 'security-administrator', 'audit-administrator'],
  'place-holds': ['auditor', 'audit-administrator'],
  /** Sources and metrics: whether all that happens is seen. */
  'see-health': ['operator', 'auditor', 'system-administrator', 'audit-administrator'],
  /** Have gaps of the coverage ledger replayed: from event log to store, from store to a detector. */
  'replay-gaps': ['operator', 'system-administrator'],
  'see-accounts': ['system-administrator', 'security-administrator', 'audit-administrator'],
  'create-accounts': ['system-administrator'],
  'grant-roles': ['security-administrator'],
  /** Say yes or no to what somebody else has asked for. */
  'decide-requests': ['security-administrator', 'audit-administrator'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof PERMISSIONS;

/** What the routes of a permission do for people with a scope; test/api/scopes.test.ts ties this to the routes. */
export const WITHIN_A_SCOPE: Readonly<Record<Permission, readonly Within[]>> = {
  'see-posture': ['own', 'refused'],
  'see-findings': ['own'],
  'see-events': ['own'],
  hunt: ['own'],
  'ask-sql': ['own'],
  export: ['own'],
  reveal: ['own'],
  'see-profiles': ['own'],
  'follow-feed': ['own'],
  triage: ['own'],
  suppress: ['refused'],
  'see-suppressions': ['own'],
  'see-rules': ['own', 'same'],
  'change-rules': ['refused'],
  backtest: ['refused'],
  'see-registry': ['own', 'same', 'refused'],
  'change-registry': ['refused'],
  'see-tokens': ['refused'],
  'manage-tokens': ['refused'],
  'see-reports': ['own'],
  'prepare-reports': ['own'],
  'sign-reports': ['own'],
  'see-audit': ['refused'],
  'see-evidence': ['refused'],
  'export-evidence': ['refused'],
  'see-holds': ['refused'],
  'place-holds': ['refused'],
  'see-health': ['own', 'refused'],
  'replay-gaps': ['refused'],
  'see-accounts': ['refused'],
  'create-accounts': ['refused'],
  'grant-roles': ['refused'],
  'decide-requests': ['refused'],
};

/** Whether the permission is of any use to somebody with a scope. */
export function isServedWithin(permission: Permission): boolean {
  return WITHIN_A_SCOPE[permission].some((within) => within !== 'refused');
}

/** The only account of a trial has all of these; accounts to administer there are none. */
const OF_ACCOUNTS: ReadonlySet<string> = new Set<Permission>([
  'see-accounts',
  'create-accounts',
  'grant-roles',
  'decide-requests',
]);

export function rolesThatMay(permission: Permission): readonly Role[] {
  return PERMISSIONS[permission];
}

export function mayWith(roles: readonly string[], permission: Permission): boolean {
  return rolesThatMay(permission).some((role) => roles.includes(role));
}

export function mayInTrial(permission: Permission): boolean {
  return !OF_ACCOUNTS.has(permission);
}
