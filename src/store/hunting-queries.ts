import type { Event } from '../event/event.ts';
import { fieldOf, type FieldName } from '../hunting/event-fields.ts';
import type { EventFilter } from '../hunting/event-filter.ts';
import type { Bar, Counted, HuntingStore, MeasureName, Pivot } from '../hunting/hunting-desk.ts';
import type { Order } from '../hunting/row-places.ts';
import { EVENT_COLUMNS, eventOfRow, type EventRow } from './event-rows.ts';
import { filterSql } from './filter-sql.ts';
import { EACH_ONCE } from './each-once.ts';
import type { StoreReader } from './reader.ts';

/** How wide the bars of a histogram can be; days and longer begin at midnight of the zone. */
export const BAR_WIDTHS = {
  second: { sql: 'INTERVAL 1 SECOND', ms: 1_000 },
  'five-seconds': { sql: 'INTERVAL 5 SECOND', ms: 5_000 },
  'half-minute': { sql: 'INTERVAL 30 SECOND', ms: 30_000 },
  minute: { sql: 'INTERVAL 1 MINUTE', ms: 60_000 },
  'five-minutes': { sql: 'INTERVAL 5 MINUTE', ms: 300_000 },
  'quarter-hour': { sql: 'INTERVAL 15 MINUTE', ms: 900_000 },
  hour: { sql: 'INTERVAL 1 HOUR', ms: 3_600_000 },
  'six-hours': { sql: 'INTERVAL 6 HOUR', ms: 21_600_000 },
  day: { sql: 'INTERVAL 1 DAY', ms: 86_400_000 },
  week: { sql: 'INTERVAL 1 WEEK', ms: 7 * 86_400_000 },
  month: { sql: 'INTERVAL 1 MONTH', ms: 30 * 86_400_000 },
} as const;
export type BarWidth = keyof typeof BAR_WIDTHS;

const MEASURES: Readonly<Record<MeasureName, string>> = {
  events: 'count()',
  rows: 'sum(rows)',
  bytes: 'sum(bytes)',
  failures: "countIf(outcome = 'failure')",
  actors: "uniqExactIf(actor, actor != '')",
};

const ONCE = `SETTINGS ${EACH_ONCE}`;

/** What the hunting page asks of the store. Every event counts once. @throws WanglouError as RunningQueries */
export class HuntingQueries implements HuntingStore<BarWidth> {
  readonly #client: StoreReader;

  constructor(client: StoreReader) {
    this.#client = client;
  }

  /** Bars without events are left out. @param run under which it can be followed and cancelled; '' for none */
  async histogram(filter: EventFilter, width: BarWidth, run = ''): Promise<Bar[]> {
    const { condition, parameters } = filterSql(filter);
    const { sql } = BAR_WIDTHS[width];
    return this.#rows<Bar>(
      `SELECT toUnixTimestamp(begin) * 1000 AS at, toUnixTimestamp(begin + ${sql}) * 1000 AS to, events, failures FROM (
         SELECT toDateTime(toStartOfInterval(time, ${sql}, {zone:String}), {zone:String}) AS begin, ${MEASURES.events} AS events,
           ${MEASURES.failures} AS failures
         FROM events FINAL PREWHERE ${condition} GROUP BY begin) ORDER BY at ${ONCE}`,
      { ...parameters, zone: filter.zone },
      run,
    );
  }

  /** How many events are in each slot of `slotMs` from `filter.from` on; empty ones are left out. */
  async slots(filter: EventFilter, slotMs: number): Promise<{ slot: number; events: number }[]> {
    const { condition, parameters } = filterSql(filter);
    return this.#rows<{ slot: number; events: number }>(
      `SELECT intDiv(toUnixTimestamp64Milli(time) - {begin:Int64}, {slotMs:Int64}) AS slot, count() AS events
       FROM events FINAL PREWHERE ${condition} GROUP BY slot ORDER BY slot ${ONCE}`,
      { ...parameters, begin: filter.from, slotMs },
    );
  }

  /** Finds the places first and reads whole rows only there. */
  async window(filter: EventFilter, order: Order, skip: number, count: number): Promise<Event[]> {
    const { condition, parameters } = filterSql(filter);
    const by = order === 'newest' ? 'time DESC, id DESC' : 'time, id';
    const rows = await this.#rows<EventRow>(
      `SELECT ${EVENT_COLUMNS} FROM events WHERE (source, ingest_time, id) IN (
         SELECT source, ingest_time, id FROM events FINAL PREWHERE ${condition}
         ORDER BY ${by} LIMIT {count:UInt32} OFFSET {skip:UInt32})
       ORDER BY ${by} LIMIT 1 BY id ${ONCE}`,
      { ...parameters, skip, count },
    );
    return rows.map(eventOfRow);
  }

  /** The values that occur most; of lists, of each of their elements. */
  async values(filter: EventFilter, field: FieldName, most: number): Promise<Counted[]> {
    const { condition, parameters } = filterSql(filter);
    return this.#rows<Counted>(
      `SELECT ${valueOf(field)} AS value, count() AS count FROM events FINAL PREWHERE ${condition}
       GROUP BY value ORDER BY count DESC, value LIMIT {most:UInt32} ${ONCE}`,
      { ...parameters, most },
    );
  }

  /** Names of attributes that occur most. */
  async attributeKeys(filter: EventFilter, most: number): Promise<Counted[]> {
    const { condition, parameters } = filterSql(filter);
    return this.#rows<Counted>(
      `SELECT arrayJoin(mapKeys(attributes)) AS value, count() AS count FROM events FINAL PREWHERE ${condition}
       GROUP BY value ORDER BY count DESC, value LIMIT {most:UInt32} ${ONCE}`,
      { ...parameters, most },
    );
  }

  /** The values that occur most of each of these fields, in one look; no value as ''. */
  async facets(
    filter: EventFilter,
    fields: readonly FieldName[],
    most: number,
    run = '',
  ): Promise<{ field: FieldName; value: string; count: number }[]> {
    const { condition, parameters } = filterSql(filter);
    const pairs = fields.map((field) => `(${fieldLiteral(field)}, ${wholeOf(field)})`).join(', ');
    return this.#rows(
      `SELECT pair.1 AS field, pair.2 AS value, count() AS count FROM (
         SELECT arrayJoin([${pairs}]) AS pair FROM events FINAL PREWHERE ${condition})
       GROUP BY field, value ORDER BY count DESC, value LIMIT {most:UInt32} BY field ${ONCE}`,
      { ...parameters, most },
      run,
    );
  }

  /** The rows and columns that measure most, and what is measured where they cross. */
  async pivot(
    filter: EventFilter,
    axes: { rows: FieldName; columns: FieldName; measure: MeasureName; mostRows: number; mostColumns: number },
    run = '',
  ): Promise<Pivot> {
    const { condition, parameters } = filterSql(filter);
    const [row, column, measured] = [valueOf(axes.rows), valueOf(axes.columns), MEASURES[axes.measure]];
    const given = { ...parameters, mostRows: axes.mostRows, mostColumns: axes.mostColumns };
    const top = (value: string, most: string): string =>
      `SELECT ${value} AS value, ${measured} AS count FROM events FINAL PREWHERE ${condition}
       GROUP BY value ORDER BY count DESC, value LIMIT {${most}:UInt32}`;
    const [rows, columns, [total]] = await Promise.all([
      this.#rows<Counted>(`${top(row, 'mostRows')} ${ONCE}`, given, run),
      this.#rows<Counted>(`${top(column, 'mostColumns')} ${ONCE}`, given, run),
      this.#rows<{ count: number }>(
        `SELECT ${measured} AS count FROM events FINAL PREWHERE ${condition} ${ONCE}`,
        given,
        run,
      ),
    ]);
    const [rowValues, columnValues] = [rows, columns].map((axis) => axis.map(({ value }) => value));
    const cells = await this.#rows<{ row: string; column: string; count: number }>(
      `SELECT ${row} AS row, ${column} AS column, ${measured} AS count FROM events FINAL PREWHERE ${condition}
       GROUP BY row, column HAVING row IN {rowValues:Array(String)} AND column IN {columnValues:Array(String)} ${ONCE}`,
      { ...given, rowValues, columnValues },
      run,
    );
    return { rows, columns, cells, total: total?.count ?? 0 };
  }

  /** What the engine would read at most for a filter: parts and rows of the table, before any of them is looked at. */
  async cost(filter: EventFilter): Promise<{ parts: number; rows: number }> {
    const { condition, parameters } = filterSql(filter);
    const rows = await this.#rows<{ parts: number; rows: number }>(
      `EXPLAIN ESTIMATE SELECT count() FROM events PREWHERE ${condition}`,
      parameters,
    );
    return rows.reduce((sum, one) => ({ parts: sum.parts + one.parts, rows: sum.rows + one.rows }), {
      parts: 0,
      rows: 0,
    });
  }

  async #rows<T>(query: string, parameters: Record<string, unknown>, run = ''): Promise<T[]> {
    const result = await this.#client.query({
      query,
      query_params: parameters,
      format: 'JSONEachRow',
      ...(run !== '' && { query_id: run }),
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    });
    return result.json<T>();
  }
}

/** SQL of a field's value as a text; a row for each element of a list. */
function valueOf(field: FieldName): string {
  const { type, column } = fieldOf(field);
  return type === 'list' ? `arrayJoin(${column})` : `toString(${column})`;
}

/** The same where every event has one. */
function wholeOf(field: FieldName): string {
  const { type, column } = fieldOf(field);
  return type === 'list' ? `arrayStringConcat(${column}, ', ')` : `toString(${column})`;
}

/** A name of EVENT_FIELDS, which is letters alone. */
function fieldLiteral(field: FieldName): string {
  return `'${field}'`;
}
