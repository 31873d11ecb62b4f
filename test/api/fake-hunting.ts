import type { Event } from '../../src/event/event.ts';
import { isFieldName, type FieldName } from '../../src/hunting/event-fields.ts';
import type { EventFilter } from '../../src/hunting/event-filter.ts';
import type { Counted, HuntingStore } from '../../src/hunting/hunting-desk.ts';
import type { Order } from '../../src/hunting/row-places.ts';
import { BAR_WIDTHS, type BarWidth } from '../../src/store/hunting-queries.ts';
import { passes } from '../hunting/plain-filter.ts';

/** Hunts in memory, plainly. */
export class FakeHunting implements HuntingStore<BarWidth> {
  readonly #events: () => readonly Event[];
  readonly asked: EventFilter[] = [];

  constructor(events: () => readonly Event[]) {
    this.#events = events;
  }

  async histogram(filter: EventFilter, width: BarWidth) {
    const { ms } = BAR_WIDTHS[width];
    const bars = counts(this.#found(filter).map(({ time }) => Math.floor(time / ms) * ms));
    return [...bars].map(([at, events]) => ({ at, to: at + ms, events, failures: 0 })).sort((a, b) => a.at - b.at);
  }

  async slots(filter: EventFilter, slotMs: number) {
    const slots = counts(this.#found(filter).map(({ time }) => Math.floor((time - filter.from) / slotMs)));
    return [...slots].map(([slot, events]) => ({ slot, events })).sort((a, b) => a.slot - b.slot);
  }

  async window(filter: EventFilter, order: Order, skip: number, count: number) {
    const oldest = this.#found(filter).toSorted((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
    return (order === 'oldest' ? oldest : oldest.toReversed()).slice(skip, skip + count);
  }

  async values(filter: EventFilter, field: FieldName, most: number) {
    return mostOf(
      this.#found(filter).flatMap((event) => valuesOf(event, field)),
      most,
    );
  }

  async attributeKeys(filter: EventFilter, most: number) {
    return mostOf(
      this.#found(filter).flatMap(({ attributes }) => attributes.filter((_, n) => n % 2 === 0)),
      most,
    );
  }

  async facets(filter: EventFilter, fields: readonly FieldName[], most: number) {
    const found = this.#found(filter);
    return fields.flatMap((field) =>
      mostOf(
        found.flatMap((event) => valuesOf(event, field)),
        most,
      ).map((one) => ({ field, ...one })),
    );
  }

  async pivot(
    filter: EventFilter,
    axes: { rows: FieldName; columns: FieldName; mostRows: number; mostColumns: number },
  ) {
    const found = this.#found(filter);
    const pairs = found.flatMap((event) =>
      valuesOf(event, axes.rows).flatMap((row) =>
        valuesOf(event, axes.columns).map((column) => [row, column] as const),
      ),
    );
    const cells = [...counts(pairs.map((pair) => JSON.stringify(pair)))].map(([pair, count]) => {
      const [row, column] = JSON.parse(pair) as [string, string];
      return { row, column, count };
    });
    return {
      rows: mostOf(
        pairs.map(([row]) => row),
        axes.mostRows,
      ),
      columns: mostOf(
        pairs.map(([, column]) => column),
        axes.mostColumns,
      ),
      cells,
      total: found.length,
    };
  }

  async cost() {
    return { parts: 1, rows: this.#events().length };
  }

  #found(filter: EventFilter): readonly Event[] {
    this.asked.push(filter);
    return this.#events().filter((event) => passes(event, filter));
  }
}

function valuesOf(event: Event, field: FieldName): readonly string[] {
  const value = isFieldName(field) ? event[field] : '';
  return Array.isArray(value) ? (value as string[]) : [String(value)];
}

function counts<T>(values: readonly T[]): Map<T, number> {
  const all = new Map<T, number>();
  for (const value of values) all.set(value, (all.get(value) ?? 0) + 1);
  return all;
}

function mostOf(values: readonly string[], most: number): Counted[] {
  const all = [...counts(values)].map(([value, count]) => ({ value, count }));
  return all.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)).slice(0, most);
}
