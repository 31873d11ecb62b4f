import type { AuditAction, AuditEntry, AuditOutcome } from '../access/audit/entry.ts';
import { auditOfRow, type AuditRow } from './audit-rows.ts';
import type { StoreReader } from './reader.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { timeOf } from './finding-rows.ts';

export interface AuditSearch {
  /** ms since the Unix epoch: from ≤ at < to. */
  from: number;
  to: number;
  account?: string | undefined;
  action?: AuditAction | undefined;
  outcome?: AuditOutcome | undefined;
  limit: number;
  /** `next` of the page before. */
  cursor?: string | undefined;
}

/** Values travel as parameters only. What the two records of a change have in common is asked of both, the outcome of the later. */
const OF_BOTH = {
  account: 'account = {account:String}',
  action: 'action = {action:String}',
  cursor: '(at, id) < (fromUnixTimestamp64Milli({cursorTime:Int64}), {cursorId:UUID})',
} as const;

/** Reads the audit trail. */
export class AuditQueries {
  readonly #client: StoreReader;

  constructor(client: StoreReader) {
    this.#client = client;
  }

  /** Newest first, one record for each thing that was done; `next` is '' on the last page. */
  async search(search: AuditSearch): Promise<{ entries: AuditEntry[]; next: string }> {
    const stated = Object.keys(OF_BOTH).filter((field) => (search[field as keyof typeof OF_BOTH] ?? '') !== '');
    const conditions = [
      'at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64})',
      ...stated.map((field) => OF_BOTH[field as keyof typeof OF_BOTH]),
    ].join(' AND ');
    const result = await this.#client.query({
      query: `SELECT * FROM (SELECT * FROM audit WHERE ${conditions} ORDER BY at DESC, id DESC, phase DESC LIMIT 1 BY at, id)
        WHERE ${search.outcome === undefined ? '1' : 'outcome = {outcome:String}'} ORDER BY at DESC, id DESC LIMIT {limit:UInt32}`,
      query_params: JSON.parse(JSON.stringify({ ...search, ...readCursor(search.cursor) })) as Record<string, unknown>,
      format: 'JSONEachRow',
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    });
    const rows = await result.json<AuditRow>();
    const last = rows.length < search.limit ? undefined : rows.at(-1);
    return { entries: rows.map(auditOfRow), next: last ? writeCursor(timeOf(last.at), last.id) : '' };
  }
}
