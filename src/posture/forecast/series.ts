import { WanglouError } from '../../errors.ts';
import { GREATEST, type Measure } from './scale.ts';

/** What a day is: Monday to Friday or a weekend as usual, a day off that the arrangement made, a weekend day that is worked. */
export type DayKind = 'workday' | 'rest' | 'holiday' | 'make-up';
export type Step = 'day' | 'hour';

/** Numbers of one kind, one a step, without a hole in time. */
export interface Series {
  step: Step;
  /** Local time of the first value: days, or hours, since 1970-01-01T00:00 on local clocks. */
  start: number;
  /** 0 or more; null where nothing was watched. */
  values: readonly (number | null)[];
  /** Of the days from that of `start` up to the last one to forecast. */
  dayKinds: readonly DayKind[];
  measure: Measure;
}

export const HORIZON: Readonly<Record<Step, number>> = { day: 7, hour: 24 };

/** @throws WanglouError WL_QUERY_INVALID naming the field, the value and what would do. */
export function checkSeries({ step, start, values, dayKinds, measure }: Series): void {
  if (step !== 'day' && step !== 'hour') refuse('step', step, 'Say day or hour.');
  if (!Number.isInteger(start)) refuse('start', start, 'Give whole days, or hours, since 1970-01-01.');
  values.forEach((value, n) => {
    if (value !== null && !(Number.isFinite(value) && value >= 0))
      refuse(`values[${n}]`, value, 'Give a number of 0 or more, or null for a step that was not watched.');
    if (value !== null && value > GREATEST[measure])
      refuse(`values[${n}]`, value, `Give ${GREATEST[measure]} at most.`);
  });
  const { length } = dayKinds;
  const needed = dayIndex({ step, start }, values.length + HORIZON[step] - 1) + 1;
  if (length < needed) refuse('dayKinds', length, `Give the kinds of ${needed} days, those to forecast included.`);
}

/** Which of the series' days a position lies in. */
export function dayIndex({ step, start }: Pick<Series, 'step' | 'start'>, position: number): number {
  return step === 'day' ? position : Math.floor((start + position) / 24) - Math.floor(start / 24);
}

/** 0 Sunday … 6 Saturday, of days since 1970-01-01. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** The kinds of `count` days from `first` on. @param isWorkday of days since 1970-01-01 */
export function dayKindsOf(isWorkday: (day: number) => boolean, first: number, count: number): DayKind[] {
  const isWeekend = (day: number) => [0, 6].includes(weekdayOf(day));
  const isDayOff = (day: number) => !isWeekend(day) && !isWorkday(day);
  return Array.from({ length: count }, (_, n) => {
    const day = first + n;
    if (isWorkday(day)) return isWeekend(day) ? 'make-up' : 'workday';
    // A weekend next to a day off belongs to the holiday.
    const near = [-2, -1, 0, 1, 2].some((by) => isDayOff(day + by) && restsBetween(isWorkday, day, day + by));
    return near ? 'holiday' : 'rest';
  });
}

function restsBetween(isWorkday: (day: number) => boolean, one: number, other: number): boolean {
  for (let day = Math.min(one, other); day <= Math.max(one, other); day++) if (isWorkday(day)) return false;
  return true;
}

function refuse(field: string, value: unknown, remedy: string): never {
  throw new WanglouError('WL_QUERY_INVALID', `${field} of the series is ${String(value)}`, { remedy });
}
