import { emptyEvent, type Event } from '../event/event.ts';
import type { SubjectKind } from './subjects.ts';

/** A subject of one kind that one detector (its slot) wants to be woken for. */
export interface Alarm {
  kind: SubjectKind;
  slot: number;
  subject: string;
}

interface Entry extends Alarm {
  at: number;
}

/**
 * When detectors want to be woken, by the clock that events and heartbeats move. A subject has one alarm per detector. An
 * alarm that was moved to later stays where it is and is put off when it rings, so that a busy subject costs nothing.
 * Alarms ring in order of time, then name, before any event of that time is judged: the same on every replay.
 */
export class Timers {
  /** A binary heap by `comesBefore`. */
  readonly #heap: Entry[] = [];
  /** When each rings: by kind and slot, then by subject. */
  readonly #armed = new Map<SubjectKind, Map<string, number>[]>();
  /** Time of the last alarm that rang; only grows. */
  rang = 0;

  /** Time of the next alarm; Infinity when there is none. */
  get next(): number {
    return this.#heap[0]?.at ?? Infinity;
  }

  /** @param clock now: an alarm for now or before rings at the next moment. */
  arm(kind: SubjectKind, slot: number, subject: string, wakeAt: number, clock: number): void {
    if (wakeAt === Infinity) return;
    const armed = this.#armedOf(kind, slot);
    const at = Math.max(wakeAt, clock + 1);
    if (at >= (armed.get(subject) ?? Infinity)) return;
    armed.set(subject, at);
    push(this.#heap, { kind, slot, subject, at });
  }

  /** Takes the next alarm that rings by `clock` away; undefined when there is none. */
  take(clock: number): Entry | undefined {
    while (this.next <= clock) {
      const entry = pop(this.#heap);
      // One that was moved to earlier has left an entry behind.
      const armed = this.#armedOf(entry.kind, entry.slot);
      if (armed.get(entry.subject) !== entry.at) continue;
      armed.delete(entry.subject);
      this.rang = Math.max(this.rang, entry.at);
      return entry;
    }
    return undefined;
  }

  #armedOf(kind: SubjectKind, slot: number): Map<string, number> {
    let slots = this.#armed.get(kind);
    if (slots === undefined) this.#armed.set(kind, (slots = []));
    return (slots[slot] ??= new Map());
  }
}

/** What a detector is given when it is woken: an event that says nothing but whom it is about, and the time. */
export function momentOf({ kind, subject }: Alarm, at: number): Event {
  return { ...emptyEvent(), ...kind.about!(subject), time: at, ingestTime: at };
}

function nameOf({ kind, slot, subject }: Alarm): string {
  return `${kind.name}/${slot}/${subject}`;
}

function comesBefore(a: Entry, b: Entry): boolean {
  return a.at === b.at ? nameOf(a) < nameOf(b) : a.at < b.at;
}

function push(heap: Entry[], entry: Entry): void {
  let place = heap.push(entry) - 1;
  while (place > 0) {
    const parent = (place - 1) >> 1;
    if (!comesBefore(entry, heap[parent]!)) break;
    heap[place] = heap[parent]!;
    place = parent;
  }
  heap[place] = entry;
}

function pop(heap: Entry[]): Entry {
  const first = heap[0]!;
  const last = heap.pop()!;
  if (heap.length === 0) return first;
  let place = 0;
  for (;;) {
    let child = 2 * place + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && comesBefore(heap[child + 1]!, heap[child]!)) child++;
    if (!comesBefore(heap[child]!, last)) break;
    heap[place] = heap[child]!;
    place = child;
  }
  heap[place] = last;
  return first;
}
