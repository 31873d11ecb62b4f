import type { Event } from '../event/event.ts';
import type { Finding, Signal } from '../finding/finding.ts';
import { Grouping } from '../finding/grouping.ts';
import type { Suppressing } from '../finding/suppression.ts';
import { dateOfDay, zoneClock } from '../registry/local-time.ts';
import type { RunningDetector } from './running-detector.ts';
import { SubjectTable, type SubjectRecord } from './subject-table.ts';

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
  readonly #onParked: (parked: Parked) => void;

  constructor(detectors: readonly RunningDetector[], onParked: (parked: Parked) => void, suppressing?: Suppressing) {
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
    this.#onParked = onParked;
  }

  /** @param clock ingest time made monotone. @param place of the event in its partition, growing. */
  judge(event: Event, clock: number, partition: number, place: number, out: Finding[]): void {
    for (const table of this.tables) {
      const { detectors } = table;
      let record: SubjectRecord | undefined;
      for (let slot = 0; slot < detectors.length; slot++) {
        const one = detectors[slot]!;
        if (this.parked.size > 0 && this.parked.has(one.detector.name)) continue;
        let signals: readonly Signal[];
        try {
          if (!one.detector.watches(event)) continue;
          record ??= table.recordFor(event, clock, partition, place);
          if (record === undefined) break;
          const context = one.scoped === undefined ? one.context : one.scoped.contextFor(event, clock);
          signals = one.detector.step((record.slots[slot] ??= one.detector.start(event)), event, context);
        } catch (fault) {
          this.#park(one.detector.name, event, partition, place, fault);
          continue;
        }
        if (signals.length > 0) this.#group(one, signals, event, clock, partition, place, out);
      }
    }
  }

  /** What time brings about by itself: groups settle, quiet subjects are forgotten, a bounded number a call. */
  tick(clock: number, maxSwept: number, out: Finding[]): void {
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
