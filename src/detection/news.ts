/**
 * Whether a further signal of a going-on is worth building: a flood would give one per event. The first `EVERY_ONE` of a
 * subject and day all are; then those that add 5 %, and one every ten seconds so that the finding shows that it goes on.
 */
export interface Told {
  day: number;
  signals: number;
  amount: number;
  time: number;
}

const EVERY_ONE = 100;
const GROWTH = 1.05;
const PAUSE_MS = 10_000;

export function nothingTold(): Told {
  return { day: -1, signals: 0, amount: 0, time: 0 };
}

/** Decides, and takes note when it is. @param day local day of the finding, whose key it is part of. */
export function isNews(told: Told, day: number, amount: number, time: number): boolean {
  if (told.day !== day) {
    told.day = day;
    told.signals = 0;
    told.amount = 0;
  }
  const isWorthIt =
    told.signals < EVERY_ONE || amount >= told.amount * GROWTH || Math.abs(time - told.time) >= PAUSE_MS;
  if (!isWorthIt) return false;
  told.signals++;
  told.amount = Math.max(told.amount, amount);
  told.time = time;
  return true;
}
