import { MAX_IDS } from './windows.ts';

/**
 * How often each name occurred in the sliding window that ends at the newest occurrence, as plain data. It answers how many
 * names occurred a few times only, in O(1) per occurrence in order. Occurrences that come out of order are put in their
 * place and every window that they lie in is looked at, as long as no more than `EXACT_ENTRIES` are held; beyond that only
 * the newest window is. At most `MAX_ENTRIES` lie in the window: beyond that it begins later than asked for.
 * As in windows.ts the window is (end − w, end]: exactly w ago is outside.
 */
export interface Tally {
  /** In order of time. */
  entries: Entry[];
  /** Index of the oldest entry inside the window. Entries before it are kept for what comes late. */
  edge: number;
  /** Occurrences in the window by name, prefixed with '$' so that no name collides with what every object has. */
  counts: Record<string, number>;
  /** Names with 1 to `fewAtMost` occurrences in the window, and their occurrences. */
  few: number;
  fewTotal: number;
}

interface Entry {
  time: number;
  name: string;
  amount: number;
  id: string;
}

export interface TallyRules {
  windowMs: number;
  latenessMs: number;
  /** A name with more occurrences in the window does not count as few. */
  fewAtMost: number;
  /** What makes a window remarkable: so many names with few occurrences … */
  namesAtLeast: number;
  /** … and names / occurrences of at least this. */
  shareAtLeast: number;
}

/** A remarkable window. */
export interface Spread {
  names: number;
  occurrences: number;
  end: number;
}

const EXACT_ENTRIES = 256;
const MAX_ENTRIES = 2048;
/** Occurrences of a name that is not few any more are summed when they are as close as this part of the window. */
const SUMMED_PART = 1 / 60;
const LOOK_BACK = 8;

export function emptyTally(): Tally {
  return { entries: [], edge: 0, counts: {}, few: 0, fewTotal: 0 };
}

/** Counts occurrences of a name in; returns the window with most names, if one that they lie in is remarkable. */
export function tallyUp(
  tally: Tally,
  time: number,
  name: string,
  amount: number,
  id: string,
  rules: TallyRules,
): Spread | undefined {
  const { entries } = tally;
  const entry = { time, name: `$${name}`, amount, id };
  const newest = entries.length === 0 ? -Infinity : entries[entries.length - 1]!.time;
  if (time < newest) return tallyLate(tally, entry, newest, rules);
  trim(tally, time, rules);
  if (!isSummed(tally, entry, rules)) {
    if (entries.length === 0) tally.entries = [entry];
    else entries.push(entry);
  }
  bump(tally, entry.name, amount, rules.fewAtMost);
  return remarkable(tally, time, rules);
}

/** Whether the name occurred in (from, to]. */
export function occurred({ entries }: Tally, name: string, from: number, to: number): boolean {
  for (let i = entries.length - 1; i >= 0 && entries[i]!.time > from; i--)
    if (entries[i]!.time <= to && entries[i]!.name === `$${name}`) return true;
  return false;
}

/** Ids of the newest occurrences in (from, to] of names that are few now, oldest first. */
export function fewIds({ entries, counts }: Tally, from: number, to: number, fewAtMost: number): string[] {
  const ids: string[] = [];
  for (let i = entries.length - 1; i >= 0 && entries[i]!.time > from && ids.length < MAX_IDS; i--)
    if (entries[i]!.time <= to && (counts[entries[i]!.name] ?? 0) <= fewAtMost) ids.push(entries[i]!.id);
  return ids.reverse();
}

function tallyLate(tally: Tally, entry: Entry, newest: number, rules: TallyRules): Spread | undefined {
  const { entries } = tally;
  if (entry.time <= newest - rules.windowMs - rules.latenessMs) return undefined;
  let place = entries.length;
  while (place > 0 && entries[place - 1]!.time > entry.time) place--;
  entries.splice(place, 0, entry);
  if (entries.length <= EXACT_ENTRIES) return recount(tally, entry.time, rules);
  if (entry.time <= newest - rules.windowMs || place < tally.edge) tally.edge++;
  else bump(tally, entry.name, entry.amount, rules.fewAtMost);
  trim(tally, newest, rules);
  return remarkable(tally, newest, rules);
}

/** Slides the window over all entries anew and judges it wherever it holds the moment `from`. */
function recount(tally: Tally, from: number, rules: TallyRules): Spread | undefined {
  const { entries } = tally;
  tally.counts = {};
  tally.few = 0;
  tally.fewTotal = 0;
  tally.edge = 0;
  let best: Spread | undefined;
  for (let i = 0; i < entries.length; i++) {
    const { time: end, name, amount } = entries[i]!;
    bump(tally, name, amount, rules.fewAtMost);
    while (entries[tally.edge]!.time <= end - rules.windowMs) leave(tally, rules);
    if (end < from || end >= from + rules.windowMs || entries[i + 1]?.time === end) continue;
    const found = remarkable(tally, end, rules);
    if (found && found.names > (best?.names ?? 0)) best = found;
  }
  return best;
}

function remarkable({ few, fewTotal }: Tally, end: number, rules: TallyRules): Spread | undefined {
  return few >= rules.namesAtLeast && few >= rules.shareAtLeast * fewTotal
    ? { names: few, occurrences: fewTotal, end }
    : undefined;
}

/** Moves the window's edge on and drops what not even a late event can need, in portions because all others move up. */
function trim(tally: Tally, newest: number, rules: TallyRules): void {
  const { entries } = tally;
  while (tally.edge < entries.length && entries[tally.edge]!.time <= newest - rules.windowMs) leave(tally, rules);
  if (entries.length - tally.edge >= MAX_ENTRIES) leave(tally, rules);
  const keepFrom = newest - rules.windowMs - rules.latenessMs;
  let old = tally.edge > MAX_ENTRIES ? MAX_ENTRIES / 2 : 0;
  while (old < tally.edge && entries[old]!.time <= keepFrom) old++;
  if (old < 64 && entries.length > 128) return;
  if (old === 0) return;
  entries.splice(0, old);
  tally.edge -= old;
}

/** The oldest entry leaves the window. */
function leave(tally: Tally, rules: TallyRules): void {
  const { name, amount } = tally.entries[tally.edge]!;
  bump(tally, name, -amount, rules.fewAtMost);
  tally.edge++;
}

function bump(tally: Tally, name: string, by: number, fewAtMost: number): void {
  const before = tally.counts[name] ?? 0;
  const after = before + by;
  if (before > 0 && before <= fewAtMost) {
    tally.few--;
    tally.fewTotal -= before;
  }
  if (after > 0 && after <= fewAtMost) {
    tally.few++;
    tally.fewTotal += after;
  }
  // A name that is gone is removed, or the record would grow for ever.
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
  if (after <= 0) delete tally.counts[name];
  else tally.counts[name] = after;
}

/** Whether the occurrence could be added to an entry of the same name near the end. */
function isSummed(tally: Tally, { time, name, amount }: Entry, rules: TallyRules): boolean {
  if ((tally.counts[name] ?? 0) <= rules.fewAtMost) return false;
  const { entries } = tally;
  for (let i = entries.length - 1; i >= tally.edge && i >= entries.length - LOOK_BACK; i--) {
    const entry = entries[i]!;
    if (entry.name !== name || entry.time <= time - rules.windowMs * SUMMED_PART) continue;
    entry.amount += amount;
    return true;
  }
  return false;
}
