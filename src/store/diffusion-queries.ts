import type { StoreReader } from './reader.ts';
import { timeOf } from './finding-rows.ts';

/** What was passed on of one asset by one sender to one recipient (src/detection/diffusion/edge.ts). */
export interface PassingRow {
  asset: string;
  department: string;
  vendor: string;
  system: string;
  recipient: string;
  first: number;
  last: number;
  events: number;
  rows: number;
  mostRows: number;
  actions: string[];
  fields: string[];
  eventIds: string[];
}

const PASSINGS = `SELECT asset, department, vendor, system, recipient, toString(min(time)) AS first, toString(max(time)) AS last,
    count() AS events, sum(rows) AS allRows, max(rows) AS mostRows, arraySort(groupUniqArray(action)) AS actions,
    arraySort(groupUniqArrayArray(fields)) AS allFields, groupArraySorted(5)(id) AS eventIds
  FROM diffusion FINAL WHERE time <= fromUnixTimestamp64Milli({asOf:Int64})`;
const GROUPED = 'GROUP BY asset, department, vendor, system, recipient ORDER BY first, asset, recipient';

type Answer = Omit<PassingRow, 'first' | 'last' | 'rows' | 'fields'> & {
  first: string;
  last: string;
  allRows: number;
  allFields: string[];
};

/** The ledger of what was passed on, as of any event time. */
export class DiffusionQueries {
  readonly #client: StoreReader;

  constructor(client: StoreReader) {
    this.#client = client;
  }

  /** Assets of which anything was passed on. */
  async assets(asOf: number): Promise<string[]> {
    const rows = await this.#rows<{ asset: string }>(
      'SELECT DISTINCT asset FROM diffusion WHERE time <= fromUnixTimestamp64Milli({asOf:Int64}) ORDER BY asset',
      { asOf },
    );
    return rows.map(({ asset }) => asset);
  }

  passingsOf(assets: readonly string[], asOf: number): Promise<PassingRow[]> {
    return this.#passings(`${PASSINGS} AND has({assets:Array(String)}, asset) ${GROUPED}`, { assets, asOf });
  }

  /** Of other assets, with their columns, by these senders. */
  passingsBy(senders: readonly string[], otherThan: readonly string[], asOf: number): Promise<PassingRow[]> {
    const senderIsOne =
      'hasAny({senders:Array(String)}, [toString(department), toString(vendor), toString(system)]) AND notEmpty(fields)';
    return this.#passings(`${PASSINGS} AND ${senderIsOne} AND NOT has({otherThan:Array(String)}, asset) ${GROUPED}`, {
      senders,
      otherThan,
      asOf,
    });
  }

  async #passings(query: string, parameters: Record<string, unknown>): Promise<PassingRow[]> {
    const rows = await this.#rows<Answer>(query, parameters);
    return rows.map(({ first, last, allRows, allFields, ...same }) => ({
      ...same,
      first: timeOf(first),
      last: timeOf(last),
      rows: allRows,
      fields: allFields,
    }));
  }

  async #rows<T>(query: string, parameters: Record<string, unknown>): Promise<T[]> {
    const result = await this.#client.query({
      query,
      query_params: parameters,
      format: 'JSONEachRow',
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    });
    return result.json<T>();
  }
}
