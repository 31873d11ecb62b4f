import { hash } from 'node:crypto';
import type { Event } from '../event/event.ts';
import type { RunningDetector } from './running-detector.ts';
import type { SubjectKind } from './subjects.ts';

/** All that the detectors of one kind keep about one subject: one slot per detector. */
export interface SubjectRecord {
  subject: string;
  slots: unknown[];
  /** Clock of the last event that a detector of the kind watched, whole seconds: a number of ms would take 16 bytes more. */
  touched: number;
  /** A restored record's last place per partition: its events up to there are in it. */
  seenBy: readonly number[] | undefined;
  changed: boolean;
}

/** Longer names are kept as their digest, so that no sender can fill the memory with them. */
const MAX_SUBJECT_LENGTH = 200;

/**
 * The records of one kind of subject. A record whose subject was quiet for longer than every detector of the kind
 * remembers is as good as none: it is replaced at the subject's next event, or removed by the sweep, whichever comes first.
 */
export class SubjectTable {
  readonly kind: SubjectKind;
  readonly detectors: readonly RunningDetector[];
  readonly #forgetAfterS: number;
  readonly #records = new Map<string, SubjectRecord>();
  #changed: SubjectRecord[] = [];
  #forgotten: string[] = [];
  #sweep: MapIterator<SubjectRecord>;

  constructor(kind: SubjectKind, detectors: readonly RunningDetector[]) {
    this.kind = kind;
    this.detectors = detectors;
    this.#forgetAfterS = Math.max(...detectors.map(({ detector }) => detector.forgetAfterMs)) / 1_000;
    this.#sweep = this.#records.values();
  }

  get size(): number {
    return this.#records.size;
  }

  /** The event's record, touched and marked as changed; undefined when it is not for this kind or was seen before. */
  recordFor(event: Event, clock: number, partition: number, place: number): SubjectRecord | undefined {
    let subject = this.kind.of(event);
    if (subject === '') return undefined;
    if (subject.length > MAX_SUBJECT_LENGTH) subject = `sha1:${hash('sha1', subject)}`;
    const now = Math.floor(clock / 1_000);
    let record = this.#records.get(subject);
    if (record === undefined) {
      record = this.#add(subject, now);
    } else {
      if (record.seenBy !== undefined && place <= (record.seenBy[partition] ?? -1)) return undefined;
      if (now > record.touched + this.#forgetAfterS) record.slots.fill(undefined);
      record.touched = now;
    }
    if (!record.changed) {
      record.changed = true;
      this.#changed.push(record);
    }
    return record;
  }

  /** Looks at up to `count` records and removes those that are to be forgotten. */
  sweep(clock: number, count: number): void {
    for (let i = 0; i < count; i++) {
      const { value, done } = this.#sweep.next();
      if (done === true) {
        this.#sweep = this.#records.values();
        return;
      }
      if (Math.floor(clock / 1_000) <= value.touched + this.#forgetAfterS) continue;
      this.#records.delete(value.subject);
      this.#forgotten.push(value.subject);
    }
  }

  /** Records that changed since the last call. They stay marked until `unmark`. */
  drainChanged(): SubjectRecord[] {
    const changed = this.#changed;
    this.#changed = [];
    return changed;
  }

  /** Subjects that were forgotten since the last call and have not come back. */
  drainForgotten(): string[] {
    const forgotten = this.#forgotten.filter((subject) => !this.#records.has(subject));
    this.#forgotten = [];
    return forgotten;
  }

  restore(record: SubjectRecord): void {
    this.#records.set(record.subject, record);
  }

  /** The name is copied: a piece of a longer text would keep all of that text in memory. */
  #add(subject: string, now: number): SubjectRecord {
    const own = Buffer.from(subject).toString();
    const slots = new Array<unknown>(this.detectors.length).fill(undefined);
    const record = { subject: own, slots, touched: now, seenBy: undefined, changed: false };
    this.#records.set(own, record);
    return record;
  }
}
