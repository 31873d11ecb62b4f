/** The version of the Open Cybersecurity Schema Framework whose names the tables below are. */
export const OCSF_VERSION = '1.9.0';

export interface OcsfClass {
  uid: number;
  /** The schema's own name and caption. */
  name: string;
  caption: string;
  categoryUid: number;
  categoryName: string;
  /** activity_id to caption; 0 Unknown and 99 Other are the base class's. */
  activities: Readonly<Record<number, string>>;
}

const SYSTEM = { categoryUid: 1, categoryName: 'System Activity' };
const FINDINGS = { categoryUid: 2, categoryName: 'Findings' };
const IAM = { categoryUid: 3, categoryName: 'Identity & Access Management' };
const APPLICATION = { categoryUid: 6, categoryName: 'Application Activity' };
const FINDING_ACTIVITIES = { 1: 'Create', 2: 'Update', 3: 'Close' };

/** Every OCSF class that we write, by class_uid. test/event/ocsf.test.ts holds it against the schema. */
export const OCSF_CLASSES: Readonly<Record<number, OcsfClass>> = {
  0: {
    uid: 0,
    name: 'base_event',
    caption: 'Base Event',
    categoryUid: 0,
    categoryName: 'Uncategorized',
    activities: {},
  },
  1007: {
    ...{ uid: 1007, name: 'process_activity', caption: 'Process Activity', ...SYSTEM },
    activities: { 1: 'Launch', 2: 'Terminate', 3: 'Open', 4: 'Inject', 5: 'Set User ID' },
  },
  2004: {
    uid: 2004,
    name: 'detection_finding',
    caption: 'Detection Finding',
    ...FINDINGS,
    activities: FINDING_ACTIVITIES,
  },
  2005: {
    ...{ uid: 2005, name: 'incident_finding', caption: 'Incident Finding', ...FINDINGS },
    activities: { 1: 'Create', 2: 'Update', 3: 'Close' },
  },
  2006: {
    ...{ uid: 2006, name: 'data_security_finding', caption: 'Data Security Finding', ...FINDINGS },
    activities: { ...FINDING_ACTIVITIES },
  },
  3001: {
    ...{ uid: 3001, name: 'account_change', caption: 'Account Change', ...IAM },
    activities: {
      ...{ 1: 'Create', 2: 'Enable', 3: 'Password Change', 4: 'Password Reset', 5: 'Disable', 6: 'Delete' },
      ...{ 7: 'Attach Policy', 8: 'Detach Policy', 9: 'Lock', 10: 'MFA Factor Enable', 11: 'MFA Factor Disable' },
      12: 'Unlock',
    },
  },
  3002: {
    ...{ uid: 3002, name: 'authentication', caption: 'Authentication', ...IAM },
    activities: {
      ...{
        1: 'Logon',
        2: 'Logoff',
        3: 'Authentication Ticket',
        4: 'Service Ticket Request',
        5: 'Service Ticket Renew',
      },
      ...{ 6: 'Preauth', 7: 'Account Switch' },
    },
  },
  3003: {
    ...{ uid: 3003, name: 'authorize_session', caption: 'Authorize Session', ...IAM },
    activities: { 1: 'Assign Privileges', 2: 'Assign Groups' },
  },
  3006: {
    ...{ uid: 3006, name: 'group_management', caption: 'Group Management', ...IAM },
    activities: {
      ...{ 1: 'Assign Privileges', 2: 'Revoke Privileges', 3: 'Add User', 4: 'Remove User', 5: 'Delete', 6: 'Create' },
      ...{ 7: 'Add Subgroup', 8: 'Remove Subgroup', 9: 'Update', 10: 'Attach Policies', 11: 'Detach Policies' },
      ...{ 12: 'Assign Roles', 13: 'Remove Roles' },
    },
  },
  3007: {
    ...{ uid: 3007, name: 'user_management', caption: 'User Management', ...IAM },
    activities: {
      ...{
        1: 'Create',
        2: 'Update',
        3: 'Delete',
        4: 'Enable',
        5: 'Disable',
        6: 'Lock',
        7: 'Unlock',
        8: 'Password Change',
      },
      ...{ 9: 'Password Reset', 10: 'Attach Policies', 11: 'Detach Policies', 12: 'MFA Factor Enable' },
      ...{ 13: 'MFA Factor Disable', 14: 'Assign Privileges', 15: 'Remove Privileges', 16: 'Assign Roles' },
      17: 'Remove Roles',
    },
  },
  3008: {
    ...{ uid: 3008, name: 'role_management', caption: 'Role Management', ...IAM },
    activities: {
      ...{
        1: 'Create',
        2: 'Update',
        3: 'Delete',
        4: 'Assign Privileges',
        5: 'Remove Privileges',
        6: 'Assign Resources',
      },
      ...{ 7: 'Remove Resources', 8: 'Attach Policies', 9: 'Detach Policies', 10: 'Add Programmatic Credentials' },
      11: 'Remove Programmatic Credentials',
    },
  },
  6003: {
    ...{ uid: 6003, name: 'api_activity', caption: 'API Activity', ...APPLICATION },
    activities: { 1: 'Create', 2: 'Read', 3: 'Update', 4: 'Delete' },
  },
  6005: {
    ...{ uid: 6005, name: 'datastore_activity', caption: 'Datastore Activity', ...APPLICATION },
    activities: {
      ...{ 1: 'Read', 2: 'Update', 3: 'Connect', 4: 'Query', 5: 'Write', 6: 'Create', 7: 'Delete', 8: 'List' },
      ...{ 9: 'Encrypt', 10: 'Decrypt' },
    },
  },
};

/** Captions of severity_id. */
export const OCSF_SEVERITIES = ['Unknown', 'Informational', 'Low', 'Medium', 'High', 'Critical', 'Fatal'] as const;
