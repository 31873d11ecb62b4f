import type { StoreReader } from './reader.ts';
import { isOfSlots } from './slots.ts';

/** Of what, and over which time: ms since the Unix epoch, from ≤ time < to. */
export interface SeriesRange {
  step: 'day' | 'hour';
  from: number;
  to: number;
  /** IANA zone whose days and hours are meant. */
  zone: string;
}

/** A step of local time since 1970-01-01, and its number. Steps in which nothing at all was seen are left out. */
export interface StepValue {
  at: number;
  value: number;
}

const FROM = 'fromUnixTimestamp64Milli({from:Int64})';
const TO = 'fromUnixTimestamp64Milli({to:Int64})';

/** Local days, or hours, since 1970-01-01. */
function stepOf(column: 'time' | 'slot' | 'ingest_time' | 'first_time', step: SeriesRange['step']): string {
  const day = `toInt64(toDate(${column}, {zone:String}))`;
  return step === 'day' ? day : `${day} * 24 + toHour(${column}, {zone:String})`;
}

/** Where rows are counted by time: days of the zones that slots are made for take a look at few rows for each. */
function usesIn(range: SeriesRange): { at: string; from: string } {
  const column = isOfSlots(range) ? 'slot' : 'time';
  const within = `${column} >= ${FROM} AND ${column} < ${TO}`;
  const from =
    column === 'slot'
      ? `FROM event_slots_once WHERE ${within}`
      : `FROM events FINAL WHERE ${within} AND ingest_time >= ${FROM} - INTERVAL 1 DAY`;
  return { at: stepOf(column, range.step), from };
}

/** Of one detector, department or source; '' is what states none. */
export interface IdValue extends StepValue {
  id: string;
}

/** The series that forecasts are made of. `id` '' is for all. */
export class ForecastQueries {
  readonly #client: StoreReader;

  constructor(client: StoreReader) {
    this.#client = client;
  }

  /** Findings of a detector by the time of their first event, without suppressed ones. */
  findings(id: string, range: SeriesRange): Promise<StepValue[]> {
    return this.#steps(
      `SELECT ${stepOf('first_time', range.step)} AS at, countIf({id:String} IN ('', detector)) AS value FROM findings_latest
       WHERE first_time >= ${FROM} AND first_time < ${TO} AND suppression = '' GROUP BY at ORDER BY at`,
      { id, ...range },
    );
  }

  /**
   * Rows that people and programs of a department touched. By other days than slots are
   * made for, events that came more than a day before their time are left out.
   */
  rows(id: string, range: SeriesRange): Promise<StepValue[]> {
    const { at, from } = usesIn(range);
    return this.#steps(
      `SELECT ${at} AS at, sumIf(rows, {id:String} IN ('', department)) AS value ${from} GROUP BY at ORDER BY at`,
      { id, ...range },
    );
  }

  /** The same of every detector at once. */
  findingsByDetector(range: SeriesRange): Promise<IdValue[]> {
    return this.#steps<IdValue>(
      `SELECT ${stepOf('first_time', range.step)} AS at, toString(detector) AS id, count() AS value FROM findings_latest
       WHERE first_time >= ${FROM} AND first_time < ${TO} AND suppression = '' GROUP BY at, id ORDER BY at`,
      { ...range },
    );
  }

  /** The same of every department at once. */
  rowsByDepartment(range: SeriesRange): Promise<IdValue[]> {
    const { at, from } = usesIn(range);
    return this.#steps<IdValue>(
      `SELECT ${at} AS at, toString(department) AS id, sum(rows) AS value ${from} GROUP BY at, id ORDER BY at`,
      { ...range },
    );
  }

  /** Ways on which data of these assets went from senders to recipients. */
  outEdges(assets: readonly string[], range: SeriesRange): Promise<StepValue[]> {
    return this.#steps(
      `SELECT ${stepOf('time', range.step)} AS at,
         uniqExactIf((asset, department, vendor, system, recipient), has({assets:Array(String)}, asset)) AS value
       FROM diffusion WHERE time >= ${FROM} AND time < ${TO} GROUP BY at ORDER BY at`,
      { assets, ...range },
    );
  }

  /** Events of a source that were taken in. */
  events(id: string, range: SeriesRange): Promise<StepValue[]> {
    return this.#steps(
      `SELECT ${stepOf('ingest_time', range.step)} AS at, countIf({id:String} IN ('', source)) AS value FROM events FINAL
       WHERE ingest_time >= ${FROM} AND ingest_time < ${TO} GROUP BY at ORDER BY at`,
      { id, ...range },
    );
  }

  /** 95 of 100 events of a source were not later than that, s. */
  ingestLag(id: string, range: SeriesRange): Promise<StepValue[]> {
    return this.#steps(
      `SELECT ${stepOf('ingest_time', range.step)} AS at,
         quantile(0.95)(greatest(0, toUnixTimestamp64Milli(ingest_time) - toUnixTimestamp64Milli(time))) / 1000 AS value
       FROM events WHERE ingest_time >= ${FROM} AND ingest_time < ${TO} AND {id:String} IN ('', source)
       GROUP BY at ORDER BY at`,
      { id, ...range },
    );
  }

  /** The same of these sources at once. */
  ingestLagBySource(sources: readonly string[], range: SeriesRange): Promise<IdValue[]> {
    return this.#steps<IdValue>(
      `SELECT ${stepOf('ingest_time', range.step)} AS at, toString(source) AS id,
         quantile(0.95)(greatest(0, toUnixTimestamp64Milli(ingest_time) - toUnixTimestamp64Milli(time))) / 1000 AS value
       FROM events WHERE ingest_time >= ${FROM} AND ingest_time < ${TO} AND source IN {sources:Array(String)}
       GROUP BY at, id ORDER BY at`,
      { sources, ...range },
    );
  }

  /** Grants by the last day on which they hold, revoked ones left out. */
  grantsExpiring({ from, to, zone }: SeriesRange): Promise<StepValue[]> {
    return this.#steps(
      `SELECT toInt64(toDate(ends - INTERVAL 1 MILLISECOND, {zone:String})) AS at, count() AS value FROM
         (SELECT id, max(valid_to) AS ends, countIf(valid_to IS NULL OR JSONExtractString(entry, 'revokedAt') != '') AS others
          FROM registry_latest WHERE list = 'grants' GROUP BY id)
       WHERE others = 0 AND ends > ${FROM} AND ends <= ${TO} GROUP BY at ORDER BY at`,
      { from, to, zone },
    );
  }

  async #steps<T = StepValue>(query: string, parameters: Record<string, unknown>): Promise<T[]> {
    const result = await this.#client.query({
      query,
      query_params: parameters,
      format: 'JSONEachRow',
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    });
    return result.json<T>();
  }
}
