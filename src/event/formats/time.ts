import { digitsEnd, fourDigits, isDigitAt, skipSpaces, twoDigits } from './scan.ts';
import { instantIn, instantOf } from './zone.ts';

const DAY_MS = 86_400_000;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Where the last time that was read ended, and what it was. One object for all calls: reading a time allocates nothing.
 * `wallMs` is the wall clock as if it were UTC; `time` is ms since the epoch, or NaN when the text states no zone.
 */
export const reading = { end: 0, wallMs: NaN, time: NaN };

/** ms since the epoch of a UTC date and time, or NaN when there is no such time. A leap second is the next second. */
export function utc(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return NaN;
  if (year < 1 || year > 9999 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
    return NaN;
  return daysSinceEpoch(year, month, day) * DAY_MS + hour * 3_600_000 + minute * 60_000 + second * 1000;
}

function daysIn(year: number, month: number): number {
  return month === 2 && isLeap(year) ? 29 : MONTH_DAYS[month - 1]!;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** Days from 1970-01-01 to a Gregorian date (the months counted from March, so that the leap day comes last). */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

/**
 * Reads `YYYY-MM-DD`, then a T, t, space or colon run, `hh:mm:ss`, a fraction of any length after `.` or `,`, and `Z`, `±hh:mm`,
 * `±hhmm` or `±hh` if there is one. Slashes between the date's parts are taken too. @returns whether it was a real time.
 */
export function readIsoTime(text: string, at: number): boolean {
  const separator = text.charCodeAt(at + 4);
  if ((separator !== 45 && separator !== 47) || text.charCodeAt(at + 7) !== separator) return false;
  const year = fourDigits(text, at);
  const clock = clockAfterDate(text, at + 10);
  if (year < 0 || clock < 0 || !readClock(text, clock)) return false;
  const date = utc(year, twoDigits(text, at + 5), twoDigits(text, at + 8), 0, 0, 0);
  if (date !== date) return false;
  reading.wallMs += date;
  readOffset(text);
  return true;
}

function clockAfterDate(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code === 84 || code === 116 || code === 58) return at + 1; // T t :
  return code === 32 ? skipSpaces(text, at) : -1;
}

/** Reads `h:mm:ss` or `hh:mm:ss` with an optional fraction into `reading.wallMs` (ms of the day) and `reading.end`. */
export function readClock(text: string, at: number): boolean {
  const single = text.charCodeAt(at + 1) === 58;
  const hour = single ? text.charCodeAt(at) - 48 : twoDigits(text, at);
  const colon = single ? at + 1 : at + 2;
  const minute = twoDigits(text, colon + 1);
  const second = twoDigits(text, colon + 4);
  if (text.charCodeAt(colon) !== 58 || text.charCodeAt(colon + 3) !== 58) return false;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return false;
  reading.wallMs = hour * 3_600_000 + minute * 60_000 + second * 1000;
  reading.end = colon + 6;
  readFraction(text);
  return true;
}

function readFraction(text: string): void {
  const mark = text.charCodeAt(reading.end);
  if ((mark !== 46 && mark !== 44) || !isDigitAt(text, reading.end + 1)) return;
  const start = reading.end + 1;
  const end = digitsEnd(text, start);
  let ms = 0;
  for (let i = 0; i < 3; i++) ms = ms * 10 + (start + i < end ? text.charCodeAt(start + i) - 48 : 0);
  reading.wallMs += ms;
  reading.end = end;
}

/** Reads a zone offset at `reading.end`; without one `reading.time` is NaN. */
function readOffset(text: string): void {
  const code = text.charCodeAt(reading.end);
  reading.time = NaN;
  if (code === 90 || code === 122) {
    reading.time = reading.wallMs;
    reading.end++;
  } else if (code === 43 || code === 45) readNumericOffset(text, code === 43 ? 1 : -1);
}

function readNumericOffset(text: string, sign: number): void {
  const hours = twoDigits(text, reading.end + 1);
  if (hours < 0 || hours > 23) return;
  const minutesAt = reading.end + (text.charCodeAt(reading.end + 3) === 58 ? 4 : 3);
  const minutes = twoDigits(text, minutesAt);
  if (minutes > 59) return;
  reading.time = reading.wallMs - sign * (hours * 60 + Math.max(minutes, 0)) * 60_000;
  reading.end = minutes < 0 ? reading.end + 3 : minutesAt + 2;
}

/** Number 1–12 of the English month name whose first three letters stand at `at`, whatever their case; 0 for anything else. */
export function monthAt(text: string, at: number): number {
  const a = text.charCodeAt(at) | 32;
  const b = text.charCodeAt(at + 1) | 32;
  const c = text.charCodeAt(at + 2) | 32;
  switch ((a << 16) | (b << 8) | c) {
    case 0x6a616e:
      return 1;
    case 0x666562:
      return 2;
    case 0x6d6172:
      return 3;
    case 0x617072:
      return 4;
    case 0x6d6179:
      return 5;
    case 0x6a756e:
      return 6;
    case 0x6a756c:
      return 7;
    case 0x617567:
      return 8;
    case 0x736570:
      return 9;
    case 0x6f6374:
      return 10;
    case 0x6e6f76:
      return 11;
    case 0x646563:
      return 12;
    default:
      return 0;
  }
}

/**
 * Reads the web servers' `dd/Mon/yyyy:hh:mm:ss ±hhmm` at `at`. Its day and offset are kept from call to call, since most
 * lines share them. @returns whether it was a real time; then `reading.time` is set.
 */
export function readAccessTime(text: string, at: number): boolean {
  const month = monthAt(text, at + 3);
  if (month === 0 || text.charCodeAt(at + 2) !== 47 || text.charCodeAt(at + 11) !== 58) return false;
  const date = utc(fourDigits(text, at + 7), month, twoDigits(text, at), 0, 0, 0);
  if (date !== date || !readClock(text, at + 12)) return false;
  reading.wallMs += date;
  reading.end = skipSpaces(text, reading.end);
  readOffset(text);
  return true;
}

/** A whole text as a time in ms since the epoch: ISO 8601 in any of its usual forms, or NaN. */
export function timeOfText(text: string, timeZone: string): number {
  if (text.length === 10 && text.charCodeAt(4) === 45 && text.charCodeAt(7) === 45) {
    const date = utc(fourDigits(text, 0), twoDigits(text, 5), twoDigits(text, 8), 0, 0, 0);
    return instantOf(date, timeZone);
  }
  if (!readIsoTime(text, 0)) return NaN;
  if (reading.time === reading.time) return reading.end === text.length ? reading.time : NaN;
  const { wallMs } = reading;
  const rest = text.slice(reading.end).trim();
  if (rest === '') return instantOf(wallMs, timeZone);
  return /^(?:[A-Z]{1,5}|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d\d)?)$/.test(rest) ? instantIn(wallMs, rest, timeZone) : NaN;
}

/**
 * A number as a time in ms since the epoch: seconds, ms, µs or ns, told apart by size, from 2001 (ms: 1973) to 2286; NaN for
 * the sizes between, which would be another century.
 */
export function timeOfNumber(value: number): number {
  if (value >= 1e9 && value < 1e10) return Math.round(value * 1000);
  if (value >= 1e11 && value < 1e13) return Math.round(value);
  if (value >= 1e15 && value < 1e16) return Math.floor(value / 1e3);
  return value >= 1e18 && value < 1e19 ? Math.floor(value / 1e6) : NaN;
}
