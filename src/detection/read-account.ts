import { countReason } from '../coverage/reason.ts';
import { addCounts, MINUTE_MS, minuteOf, OTHER, type ReadMinute, type Segment } from '../coverage/record.ts';
import type { UnreadRange } from '../coverage/record.ts';
import type { Event } from '../event/event.ts';
import { isHeartbeat } from '../event/heartbeat.ts';
import { placeOf } from './place.ts';

/** What a partition's cut keeps of the account, so that both are of the same offset whatever happens. */
export interface KeptAccount {
  /** Ends at the cut; absent before the first record. */
  segment?: Segment;
  /** Highest event time of the records before the cut, ms; absent when there were none. */
  reached?: number;
  /** First place that a parked detector has not seen, by its name. */
  parked: Record<string, number>;
}

/** A record that was read and that no checkpoint has passed. */
interface ReadRecord {
  offset: number;
  since: number;
  until: number;
  reached: number;
  rows: ReadMinute[];
  unread: UnreadRange[];
}

/** Of one segment, so that it fits into a record of the log. */
const MAX_SOURCES = 4_000;
/** A segment ends when it is so long or has so many rows: it is written again with every checkpoint. */
const SEGMENT_MS = MINUTE_MS;
const SEGMENT_ROWS = 500;

/**
 * The account of one partition: what its records held and what became of it, in segments of offsets. It is kept in the same
 * put as the cut with which the partition goes on after a crash: so records that come again are counted again from where it
 * ended, and none is counted twice or left out.
 */
export class ReadAccount {
  readonly #partition: number;
  readonly #judges: readonly string[];
  readonly #isContiguous: boolean;
  readonly #maxSources: number;
  /** By offset, in order. */
  readonly #records = new Map<number, ReadRecord>();
  /** First place that a parked detector has not seen. */
  readonly #parked = new Map<string, number>();
  #parkedBefore: Readonly<Record<string, number>> = {};
  /** What is durable in the cut, and up to which offset the log was told of it. */
  #kept: Segment | undefined;
  #toldTo = -1;
  #reached: number | undefined;
  /** The offset that comes next; -1 when any may. */
  #next = -1;

  /**
   * @param judges `name@version` of the detectors that judge.
   * @param isContiguous whether offsets of the log follow each other, so that one that is left out is a lost record.
   */
  constructor(partition: number, judges: readonly string[], isContiguous = true, maxSources = MAX_SOURCES) {
    this.#partition = partition;
    this.#judges = judges;
    this.#isContiguous = isContiguous;
    this.#maxSources = maxSources;
  }

  /** Goes on where the last checkpoint ended. @param offset of the cut. */
  resume(offset: number, kept: KeptAccount | undefined): void {
    this.#next = offset;
    this.#kept = kept?.segment;
    this.#reached = kept?.reached;
    this.#parkedBefore = kept?.parked ?? {};
  }

  /** A record of events. @param reached highest event time so far. @param late those of `kept` that came late. */
  take(
    offset: number,
    events: readonly Event[],
    kept: readonly Event[],
    late: readonly Event[],
    reached: number,
  ): void {
    const record = this.#begin(offset, events[0]?.ingestTime ?? 0, events.at(-1)?.ingestTime ?? 0, reached);
    countRuns(record.rows, events, (row, event) => {
      if (isHeartbeat(event)) return;
      row.appended++;
      if (event.fault === '') row.parsed++;
      else countReason(row.unparsed, event.fault, 1);
    });
    countRuns(record.rows, kept, (row) => row.stored++);
    countRuns(record.rows, late, (row) => row.late++);
    for (const row of record.rows) row.repeated = row.appended - row.stored;
    record.rows = record.rows.filter(({ appended }) => appended > 0);
  }

  /** A record that is no batch of events. */
  undecodable(offset: number): void {
    const record = this.#begin(offset, 0, 0, this.#reached ?? -Infinity);
    record.unread.push({ from: offset, to: offset + 1, kind: 'undecodable' });
  }

  /** Events of a record that went through the detectors. @param indexes in the record; those of all when undefined. */
  judged(offset: number, events: readonly Event[], indexes: readonly number[] | undefined): void {
    this.#count(offset, events, indexes, this.#parked);
  }

  /** Events of the first record after a restart that had been judged before it. */
  judgedBefore(offset: number, events: readonly Event[], indexes: readonly number[]): void {
    this.#count(offset, events, indexes, new Map(Object.entries(this.#parkedBefore)));
  }

  /** A detector sees no event from this place on. */
  park(detector: string, place: number): void {
    if (!this.#parked.has(detector)) this.#parked.set(detector, place);
  }

  /** What is to be kept with a cut at `offset`. */
  upTo(offset: number): KeptAccount {
    const done = [...this.#records.values()].filter((record) => record.offset < offset);
    const reached = done.at(-1)?.reached ?? this.#reached;
    const segment = done.length === 0 ? this.#kept : this.#extended(done, offset);
    return {
      ...(segment && { segment }),
      ...(reached !== undefined && Number.isFinite(reached) && { reached }),
      parked: Object.fromEntries(this.#parked),
    };
  }

  /** It is durable. */
  kept({ segment, reached }: KeptAccount, offset: number): void {
    this.#kept = segment;
    this.#reached = reached;
    for (const done of this.#records.keys()) if (done < offset) this.#records.delete(done);
  }

  /** What the log has not been told of what is durable; undefined when it knows all. */
  untold(): Segment | undefined {
    return this.#kept !== undefined && this.#toldTo !== this.#kept.to ? this.#kept : undefined;
  }

  told({ to }: Segment): void {
    this.#toldTo = to;
  }

  #begin(offset: number, since: number, until: number, reached: number): ReadRecord {
    const record: ReadRecord = { offset, since, until: Math.max(since, until), reached, rows: [], unread: [] };
    if (this.#isContiguous && this.#next >= 0 && offset > this.#next)
      record.unread.push({ from: this.#next, to: offset, kind: 'damaged' });
    this.#next = offset + 1;
    this.#records.set(offset, record);
    return record;
  }

  #count(
    offset: number,
    events: readonly Event[],
    indexes: readonly number[] | undefined,
    parked: ReadonlyMap<string, number>,
  ): void {
    const record = this.#records.get(offset);
    if (record === undefined) return;
    countRuns(record.rows, events, (row) => row.evaluated++);
    for (const [detector, place] of parked) {
      const missed = events.filter((_, n) => placeOf(offset, indexes?.[n] ?? n) >= place);
      countRuns(record.rows, missed, ({ missed: counts }) => (counts[detector] = (counts[detector] ?? 0) + 1));
    }
  }

  #extended(done: readonly ReadRecord[], to: number): Segment {
    const base = this.#isOpen(this.#kept) ? this.#kept : undefined;
    const rows = new Map(base?.minutes.map((row) => [keyOf(row), copyOf(row)]));
    for (const record of done) for (const row of record.rows) this.#fold(rows, row);
    const since = base?.since || (done.find((record) => record.since > 0)?.since ?? 0);
    return {
      kind: 'segment',
      partition: this.#partition,
      from: base?.from ?? this.#kept?.to ?? Math.min(done[0]!.offset, done[0]!.unread[0]?.from ?? Infinity),
      to,
      since,
      until: done.reduce((latest, { until }) => Math.max(latest, until), base?.until ?? this.#kept?.until ?? 0),
      judges: this.#judges,
      unread: [...(base?.unread ?? []), ...done.flatMap(({ unread }) => unread)],
      minutes: [...rows.values()],
    };
  }

  /** Only what the log was told of may be left behind. */
  #isOpen(kept: Segment | undefined): kept is Segment {
    if (kept === undefined) return false;
    if (this.#toldTo !== kept.to) return true;
    const isLong = kept.until - kept.since >= SEGMENT_MS || kept.minutes.length >= SEGMENT_ROWS;
    return !isLong && kept.judges.join() === this.#judges.join();
  }

  #fold(rows: Map<string, ReadMinute>, more: ReadMinute): void {
    const known = rows.get(keyOf(more));
    if (known !== undefined) return addRow(known, more);
    const name = rows.size < this.#maxSources ? more.source : OTHER;
    const row = rows.get(keyOf({ ...more, source: name }));
    if (row !== undefined) addRow(row, more);
    else rows.set(keyOf({ ...more, source: name }), { ...copyOf(more), source: name });
  }
}

/** Calls with each event and the row of its source and minute, which is looked up once for events that follow each other. */
function countRuns(rows: ReadMinute[], events: readonly Event[], count: (row: ReadMinute, event: Event) => void): void {
  let row: ReadMinute | undefined;
  for (const event of events) {
    const minute = minuteOf(event.ingestTime);
    if (row?.source !== event.source || row.minute !== minute) {
      row = rows.find((one) => one.source === event.source && one.minute === minute);
      if (row === undefined) rows.push((row = emptyRow(event.source, minute)));
    }
    count(row, event);
  }
}

function emptyRow(source: string, minute: number): ReadMinute {
  return {
    ...{ source, minute, appended: 0, parsed: 0, unparsed: {}, repeated: 0 },
    ...{ stored: 0, evaluated: 0, missed: {}, late: 0 },
  };
}

function copyOf(row: ReadMinute): ReadMinute {
  return { ...row, unparsed: { ...row.unparsed }, missed: { ...row.missed } };
}

function addRow(to: ReadMinute, more: ReadMinute): void {
  to.appended += more.appended;
  to.parsed += more.parsed;
  addCounts(to.unparsed, more.unparsed);
  to.repeated += more.repeated;
  to.stored += more.stored;
  to.evaluated += more.evaluated;
  addCounts(to.missed, more.missed);
  to.late += more.late;
}

function keyOf({ source, minute }: { source: string; minute: number }): string {
  return `${minute} ${source}`;
}
