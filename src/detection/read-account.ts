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
  rows: RecordRows;
  /** Events that were handed to the store. */
  stored: number;
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
    const { rows } = record;
    let appended = 0;
    for (const event of events) {
      if (isHeartbeat(event)) continue;
      const row = rows.of(event);
      appended++;
      row.appended++;
      if (event.fault === '') row.parsed++;
      else countReason(row.unparsed, event.fault, 1);
    }
    record.stored = kept.length;
    // Nearly always nothing came twice: there is nothing to count then.
    if (kept.length === appended) for (const row of rows.all) row.stored = row.appended;
    else for (const event of kept) rows.of(event).stored++;
    for (const event of late) rows.of(event).late++;
    for (const row of rows.all) row.repeated = row.appended - row.stored;
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

  /** Whether it should be told soon, so that the next segment can begin. */
  get isFull(): boolean {
    return (this.untold()?.minutes.length ?? 0) >= SEGMENT_ROWS;
  }

  told({ to }: Segment): void {
    this.#toldTo = to;
  }

  #begin(offset: number, since: number, until: number, reached: number): ReadRecord {
    const record: ReadRecord = {
      offset,
      since,
      until: Math.max(since, until),
      reached,
      rows: new RecordRows(),
      stored: 0,
      unread: [],
    };
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
    const { rows, stored } = record;
    if (events.length === stored) for (const row of rows.all) row.evaluated = row.stored;
    else for (const event of events) rows.of(event).evaluated++;
    for (const [detector, place] of parked)
      for (const [n, event] of events.entries()) {
        if (placeOf(offset, indexes?.[n] ?? n) < place) continue;
        const { missed } = rows.of(event);
        missed[detector] = (missed[detector] ?? 0) + 1;
      }
  }

  #extended(done: readonly ReadRecord[], to: number): Segment {
    const base = this.#isOpen(this.#kept) ? this.#kept : undefined;
    const rows = new Map(base?.minutes.map((row) => [keyOf(row), copyOf(row)]));
    for (const record of done) for (const row of record.rows.all) this.#fold(rows, row);
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

/** The rows of one record, by source and minute; found without a look-up for events that follow each other. */
class RecordRows {
  readonly all: ReadMinute[] = [];
  #minute = -1;
  /** Of the minute that is counted. */
  #bySource = new Map<string, ReadMinute>();
  #last: ReadMinute | undefined;

  of({ source, ingestTime }: Event): ReadMinute {
    if (ingestTime < this.#minute || ingestTime >= this.#minute + MINUTE_MS) this.#turn(minuteOf(ingestTime));
    else if (this.#last?.source === source) return this.#last;
    let row = this.#bySource.get(source);
    if (row === undefined) {
      this.#bySource.set(source, (row = emptyRow(source, this.#minute)));
      this.all.push(row);
    }
    return (this.#last = row);
  }

  #turn(minute: number): void {
    this.#minute = minute;
    this.#bySource = new Map(this.all.filter((row) => row.minute === minute).map((row) => [row.source, row]));
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
