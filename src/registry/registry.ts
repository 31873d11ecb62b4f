import type { AssetLevel } from '../event/event.ts';
import type { Bilingual } from '../finding/finding.ts';

/**
 * What the platform knows, looked up as it was at a time (`at`, ms since the epoch): every entry has validFrom and validTo,
 * and a look-up outside them finds nothing. Look-ups are synchronous and fast; they never throw for unknown names.
 */
export interface Registry {
  /** Digest of the content; changes when anything changes. */
  readonly version: string;
  department(id: string, at: number): Department | undefined;
  system(idOrHost: string, at: number): System | undefined;
  /** By id, or by any of the names that logs carry for it. */
  asset(idOrName: string, at: number): Asset | undefined;
  /** By login name; an account limited to systems is found only on them. Accounts closed at `at` are found too. */
  account(login: string, system: string, at: number): Account | undefined;
  vendor(id: string, at: number): Vendor | undefined;
  /** All contracts of the vendor, whatever their dates: "after the contract" is a question about the past. */
  contractsOf(vendor: string): readonly Contract[];
  source(id: string): Source | undefined;
  sources(): readonly Source[];
  /** Workday or rest day in the department's zone; holidays and make-up workdays count as what they really are. */
  dayType(at: number, department: string): 'workday' | 'rest';
  /** Whether `at` lies in the department's working hours of a workday (or in its duty roster). */
  isWorkingTime(at: number, department: string): boolean;
  /** The department's IANA zone, or the platform's default. */
  timeZone(department: string): string;
  /** Members of the actor's peer group at `at`: same department and role and kind, ≥ 5 members, else wider. */
  peersOf(actor: string, at: number): readonly string[];
  /** What is wrong or missing, for health and the page: a calendar year without data, a contract without roster, … */
  readonly warnings: readonly string[];
}

interface Validity {
  /** ms since the epoch; validTo is exclusive and Infinity while open. */
  validFrom: number;
  validTo: number;
}

export interface Department extends Validity {
  id: string;
  name: Bilingual;
  parent: string;
  timeZone: string;
  /** Local working hours of a workday, minutes after midnight, may be several ranges. */
  workingHours: readonly { from: number; to: number }[];
}

export interface System extends Validity {
  id: string;
  name: Bilingual;
  department: string;
  builtBy: string;
  runBy: string;
  hosts: readonly string[];
  plane: 'business' | 'operations';
}

export interface Asset extends Validity {
  id: string;
  name: Bilingual;
  /** Names that logs carry: `database.schema.table`, URL template, … exact, or with a trailing `*`. */
  names: readonly string[];
  system: string;
  owner: string;
  level: Exclude<AssetLevel, ''>;
  personalInformation: 'none' | 'personal' | 'sensitive';
  /** Rows in the dataset; 0 when unknown. */
  rows: number;
  sharing: 'unconditional' | 'conditional' | 'not-shared';
}

export interface Account extends Validity {
  /** Canonical actor id. */
  id: string;
  login: string;
  /** Systems on which the login is this account; empty for all. */
  systems: readonly string[];
  person: string;
  personName: string;
  department: string;
  vendor: string;
  role: string;
  privileged: boolean;
  /** When the account was opened: the warm-up of first-time-asset counts from here. */
  openedAt: number;
}

export interface Vendor extends Validity {
  id: string;
  name: Bilingual;
  creditCode: string;
}

export interface Contract {
  id: string;
  vendor: string;
  systems: readonly string[];
  /** ms; `to` is the first moment after the contract. */
  from: number;
  to: number;
  /** Assignments: person id with its own from and to. */
  roster: readonly { person: string; from: number; to: number }[];
}

export interface Source {
  id: string;
  name: Bilingual;
  system: string;
  /** Format name, or '' to recognize. */
  format: string;
  timeZone: string;
  encoding: 'utf-8' | 'gb18030';
  /** Peer addresses (exact or CIDR) that are this source for protocols without a token. */
  addresses: readonly string[];
  /** Subject common name of the TLS client certificate that proves this source. */
  certificateSubject: string;
}
