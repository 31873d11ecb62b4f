import { z } from 'zod';
import { zoneClock } from './local-time.ts';

/**
 * The entries of the registry's files as people write them; registry.ts has them as programs read them. Dates are
 * `2026-11-20` or `2026-11-20T18:00` in the platform's zone, or carry their own offset. Where something ends, a date
 * without a time means the end of that day.
 */
const id = z.string().min(1).max(200);
const reference = z.string().max(200).default('');
const name = z
  .union([z.string().min(1), z.strictObject({ zh: z.string().min(1), en: z.string().min(1) })])
  .transform((text) => (typeof text === 'string' ? { zh: text, en: text } : text));
const date = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:?\d{2})?)?$/,
    'expected a date such as 2026-11-20 or 2026-11-20T18:00',
  )
  .refine((text) => isCalendarDate(text), 'there is no such date');
const zone = z.string().refine(isZone, 'no such time zone; expected an IANA name such as Asia/Shanghai');
const validity = { validFrom: date.optional(), validTo: date.optional() };
const hours = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'expected hours such as 08:30-18:00')
  .transform((text) => ({ from: minutes(text.slice(0, 5)), to: minutes(text.slice(6)) }))
  .refine(({ from, to }) => from < to, 'ends before it begins; write hours over midnight as two ranges');
const period = z.strictObject({ from: date, to: date });

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

const system = z.strictObject({
  id,
  name,
  department: reference,
  builtBy: reference,
  runBy: reference,
  hosts: z.array(z.string().min(1)).default([]),
  plane: z.enum(['business', 'operations']).default('business'),
  ...validity,
});

const asset = z.strictObject({
  id,
  name,
  /** Names that logs carry for it, exact or with a trailing `*`. */
  names: z.array(z.string().min(1)).default([]),
  system: reference,
  owner: reference,
  level: z.enum(ASSET_LEVELS),
  personalInformation: z.enum(['none', 'personal', 'sensitive']).default('none'),
  rows: z.number().int().min(0).default(0),
  sharing: z.enum(['unconditional', 'conditional', 'not-shared']).default('conditional'),
  ...validity,
});

const account = z.strictObject({
  id,
  login: z.string().min(1),
  systems: z.array(id).default([]),
  person: reference,
  personName: z.string().default(''),
  department: reference,
  vendor: reference,
  role: z.string().default(''),
  privileged: z.boolean().default(false),
  openedAt: date.optional(),
  ...validity,
});

const vendor = z.strictObject({ id, name, creditCode: z.string().default(''), ...validity });

const contract = z.strictObject({
  id,
  vendor: id,
  systems: z.array(id).default([]),
  from: date,
  to: date,
  roster: z.array(z.strictObject({ person: id, from: date.optional(), to: date.optional() })).default([]),
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
  addresses: z.array(z.string().min(1)).default([]),
  certificateSubject: z.string().default(''),
});

/** One file each: `departments.yaml`, … In this order, so that what is referred to comes before. */
export const ENTRIES = {
  departments: department,
  vendors: vendor,
  systems: system,
  assets: asset,
  accounts: account,
  contracts: contract,
  calendar: calendarYear,
  sources: source,
} as const;

export type ListName = keyof typeof ENTRIES;
/** As written in the files. */
export type RegistryInput = { [L in ListName]?: readonly z.input<(typeof ENTRIES)[L]>[] };
/** With defaults filled in; dates still as text. */
export type RegistryEntries = { [L in ListName]: z.output<(typeof ENTRIES)[L]>[] };

/** First moment (`start`) or first moment after (`end`) of a date text, ms since the epoch. */
export function momentOf(text: string, edge: 'start' | 'end', timeZone: string): number {
  if (/(Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10))) return Date.parse(text.replace(' ', 'T'));
  const midnight = Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
  const clock = zoneClock(timeZone);
  if (text.length === 10) return clock.startOfDay(midnight / 86_400_000 + (edge === 'end' ? 1 : 0));
  const [hour, minute, second] = text.slice(11).split(':').map(Number) as [number, number, number | undefined];
  const local = midnight + (hour * 3600 + minute * 60 + (second ?? 0)) * 1000;
  return local - clock.offsetMs(local - clock.offsetMs(local));
}

function isCalendarDate(text: string): boolean {
  const day = text.slice(0, 10);
  const at = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== day) return false;
  return text.length === 10 || /^([01]\d|2[0-3]):[0-5]\d/.test(text.slice(11));
}

function isZone(name: string): boolean {
  try {
    zoneClock(name);
    return true;
  } catch {
    return false;
  }
}

function minutes(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
}
