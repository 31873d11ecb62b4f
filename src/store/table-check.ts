import { isDeepStrictEqual } from 'node:util';
import type { SealedRecord } from '../evidence/canonical.ts';
import { auditOfRow } from './audit-rows.ts';
import type { StoreClient } from './client.ts';
import { findingOfRow } from './finding-rows.ts';
import { incidentOfRow } from './incident-rows.ts';
import { lifeOfRow } from './life-rows.ts';

type Fields = Record<string, unknown>;

/** A table that people query, and how its rows become the records of a stream again. */
interface Shown {
  table: string;
  ofRow: (row: never) => object;
  /** What tells rows of the same id apart. */
  version: 'revision' | 'phase' | 'act';
}

const SHOWN: Readonly<Record<string, Shown>> = {
  findings: { table: 'findings', ofRow: findingOfRow, version: 'revision' },
  incidents: { table: 'incidents', ofRow: incidentOfRow, version: 'revision' },
  triage: { table: 'triage', ofRow: lifeOfRow, version: 'act' },
  audit: { table: 'audit', ofRow: auditOfRow, version: 'phase' },
};

const DAY_MS = 86_400_000;
const IDS_AT_ONCE = 1_000;

export interface TableCheckOptions {
  /** Days that the rows of each stream's table are kept. */
  days: Readonly<Record<string, number>>;
  /** Up to which place the records of a stream have been put into their table. */
  storedTo: (stream: string) => Promise<number>;
}

/** Compares the tables that people query with the sealed records that their rows come from. */
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
    const keptSince = Date.now() - ((this.#options.days[stream] ?? 0) - 1) * DAY_MS;
    const differing: SealedRecord[] = [];
    for (let at = 0; at < records.length; at += IDS_AT_ONCE) {
      const some = records
        .slice(at, at + IDS_AT_ONCE)
        .filter(({ place, at: time }) => place < storedTo && time >= keptSince);
      const said = some.map((one) => ({ one, fields: JSON.parse(one.record) as Fields }));
      const rows = await this.#rows(shown, said.map(({ fields }) => String(fields['id']))); // prettier-ignore
      for (const { one, fields } of said) if (!isShown(fields, rows.get(keyOf(shown, fields)))) differing.push(one);
    }
    return differing;
  }

  async #rows(shown: Shown, ids: readonly string[]): Promise<Map<string, Fields>> {
    const result = await this.#client.query({
      query: `SELECT * FROM ${shown.table} FINAL WHERE id IN {ids:Array(UUID)}`,
      query_params: { ids },
      format: 'JSONEachRow',
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    });
    const rows = (await result.json<Fields>()).map((row) => shown.ofRow(row as never) as Fields);
    return new Map(rows.map((fields) => [keyOf(shown, fields), fields]));
  }
}

function keyOf({ version }: Shown, fields: Fields): string {
  return `${String(fields['id'])} ${String(fields[version])}`;
}

/** Fields that came with a later version of this program are no difference. */
function isShown(sealed: Fields, row: Fields | undefined): boolean {
  if (row === undefined) return false;
  return Object.entries(sealed).every(([name, value]) => isDeepStrictEqual(row[name], value));
}
