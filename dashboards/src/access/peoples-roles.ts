import type { Role } from '../../../src/access/permissions.ts';

/** Roles of people. */
export const PEOPLES_ROLES = [
  'operator',
  'auditor',
  'department-manager',
  'vendor-manager',
  'system-administrator',
  'security-administrator',
  'audit-administrator',
] as const satisfies readonly Role[];
