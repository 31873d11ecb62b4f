/**
 * Amounts in sliding windows of event time, as plain data. Up to `exactEntries` every time is kept to the millisecond, in
 * order, wherever it is inserted; above that the series is summed into steps of `coarseMs`, which bounds it for good.
 * A window of length w that ends at e holds what lies in (e − w, e]: exactly w ago is outside.
 */
export interface TimedAmounts {
  /** Time and amount of each entry in turn: one array of numbers is a third of the memory of two, or of objects. */
  entries: number[];
  /** Step that the times are rounded down to; 0 while they are exact. */
  stepMs: number;
}

export interface Retention {
  /** Entries this much older than the newest event are dropped: the longest window asked for plus the allowed lateness. */
  horizonMs: number;
  exactEntries: number;
  coarseMs: number;
}

export interface Window {
  amount: number;
  /** Time of the last entry inside. */
  end: number;
}

/** Lists up to this length get exactly the room they need: most stay so short, and V8 gives a growing one room for 17 more. */
const EXACT_ROOM = 32;
/** Never written to: `insert` replaces it. */
const NONE: number[] = [];

/** Allowed lateness of events: findings do not depend on the order within it. */
export const LATENESS_MS = 600_000;
/** An event that claims to be further ahead of its arrival than this does not push others out. */
export const MAX_AHEAD_MS = 300_000;

export function noAmounts(): TimedAmounts {
  return { entries: NONE, stepMs: 0 };
}

export function copyOfAmounts({ entries, stepMs }: TimedAmounts): TimedAmounts {
  return { entries: entries.slice(), stepMs };
}

/**
 * The moment up to which an event may move time on: a clock that runs ahead must not make everything else look old.
 * @param ingestTime 0 when it is not known.
 */
export function reachOf(time: number, ingestTime: number): number {
  return ingestTime > 0 && time > ingestTime + MAX_AHEAD_MS ? ingestTime : time;
}

/** Whether one more entry may sum the series into steps. */
export function isFull({ entries, stepMs }: TimedAmounts, { exactEntries }: Retention): boolean {
  return stepMs === 0 && entries.length >= 2 * exactEntries;
}

/** Adds an amount in its place and drops what is past the horizon of `reach`. */
export function addAmount(series: TimedAmounts, time: number, amount: number, reach: number, keep: Retention): void {
  insert(series, series.stepMs === 0 ? time : roundDown(time, series.stepMs), amount);
  const { entries } = series;
  let old = 0;
  while (old < entries.length - 2 && entries[old]! <= reach - keep.horizonMs) old += 2;
  if (old > 0) series.entries = entries.slice(old);
  if (series.stepMs === 0 && series.entries.length > 2 * keep.exactEntries) coarsen(series, keep.coarseMs);
}

/** The window with the largest amount among those that end at an entry in [firstEnd, lastEnd]; amount 0 if there is none. */
export function heaviestWindow(series: TimedAmounts, firstEnd: number, lastEnd: number, windowMs: number): Window {
  const { entries, stepMs } = series;
  const from = stepMs === 0 ? firstEnd : roundDown(firstEnd, stepMs);
  const best = { amount: 0, end: 0 };
  let last = entries.length - 2;
  while (last >= 0 && entries[last]! > lastEnd) last -= 2;
  let first = last;
  let sum = 0;
  for (let end = last; end >= 0 && entries[end]! >= from; end -= 2) {
    for (; first >= 0 && entries[first]! > entries[end]! - windowMs; first -= 2) sum += entries[first + 1]!;
    if (sum >= best.amount) {
      best.amount = sum;
      best.end = entries[end]!;
    }
    sum -= entries[end + 1]!;
  }
  return best;
}

/** What lies in [from, to]; a step of a summed series lies where it begins. */
export function amountBetween({ entries }: TimedAmounts, from: number, to: number): number {
  let sum = 0;
  for (let i = entries.length - 2; i >= 0 && entries[i]! >= from; i -= 2) if (entries[i]! <= to) sum += entries[i + 1]!;
  return sum;
}

/** The newest events by event time, for "contributed most": time, id, time, id, … Plain data. */
export type RecentIds = (number | string)[];

/** As many as a finding names. */
export const MAX_IDS = 20;

export function noIds(): RecentIds {
  return [];
}

/** The list with one more, the oldest left out beyond `limit`. Built anew: a growing list has room to spare. */
export function withId(recent: RecentIds, time: number, id: string, limit = MAX_IDS): RecentIds {
  let place = recent.length;
  while (place > 0 && isAfter(timeAt(recent, place - 2), idAt(recent, place - 2), time, id)) place -= 2;
  return recent.toSpliced(place, 0, time, id).slice(-2 * limit);
}

/** Times of the remembered events in (from, to], ascending. */
export function timesBetween(recent: RecentIds, from: number, to: number): number[] {
  return recent.filter((one) => typeof one === 'number').filter((time) => time > from && time <= to);
}

/** Ids of the remembered events in (from, to] and, last, the one that caused the finding. */
export function contributing(recent: RecentIds, from: number, to: number, causing: string): string[] {
  const found: string[] = [];
  for (let i = 0; i < recent.length; i += 2) {
    const time = timeAt(recent, i);
    if (time > from && time <= to && idAt(recent, i) !== causing) found.push(idAt(recent, i));
  }
  if (found.length >= MAX_IDS) found.splice(0, found.length - MAX_IDS + 1);
  found.push(causing);
  return found;
}

/** @param place an even index. */
export function timeAt(recent: RecentIds, place: number): number {
  return recent[place] as number;
}

export function idAt(recent: RecentIds, place: number): string {
  return recent[place + 1] as string;
}

function isAfter(time: number, id: string, otherTime: number, otherId: string): boolean {
  return time > otherTime || (time === otherTime && id > otherId);
}

function insert(series: TimedAmounts, time: number, amount: number): void {
  const { entries } = series;
  let place = entries.length;
  while (place > 0 && entries[place - 2]! > time) place -= 2;
  if (place > 0 && entries[place - 2] === time) entries[place - 1]! += amount;
  else if (place < entries.length) entries.splice(place, 0, time, amount);
  else if (place < EXACT_ROOM) series.entries = entries.concat([time, amount]);
  else entries.push(time, amount);
}

function coarsen(series: TimedAmounts, stepMs: number): void {
  const { entries } = series;
  series.entries = NONE;
  series.stepMs = stepMs;
  for (let i = 0; i < entries.length; i += 2) insert(series, roundDown(entries[i]!, stepMs), entries[i + 1]!);
}

function roundDown(time: number, stepMs: number): number {
  return Math.floor(time / stepMs) * stepMs;
}
