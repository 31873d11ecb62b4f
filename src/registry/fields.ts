import { z } from 'zod';
import { isIP } from 'node:net';
import { zoneClock } from './local-time.ts';

/**
 * What the fields of the registry's entries are made of. Dates are `2026-11-20` or `2026-11-20T18:00` in the platform's
 * zone, or carry their own offset. Where something ends, a date without a time means the end of that day.
 */
export const id = z.string().min(1).max(200);
export const reference = z.string().max(200).default('');
export const text = z.string().max(2_000).default('');
export const name = z
  .union([z.string().min(1), z.strictObject({ zh: z.string().min(1), en: z.string().min(1) })])
  .transform((given) => (typeof given === 'string' ? { zh: given, en: given } : given));
export const date = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:?\d{2})?)?$/,
    'expected a date such as 2026-11-20 or 2026-11-20T18:00',
  )
  .refine((given) => isCalendarDate(given), 'there is no such date');
export const zone = z.string().refine(isZone, 'no such time zone; expected an IANA name such as Asia/Shanghai');
export const validity = { validFrom: date.optional(), validTo: date.optional() };
export const hours = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'expected hours such as 08:30-18:00')
  .transform((given) => ({ from: minutes(given.slice(0, 5)), to: minutes(given.slice(6)) }))
  .refine(({ from, to }) => from < to, 'ends before it begins; write hours over midnight as two ranges');
export const period = z.strictObject({ from: date, to: date });
export const count = z.number().int().min(0).default(0);
export const names = z.array(z.string().min(1)).default([]);
export const references = z.array(id).default([]);
export const cidr = z.string().refine(isCidr, 'expected an address or range such as 192.0.2.0/24 or 2001:db8::/32');
/** What was agreed on a service; 0 is not stated. */
export const serviceLevel = z
  .strictObject({
    /** Share of requests that succeed: 0.999. */
    availability: z.number().min(0).max(1).default(0),
    latencyMs: z.number().min(0).default(0),
  })
  .prefault({});

/** First moment (`start`) or first moment after (`end`) of a date text, ms since the epoch. */
export function momentOf(given: string, edge: 'start' | 'end', timeZone: string): number {
  if (/(Z|[+-]\d{2}:?\d{2})$/.test(given.slice(10))) return Date.parse(given.replace(' ', 'T'));
  const midnight = Date.parse(`${given.slice(0, 10)}T00:00:00Z`);
  const clock = zoneClock(timeZone);
  if (given.length === 10) return clock.startOfDay(midnight / 86_400_000 + (edge === 'end' ? 1 : 0));
  const [hour, minute, second] = given.slice(11).split(':').map(Number) as [number, number, number | undefined];
  const local = midnight + (hour * 3600 + minute * 60 + (second ?? 0)) * 1000;
  return local - clock.offsetMs(local - clock.offsetMs(local));
}

function isCalendarDate(given: string): boolean {
  const day = given.slice(0, 10);
  const at = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== day) return false;
  return given.length === 10 || /^([01]\d|2[0-3]):[0-5]\d/.test(given.slice(11));
}

function isZone(given: string): boolean {
  try {
    zoneClock(given);
    return true;
  } catch {
    return false;
  }
}

function isCidr(given: string): boolean {
  const [address = '', bits, ...rest] = given.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

function minutes(given: string): number {
  return Number(given.slice(0, 2)) * 60 + Number(given.slice(3));
}
