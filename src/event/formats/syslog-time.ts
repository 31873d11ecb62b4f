import type { ParseContext } from './format.ts';
import { COLON, digitsEnd, fourDigits, isDigitAt, skipSpaces, SPACE } from './scan.ts';
import { monthAt, readClock, reading, readIsoTime, utc } from './time.ts';
import { instantIn, instantOf } from './zone.ts';

type TimeContext = Pick<ParseContext, 'timeZone' | 'now'>;

/** What the last call of readSyslogTime found: ms since the epoch, and the position behind the time. */
export const syslogTime = { time: NaN, end: 0 };

/**
 * Reads the time of a BSD syslog line at `at`: `Mmm dd hh:mm:ss`, the same with a year before or behind the clock, with a
 * fraction or a zone word, or ISO 8601. Without a year the one nearest to `now` is taken. @returns whether there was one.
 */
export function readSyslogTime(text: string, at: number, context: TimeContext): boolean {
  if (isDigitAt(text, at)) return readIso(text, at, context);
  const month = monthAt(text, at);
  if (month === 0 || text.charCodeAt(at + 3) !== SPACE) return false;
  const dayAt = skipSpaces(text, at + 4);
  const dayEnd = digitsEnd(text, dayAt);
  if (dayEnd === dayAt || dayEnd - dayAt > 2) return false;
  return readYearAndClock(text, month, Number(text.slice(dayAt, dayEnd)), dayEnd, context);
}

function readIso(text: string, at: number, context: TimeContext): boolean {
  if (!readIsoTime(text, at) || text.charCodeAt(at + 10) === COLON) return false;
  syslogTime.time = reading.time === reading.time ? reading.time : instantOf(reading.wallMs, context.timeZone);
  syslogTime.end = reading.end;
  if (text.charCodeAt(syslogTime.end) === COLON) syslogTime.end++;
  return text.charCodeAt(syslogTime.end) === SPACE;
}

function readYearAndClock(text: string, month: number, day: number, at: number, context: TimeContext): boolean {
  let clockAt = skipSpaces(text, at);
  let year = yearAt(text, clockAt);
  if (year > 0) clockAt = skipSpaces(text, clockAt + 4);
  if (!readClock(text, clockAt)) return false;
  let end = reading.end;
  const clockMs = reading.wallMs;
  const next = skipSpaces(text, end);
  if (year < 0 && next > end && yearAt(text, next) > 0) {
    year = yearAt(text, next);
    end = next + 4;
  }
  const dateMs = year > 0 ? utc(year, month, day, 0, 0, 0) : nearestDate(month, day, clockMs, context);
  if (dateMs !== dateMs) return false;
  return finish(text, end, dateMs + clockMs, context);
}

/** A year is four digits from 1970 to 2199 and then a space or `: `, so that a host named 2001:db8::1 is not taken for one. */
function yearAt(text: string, at: number): number {
  if (digitsEnd(text, at) - at !== 4) return -1;
  const after = text.charCodeAt(at + (text.charCodeAt(at + 4) === COLON ? 5 : 4));
  const year = fourDigits(text, at);
  return after === SPACE && year >= 1970 && year < 2200 ? year : -1;
}

function nearestDate(month: number, day: number, clockMs: number, context: TimeContext): number {
  const thisYear = yearOf(context.now);
  const span = month === 2 && day === 29 ? 4 : 1;
  let best = NaN;
  let bestDistance = Infinity;
  for (let year = thisYear - span; year <= thisYear + span; year++) {
    const date = utc(year, month, day, 0, 0, 0);
    const distance = Math.abs(date + clockMs - context.now);
    if (distance < bestDistance) {
      best = date;
      bestDistance = distance;
    }
  }
  return best;
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

/** Behind the clock: an upper-case zone word that is followed by a colon (Cisco: `UTC:`), or a colon alone, or nothing. */
function finish(text: string, at: number, wallMs: number, context: TimeContext): boolean {
  let end = at;
  let zone = '';
  const first = text.charCodeAt(at + 1);
  const mayBeZone = (first >= 65 && first <= 90) || first === 43 || first === 45;
  const word = !mayBeZone ? null : /^ ([A-Z]{2,5}|[+-]\d\d:?\d\d):? /.exec(text.slice(at, at + 12));
  if (word !== null && (word[0].includes(':') || word[1] === 'UTC' || word[1] === 'GMT')) {
    zone = word[1]!;
    end = at + word[0].length - 1;
  } else if (text.charCodeAt(at) === COLON) end++;
  const after = text.charCodeAt(end);
  if (after === after && after !== SPACE) return false;
  syslogTime.time = zone === '' ? instantOf(wallMs, context.timeZone) : instantIn(wallMs, zone, context.timeZone);
  syslogTime.end = end;
  return true;
}
