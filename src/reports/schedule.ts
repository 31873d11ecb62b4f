import { WanglouError } from '../errors.ts';
import { keyedId } from '../event/id.ts';
import { dateOfDay, zoneClock, type ZoneClock } from '../registry/local-time.ts';
import type { Scope } from '../scope/scope.ts';
import { KINDS, type ReportKind } from './report-kinds.ts';
import type { ReportSubject, ReportWish } from './report.ts';
import type { ReportLanguage } from './report-words.ts';

export const EVERY = ['week', 'month', 'year'] as const;

/** A report that is made again and again, about the week, month or year before. */
export interface Schedule {
  id: string;
  kind: ReportKind;
  subject: ReportSubject;
  every: (typeof EVERY)[number];
  /** Of the week, 1 is Monday; of the month, the last one where it has fewer; of the year. From 1. */
  day: number;
  /** Minutes after local midnight. */
  minute: number;
  /** On a day of rest it waits for the next workday. */
  onWorkdays: boolean;
  /** IANA name. */
  timeZone: string;
  /** In which it is read first. */
  language: ReportLanguage;
  /** Who prepares it, and no more than what they saw when they made the schedule. */
  by: string;
  scope: Scope | null;
  /** ms since the Unix epoch: periods that are due later are reported. */
  at: number;
}

/** A period of a schedule: what is reported, and when. Times are ms since the Unix epoch. */
export interface Due {
  /** `2026-10`, `2025`, or the Monday of a week: the name of the period, whatever day it is reported on. */
  period: string;
  at: number;
  from: number;
  to: number;
}

const DAY_MS = 86_400_000;
const MONDAY = 4; // 1970-01-01 was a Thursday: day 4 was a Monday
const MOST_DAYS_OF_REST = 15;
const DAYS_OF: Readonly<Record<Schedule['every'], number>> = { week: 7, month: 31, year: 366 };

/** The report of a period has one id, whoever makes it. */
export function reportOf(schedule: string, period: string): string {
  return keyedId('report', schedule, period);
}

export function wishOf({ kind, subject, timeZone }: Schedule, { from, to }: Due): ReportWish {
  return { kind, subject, from, to, timeZone };
}

/** @throws WanglouError WL_QUERY_INVALID for what can not be made by a schedule. */
export function checkSchedule({ kind, every, day }: Pick<Schedule, 'kind' | 'every' | 'day'>): void {
  const { mostDays, title } = KINDS[kind];
  if (kind === 'incident')
    throw new WanglouError('WL_QUERY_INVALID', 'kind is "incident": incidents come when they come', {
      remedy: 'Make the report at the incident.',
    });
  if (DAYS_OF[every] > mostDays)
    throw new WanglouError('WL_QUERY_INVALID', `every is "${every}": ${title.en} has at most ${mostDays} days`, {
      remedy: 'Make it every month.',
    });
  if (day > DAYS_OF[every])
    throw new WanglouError('WL_QUERY_INVALID', `day is ${day}: a ${every} has at most ${DAYS_OF[every]} days`, {
      remedy: `Name a day from 1 to ${DAYS_OF[every]}.`,
    });
}

/**
 * The periods that become due in (after, until], in order. Each begins and ends at midnight of the zone, also where clocks
 * change.
 * @param isWorkday by the registry's calendar, of a moment.
 */
export function duesOf(
  schedule: Pick<Schedule, 'every' | 'day' | 'minute' | 'onWorkdays' | 'timeZone'>,
  after: number,
  until: number,
  isWorkday: (at: number) => boolean,
): Due[] {
  const clock = zoneClock(schedule.timeZone);
  const dues: Due[] = [];
  // A period is reported in the next one, and a day of rest may move that into the one after.
  let start = periodStart(schedule.every, clock.dayOf(after) - MOST_DAYS_OF_REST - DAYS_OF[schedule.every]);
  for (;;) {
    const end = nextStart(schedule.every, start);
    const day = dayIn(schedule, end);
    const at = atLocal(clock, schedule.onWorkdays ? workdayFrom(day, clock, isWorkday) : day, schedule.minute);
    if (at > until && atLocal(clock, day, schedule.minute) > until) return dues;
    if (at > after && at <= until)
      dues.push({
        period: nameOf(schedule.every, start),
        at,
        from: clock.startOfDay(start),
        to: clock.startOfDay(end),
      });
    start = end;
  }
}

/** The next one, for people; undefined when none comes within two years. */
export function nextDue(
  schedule: Parameters<typeof duesOf>[0],
  after: number,
  isWorkday: (at: number) => boolean,
): Due | undefined {
  return duesOf(schedule, after, after + 2 * 366 * DAY_MS, isWorkday)[0];
}

/** Days are counted from 1970-01-01. */
function periodStart(every: Schedule['every'], day: number): number {
  const date = new Date(day * DAY_MS);
  if (every === 'week') return day - ((((day - MONDAY) % 7) + 7) % 7);
  const month = every === 'month' ? date.getUTCMonth() : 0;
  return Date.UTC(date.getUTCFullYear(), month, 1) / DAY_MS;
}

function nextStart(every: Schedule['every'], start: number): number {
  return every === 'week' ? start + 7 : periodStart(every, start + DAYS_OF[every]);
}

/** The day of the report within the period that begins then; its last day where it has fewer. */
function dayIn({ every, day }: Pick<Schedule, 'every' | 'day'>, start: number): number {
  return Math.min(start + day - 1, nextStart(every, start) - 1);
}

function workdayFrom(day: number, clock: ZoneClock, isWorkday: (at: number) => boolean): number {
  for (let later = 0; later < MOST_DAYS_OF_REST; later++)
    if (isWorkday(atLocal(clock, day + later, 12 * 60))) return day + later;
  return day;
}

/** A time of day as clocks on the wall show it; one that a change of clocks skips is an hour off. */
function atLocal(clock: ZoneClock, day: number, minute: number): number {
  const local = day * DAY_MS + minute * 60_000;
  return local - clock.offsetMs(local - clock.offsetMs(clock.startOfDay(day)));
}

function nameOf(every: Schedule['every'], start: number): string {
  if (every === 'week') return dateOfDay(start);
  return dateOfDay(start).slice(0, every === 'month' ? 7 : 4);
}
