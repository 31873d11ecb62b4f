import type { EventFilter } from './event-filter.ts';

/** What counts events by time (src/store/hunting-queries.ts). */
export interface SlotCounts {
  slots(filter: EventFilter, slotMs: number): Promise<readonly { slot: number; events: number }[]>;
}

export type Order = 'newest' | 'oldest';

/** Where rows are to be read: `count` of them after `skip`, of those that a narrower filter finds. */
export interface Place {
  filter: EventFilter;
  skip: number;
  count: number;
}

interface Slots {
  /** In order of time; empty ones are left out. */
  slots: readonly { from: number; to: number; events: number }[];
  total: number;
  at: number;
}

/** Slots of a range; more are more to read at once, fewer mean more steps. */
const SLOTS = 1_000;
/** Rows that are skipped or read in one go at most, where time can still be cut finer. */
const MOST_AT_ONCE = 20_000;
const MAX_KNOWN = 300;
const KNOWN_MS = 60_000;

/**
 * Finds row N of millions without going through those before it: how many events are in which slot of time says in which slot it
 * is, and the slot is cut finer until little is left to skip. The counts of a filter are kept for a minute.
 */
export class RowPlaces {
  readonly #store: SlotCounts;
  readonly #now: () => number;
  readonly #known = new Map<string, Promise<Slots>>();

  constructor(store: SlotCounts, now: () => number = Date.now) {
    this.#store = store;
    this.#now = now;
  }

  async total(filter: EventFilter): Promise<number> {
    return (await this.#slotsOf(filter)).total;
  }

  /** Of the rows from `skip` on as many as lie together, at most `count`; undefined behind the last. */
  async find(filter: EventFilter, order: Order, skip: number, count: number): Promise<Place | undefined> {
    const found = (await this.#slotsOf(filter)).slots;
    const slots = order === 'newest' ? found.toReversed() : found;
    let before = 0;
    const first = slots.findIndex(({ events }) => (before += events) > skip);
    const slot = slots[first];
    if (slot === undefined) return undefined;
    const skipped = skip - (before - slot.events);
    if (slot.events > MOST_AT_ONCE && slot.to - slot.from > 1)
      return this.find(within(filter, slot), order, skipped, Math.min(count, slot.events - skipped));
    let [last, events] = [first, slot.events];
    while (events - skipped < count && last + 1 < slots.length && events < MOST_AT_ONCE)
      events += slots[++last]!.events;
    const [one, other] = [slot, slots[last]!];
    const span = { from: Math.min(one.from, other.from), to: Math.max(one.to, other.to) };
    return { filter: within(filter, span), skip: skipped, count: Math.min(count, events - skipped) };
  }

  #slotsOf(filter: EventFilter): Promise<Slots> {
    const key = JSON.stringify(filter);
    for (const [name, slots] of this.#known) if (this.#known.size > MAX_KNOWN) this.#forget(name, slots);
    const known = this.#known.get(key);
    if (known !== undefined) return this.#fresh(key, known, filter);
    return this.#ask(key, filter);
  }

  async #fresh(key: string, known: Promise<Slots>, filter: EventFilter): Promise<Slots> {
    const slots = await known;
    return this.#now() - slots.at < KNOWN_MS ? slots : this.#ask(key, filter);
  }

  #ask(key: string, filter: EventFilter): Promise<Slots> {
    const { from, to } = filter;
    const slotMs = Math.max(1, Math.ceil((to - from) / SLOTS));
    const asked = this.#store.slots(filter, slotMs).then((found): Slots => {
      const slots = found.map(({ slot, events }) => {
        const begin = from + slot * slotMs;
        return { from: begin, to: Math.min(to, begin + slotMs), events };
      });
      return { slots, total: slots.reduce((sum, { events }) => sum + events, 0), at: this.#now() };
    });
    asked.catch(() => this.#forget(key, asked));
    this.#known.set(key, asked);
    return asked;
  }

  #forget(key: string, asked: Promise<Slots>): void {
    if (this.#known.get(key) === asked) this.#known.delete(key);
  }
}

/** The same filter over less time: what it looks at in days of arrival stays as it was. */
function within(filter: EventFilter, { from, to }: { from: number; to: number }): EventFilter {
  return { ...filter, from, to, arrivedFrom: filter.arrivedFrom ?? filter.from };
}
