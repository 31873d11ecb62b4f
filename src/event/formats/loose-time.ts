import type { ParseContext } from './format.ts';
import { readSyslogTime, syslogTime } from './syslog-time.ts';
import { readAccessTime, reading, timeOfNumber, timeOfText, utc } from './time.ts';
import { instantIn, instantOf } from './zone.ts';

const MAX_CHARS = 64;

/**
 * A time as applications write it, in ms since the epoch, or NaN: ISO 8601 in any of its forms, `yyyy-M-d h:mm[:ss]` with `-`,
 * `/`, `.` or 年月日, `yyyyMMddHHmmss`, the web servers' form, mail's and C's (`Fri, 20 Nov 2026 10:20:30 GMT`), a number of s,
 * ms, µs or ns. Without a zone it is in the context's.
 */
export function looseTime(value: string, context: ParseContext): number {
  if (value.length > MAX_CHARS) return NaN;
  const iso = timeOfText(value, context.timeZone);
  if (iso === iso) return iso;
  if (/^\d+(?:\.\d+)?$/.test(value)) return compactTime(value, context) || timeOfNumber(Number(value));
  if (readAccessTime(value, 0))
    return reading.time === reading.time ? reading.time : instantOf(reading.wallMs, context.timeZone);
  const parts = partedTime(value, context);
  if (parts === parts) return parts;
  return readSyslogTime(`${value} `, 0, context) && syslogTime.end >= value.length ? syslogTime.time : NaN;
}

/** `20261120102030[123]`, in the context's zone; NaN when these digits are no such date. */
function compactTime(value: string, context: ParseContext): number {
  const parts = /^((?:19|20)\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})?$/.exec(value);
  if (parts === null) return NaN;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return instantOf(utc(year, month, day, hour, minute, second) + Number(parts[7] ?? 0), context.timeZone);
}

const PARTED =
  /^(\d{4})([-/.年])(\d{1,2})[-/.月](\d{1,2})日?[T ]?\s{0,3}(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2}))?秒?(?:[.,](\d{1,9}))?\s?(Z|UTC|GMT|[A-Z]{2,5}|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?)?$/;
const BASIC = /^(\d{4})()(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d(?::?\d\d)?)?$/;

/** `2026-1-5 9:05`, `2026年1月5日 9时05分03秒`, `20260105T090503Z`. */
function partedTime(value: string, context: ParseContext): number {
  const parts = PARTED.exec(value) ?? BASIC.exec(value);
  if (parts === null) return NaN;
  const number = (n: number): number => Number(parts[n] ?? 0);
  const wallMs = utc(number(1), number(3), number(4), number(5), number(6), number(7)) + milliseconds(parts[8] ?? '');
  const zone = parts[9] ?? '';
  return zone === '' ? instantOf(wallMs, context.timeZone) : instantIn(wallMs, zone, context.timeZone);
}

function milliseconds(fraction: string): number {
  return Number(fraction.padEnd(3, '0').slice(0, 3));
}
