import type { Event } from '../event/event.ts';
import { placeOf } from './place.ts';

/** The events of one record that are to be judged. */
export interface Batch {
  offset: number;
  events: readonly Event[];
  /** Index of each event in its record; undefined when none was left out. */
  indexes: readonly number[] | undefined;
}

export type Release = (event: Event, clock: number, partition: number, place: number) => void;

interface Held {
  batch: Batch;
  /** The partition's clock before the record, heartbeats included: no event of the record comes before it. */
  floor: number;
}

interface Lane {
  partition: number;
  batches: Held[];
  /** First event of the first batch that is not released. */
  head: number;
  /** Highest ingest time that was added, and that was released: both only grow. */
  progress: number;
  released: number;
  nextOffset: number;
}

/**
 * Brings the events of several partitions into one order that does not depend on how they are delivered: by ingest time
 * made monotone per partition, then sequence, then id. An event is released once every other partition has events or
 * heartbeats of a later time. With one partition everything passes straight through.
 */
export class OrderedMerge {
  readonly #lanes: Lane[];
  readonly #byPartition = new Map<number, Lane>();
  readonly #release: Release;
  readonly #onDone: (partition: number, batch: Batch) => void;
  #held = 0;

  /** @param onDone called when all events of a batch are released. */
  constructor(
    partitions: readonly number[],
    release: Release,
    onDone: (partition: number, batch: Batch) => void = () => undefined,
  ) {
    this.#lanes = partitions.map((partition) => ({
      partition,
      batches: [],
      head: 0,
      progress: -Infinity,
      released: -Infinity,
      nextOffset: 0,
    }));
    for (const lane of this.#lanes) this.#byPartition.set(lane.partition, lane);
    this.#release = release;
    this.#onDone = onDone;
  }

  get held(): number {
    return this.#held;
  }

  /** The partition that the others wait for, and for how many ms of ingest time. */
  get waiting(): { partition: number; behindMs: number } | undefined {
    if (this.#held === 0) return undefined;
    const slowest = this.#lanes.reduce((a, b) => (b.progress < a.progress ? b : a));
    const fastest = Math.max(...this.#lanes.map(({ progress }) => progress));
    return { partition: slowest.partition, behindMs: fastest - slowest.progress };
  }

  /**
   * Ingest time before which nothing more can come: of the last released event, or later where heartbeats tell that it is
   * quiet. No event is released at an earlier time from then on.
   */
  get clock(): number {
    let released = -Infinity;
    let reached = Infinity;
    for (const lane of this.#lanes) {
      released = Math.max(released, lane.released);
      reached = Math.min(reached, lane.batches.length === 0 ? lane.progress : clockOfHead(lane));
    }
    return Math.max(released, reached);
  }

  /** Where a restart has to go on: the first event that is not released, and the clock before its record. */
  cut(partition: number): { offset: number; place: number; clock: number } {
    const lane = this.#byPartition.get(partition)!;
    const first = lane.batches[0];
    if (first === undefined)
      return { offset: lane.nextOffset, place: placeOf(lane.nextOffset, 0), clock: lane.progress };
    const { batch, floor } = first;
    return { offset: batch.offset, place: placeAt(batch, lane.head), clock: Math.max(floor, lane.released) };
  }

  restore(partition: number, offset: number, clock: number): void {
    const lane = this.#byPartition.get(partition)!;
    lane.progress = lane.released = clock;
    lane.nextOffset = offset;
  }

  /** @param progress ingest time of the latest heartbeat in the record, or -Infinity. */
  add(partition: number, batch: Batch, progress: number): void {
    const lane = this.#byPartition.get(partition)!;
    lane.nextOffset = batch.offset + 1;
    if (this.#lanes.length === 1) this.#passThrough(lane, batch);
    else if (batch.events.length > 0) {
      lane.batches.push({ batch, floor: lane.progress });
      this.#held += batch.events.length;
      for (const { ingestTime } of batch.events) lane.progress = Math.max(lane.progress, ingestTime);
    }
    lane.progress = Math.max(lane.progress, progress);
  }

  /** Releases what has become safe. */
  drain(): void {
    if (this.#lanes.length === 1) return;
    for (;;) {
      const lane = this.#earliest();
      if (lane === undefined || !this.#isSafe(lane)) return;
      this.#releaseHead(lane);
    }
  }

  /** Releases everything in the best order known: for a partition that stays away too long. */
  flush(): void {
    for (let lane = this.#earliest(); lane !== undefined; lane = this.#earliest()) this.#releaseHead(lane);
  }

  #passThrough(lane: Lane, batch: Batch): void {
    const { events } = batch;
    for (let i = 0; i < events.length; i++) {
      const event = events[i]!;
      if (event.ingestTime > lane.progress) lane.progress = event.ingestTime;
      lane.released = lane.progress;
      this.#release(event, lane.progress, lane.partition, placeAt(batch, i));
    }
    this.#onDone(lane.partition, batch);
  }

  #earliest(): Lane | undefined {
    let best: Lane | undefined;
    for (const lane of this.#lanes)
      if (lane.batches.length > 0 && (best === undefined || comesBefore(lane, best))) best = lane;
    return best;
  }

  #isSafe(first: Lane): boolean {
    const clock = clockOfHead(first);
    for (const lane of this.#lanes)
      if (lane !== first && lane.batches.length === 0 && lane.progress <= clock) return false;
    return true;
  }

  #releaseHead(lane: Lane): void {
    const { batch } = lane.batches[0]!;
    const clock = clockOfHead(lane);
    const index = lane.head;
    lane.released = clock;
    this.#held--;
    // Moved on before the event is judged, so that a cut taken after it never lies before it.
    if (++lane.head === batch.events.length) {
      lane.batches.shift();
      lane.head = 0;
    }
    this.#release(batch.events[index]!, clock, lane.partition, placeAt(batch, index));
    if (index === batch.events.length - 1) this.#onDone(lane.partition, batch);
  }
}

function clockOfHead(lane: Lane): number {
  const { batch, floor } = lane.batches[0]!;
  return Math.max(floor, lane.released, batch.events[lane.head]!.ingestTime);
}

function placeAt(batch: Batch, index: number): number {
  return placeOf(batch.offset, batch.indexes === undefined ? index : batch.indexes[index]!);
}

function comesBefore(a: Lane, b: Lane): boolean {
  const byClock = clockOfHead(a) - clockOfHead(b);
  if (byClock !== 0) return byClock < 0;
  const left = a.batches[0]!.batch.events[a.head]!;
  const right = b.batches[0]!.batch.events[b.head]!;
  return left.sequence === right.sequence ? left.id < right.id : left.sequence < right.sequence;
}
