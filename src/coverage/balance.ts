import { addCounts, MINUTE_MS, minuteOf, OTHER, sumOf, type Counts } from './record.ts';

/** A source in a minute, as the doors state it: sums over all programs. */
export interface DoorTotals {
  source: string;
  minute: number;
  received: number;
  refused: Counts;
  lost: number;
  appended: number;
}

/** The same as detection read it: sums over all partitions and segments. */
export interface ReadTotals {
  source: string;
  minute: number;
  appended: number;
  parsed: number;
  unparsed: Counts;
  repeated: number;
  evaluated: number;
  missed: Counts;
  late: number;
  ranges: readonly OffsetRange[];
}

export interface OffsetRange {
  partition: number;
  from: number;
  /** Exclusive. */
  to: number;
}

/** What the store has: counted in the events themselves. */
export interface StoredTotals {
  source: string;
  minute: number;
  events: number;
}

/** From when to when a `collect` program is known to have counted. */
export interface Epoch {
  epoch: string;
  instance: string;
  startedAt: number;
  statedAt: number;
  /** Whether it was stopped, or lives, rather than killed. */
  ended: boolean;
}

/** Steps that have to agree, in the order in which events pass them. */
export const STEPS = ['received', 'appended', 'parsed', 'stored', 'evaluated'] as const;
export type Step = (typeof STEPS)[number];
/** What is missing (below 0) or too much of each step. */
export type Differences = Record<Step, number>;

/** A line of the ledger. */
export interface CoverageLine {
  source: string;
  minute: number;
  received: number;
  refused: Counts;
  lost: number;
  appended: number;
  parsed: number;
  unparsed: Counts;
  repeated: number;
  stored: number;
  evaluated: number;
  missed: Counts;
  late: number;
  /** Known from the log alone: the collector that took them was killed before it could say so. */
  rebuilt: number;
  /** Received by a collector that was killed before they were durable; their sender was not told that they were. */
  givenUp: number;
  off: Differences;
  ranges: readonly OffsetRange[];
}

export interface Accounts {
  doors: readonly DoorTotals[];
  reads: readonly ReadTotals[];
  stored: readonly StoredTotals[];
  epochs: readonly Epoch[];
}

const DEAD_AFTER_MS = 30_000;

/**
 * Whether a program was killed, so that what it counted last is not known: it said no farewell, and has a successor or has
 * said nothing for long.
 */
export function wasKilled(
  { ended, statedAt, instance, startedAt }: Epoch,
  all: readonly Epoch[],
  now: number,
): boolean {
  if (ended) return false;
  return now - statedAt > DEAD_AFTER_MS || all.some((one) => one.instance === instance && one.startedAt > startedAt);
}

/** The lines of the ledger: every source and minute of which any of the accounts knows, in order of time, then source. */
export function balance({ doors, reads, stored, epochs }: Accounts, now: number): CoverageLine[] {
  const crowded = new Set([...doors, ...reads].filter(({ source }) => source === OTHER).map(({ minute }) => minute));
  const [doorOf, readOf] = [indexed(doors, crowded), indexed(reads, crowded)];
  const storedOf = indexed(stored, crowded);
  const keys = new Map(
    [...doorOf, ...readOf, ...storedOf].map(([key, { source, minute }]) => [key, { source, minute }]),
  );
  const gone = epochs.filter((epoch) => wasKilled(epoch, epochs, now)).map((epoch) => unsaidOf(epoch, epochs));
  const countedSince = minuteOf(Math.min(...epochs.map(({ startedAt }) => startedAt)));
  return [...keys]
    .map(([key, { source, minute }]) => {
      const unsaid = minute <= countedSince || gone.some(({ from, to }) => minute + MINUTE_MS > from && minute <= to);
      return lineOf(source, minute, doorOf.get(key), readOf.get(key), storedOf.get(key)?.events ?? 0, unsaid);
    })
    .sort((a, b) => a.minute - b.minute || (a.source < b.source ? -1 : 1));
}

export function isBalanced({ off }: Pick<CoverageLine, 'off'>): boolean {
  return STEPS.every((step) => off[step] === 0);
}

/** Adds lines up, in place of many minutes one. */
export function added(lines: readonly CoverageLine[]): CoverageLine | undefined {
  const [first, ...rest] = lines;
  if (first === undefined) return undefined;
  const sum: CoverageLine = structuredClone(first);
  for (const line of rest) {
    for (const name of COUNTED) sum[name] += line[name];
    for (const name of NAMED) addCounts(sum[name], line[name]);
    for (const step of STEPS) sum.off[step] += line.off[step];
  }
  return { ...sum, ranges: lines.flatMap(({ ranges }) => ranges) };
}

const COUNTED = [
  ...(['received', 'lost', 'appended', 'parsed', 'repeated'] as const),
  ...(['stored', 'evaluated', 'late', 'rebuilt', 'givenUp'] as const),
];
const NAMED = ['refused', 'unparsed', 'missed'] as const;

/**
 * @param unsaid whether a program that was killed may have taken more than it could say: what the log has beyond its word
 * was received, and what it had in hand and the log has not was given up with it.
 */
function lineOf(
  source: string,
  minute: number,
  door: DoorTotals | undefined,
  read: ReadTotals | undefined,
  stored: number,
  unsaid: boolean,
): CoverageLine {
  const said = door ?? { received: 0, refused: {}, lost: 0, appended: 0 };
  const { appended = 0, parsed = 0, unparsed = {}, repeated = 0, evaluated = 0, missed = {}, late = 0 } = read ?? {};
  const waiting = said.received - sumOf(said.refused) - said.appended;
  const rebuilt = unsaid ? Math.max(0, appended - said.appended) : 0;
  const givenUp = unsaid ? Math.max(0, waiting - rebuilt) : 0;
  const received = said.received + (unsaid ? Math.max(0, rebuilt - waiting) : 0);
  const worst = Math.max(0, ...Object.values(missed));
  return {
    ...{ source, minute, received, refused: said.refused, lost: said.lost, appended, parsed, unparsed, repeated },
    ...{ stored, evaluated, missed, late, rebuilt, givenUp },
    off: {
      received: sumOf(said.refused) + said.appended + rebuilt + givenUp - received,
      appended: appended - said.appended - rebuilt,
      parsed: parsed + sumOf(unparsed) - appended,
      stored: stored + repeated - appended,
      evaluated: evaluated - worst + repeated - appended,
    },
    ranges: read?.ranges ?? [],
  };
}

/** How long what a program has taken may wait before it is durable while its statements are. */
const WAITING_MS = 2 * MINUTE_MS;
/** How long a program may have lived on without being able to say anything. */
const MUTE_MS = 10 * MINUTE_MS;

/** When a killed program may have taken, or made durable, more than it could say: until its successor began at the latest. */
function unsaidOf({ instance, statedAt }: Epoch, all: readonly Epoch[]): { from: number; to: number } {
  const later = all.filter((one) => one.instance === instance && one.startedAt >= statedAt);
  return { from: statedAt - WAITING_MS, to: Math.min(statedAt + MUTE_MS, ...later.map(({ startedAt }) => startedAt)) };
}

/** In a minute with more sources than are counted by themselves, the accounts agree only on all of them together. */
function indexed<T extends { source: string; minute: number }>(
  all: readonly T[],
  crowded: ReadonlySet<number>,
): Map<string, T> {
  const byKey = new Map<string, T>();
  for (const one of all) {
    const source = crowded.has(one.minute) ? OTHER : one.source;
    const key = `${one.minute} ${source}`;
    const known = byKey.get(key);
    byKey.set(key, known === undefined ? { ...one, source } : merged(known, one));
  }
  return byKey;
}

function merged<T extends { source: string; minute: number }>(one: T, other: T): T {
  const sum = Object.entries(other).map(([name, value]: [string, unknown]) => {
    const known = (one as Record<string, unknown>)[name];
    if (name === 'minute' || name === 'source') return [name, known];
    if (typeof value === 'number') return [name, (known as number) + value];
    if (Array.isArray(value)) return [name, [...(known as unknown[]), ...(value as unknown[])]];
    const counts = { ...(known as Counts) };
    addCounts(counts, value as Counts);
    return [name, counts];
  });
  return Object.fromEntries(sum) as T;
}
