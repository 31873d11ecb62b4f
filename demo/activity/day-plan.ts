import { DAY, isWorkday, startOfDay, weekday } from '../calendar.ts';
import type { Line } from '../line.ts';
import type { Platform } from '../platform.ts';
import { Random } from '../random.ts';

/** The day that an activity takes place on. */
export class DayPlan {
  readonly platform: Platform;
  readonly day: string;
  readonly from: number;
  readonly to: number;
  readonly workday: boolean;
  /** 0 Sunday … 6 Saturday. */
  readonly weekday: number;

  constructor(platform: Platform, day: string) {
    this.platform = platform;
    this.day = day;
    this.from = startOfDay(day);
    this.to = this.from + DAY;
    this.workday = isWorkday(day);
    this.weekday = weekday(day);
  }

  /** The numbers of one purpose on this day. */
  random(...purpose: (string | number)[]): Random {
    return new Random(this.platform.seed, this.day, ...purpose);
  }
}

/** What a few people or programs do: known for the whole day at its beginning, in any order. */
export type Planned = (plan: DayPlan) => Line[];

/** What comes in a steady stream: the lines of one slice of the day, in any order. */
export type Flow = (plan: DayPlan, fromMs: number, toMs: number) => Line[];
