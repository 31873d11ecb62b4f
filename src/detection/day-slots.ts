/**
 * What is usual in each slot of the local day, learned from the days before, as plain data: one number a slot, −1 where
 * nothing is known yet. Workdays and rest days are learned apart by whoever keeps two of them.
 */
export type DaySlots = number[];

const LEARN = 0.25;

export function noSlots(count: number): DaySlots {
  return new Array<number>(count).fill(-1);
}

/** Takes a day's value in: the newest days count most. */
export function learn(slots: DaySlots, slot: number, value: number): void {
  const known = slots[slot]!;
  slots[slot] = known < 0 ? value : known + LEARN * (value - known);
}
