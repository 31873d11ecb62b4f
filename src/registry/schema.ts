import { z } from 'zod';
import { ACTIONS } from '../event/event.ts';
import {
  cidr,
  count,
  date,
  hours,
  id,
  name,
  names,
  period,
  reference,
  references,
  serviceLevel,
  text,
  validity,
  zone,
} from './fields.ts';

/** The registry's entries as people write them; registry.ts has them as programs read them. */
export const ASSET_LEVELS = ['core', 'important', 'general-4', 'general-3', 'general-2', 'general-1'] as const;

const department = z.strictObject({
  id,
  name,
  parent: reference,
  timeZone: zone.optional(),
  /** Local working hours of a workday. */
  workingHours: z
    .array(hours)
    .min(1)
    .default([{ from: 510, to: 1080 }]),
  /** `every-day` for those who also work on rest days and holidays. */
  workingDays: z.enum(['workdays', 'every-day']).default('workdays'),
  /** Duty roster: periods that count as working time for the whole department. */
  duty: z.array(period).default([]),
  ...validity,
});

const vendor = z.strictObject({
  id,
  name,
  creditCode: z.string().default(''),
  contacts: names,
  lastAssessment: z.strictObject({ date, result: z.enum(['passed', 'conditional', 'failed']) }).optional(),
  /** Last day of the non-disclosure agreement. */
  ndaUntil: date.optional(),
  /** Whether the backgrounds of its persons were checked. */
  backgroundChecks: z.boolean().default(false),
  ...validity,
});

const person = z.strictObject({ id, name, department: reference, vendor: reference, ...validity });

const system = z.strictObject({
  id,
  name,
  department: reference,
  builtBy: reference,
  runBy: reference,
  hosts: names,
  networks: z.array(cidr).default([]),
  plane: z.enum(['business', 'operations']).default('business'),
  sla: serviceLevel,
  ...validity,
});

const field = z
  .union([z.string().min(1), z.strictObject({ name: z.string().min(1), tags: names })])
  .transform((given) => (typeof given === 'string' ? { name: given, tags: [] } : given));

const asset = z.strictObject({
  id,
  name,
  /** Names that logs carry for it, exact or with a trailing `*`. */
  names,
  system: reference,
  owner: reference,
  /** Department that supervises its use. */
  supervisor: reference,
  level: z.enum(ASSET_LEVELS),
  personalInformation: z.enum(['none', 'personal', 'sensitive']).default('none'),
  fields: z.array(field).default([]),
  rows: count,
  /** Persons that the dataset is about. */
  persons: count,
  sharing: z.enum(['unconditional', 'conditional', 'not-shared']).default('conditional'),
  derivedFrom: references,
  gradedAt: date.optional(),
  nextReview: date.optional(),
  ...validity,
});

const account = z.strictObject({
  id,
  login: z.string().min(1),
  systems: references,
  person: reference,
  personName: z.string().default(''),
  department: reference,
  vendor: reference,
  role: z.string().default(''),
  privileged: z.boolean().default(false),
  openedAt: date.optional(),
  ...validity,
});

const contract = z.strictObject({
  id,
  vendor: id,
  systems: references,
  from: date,
  to: date,
  roster: z.array(z.strictObject({ person: id, from: date.optional(), to: date.optional() })).default([]),
  approvedNetworks: z.array(cidr).default([]),
  sla: serviceLevel,
});

const grant = z.strictObject({
  id,
  asset: id,
  recipientKind: z.enum(['department', 'system', 'person']).default('department'),
  recipient: id,
  /** Fields of the asset that may be used; none means all. */
  fields: names,
  /** What may be done; none means everything. */
  actions: z.array(z.enum(ACTIONS)).default([]),
  purpose: z.string().default(''),
  /** 0 is unlimited. */
  quota: z.strictObject({ rowsPerDay: count, ratePerMinute: count }).prefault({}),
  from: date,
  to: date.optional(),
  revokedAt: date.optional(),
  /** Departments, systems, vendors or persons to whom the recipient may pass it on. */
  onwardTo: references,
  approver: z.string().default(''),
  approvalNumber: z.string().default(''),
});

const caseEntry = z.strictObject({
  number: id,
  type: z.string().default(''),
  /** Person who works on it. */
  officer: reference,
  opened: date,
  closed: date.optional(),
});

const workOrder = z.strictObject({
  id,
  contract: id,
  persons: references,
  systems: references,
  assets: references,
  from: date,
  to: date,
  /** Whether the owner of the data agreed. */
  ownerConsent: z.boolean().default(false),
  purpose: text,
});

const watchTag = z.strictObject({
  id,
  kind: z.enum(['data-subject', 'account']),
  /** Account id, or the keyed hash that events carry for the data subject. */
  value: id,
  reason: text,
  from: date.optional(),
  until: date.optional(),
});

const network = z.strictObject({
  id,
  name,
  /** Place, for people. */
  site: text,
  cidrs: z.array(cidr).min(1),
  zone: z.enum(['government', 'vendor', 'vpn', 'external']).default('government'),
  domestic: z.boolean().default(true),
  latitude: z.number().min(-90).max(90).optional(),
  longitude: z.number().min(-180).max(180).optional(),
  ...validity,
});

const calendarYear = z.strictObject({
  year: z.number().int().min(1970).max(2200),
  /** Days off, over what the built-in calendar says: dates, or `from..to`. */
  rest: z.array(z.string()).default([]),
  /** Days worked, make-up workdays: dates, or `from..to`. */
  workdays: z.array(z.string()).default([]),
});

const source = z.strictObject({
  id,
  name: name.optional(),
  system: reference,
  format: z.string().default(''),
  timeZone: zone.optional(),
  encoding: z.enum(['utf-8', 'gb18030']).default('utf-8'),
  addresses: names,
  certificateSubject: z.string().default(''),
  certificateFingerprint: z
    .string()
    .regex(/^([0-9a-fA-F]{2}(:?[0-9a-fA-F]{2}){31})?$/, 'expected the SHA-256 of a certificate: 64 hexadecimal digits')
    .default(''),
  /** 0 is not stated. */
  expectedEventsPerDay: count,
  /** Silence longer than this is reported; 0 leaves it to what is usual. */
  silenceLimitMinutes: count,
  /** Keeps identifiers of persons as they are in the events; otherwise only their keyed hashes are kept. */
  keepDataSubjects: z.boolean().default(false),
});

/** One file each: `departments.yaml`, … In this order, so that what is referred to comes before. */
export const ENTRIES = {
  departments: department,
  vendors: vendor,
  persons: person,
  systems: system,
  assets: asset,
  accounts: account,
  contracts: contract,
  grants: grant,
  cases: caseEntry,
  'work-orders': workOrder,
  'watch-tags': watchTag,
  networks: network,
  calendar: calendarYear,
  sources: source,
} as const;

export type ListName = keyof typeof ENTRIES;
export const LISTS = Object.keys(ENTRIES) as readonly ListName[];
/** As written in the files. */
export type RegistryInput = { [L in ListName]?: readonly z.input<(typeof ENTRIES)[L]>[] };
/** With defaults filled in; dates still as text. */
export type RegistryEntries = { [L in ListName]: z.output<(typeof ENTRIES)[L]>[] };
export type Entry = RegistryEntries[ListName][number];

const KEYS: Partial<Record<ListName, string>> = { cases: 'number', calendar: 'year' };

/** The field that names an entry in its list. */
export function keyFieldOf(list: ListName): string {
  return KEYS[list] ?? 'id';
}

/** The name of an entry in its list. */
export function keyOf(list: ListName, entry: object): string {
  return String((entry as Record<string, unknown>)[keyFieldOf(list)]);
}
