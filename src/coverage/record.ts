/** Counts by a name, such as a reason or a detector. */
export type Counts = Record<string, number>;

export const MINUTE_MS = 60_000;

/** Sources of one minute beyond the bound are counted together under this name. */
export const OTHER = 'other';

export function minuteOf(at: number): number {
  return Math.floor(at / MINUTE_MS) * MINUTE_MS;
}

/** What came to the doors of one `collect` program, of one source in one minute of arrival: totals so far, not differences. */
export interface DoorMinute {
  source: string;
  /** Begin of the minute, ms since the Unix epoch. */
  minute: number;
  /** Records that came: refused ones too, and those that are not durable yet. */
  received: number;
  /** By reason. */
  refused: Counts;
  /** Datagrams that the kernel dropped before they were read; not part of `received`. */
  lost: number;
  /** Records that are durable in the event log. */
  appended: number;
}

/** What a `collect` program says in the topic `coverage`: the same minute again whenever it has changed. */
export interface DoorStatement {
  kind: 'door';
  /** Drawn at the start of the program. */
  epoch: string;
  /** The later statement of an epoch has the higher number. */
  number: number;
  instance: string;
  startedAt: number;
  /** Everything until here is in this statement or an earlier one, ms since the Unix epoch. */
  at: number;
  /** The last statement of a program that was stopped; one that was killed makes none. */
  ended: boolean;
  minutes: readonly DoorMinute[];
}

/** What `detect` read in a range of offsets, of one source in one minute of arrival. */
export interface ReadMinute {
  source: string;
  minute: number;
  /** Events in the log, those that came again included. */
  appended: number;
  parsed: number;
  /** By reason. */
  unparsed: Counts;
  /** Events that had come before and were dropped. */
  repeated: number;
  /** Events that were handed to the store, which has said that they are durable. */
  stored: number;
  /** Events that went through the detectors. */
  evaluated: number;
  /** Of these, how many a detector that is parked after a fault has not seen. */
  missed: Counts;
  /** Events older than the watermark. */
  late: number;
}

/** Records that could not be read as events. */
export interface UnreadRange {
  from: number;
  /** Exclusive. */
  to: number;
  /** `damaged`: no such record could be had of the log; `undecodable`: the record is no batch of events. */
  kind: 'damaged' | 'undecodable';
}

/**
 * The records [from, to) of a partition of `events`, done: stored, and judged by all detectors named. Segments of a partition
 * follow each other without overlap; the same `from` with a higher `to` takes the place of what was said before.
 */
export interface Segment {
  kind: 'segment';
  partition: number;
  from: number;
  to: number;
  /** Ingest time of the first record, and the time up to which the records have come, heartbeats included. */
  since: number;
  until: number;
  /** `name@version` of every detector that was enabled. */
  judges: readonly string[];
  unread: readonly UnreadRange[];
  minutes: readonly ReadMinute[];
}

export type CoverageRecord = DoorStatement | Segment;

/** Adds counts to counts, in place. */
export function addCounts(to: Counts, more: Readonly<Counts>): void {
  for (const [name, count] of Object.entries(more)) to[name] = (to[name] ?? 0) + count;
}

export function sumOf(counts: Readonly<Counts>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
