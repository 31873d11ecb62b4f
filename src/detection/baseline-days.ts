/**
 * One actor's use of one asset by local day, as one array of numbers: `STRIDE` of them per day with any access, ascending,
 * at most 28 days back from the newest. 56 bytes a day in use: 1.6 kB at most, and most pairs use few days a month.
 */
const STRIDE = 7;
const DAY = 0;
const EVENTS = 1;
/** Accesses that stated a volume. */
const READS = 2;
export const ROWS = 3;
export const BYTES = 5;
/** Behind each volume of a day lies the day's largest volume within one local hour. */
const IN_ONE_HOUR = 1;

export const HISTORY_DAYS = 28;

export interface DailyUse {
  days: number[];
  /** Running sums of the newest two local hours, in no order: hour, rows, bytes, hour, rows, bytes. */
  hours: number[];
}

/** Never written to. */
const NOTHING: number[] = [];

export function noUse(): DailyUse {
  return { days: NOTHING, hours: NOTHING };
}

/** Day of the newest entry; -Infinity when there is none. */
export function newestDay({ days }: DailyUse): number {
  return days.length === 0 ? -Infinity : days[days.length - STRIDE + DAY]!;
}

/**
 * Counts one access in. A day that lies further back than the history is left out.
 * @param rows 0 for an access that states none. @param bytes of an access that states no rows, else 0.
 */
export function addUse(use: DailyUse, day: number, hour: number, rows: number, bytes: number): void {
  const place = placeOfDay(use, day);
  if (place < 0) return;
  const { days } = use;
  days[place + EVENTS]!++;
  if (rows === 0 && bytes === 0) return;
  days[place + READS]!++;
  days[place + ROWS]! += rows;
  days[place + BYTES]! += bytes;
  const at = placeOfHour(use, hour);
  const { hours } = use;
  // Of an hour that is closed only the single access is known to lie in it.
  const rowsThen = at < 0 ? rows : (hours[at + 1]! += rows);
  const bytesThen = at < 0 ? bytes : (hours[at + 2]! += bytes);
  if (rowsThen > days[place + ROWS + IN_ONE_HOUR]!) days[place + ROWS + IN_ONE_HOUR] = rowsThen;
  if (bytesThen > days[place + BYTES + IN_ONE_HOUR]!) days[place + BYTES + IN_ONE_HOUR] = bytesThen;
}

/** Whether there was any access on the days [from, before). */
export function usedBetween({ days }: DailyUse, from: number, before: number): boolean {
  for (let i = days.length - STRIDE; i >= 0; i -= STRIDE) {
    const day = days[i + DAY]!;
    if (day < from) return false;
    if (day < before) return true;
  }
  return false;
}

/** Volumes of the days that had any, and the accesses that stated them. */
export interface Volumes {
  days: number[];
  values: number[];
  reads: number;
}

/** Appends the volumes of the days [from, before) to `into`. @param column ROWS or BYTES. */
export function collectVolumes(
  use: DailyUse,
  column: number,
  hourly: boolean,
  from: number,
  before: number,
  into: Volumes,
): void {
  const { days } = use;
  for (let i = 0; i < days.length; i += STRIDE) {
    const day = days[i + DAY]!;
    if (day < from || day >= before || days[i + column]! <= 0) continue;
    into.days.push(day);
    into.values.push(days[i + column + (hourly ? IN_ONE_HOUR : 0)]!);
    into.reads += days[i + READS]!;
  }
}

/** Index of the day's entry, made when it is new; -1 when it is too old. */
function placeOfDay(use: DailyUse, day: number): number {
  const { days } = use;
  let place = days.length;
  while (place > 0 && days[place - STRIDE + DAY]! > day) place -= STRIDE;
  if (place > 0 && days[place - STRIDE + DAY] === day) return place - STRIDE;
  if (day < newestDay(use) - HISTORY_DAYS) return -1;
  // Built anew and not grown: a growing list has room to spare, and most pairs never need it.
  const oldest = Math.max(newestDay(use), day) - HISTORY_DAYS;
  let first = 0;
  while (first < place && days[first + DAY]! < oldest) first += STRIDE;
  use.days = days.slice(first, place).concat([day, 0, 0, 0, 0, 0, 0], days.slice(place));
  return place - first;
}

/** Index of the hour's running sums, made when it is new; -1 when two later hours are running already. */
function placeOfHour(use: DailyUse, hour: number): number {
  const { hours } = use;
  for (let i = 0; i < hours.length; i += 3) if (hours[i] === hour) return i;
  if (hours.length < 6) {
    use.hours = hours.concat([hour, 0, 0]);
    return hours.length;
  }
  const older = hours[0]! < hours[3]! ? 0 : 3;
  if (hour < hours[older]!) return -1;
  hours[older] = hour;
  hours[older + 1] = 0;
  hours[older + 2] = 0;
  return older;
}
