import type { Event } from '../event/event.ts';
import { isHeartbeat } from '../event/heartbeat.ts';
import type { LogRecord } from '../event-log/event-log.ts';
import type { Registry } from '../registry/registry.ts';
import { DuplicateFilter } from './duplicates.ts';
import type { BatchCodec, EventSink } from './engine-options.ts';
import type { Enrichment } from './enrichment.ts';
import type { Batch } from './ordered-merge.ts';
import { placeOf } from './place.ts';
import { ReadAccount } from './read-account.ts';
import { SourceLag } from './source-lag.ts';

/** What became of the events of records; G3's ledger. */
export interface Ledger {
  received: number;
  heartbeats: number;
  duplicates: number;
  undecodable: number;
  evaluated: number;
  /** Handed to the sink, which may still wait for its store. */
  handedOver: number;
  findings: number;
  forced: number;
}

export interface IntakeParts {
  codec: BatchCodec;
  sink: EventSink;
  registry: { current(): Registry };
  enrichment: Enrichment;
  ledger: Ledger;
  /** `name@version` of the detectors that judge. */
  judges?: readonly string[];
  /** Whether offsets of the log follow each other; default true. */
  isContiguous?: boolean | undefined;
  onProblem(problem: string, error?: unknown): void;
}

/** The first part of a record's way, for one partition: decode, drop repeats, enrich, hand to the store. */
export class PartitionIntake {
  readonly partition: number;
  readonly duplicates: DuplicateFilter;
  readonly lag = new SourceLag();
  readonly account: ReadAccount;
  /** Highest offset whose rows were handed to the store; -1 before the first. */
  storedOffset = -1;
  /** Records before it are done: they come again when a crash came before their commit. */
  firstOffset = 0;
  /** First place that is not judged yet: set after a restart. */
  judgedBefore = 0;
  readonly #parts: IntakeParts;

  constructor(partition: number, forgetDuplicatesAfter: number, parts: IntakeParts) {
    this.partition = partition;
    this.duplicates = new DuplicateFilter(forgetDuplicatesAfter);
    this.account = new ReadAccount(partition, parts.judges ?? [], parts.isContiguous);
    this.#parts = parts;
  }

  /** @returns the events to judge, and the time that heartbeats in the record prove (-Infinity without one). */
  take(record: LogRecord): { batch: Batch; progress: number } {
    const { offset } = record;
    const decoded = this.#decode(record);
    if (decoded === undefined) {
      this.account.undecodable(offset);
      return { batch: { offset, events: [], indexes: undefined }, progress: -Infinity };
    }
    this.duplicates.beginRecord(offset);
    const { events, baseEnd } = decoded;
    const { kept, indexes, progress } = this.#sift(events);
    const late: Event[] = [];
    for (const event of kept) if (this.lag.observe(event)) late.push(event);
    this.account.take(offset, events, kept, late, this.lag.reached);
    this.#store(record, baseEnd, kept, indexes);
    return { batch: this.#unjudged(offset, kept, indexes), progress };
  }

  /** Reads the ids of a record in again that was judged before the restart. */
  reread(record: LogRecord): void {
    const decoded = this.#decode(record);
    if (decoded === undefined) return;
    this.duplicates.reread(
      record.offset,
      decoded.events.map(({ id }) => id),
    );
  }

  #decode(record: LogRecord): { events: Event[]; baseEnd: number } | undefined {
    if (record.live !== undefined) return record.live as { events: Event[]; baseEnd: number };
    try {
      return this.#parts.codec.decodeBatch(record.value);
    } catch (error) {
      this.#parts.ledger.undecodable++;
      const place = `partition ${this.partition}, offset ${record.offset}`;
      this.#parts.onProblem(`the record at ${place} is no batch of events; it stays in the log, unread`, error);
      return undefined;
    }
  }

  /** Leaves heartbeats and repeats out; `indexes` is undefined when nothing was. */
  #sift(events: Event[]): { kept: Event[]; indexes: number[] | undefined; progress: number } {
    const { ledger, enrichment } = this.#parts;
    const registry = this.#parts.registry.current();
    let progress = -Infinity;
    let left: { kept: Event[]; indexes: number[] } | undefined;
    for (let i = 0; i < events.length; i++) {
      const event = events[i]!;
      const isBeat = isHeartbeat(event);
      if (isBeat) {
        progress = Math.max(progress, event.ingestTime);
        ledger.heartbeats++;
      } else {
        ledger.received++;
      }
      if (isBeat || this.duplicates.isRepeat(event.id)) {
        if (!isBeat) ledger.duplicates++;
        left ??= { kept: events.slice(0, i), indexes: Array.from({ length: i }, (_, n) => n) };
        continue;
      }
      enrichment.enrich(event, registry);
      if (left !== undefined) {
        left.kept.push(event);
        left.indexes.push(i);
      }
    }
    return { kept: left?.kept ?? events, indexes: left?.indexes, progress };
  }

  #store({ value, offset }: LogRecord, baseEnd: number, kept: Event[], indexes: number[] | undefined): void {
    if (kept.length === 0) return;
    const { codec, sink, ledger } = this.#parts;
    const place = { partition: this.partition, offset };
    const block =
      indexes === undefined
        ? codec.storeBlock(value, baseEnd, kept, place)
        : codec.encodeRows(
            kept,
            indexes.map((index) => ({ ...place, index })),
          );
    sink.add(block, kept.length, place, kept);
    this.storedOffset = offset;
    ledger.handedOver += kept.length;
  }

  /** After a restart a record may come of which the first events are judged already. */
  #unjudged(offset: number, kept: Event[], indexes: number[] | undefined): Batch {
    if (placeOf(offset, 0) >= this.judgedBefore) return { offset, events: kept, indexes };
    const all = indexes ?? kept.map((_, index) => index);
    const isJudged = (index: number): boolean => placeOf(offset, index) < this.judgedBefore;
    const open = all.flatMap((index, n) => (isJudged(index) ? [] : [n]));
    this.account.judgedBefore(
      offset,
      kept.filter((_, n) => isJudged(all[n]!)),
      all.filter(isJudged),
    );
    return { offset, events: open.map((n) => kept[n]!), indexes: open.map((n) => all[n]!) };
  }
}
