import type { ClickHouseSettings } from '@clickhouse/client';
import type { Event } from '../event/event.ts';
import type { EventFilter } from '../hunting/event-filter.ts';
import { EVENT_COLUMNS, eventOfRow, type EventRow } from './event-rows.ts';
import { filterSql } from './filter-sql.ts';
import { timeOf } from './finding-rows.ts';
import type { StoreReader } from './reader.ts';
import { FIELDS_SQL, LEAF_SQL, LINE_SQL } from './sealed-columns.ts';

/** Ledger of what was passed on, ms since the Unix epoch: from ≤ time < to, taken in by `asOf`. */
export interface SharingSearch {
  from: number;
  to: number;
  asOf: number;
  asset?: string | undefined;
  recipient?: string | undefined;
}

/** A row of the ledger; times in ms. */
export interface SharingRow {
  id: string;
  time: number;
  ingestTime: number;
  asset: string;
  action: string;
  actor: string;
  department: string;
  vendor: string;
  system: string;
  recipient: string;
  rows: number;
  bytes: number;
  fields: string[];
  grant: string;
  purpose: string;
}

/** Of the audit trail, ms since the Unix epoch: from ≤ at < to, recorded by `asOf`. */
export interface AuditCount {
  from: number;
  to: number;
  account?: string | undefined;
  action?: string | undefined;
  outcome?: string | undefined;
}

/** An event, where it is in the log, and what it is sealed by. */
export interface SealableEvent {
  event: Event;
  partition: number;
  offset: number;
  index: number;
  /** Its canonical digest with SHA-256, hexadecimal, or what is to be hashed with another. */
  sealable: { leaf: string } | { fields: readonly string[] };
}

const ONCE = 'SETTINGS do_not_merge_across_partitions_select_final = 1';
const SLICES = 1_000;
const MOST_OF_SLICE = 50_000;
const PAGE = 10_000;
/** What is handed on at once, whichever comes first: what else comes of an answer waits in the connection. */
const BATCH_EVENTS = 1_000;
const BATCH_CHARACTERS = 4_000_000;
/** TOO_MANY_ROWS_OR_BYTES, MEMORY_LIMIT_EXCEEDED: a slice of long lines, which is asked for again in halves. */
const TOO_LARGE: ReadonlySet<string> = new Set(['396', '241']);

const AFTER = 'AND (time, id) > (fromUnixTimestamp64Milli({afterTime:Int64}), {afterId:UUID})';
const SHARING_CONDITIONS = { asset: 'asset = {asset:String}', recipient: 'recipient = {recipient:String}' } as const;
const AUDIT_CONDITIONS = { account: 'account = {account:String}', action: 'action = {action:String}' } as const;

/** What of the events of a page is asked for. */
type Columns = (found: string) => string;

const AS_EVENTS: Columns = (found) => `SELECT ${EVENT_COLUMNS} FROM ${found}`;
/** Hashed once it is known which events are of the page. */
const sealableAs =
  (sealable: string): Columns =>
  (found) =>
    `SELECT ${EVENT_COLUMNS}, partition, offset, \`index\`, ${sealable}
     FROM (SELECT *, ${FIELDS_SQL} FROM (SELECT * FROM ${found})) ORDER BY time, id`;
const AS_SEALABLE = { leaf: sealableAs(`${LEAF_SQL} AS leaf`), fields: sealableAs(`[${LINE_SQL}] AS fields`) };

interface Slice {
  filter: EventFilter;
  events: number;
}

/** What exports read of the store: every row once, in order of time, some thousand at a time, however many there are. */
export class ExportQueries {
  readonly #reader: StoreReader;

  constructor(reader: StoreReader) {
    this.#reader = reader;
  }

  async countEvents(filter: EventFilter): Promise<number> {
    const { condition, parameters } = filterSql(filter);
    return this.#count(`SELECT count() AS count FROM events FINAL PREWHERE ${condition} ${ONCE}`, parameters);
  }

  /** Those that the filter finds, the oldest first. */
  async *events(filter: EventFilter): AsyncGenerator<Event[]> {
    for await (const page of this.#batches(filter, AS_EVENTS)) yield page.map(eventOfRow);
  }

  /** The same with their places, and the canonical digest of each or the fields that it is made of. */
  async *sealableEvents(filter: EventFilter, sealable: 'leaf' | 'fields'): AsyncGenerator<SealableEvent[]> {
    for await (const page of this.#batches(filter, AS_SEALABLE[sealable]))
      yield page.map((row) => {
        const { partition, offset, index, leaf, fields } = row as unknown as SealableRow;
        const hashed = sealable === 'leaf' ? { leaf } : { fields };
        return { event: eventOfRow(row), partition, offset, index, sealable: hashed };
      });
  }

  async *#batches(filter: EventFilter, columns: Columns): AsyncGenerator<EventRow[]> {
    for await (const slice of this.#slices(filter)) {
      let after: EventRow | undefined;
      let [most, left] = [MOST_OF_SLICE, true];
      while (left) {
        let read = 0;
        try {
          for await (const batch of this.#read(slice.filter, columns, after, most)) {
            read += batch.length;
            after = batch.at(-1);
            yield batch;
          }
        } catch (error) {
          if (read > 0 || most === 1 || !TOO_LARGE.has(String((error as { code?: unknown }).code))) throw error;
          most = Math.ceil(most / 2);
          continue;
        }
        left = read === most;
      }
    }
  }

  async countSharing(search: SharingSearch): Promise<number> {
    return this.#count(`SELECT count() AS count FROM diffusion FINAL WHERE ${sharing(search)}`, { ...search });
  }

  /** The oldest first. */
  async *sharing(search: SharingSearch): AsyncGenerator<SharingRow[]> {
    let after: SharingRow | undefined;
    do {
      const found: SharingAnswer[] = await this.#rows(
        `SELECT * FROM diffusion FINAL WHERE ${sharing(search)} ${after === undefined ? '' : AFTER}
         ORDER BY time, id LIMIT {most:UInt32}`,
        { ...search, most: PAGE, ...(after && { afterTime: after.time, afterId: after.id }) },
      );
      const page = found.map(({ time, ingest_time, ...same }) => ({
        ...{ ...same, time: timeOf(time), ingestTime: timeOf(ingest_time) },
      }));
      if (page.length > 0) yield page;
      after = page.length < PAGE ? undefined : page.at(-1);
    } while (after !== undefined);
  }

  async countAudit(search: AuditCount): Promise<number> {
    const conditions = [
      'at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64})',
      ...stated(AUDIT_CONDITIONS, search),
    ];
    const outcome = search.outcome === undefined ? '1' : 'outcome = {outcome:String}';
    return this.#count(
      `SELECT count() AS count FROM (SELECT outcome FROM audit WHERE ${conditions.join(' AND ')}
         ORDER BY at, id, phase DESC LIMIT 1 BY at, id) WHERE ${outcome}`,
      { ...search },
    );
  }

  /** Parts of the range that are read at once, in order: none of many events, but where they are of one millisecond. */
  async *#slices(filter: EventFilter): AsyncGenerator<Slice> {
    const { from, to } = filter;
    const slotMs = Math.max(1, Math.ceil((to - from) / SLICES));
    let joined: Slice | undefined;
    for (const { slot, events } of await this.#slots(filter, slotMs)) {
      const begin = from + slot * slotMs;
      const end = Math.min(to, begin + slotMs);
      if (joined !== undefined && joined.events + events <= MOST_OF_SLICE) {
        joined = { filter: within(filter, joined.filter.from, end), events: joined.events + events };
        continue;
      }
      if (joined !== undefined) yield joined;
      joined = undefined;
      if (events > MOST_OF_SLICE && end - begin > 1) yield* this.#slices(within(filter, begin, end));
      else joined = { filter: within(filter, begin, end), events };
    }
    if (joined !== undefined) yield joined;
  }

  async #slots(filter: EventFilter, slotMs: number): Promise<{ slot: number; events: number }[]> {
    const { condition, parameters } = filterSql(filter);
    return this.#rows(
      `SELECT intDiv(toUnixTimestamp64Milli(time) - {begin:Int64}, {slotMs:Int64}) AS slot, count() AS events
       FROM events FINAL PREWHERE ${condition} GROUP BY slot ORDER BY slot ${ONCE}`,
      { ...parameters, begin: filter.from, slotMs },
    );
  }

  /** The first of a slice, or of those behind an event, as they come: an error of the store comes before the first of them. */
  async *#read(
    filter: EventFilter,
    columns: Columns,
    after: EventRow | undefined,
    most: number,
  ): AsyncGenerator<EventRow[]> {
    const { condition, parameters } = filterSql(filter);
    const found = `events FINAL PREWHERE ${condition} ${after === undefined ? '' : AFTER} ORDER BY time, id LIMIT {most:UInt32}`;
    const place = after && { afterTime: timeOf(after.time), afterId: after.id };
    const asked = { ...parameters, most, ...place };
    const result = await this.#ask(`${columns(found)} ${ONCE}`, asked, { wait_end_of_query: 1 });
    let [batch, characters]: [EventRow[], number] = [[], 0];
    for await (const rows of result.stream<EventRow>())
      for (const row of rows) {
        batch.push(row.json());
        characters += row.text.length;
        if (batch.length < BATCH_EVENTS && characters < BATCH_CHARACTERS) continue;
        yield batch;
        [batch, characters] = [[], 0];
      }
    if (batch.length > 0) yield batch;
  }

  async #count(query: string, parameters: Record<string, unknown>): Promise<number> {
    const [row] = await this.#rows<{ count: number }>(query, parameters);
    return row?.count ?? 0;
  }

  async #rows<T>(query: string, parameters: Record<string, unknown>): Promise<T[]> {
    return (await this.#ask(query, parameters)).json<T>();
  }

  #ask(query: string, parameters: Record<string, unknown>, settings: ClickHouseSettings = {}) {
    return this.#reader.query({
      query,
      query_params: Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined)),
      format: 'JSONEachRow',
      clickhouse_settings: {
        ...settings,
        ...{ output_format_json_quote_64bit_integers: 0, ...({ workload: 'hunting' } as object) },
      },
    });
  }
}

type SealableRow = Pick<SealableEvent, 'partition' | 'offset' | 'index'> & { leaf: string; fields: readonly string[] };
type SharingAnswer = Omit<SharingRow, 'time' | 'ingestTime'> & { time: string; ingest_time: string };

/** What it looks at in days of arrival stays as it was in the whole. */
function within(filter: EventFilter, from: number, to: number): EventFilter {
  return { ...filter, from, to, arrivedFrom: filter.arrivedFrom ?? filter.from };
}

function sharing(search: SharingSearch): string {
  return [
    'time >= fromUnixTimestamp64Milli({from:Int64}) AND time < fromUnixTimestamp64Milli({to:Int64})',
    'ingest_time <= fromUnixTimestamp64Milli({asOf:Int64})',
    ...stated(SHARING_CONDITIONS, search),
  ].join(' AND ');
}

/** The conditions of the fields that the search states. */
function stated<Search extends object>(conditions: Partial<Record<keyof Search, string>>, search: Search): string[] {
  return (Object.keys(conditions) as (keyof Search)[])
    .filter((field) => search[field] !== undefined)
    .map((field) => conditions[field]!);
}
