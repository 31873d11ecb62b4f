import type { ParseContext } from './format.ts';
import { COLON, digitsEnd, fourDigits, isDigitAt, skipSpaces, SPACE, twoDigits } from './scan.ts';
import { monthAt, readClock, reading, readIsoTime, timeOfNumber, utc } from './time.ts';
import { instantIn, instantOf } from './zone.ts';

type TimeContext = Pick<ParseContext, 'timeZone' | 'now'>;

/** What the last call of readSyslogTime found: ms since the epoch, and the position behind the time. */
export const syslogTime = { time: NaN, end: 0 };

/** How far a sender's clock or zone may be ahead before a date without a year is taken to be last year's. */
const MAX_AHEAD_MS = 7 * 86_400_000;

/**
 * Reads the time of a BSD syslog line at `at`: `Mmm dd hh:mm:ss` with a weekday before, a year before or behind the clock, a
 * fraction or a zone if there are any; `yyyy Mmm dd` and `dd Mmm yyyy`; ISO 8601. Without a year it is the latest that is not
 * more than 7 days ahead of `now`: logs tell of the past. @returns whether there was one.
 */
export function readSyslogTime(text: string, at: number, context: TimeContext): boolean {
  if (isDigitAt(text, at)) return readIso(text, at, context) || readDayOrYearFirst(text, at, context);
  let start = at;
  let month = monthAt(text, at);
  if (month === 0 && isWeekdayAt(text, at)) {
    start = skipSpaces(text, at + (text.charCodeAt(at + 3) === 44 ? 4 : 3));
    if (isDigitAt(text, start)) return readDayOrYearFirst(text, start, context);
    month = monthAt(text, start);
  }
  if (month === 0 || text.charCodeAt(start + 3) !== SPACE) return false;
  const dayAt = skipSpaces(text, start + 4);
  const dayEnd = digitsEnd(text, dayAt);
  if (dayEnd === dayAt || dayEnd - dayAt > 2) return false;
  return readYearAndClock(text, month, Number(text.slice(dayAt, dayEnd)), dayEnd, context);
}

/** Reads `<seconds>[.<fraction>] ` at `at`: some devices put the Unix time there. @returns whether there was one. */
export function readUnixTime(text: string, at: number): boolean {
  const whole = digitsEnd(text, at);
  if (whole - at !== 10) return false;
  const end = text.charCodeAt(whole) === 46 ? digitsEnd(text, whole + 1) : whole;
  if (text.charCodeAt(end) !== SPACE) return false;
  syslogTime.time = timeOfNumber(Number(text.slice(at, end)));
  syslogTime.end = end;
  return syslogTime.time === syslogTime.time;
}

function isWeekdayAt(text: string, at: number): boolean {
  const end = text.charCodeAt(at + 3);
  return (end === SPACE || end === 44) && 'MonTueWedThuFriSatSun'.indexOf(text.slice(at, at + 3)) % 3 === 0;
}

function readIso(text: string, at: number, context: TimeContext): boolean {
  if (!readIsoTime(text, at) || text.charCodeAt(at + 10) === COLON) return false;
  const { time, wallMs, end } = reading;
  if (time !== time) return finish(text, end, wallMs, context);
  syslogTime.time = time;
  syslogTime.end = text.charCodeAt(end) === COLON ? end + 1 : end;
  return text.charCodeAt(syslogTime.end) === SPACE;
}

/** `1990 Oct 22 10:52:01` and `22 Oct 1990 10:52:01`. */
function readDayOrYearFirst(text: string, at: number, context: TimeContext): boolean {
  const end = digitsEnd(text, at);
  const monthStart = skipSpaces(text, end);
  const month = end - at <= 4 && monthStart > end ? monthAt(text, monthStart) : 0;
  if (month === 0 || text.charCodeAt(monthStart + 3) !== SPACE) return false;
  const secondAt = skipSpaces(text, monthStart + 4);
  const secondEnd = digitsEnd(text, secondAt);
  const yearFirst = end - at === 4;
  const year = yearFirst ? fourDigits(text, at) : fourDigits(text, secondAt);
  const day = Number(yearFirst ? text.slice(secondAt, secondEnd) : text.slice(at, end));
  const clock = skipSpaces(text, secondEnd);
  if (secondEnd === secondAt || secondEnd - secondAt > 4 || !readClock(text, clock)) return false;
  const dateMs = utc(year, month, day, 0, 0, 0);
  return dateMs === dateMs && finish(text, reading.end, dateMs + reading.wallMs, context);
}

function readYearAndClock(text: string, month: number, day: number, at: number, context: TimeContext): boolean {
  let clockAt = skipSpaces(text, at);
  let year = yearAt(text, clockAt);
  if (year > 0) clockAt = skipSpaces(text, clockAt + 4);
  if (!readClock(text, clockAt)) return false;
  let end = readColonMs(text, reading.end);
  const clockMs = reading.wallMs;
  let zone = '';
  const behind = year < 0 ? yearBehind(text, end) : 0;
  if (behind > 0) {
    year = fourDigits(text, behind);
    zone = text.slice(end, behind).trim();
    end = behind + 4;
  }
  const dateMs = year > 0 ? utc(year, month, day, 0, 0, 0) : latestDate(month, day, clockMs, context);
  if (dateMs !== dateMs) return false;
  if (zone === '') return finish(text, end, dateMs + clockMs, context);
  return finishAt(text, text.charCodeAt(end) === COLON ? end + 1 : end, dateMs + clockMs, zone, context);
}

/** `10:20:30:123`: milliseconds behind a colon, as H3C writes them. @returns where the clock ends. */
function readColonMs(text: string, end: number): number {
  if (text.charCodeAt(end) !== COLON || digitsEnd(text, end + 1) !== end + 4) return end;
  reading.wallMs += twoDigits(text, end + 1) * 10 + text.charCodeAt(end + 3) - 48;
  return end + 4;
}

/** Position of a year behind the clock, with at most a zone word between; 0 when there is none. */
function yearBehind(text: string, at: number): number {
  if (text.charCodeAt(at) !== SPACE) return 0;
  const next = skipSpaces(text, at);
  if (yearAt(text, next) > 0) return next;
  const second = /^[A-Z]{2,5} +(?=\d{4}:? )/.exec(text.slice(next, next + 16));
  return second !== null && yearAt(text, next + second[0].length) > 0 ? next + second[0].length : 0;
}

/** A year is four digits from 1970 to 2199 and then a space or `: `, so that a host named 2001:db8::1 is not taken for one. */
function yearAt(text: string, at: number): number {
  if (digitsEnd(text, at) - at !== 4) return -1;
  const after = text.charCodeAt(at + (text.charCodeAt(at + 4) === COLON ? 5 : 4));
  const year = fourDigits(text, at);
  return after === SPACE && year >= 1970 && year < 2200 ? year : -1;
}

/** The latest such date that is not too far ahead; a 29 February may be seven years back (2096 to 2104). */
function latestDate(month: number, day: number, clockMs: number, context: TimeContext): number {
  const limit = context.now + MAX_AHEAD_MS - clockMs;
  const newest = yearOf(context.now) + 1;
  for (let year = newest; year >= newest - 9; year--) {
    const date = utc(year, month, day, 0, 0, 0);
    if (date <= limit) return date;
  }
  return NaN;
}

let yearStart = 0;
let yearEnd = 0;
let year = 1970;

/** UTC year of an instant, kept until another one is asked for. */
function yearOf(now: number): number {
  if (now < yearStart || now >= yearEnd) {
    year = new Date(now).getUTCFullYear();
    yearStart = Date.UTC(year, 0);
    yearEnd = Date.UTC(year + 1, 0);
  }
  return year;
}

const ZONE = /^ ?((?:UTC|GMT|TZ)?[+-]\d{1,2}(?::?\d\d)?|[A-Z]{2,5})(:?)(?= |$)/;

/** Behind the clock: an offset, UTC or GMT, another zone word that is followed by a colon (Cisco), a colon alone, or nothing. */
function finish(text: string, at: number, wallMs: number, context: TimeContext): boolean {
  const first = text.charCodeAt(at);
  const code = first === SPACE ? text.charCodeAt(at + 1) : first;
  const mayBeZone = (code >= 65 && code <= 90) || code === 43 || code === 45;
  const zone = mayBeZone ? ZONE.exec(text.slice(at, at + 16)) : null;
  if (zone !== null && (zone[2] === ':' || /[+-]|^(?:UTC|GMT)$/.test(zone[1]!)))
    return finishAt(text, at + zone[0].length, wallMs, zone[1]!, context);
  return finishAt(text, first === COLON ? at + 1 : at, wallMs, '', context);
}

function finishAt(text: string, end: number, wallMs: number, zone: string, context: TimeContext): boolean {
  if (end < text.length && text.charCodeAt(end) !== SPACE) return false;
  syslogTime.time = zone === '' ? instantOf(wallMs, context.timeZone) : instantIn(wallMs, zone, context.timeZone);
  syslogTime.end = end;
  return syslogTime.time === syslogTime.time;
}
