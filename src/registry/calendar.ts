import { createRequire } from 'node:module';
import { dateOfDay } from './local-time.ts';

interface ChineseDays {
  isWorkday(date: string): boolean;
  getDayDetail(date: string): { work: boolean; name: string };
}

// Its ES module entry is not marked as one, so Node reads it only as CommonJS.
const chineseDays = createRequire(import.meta.url)('chinese-days') as ChineseDays;

export interface CalendarYear {
  year: number;
  rest: readonly string[];
  workdays: readonly string[];
}

/** Workdays and rest days in China: the registry's own dates first, else the official arrangement, else the weekday. */
export class Calendar {
  readonly #own = new Map<string, boolean>();
  readonly #ownYears = new Set<number>();
  readonly #known = new Map<number, boolean>();

  constructor(years: readonly CalendarYear[]) {
    for (const { year, rest, workdays } of years) {
      this.#ownYears.add(year);
      for (const date of rest.flatMap(datesOf)) this.#own.set(date, false);
      for (const date of workdays.flatMap(datesOf)) this.#own.set(date, true);
    }
  }

  /** @param day days since 1970-01-01 of the local date. */
  isWorkday(day: number): boolean {
    let workday = this.#known.get(day);
    if (workday === undefined) {
      if (this.#known.size > 50_000) this.#known.clear();
      workday = this.#decide(day);
      this.#known.set(day, workday);
    }
    return workday;
  }

  /** Whether holidays and make-up workdays of the year are known, from the registry or the built-in data. */
  covers(year: number): boolean {
    return this.#ownYears.has(year) || isBuiltIn(year);
  }

  #decide(day: number): boolean {
    const date = dateOfDay(day);
    const own = this.#own.get(date);
    if (own !== undefined) return own;
    if (isBuiltIn(Number(date.slice(0, 4)))) return chineseDays.isWorkday(date);
    const weekday = (((day + 4) % 7) + 7) % 7;
    return weekday !== 0 && weekday !== 6;
  }
}

/** New Year's Day bears its name only in years that the data has. */
function isBuiltIn(year: number): boolean {
  return year >= 2004 && chineseDays.getDayDetail(`${year}-01-01`).name.includes('元旦');
}

/** `2027-02-10..2027-02-17` or one date, as dates; [] when it is neither. */
export function datesOf(text: string): string[] {
  const [first, last] = text.split('..').map((date) => Date.parse(`${date}T00:00:00Z`) / 86_400_000);
  if (first === undefined || !Number.isInteger(first)) return [];
  const end = last ?? first;
  if (!Number.isInteger(end) || end < first || end - first > 366) return [];
  return Array.from({ length: end - first + 1 }, (_, i) => dateOfDay(first + i));
}
