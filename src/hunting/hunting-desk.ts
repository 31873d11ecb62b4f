import type { Event } from '../event/event.ts';
import { fieldOf, isFieldName, type FieldName } from './event-fields.ts';
import type { Clause, EventFilter } from './event-filter.ts';
import { RowPlaces, type Order, type SlotCounts } from './row-places.ts';

/** Values by how often they occur. */
export interface Counted {
  value: string;
  count: number;
}

/** Events from `at` on, up to `to`, ms since the Unix epoch. */
export interface Bar {
  at: number;
  to: number;
  events: number;
  failures: number;
}

export const MEASURE_NAMES = ['events', 'rows', 'bytes', 'failures', 'actors'] as const;
export type MeasureName = (typeof MEASURE_NAMES)[number];

export interface Pivot {
  rows: readonly Counted[];
  columns: readonly Counted[];
  cells: readonly { row: string; column: string; count: number }[];
  total: number;
}

/** What the store answers (src/store/hunting-queries.ts). `run` is the name under which a query can be followed; '' for none. */
export interface HuntingStore<Width extends string = string> extends SlotCounts {
  histogram(filter: EventFilter, width: Width, run?: string): Promise<readonly Bar[]>;
  window(filter: EventFilter, order: Order, skip: number, count: number): Promise<readonly Event[]>;
  values(filter: EventFilter, field: FieldName, most: number): Promise<readonly Counted[]>;
  attributeKeys(filter: EventFilter, most: number): Promise<readonly Counted[]>;
  facets(
    filter: EventFilter,
    fields: readonly FieldName[],
    most: number,
    run?: string,
  ): Promise<readonly { field: FieldName; value: string; count: number }[]>;
  pivot(
    filter: EventFilter,
    axes: { rows: FieldName; columns: FieldName; measure: MeasureName; mostRows: number; mostColumns: number },
    run?: string,
  ): Promise<Pivot>;
  cost(filter: EventFilter): Promise<{ parts: number; rows: number }>;
}

export interface Histogram<Width extends string = string> {
  width: Width;
  bars: readonly Bar[];
  total: number;
}

export interface RowWindow {
  /** In order; fewer than asked for at the end. */
  events: readonly Event[];
  total: number;
}

/** So many bars at most, so that each can be seen. */
const MOST_BARS = 180;
/** Values that are looked through for a part that somebody typed. */
const LOOKED_THROUGH = 1_000;
const MOST_SUGGESTED = 20;

/** What people ask about all events of years. */
export class HuntingDesk<Width extends string = string> {
  readonly #store: HuntingStore<Width>;
  readonly #widths: readonly (readonly [Width, number])[];
  readonly #places: RowPlaces;

  /** @param widths of bars, ms, the narrowest first */
  constructor(store: HuntingStore<Width>, widths: Readonly<Record<Width, { ms: number }>>) {
    this.#store = store;
    this.#widths = (Object.keys(widths) as Width[]).map((name) => [name, widths[name].ms] as const);
    this.#places = new RowPlaces(store);
  }

  /** How many events are in which part of the range, in bars as wide as fits it. */
  async histogram(filter: EventFilter, run = ''): Promise<Histogram<Width>> {
    const span = filter.to - filter.from;
    const [width] = this.#widths.find(([, ms]) => span / ms <= MOST_BARS) ?? this.#widths.at(-1)!;
    const bars = await this.#store.histogram(filter, width, run);
    return { width, bars, total: bars.reduce((sum, { events }) => sum + events, 0) };
  }

  /** Rows from `from` on, as if all that the filter finds lay in a list. */
  async rows(filter: EventFilter, order: Order, from: number, count: number): Promise<RowWindow> {
    const events: Event[] = [];
    while (events.length < count) {
      const place = await this.#places.find(filter, order, from + events.length, count - events.length);
      if (place === undefined) break;
      const found = await this.#store.window(place.filter, order, place.skip, place.count);
      events.push(...found);
      if (found.length < place.count) break;
    }
    return { events, total: await this.#places.total(filter) };
  }

  /** Values of a field, or names of attributes, that occur in what the filter finds and have `part` in them. */
  async suggestions(filter: EventFilter, field: FieldName, part: string): Promise<readonly Counted[]> {
    const { type, parts } = fieldOf(field);
    const lower = part.toLowerCase();
    if (type === 'attribute' || type === 'list' || part === '') {
      const found = await (type === 'attribute'
        ? this.#store.attributeKeys(filter, LOOKED_THROUGH)
        : this.#store.values(filter, field, LOOKED_THROUGH));
      return found.filter(({ value }) => value !== '' && value.toLowerCase().includes(lower)).slice(0, MOST_SUGGESTED);
    }
    if (parts === 'never') return [];
    const narrowed: Clause = { all: [...(filter.where ? [filter.where] : []), { field, op: 'contains', value: part }] };
    const found = await this.#store.values({ ...filter, where: narrowed }, field, MOST_SUGGESTED);
    return found.filter(({ value }) => value !== '');
  }

  /** The values that occur most, of each of these fields. */
  async facets(
    filter: EventFilter,
    fields: readonly FieldName[],
    run = '',
  ): Promise<Partial<Record<FieldName, Counted[]>>> {
    const facets: Partial<Record<FieldName, Counted[]>> = Object.fromEntries(fields.map((field) => [field, []]));
    for (const { field, value, count } of await this.#store.facets(filter, fields, MOST_FACETS, run))
      if (isFieldName(field)) facets[field]!.push({ value, count });
    return facets;
  }

  async pivot(
    filter: EventFilter,
    axes: { rows: FieldName; columns: FieldName; measure: MeasureName },
    run = '',
  ): Promise<Pivot> {
    return this.#store.pivot(filter, { ...axes, mostRows: MOST_ROWS, mostColumns: MOST_COLUMNS }, run);
  }

  /** What would be read at most. */
  cost(filter: EventFilter): Promise<{ parts: number; rows: number }> {
    return this.#store.cost(filter);
  }
}

const MOST_FACETS = 6;
const MOST_ROWS = 30;
const MOST_COLUMNS = 12;
