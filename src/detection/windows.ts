/**
 * Amounts in sliding windows of event time, as plain data. Up to `exactEntries` every time is kept to the millisecond, in
 * order, wherever it is inserted; above that the series is summed into steps of `coarseMs`, which bounds it for good.
 * A window of length w that ends at e holds what lies in (e − w, e]: exactly w ago is outside.
 */
export interface TimedAmounts {
  times: number[];
  amounts: number[];
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

/** Allowed lateness of events: findings do not depend on the order within it. */
export const LATENESS_MS = 600_000;
/** An event that claims to be further ahead of its arrival than this does not push others out. */
export const MAX_AHEAD_MS = 300_000;

export function noAmounts(): TimedAmounts {
  return { times: [], amounts: [], stepMs: 0 };
}

/**
 * The moment up to which an event may move time on: a clock that runs ahead must not make everything else look old.
 * @param ingestTime 0 when it is not known.
 */
export function reachOf(time: number, ingestTime: number): number {
  return ingestTime > 0 && time > ingestTime + MAX_AHEAD_MS ? ingestTime : time;
}

/** Adds an amount in its place and drops what is past the horizon of `reach`. */
export function addAmount(series: TimedAmounts, time: number, amount: number, reach: number, keep: Retention): void {
  insert(series, series.stepMs === 0 ? time : roundDown(time, series.stepMs), amount);
  let old = 0;
  while (old < series.times.length - 1 && series.times[old]! <= reach - keep.horizonMs) old++;
  if (old > 0) {
    series.times.splice(0, old);
    series.amounts.splice(0, old);
  }
  if (series.stepMs === 0 && series.times.length > keep.exactEntries) coarsen(series, keep.coarseMs);
}

/** The window with the largest amount among those that end at an entry in [firstEnd, lastEnd]; amount 0 if there is none. */
export function heaviestWindow(series: TimedAmounts, firstEnd: number, lastEnd: number, windowMs: number): Window {
  const { times, amounts, stepMs } = series;
  const from = stepMs === 0 ? firstEnd : roundDown(firstEnd, stepMs);
  const best = { amount: 0, end: 0 };
  let last = times.length - 1;
  while (last >= 0 && times[last]! > lastEnd) last--;
  let first = last;
  let sum = 0;
  for (let end = last; end >= 0 && times[end]! >= from; end--) {
    while (first >= 0 && times[first]! > times[end]! - windowMs) sum += amounts[first--]!;
    if (sum >= best.amount) {
      best.amount = sum;
      best.end = times[end]!;
    }
    sum -= amounts[end]!;
  }
  return best;
}

/** What lies in [from, to]; a step of a summed series lies where it begins. */
export function amountBetween({ times, amounts }: TimedAmounts, from: number, to: number): number {
  let sum = 0;
  for (let i = times.length - 1; i >= 0 && times[i]! >= from; i--) if (times[i]! <= to) sum += amounts[i]!;
  return sum;
}

/** The ids of the newest events by event time, for "contributed most". Plain data. */
export interface RecentIds {
  times: number[];
  ids: string[];
}

/** As many as a finding names. */
export const MAX_IDS = 20;

export function noIds(): RecentIds {
  return { times: [], ids: [] };
}

/** @param limit how many to keep. */
export function rememberId(recent: RecentIds, time: number, id: string, limit = MAX_IDS): void {
  const { times, ids } = recent;
  let place = times.length;
  while (place > 0 && isAfter(times[place - 1]!, ids[place - 1]!, time, id)) place--;
  if (times.length === 0) {
    recent.times = [time];
    recent.ids = [id];
    return;
  }
  times.splice(place, 0, time);
  ids.splice(place, 0, id);
  if (times.length > limit) {
    times.shift();
    ids.shift();
  }
}

/** Ids of the remembered events in (from, to] and, last, the one that caused the finding. */
export function contributing(recent: RecentIds, from: number, to: number, causing: string): string[] {
  const found: string[] = [];
  for (let i = 0; i < recent.times.length; i++) {
    const time = recent.times[i]!;
    if (time > from && time <= to && recent.ids[i] !== causing) found.push(recent.ids[i]!);
  }
  if (found.length >= MAX_IDS) found.splice(0, found.length - MAX_IDS + 1);
  found.push(causing);
  return found;
}

function isAfter(time: number, id: string, otherTime: number, otherId: string): boolean {
  return time > otherTime || (time === otherTime && id > otherId);
}

function insert(series: TimedAmounts, time: number, amount: number): void {
  const { times, amounts } = series;
  let place = times.length;
  while (place > 0 && times[place - 1]! > time) place--;
  if (place > 0 && times[place - 1] === time) {
    amounts[place - 1]! += amount;
  } else if (times.length === 0) {
    series.times = [time]; // a literal takes the room of one; most series never hold more
    series.amounts = [amount];
  } else if (place === times.length) {
    times.push(time);
    amounts.push(amount);
  } else {
    times.splice(place, 0, time);
    amounts.splice(place, 0, amount);
  }
}

function coarsen(series: TimedAmounts, stepMs: number): void {
  const { times, amounts } = series;
  series.times = [];
  series.amounts = [];
  series.stepMs = stepMs;
  for (let i = 0; i < times.length; i++) insert(series, roundDown(times[i]!, stepMs), amounts[i]!);
}

function roundDown(time: number, stepMs: number): number {
  return Math.floor(time / stepMs) * stepMs;
}
