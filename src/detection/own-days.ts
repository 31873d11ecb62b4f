import { median, medianAbsoluteDeviation } from 'simple-statistics';
import type { Expectation } from './detector.ts';

/**
 * Totals of one subject by local day, for what the shared baselines do not hold (exports, changes): day, total, day, total, …
 * ascending, as plain data; at most 28 days back from the newest.
 */
export type OwnDays = number[];

const KEPT_DAYS = 28;
const ENOUGH_DAYS = 10;
/** Fewer are chance, more are a routine of its own: a weekly one. */
const SOME_DAYS = 3;
const MAD_FLOOR = 0.15;

/** Adds to a day's total; a day that lies further back than the history is left out. */
export function addToDay(days: OwnDays, day: number, amount: number): void {
  let place = days.length;
  while (place > 0 && days[place - 2]! > day) place -= 2;
  if (place > 0 && days[place - 2] === day) {
    days[place - 1]! += amount;
    return;
  }
  if (days.length > 0 && day < days[days.length - 2]! - KEPT_DAYS) return;
  days.splice(place, 0, day, amount);
  while (days[0]! < days[days.length - 2]! - KEPT_DAYS) days.splice(0, 2);
}

/** The total of a day. */
export function totalOf(days: OwnDays, day: number): number {
  for (let i = days.length - 2; i >= 0; i -= 2) if (days[i] === day) return days[i + 1]!;
  return 0;
}

/**
 * What is usual on a day, by the active days before it: median and MAD of log1p. With fewer than ten of them it is `cap`, unless
 * the platform has watched for as long as days are kept: then these few, or none, are known to be all.
 * @param watchedDays days for which the platform has watched
 */
export function usualOn(days: OwnDays, day: number, watchedDays = 0): Expectation {
  const logs: number[] = [];
  for (let i = 0; i < days.length; i += 2) if (days[i]! < day) logs.push(Math.log1p(days[i + 1]!));
  if (logs.length < ENOUGH_DAYS && watchedDays >= KEPT_DAYS) {
    const middle = logs.length < SOME_DAYS ? 0 : median(logs);
    return { source: 'self', median: middle, mad: MAD_FLOOR, sampleSize: logs.length, ownMedian: middle };
  }
  if (logs.length < ENOUGH_DAYS) return { source: 'cap', median: 0, mad: MAD_FLOOR, sampleSize: 0, ownMedian: 0 };
  const middle = median(logs);
  const mad = Math.max(MAD_FLOOR, medianAbsoluteDeviation(logs));
  return { source: 'self', median: middle, mad, sampleSize: logs.length, ownMedian: middle };
}
