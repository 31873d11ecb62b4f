import { median } from 'simple-statistics';
import { dayIndex, weekdayOf, type DayKind, type Series } from './series.ts';

/** Groups of days, or hours, that behave alike: an index for every position, those to forecast included. */
export interface Groups {
  of: readonly number[];
  count: number;
  /** Groups that are rare: what each is like until enough of it was seen. */
  rare: readonly { group: number; like: readonly number[] }[];
}

const HOLIDAY = 7;
const MAKE_UP = 8;
const WORKDAYS = [1, 2, 3, 4, 5];
const WEEKEND = [0, 6];
/** So many days of a rare kind weigh as much as what it is taken to be like. */
const PRIOR_DAYS = 3;
const ROUNDS = 3;
const SMOOTH_DAYS = 7;

/**
 * Days by weekday, holidays and make-up days apart; hours by hour and whether people work on the day.
 * @param withCalendar false takes every day for what its weekday says
 */
export function groupsOf(series: Series, length: number, withCalendar: boolean): Groups {
  const at = (position: number): { weekday: number; kind: DayKind } => {
    const n = dayIndex(series, position);
    const weekday = weekdayOf((series.step === 'day' ? series.start : Math.floor(series.start / 24)) + n);
    const usual = WEEKEND.includes(weekday) ? 'rest' : 'workday';
    return { weekday, kind: withCalendar ? (series.dayKinds[n] ?? usual) : usual };
  };
  if (series.step === 'hour') {
    const of = Array.from({ length }, (_, position) => {
      const hour = (((series.start + position) % 24) + 24) % 24;
      const { kind } = at(position);
      return kind === 'rest' || kind === 'holiday' ? 24 + hour : hour;
    });
    return { of, count: 48, rare: [] };
  }
  const of = Array.from({ length }, (_, position) => {
    const { weekday, kind } = at(position);
    if (kind === 'holiday') return HOLIDAY;
    return kind === 'make-up' ? MAKE_UP : weekday;
  });
  const rare = [
    { group: HOLIDAY, like: WEEKEND },
    { group: MAKE_UP, like: WORKDAYS },
  ];
  return { of, count: 9, rare };
}

/** Whether people work at each position: on workdays and make-up days. */
export function worksOf({ step }: Series, { of }: Groups): boolean[] {
  if (step === 'hour') return of.map((group) => group < 24);
  return of.map((group) => group === MAKE_UP || WORKDAYS.includes(group));
}

/** How far each group lies above or below the level of its time; `level` has one value a position of `y`. */
export interface Effects {
  effects: readonly number[];
  level: readonly number[];
}

/** Level and effects in turn, each from what the other leaves; medians, so that single outliers do not show. */
export function effectsOf(y: readonly number[], groups: Groups, stepsADay: number): Effects {
  let effects: number[] = Array.from({ length: groups.count }, () => 0);
  let level: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    level = smoothed(
      y.map((value, n) => value - effects[groups.of[n]!]!),
      SMOOTH_DAYS * stepsADay,
    );
    const left: number[][] = Array.from({ length: groups.count }, () => []);
    y.forEach((value, n) => left[groups.of[n]!]!.push(value - level[n]!));
    effects = left.map((values) => (values.length === 0 ? 0 : median(values)));
    for (const { group, like } of groups.rare) {
      const known = like.filter((other) => left[other]!.length > 0).map((other) => effects[other]!);
      const prior = known.length === 0 ? 0 : known.reduce((sum, value) => sum + value, 0) / known.length;
      const seen = left[group]!.length;
      effects[group] = (seen * effects[group]! + PRIOR_DAYS * prior) / (seen + PRIOR_DAYS);
    }
  }
  return { effects, level };
}

/** The mean of `width` values before and after each, as far as there are. */
function smoothed(y: readonly number[], width: number): number[] {
  const sums = [0];
  for (const value of y) sums.push(sums.at(-1)! + value);
  return y.map((_, n) => {
    const [from, to] = [Math.max(0, n - width), Math.min(y.length, n + width + 1)];
    return (sums[to]! - sums[from]!) / (to - from);
  });
}
