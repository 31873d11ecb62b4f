import { isDeepStrictEqual } from 'node:util';
import type { SealedRecord } from '../evidence/canonical.ts';
import type { StoreClient } from './client.ts';
import { AUDIT, FINDINGS, INCIDENTS, LIVES } from './tables.ts';

type Fields = Record<string, unknown>;

/** A table that people query, and how records of a stream become its rows. */
interface Shown {
  table: string;
  rowOf: (record: never) => object;
  /** What tells rows of the same id apart. */
  version: 'revision' | 'phase' | 'act';
  /** Column by which rows expire. */
  time: 'last_time' | 'at';
}

const SHOWN: Readonly<Record<string, Shown>> = {
  findings: { ...FINDINGS, version: 'revision', time: 'last_time' },
  incidents: { ...INCIDENTS, version: 'revision', time: 'last_time' },
  triage: { ...LIVES, version: 'act', time: 'at' },
  audit: { ...AUDIT, version: 'phase', time: 'at' },
};

const DAY_MS = 86_400_000;
const IDS_AT_ONCE = 1_000;
const MOST = 100;

export interface TableCheckOptions {
  /** Days that the rows of each stream's table, and its sealed records, are kept. */
  days: Readonly<Record<string, number>>;
  /** Up to which place the records of a stream have been put into their table. */
  storedTo: (stream: string) => Promise<number>;
}

/** Compares the tables that people query with the sealed records that their rows come from: every row, and every column. */
export class TableCheck {
  readonly #client: StoreClient;
  readonly #options: TableCheckOptions;

  constructor(client: StoreClient, options: TableCheckOptions) {
    this.#client = client;
    this.#options = options;
  }

  /** The records that their table does not show, or shows otherwise. What has expired there is none of them. */
  async differing(stream: string, records: readonly SealedRecord[]): Promise<SealedRecord[]> {
    const shown = SHOWN[stream];
    if (shown === undefined || records.length === 0) return [];
    const storedTo = await this.#options.storedTo(stream);
    const keptSince = this.#keptSince(stream);
    const differing: SealedRecord[] = [];
    for (let at = 0; at < records.length; at += IDS_AT_ONCE) {
      const some = records
        .slice(at, at + IDS_AT_ONCE)
        .filter(({ place, at: time }) => place < storedTo && time >= keptSince);
      const said = some.map((one) => ({ one, fields: JSON.parse(one.record) as Fields }));
      const rows = await this.#rows(shown, said.map(({ fields }) => String(fields['id']))); // prettier-ignore
      for (const { one, fields } of said)
        if (!(await this.#isShown(shown, one, fields, rows.get(keyOf(shown, fields)) ?? []))) differing.push(one);
    }
    return differing;
  }

  /**
   * Rows that come from no record.
   * @param waiting records of the log that are not sealed yet.
   */
  async strangers(stream: string, waiting: () => AsyncIterable<string>): Promise<{ id: string; at: number }[]> {
    const shown = SHOWN[stream];
    if (shown === undefined) return [];
    const { table, version, time } = shown;
    const said = `sipHash64(JSONExtractString(record, 'id'), trim(BOTH '"' FROM JSONExtractRaw(record, '${version}')))`;
    const found = await this.#query<{ id: string; version: string; at: number }>(
      `SELECT DISTINCT toString(id) AS id, toString(${version}) AS version, toUnixTimestamp64Milli(${time}) AS at FROM ${table}
        WHERE ${table}.${time} >= fromUnixTimestamp64Milli({since:Int64})
          AND sipHash64(toString(${table}.id), toString(${table}.${version})) NOT IN
            (SELECT ${said} FROM sealed_records FINAL WHERE stream = {stream:String})
        LIMIT ${MOST}`,
      { stream, since: Math.max(0, this.#keptSince(stream)) },
    );
    if (found.length === 0) return [];
    const known = new Set<string>();
    for await (const record of waiting()) known.add(keyOf(shown, JSON.parse(record) as Fields));
    return found.filter((row) => !known.has(`${row.id} ${row.version}`));
  }

  #keptSince(stream: string): number {
    return Date.now() - ((this.#options.days[stream] ?? 0) - 1) * DAY_MS;
  }

  /** Whether all rows that lie there, also those that a view hides, are as some sealed record of the same key says. */
  async #isShown(shown: Shown, one: SealedRecord, fields: Fields, rows: readonly Fields[]): Promise<boolean> {
    if (rows.length === 0) return false;
    if (rows.every((row) => isRowOf(shown, fields, row))) return true;
    // What came twice, after a crash, may have been said in two ways.
    const said = await this.#query<{ record: string }>(
      'SELECT record FROM sealed_records FINAL WHERE stream = {stream:String} AND key = {key:String}',
      { stream: one.stream, key: one.key },
    );
    const others = said.map(({ record }) => JSON.parse(record) as Fields);
    return rows.every((row) => others.some((other) => keyOf(shown, other) === keyOf(shown, fields) && isRowOf(shown, other, row))); // prettier-ignore
  }

  async #rows(shown: Shown, ids: readonly string[]): Promise<Map<string, Fields[]>> {
    const rows = await this.#query<Fields>(`SELECT DISTINCT * FROM ${shown.table} WHERE id IN {ids:Array(UUID)}`, { ids }); // prettier-ignore
    const byKey = new Map<string, Fields[]>();
    for (const row of rows) byKey.set(keyOf(shown, row), [...(byKey.get(keyOf(shown, row)) ?? []), row]);
    return byKey;
  }

  async #query<T>(query: string, query_params: Record<string, unknown>): Promise<T[]> {
    const result = await this.#client.query({
      query,
      query_params,
      format: 'JSONEachRow',
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    });
    return result.json<T>();
  }
}

function keyOf({ version }: Shown, fields: Fields): string {
  return `${String(fields['id'])} ${String(fields[version])}`;
}

/** Columns that came with a later version of this program, of which a record says nothing, are no difference. */
function isRowOf(shown: Shown, record: Fields, row: Fields): boolean {
  // The same values as the store gives back: through JSON.
  const expected = JSON.parse(JSON.stringify(shown.rowOf(record as never))) as Fields;
  return Object.entries(expected).every(([name, value]) => isDeepStrictEqual(row[name], value));
}
