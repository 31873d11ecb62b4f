import type { Citation, Technique } from '../finding/finding.ts';

/** What findings cite, with the version that each number belongs to: one place to correct when a law or matrix changes. */

const ATTACK_VERSION = 'v19';

const TECHNIQUES = {
  T1020: 'Automated Exfiltration',
  T1030: 'Data Transfer Size Limits',
  T1048: 'Exfiltration Over Alternative Protocol',
  T1070: 'Indicator Removal',
  'T1070.001': 'Indicator Removal: Clear Windows Event Logs',
  'T1070.006': 'Indicator Removal: Timestomp',
  T1074: 'Data Staged',
  T1078: 'Valid Accounts',
  T1083: 'File and Directory Discovery',
  T1098: 'Account Manipulation',
  'T1110.001': 'Brute Force: Password Guessing',
  'T1110.003': 'Brute Force: Password Spraying',
  T1119: 'Automated Collection',
  T1133: 'External Remote Services',
  T1199: 'Trusted Relationship',
  T1213: 'Data from Information Repositories',
  T1485: 'Data Destruction',
  T1499: 'Endpoint Denial of Service',
  T1530: 'Data from Cloud Storage',
  'T1565.001': 'Data Manipulation: Stored Data Manipulation',
  T1567: 'Exfiltration Over Web Service',
  T1685: 'Disable or Modify Tools',
} as const;

/** A technique of MITRE ATT&CK Enterprise. */
export function attack(id: keyof typeof TECHNIQUES): Technique {
  return { id, name: TECHNIQUES[id], version: ATTACK_VERSION };
}

/** 数据安全法, Data Security Law, in force since 2021-09-01. */
export function dataSecurityLaw(article: string): Citation {
  return { law: '数据安全法', article, version: '2021-09-01' };
}

/**
 * v19 split Defense Evasion and renumbered some of its techniques; reports that were written before name them by these
 * numbers of v18.
 */
export const FORMER_TECHNIQUES: Readonly<Record<string, readonly string[]>> = {
  T1685: ['T1562', 'T1562.001', 'T1562.002', 'T1562.008'],
};

/** 个人信息保护法, Personal Information Protection Law, in force since 2021-11-01. */
export function personalInformationLaw(article: string): Citation {
  return { law: '个人信息保护法', article, version: '2021-11-01' };
}

/** 网络安全等级保护基本要求 (等保 2.0), clauses of level 3. */
export function classifiedProtection(clause: string): Citation {
  return { law: '网络安全等级保护基本要求', article: clause, version: 'GB/T 22239-2019' };
}

/** 网络数据安全管理条例, in force since 2025-01-01. */
export function networkDataRegulation(article: string): Citation {
  return { law: '网络数据安全管理条例', article, version: '2025-01-01' };
}

/** 政务数据共享条例, in force since 2025-08-01; cited as a whole. */
export function governmentDataSharing(): Citation {
  return { law: '政务数据共享条例', article: '全文', version: '2025-08-01' };
}
