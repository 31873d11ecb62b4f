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
  /** By id; a person without an entry of its own is known from its accounts. */
  person(id: string, at: number): Person | undefined;
  /** Accounts of the person that are open at `at`. */
  accountsOf(person: string, at: number): readonly Account[];
  /** All contracts of the vendor, whatever their dates: "after the contract" is a question about the past. */
  contractsOf(vendor: string): readonly Contract[];
  contract(id: string, at: number): Contract | undefined;
  /** Grants on the asset (its id) that are in force at `at`: begun, not ended, not revoked. */
  grantsFor(asset: string, at: number): readonly Grant[];
  /** All grants on the asset, whatever their dates: "after the grant ended" is a question about the past. */
  grantsOn(asset: string): readonly Grant[];
  /** All grants to the recipient, whatever their dates. */
  grantsOf(kind: Grant['recipientKind'], recipient: string): readonly Grant[];
  grant(id: string, at: number): Grant | undefined;
  /** The case of that number; one that is closed, or opened later, is found too: compare its dates. */
  case(number: string, at: number): Case | undefined;
  /** Work orders under the vendor's contracts whose window is open at `at`. */
  workOrders(vendor: string, at: number): readonly WorkOrder[];
  /** All work orders under the vendor's contracts, whatever their windows. */
  workOrdersOf(vendor: string): readonly WorkOrder[];
  /** The work order of that id; one whose window is past, or to come, is found too. */
  workOrder(id: string, at: number): WorkOrder | undefined;
  /** The special watch on an account (its id) or a data subject (its keyed hash) at `at`. */
  watchTag(kind: WatchTag['kind'], value: string, at: number): WatchTag | undefined;
  /** Ids of all assets that the asset is made from, over any number of steps. */
  derivedFrom(asset: string, at: number): readonly string[];
  /** The smallest network that has the IP address. */
  network(address: string, at: number): Network | undefined;
  source(id: string): Source | undefined;
  sources(): readonly Source[];
  /** Every entry of these lists, whatever its dates. */
  readonly entries: RegisteredEntries;
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

export interface RegisteredEntries {
  departments: readonly Department[];
  systems: readonly System[];
  assets: readonly Asset[];
  vendors: readonly Vendor[];
  grants: readonly Grant[];
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
  /** Addresses and ranges. */
  networks: readonly string[];
  plane: 'business' | 'operations';
  sla: ServiceLevel;
}

/** What was agreed on a service; 0 is not stated. */
export interface ServiceLevel {
  /** Share of requests that succeed: 0.999. */
  availability: number;
  latencyMs: number;
}

export interface Asset extends Validity {
  id: string;
  name: Bilingual;
  /** Names that logs carry: `database.schema.table`, URL template, … exact, or with a trailing `*`. */
  names: readonly string[];
  system: string;
  owner: string;
  /** Department that supervises its use. */
  supervisor: string;
  level: Exclude<AssetLevel, ''>;
  personalInformation: 'none' | 'personal' | 'sensitive';
  fields: readonly { name: string; tags: readonly string[] }[];
  /** Rows in the dataset; 0 when unknown. */
  rows: number;
  /** Persons that the dataset is about; 0 when unknown. */
  persons: number;
  sharing: 'unconditional' | 'conditional' | 'not-shared';
  /** Assets that it is made from, directly. */
  derivedFrom: readonly string[];
  /** ms; 0 when not stated. */
  gradedAt: number;
  nextReview: number;
}

export interface Person extends Validity {
  id: string;
  name: Bilingual;
  department: string;
  vendor: string;
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
  contacts: readonly string[];
  lastAssessment: { at: number; result: 'passed' | 'conditional' | 'failed' } | undefined;
  /** ms, exclusive; 0 without a non-disclosure agreement. */
  ndaUntil: number;
  backgroundChecks: boolean;
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
  /** Addresses and ranges from which its persons may come; none means that nothing was agreed. */
  approvedNetworks: readonly string[];
  sla: ServiceLevel;
}

/** An authorization (授信): who may use which asset for what, how much, from when to when. */
export interface Grant {
  id: string;
  asset: string;
  recipientKind: 'department' | 'system' | 'person';
  recipient: string;
  /** Fields that may be used; none means all. */
  fields: readonly string[];
  /** What may be done (ACTIONS of src/event/event.ts); none means everything. */
  actions: readonly string[];
  purpose: string;
  /** 0 is unlimited. */
  quota: { rowsPerDay: number; ratePerMinute: number };
  /** ms; `to` is exclusive and Infinity without an end. */
  from: number;
  to: number;
  /** ms; Infinity when it was not revoked. */
  revokedAt: number;
  /** Ids of those to whom the recipient may pass it on. */
  onwardTo: readonly string[];
  approver: string;
  approvalNumber: string;
}

/** What a look-up can name as its reason. */
export interface Case {
  number: string;
  type: string;
  /** Person who works on it; '' when not stated. */
  officer: string;
  /** ms; `closed` is exclusive and Infinity while open. */
  opened: number;
  closed: number;
}

export interface WorkOrder {
  id: string;
  contract: string;
  vendor: string;
  persons: readonly string[];
  systems: readonly string[];
  assets: readonly string[];
  /** ms; `to` is exclusive. */
  from: number;
  to: number;
  ownerConsent: boolean;
  purpose: string;
}

export interface WatchTag {
  id: string;
  kind: 'data-subject' | 'account';
  value: string;
  reason: string;
  /** ms; `until` is exclusive and Infinity without an end. */
  from: number;
  until: number;
}

export interface Network extends Validity {
  id: string;
  name: Bilingual;
  site: string;
  cidrs: readonly string[];
  zone: 'government' | 'vendor' | 'vpn' | 'external';
  domestic: boolean;
  /** Degrees; undefined when not stated. */
  latitude: number | undefined;
  longitude: number | undefined;
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
  /** SHA-256 of the client certificate, hexadecimal; '' when any with the subject will do. */
  certificateFingerprint: string;
  /** 0 when not stated. */
  expectedEventsPerDay: number;
  /** ms; 0 when not stated. */
  silenceLimitMs: number;
  /** Whether identifiers of persons stay in its events as they are. */
  keepDataSubjects: boolean;
}
