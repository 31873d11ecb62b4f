import type { Event } from '../event/event.ts';
import type { Finding, Signal } from '../finding/finding.ts';
import { Grouping } from '../finding/grouping.ts';
import type { Suppressing } from '../finding/suppression.ts';
import { dateOfDay, zoneClock } from '../registry/local-time.ts';
import type { RunningDetector } from './running-detector.ts';
import { SubjectTable, type SubjectRecord } from './subject-table.ts';
import { momentOf, Timers } from './timers.ts';

/** A detector that threw: it sees no more events of this shard until the program starts again. */
export interface Parked {
  detector: string;
  partition: number;
  place: number;
  eventId: string;
  reason: string;
  /** The event's times and source, for the finding about it. */
  time: number;
  ingestTime: number;
  source: string;
}

/**
 * Detectors with the states of their subjects, judging events in order: the first stage has one shard per partition, the
 * second stage one in all. Findings are appended to the list that the caller gives.
 */
export class Shard {
  readonly tables: readonly SubjectTable[];
  readonly grouping: Grouping;
  readonly parked = new Map<string, Parked>();
  readonly timers = new Timers();
  /** What is woken by time has no partition: it counts as one more, whose places are times. */
  readonly #timerLane: number;
  readonly #onParked: (parked: Parked) => void;

  /** @param timerLane a partition number that no partition has. */
  constructor(
    detectors: readonly RunningDetector[],
    onParked: (parked: Parked) => void,
    timerLane = 1,
    suppressing?: Suppressing,
  ) {
    const kinds = new Set(detectors.map(({ detector }) => detector.subject));
    this.tables = [...kinds].map(
      (kind) =>
        new SubjectTable(
          kind,
          detectors.filter(({ detector }) => detector.subject === kind),
        ),
    );
    this.grouping = new Grouping(
      detectors.map(({ detector }) => detector),
      suppressing,
    );
    this.#timerLane = timerLane;
    this.#onParked = onParked;
  }

  /** @param clock ingest time made monotone. @param place of the event in its partition, growing. */
  judge(event: Event, clock: number, partition: number, place: number, out: Finding[]): void {
    if (clock >= this.timers.next) this.#wake(clock, out);
    for (const table of this.tables) this.#judgeIn(table, event, clock, partition, place, out);
  }

  #judgeIn(table: SubjectTable, event: Event, clock: number, partition: number, place: number, out: Finding[]): void {
    const { detectors } = table;
    let record: SubjectRecord | undefined;
    for (let slot = 0; slot < detectors.length; slot++) {
      const one = detectors[slot]!;
      if (this.parked.size > 0 && this.parked.has(one.detector.name)) continue;
      let signals: readonly Signal[];
      try {
        if (!one.detector.watches(event)) continue;
        const several = table.kind.split?.(event);
        if (several !== undefined) {
          for (const part of several) this.#judgeIn(table, part, clock, partition, place, out);
          return;
        }
        record ??= table.recordFor(event, clock, partition, place);
        if (record === undefined) break;
        const state = (record.slots[slot] ??= one.detector.start(event));
        const context = one.scoped === undefined ? one.context : one.scoped.contextFor(event, clock);
        signals = one.detector.step(state, event, context);
        if (one.detector.wakeAt !== undefined) this.#arm(table, slot, record, clock);
      } catch (fault) {
        this.#park(one.detector.name, event, partition, place, fault);
        continue;
      }
      if (signals.length > 0) this.#group(one, signals, event, clock, partition, place, out);
    }
  }

  /** Sets the alarms of a record that was restored. */
  rearm(table: SubjectTable, record: SubjectRecord): void {
    this.timers.rang = Math.max(this.timers.rang, record.seenBy?.[this.#timerLane] ?? 0);
    for (let slot = 0; slot < table.detectors.length; slot++)
      if (record.slots[slot] !== undefined) this.#arm(table, slot, record, -Infinity);
  }

  #arm({ kind, detectors }: SubjectTable, slot: number, record: SubjectRecord, clock: number): void {
    const wakeAt = detectors[slot]!.detector.wakeAt?.(record.slots[slot]) ?? Infinity;
    if (wakeAt !== Infinity) this.timers.arm(kind, slot, record.subject, wakeAt, clock);
  }

  /** Lets everything ring that is due before an event of this clock is judged. */
  #wake(clock: number, out: Finding[]): void {
    for (let alarm = this.timers.take(clock); alarm !== undefined; alarm = this.timers.take(clock)) {
      const { kind, slot, at } = alarm;
      const table = this.tables.find((one) => one.kind === kind)!;
      const one = table.detectors[slot]!;
      if (this.parked.has(one.detector.name)) continue;
      const moment = momentOf(alarm, at);
      let signals: readonly Signal[];
      try {
        const record = table.recordFor(moment, at, this.#timerLane, at);
        const state = record?.slots[slot];
        // A subject that was forgotten has no state; one whose alarm was put off has nothing to say yet.
        if (record === undefined || state === undefined) continue;
        signals = one.detector.wakeAt!(state) <= at ? one.detector.due!(state, moment, one.context) : [];
        this.#arm(table, slot, record, at);
      } catch (fault) {
        this.#park(one.detector.name, moment, this.#timerLane, at, fault);
        continue;
      }
      if (signals.length > 0) this.#group(one, signals, moment, at, this.#timerLane, at, out);
    }
  }

  /** What time brings about by itself: groups settle, quiet subjects are forgotten, a bounded number a call. */
  tick(clock: number, maxSwept: number, out: Finding[]): void {
    if (clock >= this.timers.next) this.#wake(clock, out);
    this.grouping.tick(clock, out);
    for (const table of this.tables) table.sweep(clock, maxSwept);
  }

  #group(
    { detector, context }: RunningDetector,
    signals: readonly Signal[],
    event: Event,
    clock: number,
    partition: number,
    place: number,
    out: Finding[],
  ): void {
    const day = dateOfDay(zoneClock(context.registry.timeZone(event.department)).dayOf(event.time));
    for (const signal of signals)
      this.grouping.take(detector.name, signal, event, { clock, day, partition, place }, out);
  }

  #park(detector: string, event: Event, partition: number, place: number, fault: unknown): void {
    const reason = fault instanceof Error ? fault.message : String(fault);
    const { id: eventId, time, ingestTime, source } = event;
    const parked = { detector, partition, place, eventId, reason, time, ingestTime, source };
    this.parked.set(detector, parked);
    this.#onParked(parked);
  }
}
