import type { Citation, Technique } from '../finding/finding.ts';

/** What findings cite, with the version that each number belongs to: one place to correct when a law or matrix changes. */

const ATTACK_VERSION = 'v19';

const TECHNIQUES = {
  T1078: 'Valid Accounts',
  'T1110.001': 'Brute Force: Password Guessing',
  'T1110.003': 'Brute Force: Password Spraying',
  T1199: 'Trusted Relationship',
  T1213: 'Data from Information Repositories',
  T1530: 'Data from Cloud Storage',
} as const;

/** A technique of MITRE ATT&CK Enterprise. */
export function attack(id: keyof typeof TECHNIQUES): Technique {
  return { id, name: TECHNIQUES[id], version: ATTACK_VERSION };
}

/** 数据安全法, Data Security Law, in force since 2021-09-01. */
export function dataSecurityLaw(article: string): Citation {
  return { law: '数据安全法', article, version: '2021-09-01' };
}

/** 个人信息保护法, Personal Information Protection Law, in force since 2021-11-01. */
export function personalInformationLaw(article: string): Citation {
  return { law: '个人信息保护法', article, version: '2021-11-01' };
}

/** 网络安全等级保护基本要求 (等保 2.0), clauses of level 3. */
export function classifiedProtection(clause: string): Citation {
  return { law: '网络安全等级保护基本要求', article: clause, version: 'GB/T 22239-2019' };
}
