import { createRequire } from 'node:module';

// Its ES module entry is not marked as one, so Node reads it only as CommonJS.
const chineseDays = createRequire(import.meta.url)('chinese-days') as { isWorkday(day: string): boolean };

/** Days and clock times of the simulated platform, all in China Standard Time (UTC+8, no summer time). */
export const ZONE = 'Asia/Shanghai';
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;
const OFFSET = 8 * HOUR;

/** Midnight in China of a day written `YYYY-MM-DD`, ms since the epoch. @throws RangeError when it is no date. */
export function startOfDay(day: string): number {
  const at = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00+08:00`) : NaN;
  if (Number.isNaN(at) || dayOf(at) !== day) throw new RangeError(`${day} is no date; write it as YYYY-MM-DD`);
  return at;
}

/** The day in China, `YYYY-MM-DD`. */
export function dayOf(atMs: number): string {
  return new Date(atMs + OFFSET).toISOString().slice(0, 10);
}

export function addDays(day: string, days: number): string {
  return dayOf(startOfDay(day) + days * DAY);
}

/** Holidays and make-up workdays count as what they are; a year that is not known yet goes by the weekday. */
export function isWorkday(day: string): boolean {
  return chineseDays.isWorkday(day);
}

/** The last workday that is already over at `nowMs`. */
export function lastWorkday(nowMs: number): string {
  let day = addDays(dayOf(nowMs), -1);
  while (!isWorkday(day)) day = addDays(day, -1);
  return day;
}

/** The day itself when it is a workday, else the next one. */
export function nextWorkday(day: string): string {
  while (!isWorkday(day)) day = addDays(day, 1);
  return day;
}

/** Days from `first` to `last`, both included. */
export function daysBetween(first: string, last: string): string[] {
  const days: string[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  return days;
}

/** Minutes after local midnight. */
export function minuteOfDay(atMs: number): number {
  return Math.floor(((atMs + OFFSET) % DAY) / MINUTE);
}

/** 0 Sunday … 6 Saturday, in China. */
export function weekday(day: string): number {
  return new Date(startOfDay(day) + OFFSET).getUTCDay();
}

/** `2026-11-20T09:01:02.123+08:00`. */
export function isoTime(atMs: number): string {
  return `${new Date(atMs + OFFSET).toISOString().slice(0, 23)}+08:00`;
}

/** The parts of a local clock time, from which the log formats build theirs. */
export function clockOf(atMs: number): { date: string; time: string; ms: string; month: string; day: number } {
  const iso = new Date(atMs + OFFSET).toISOString();
  return {
    date: iso.slice(0, 10),
    time: iso.slice(11, 19),
    ms: iso.slice(20, 23),
    month: MONTHS[Number(iso.slice(5, 7)) - 1]!,
    day: Number(iso.slice(8, 10)),
  };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
