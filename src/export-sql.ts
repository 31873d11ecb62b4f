import { readSubjectKey } from './access/subject-key.ts';
import type { SqlQuery } from './exports/export-job.ts';
import type { ExportOrder } from './exports/export-process.ts';
import type { SqlResult } from './exports/result-contents.ts';
import { engineParser } from './sql/engine-parser.ts';
import { SqlGate, type AcceptedQuery } from './sql/gate.ts';
import { maskedRow } from './sql/masked-row.ts';
import { workOf } from './sql/sql-work.ts';
import { TABLE_NAMES } from './sql/tables.ts';
import { makeViews } from './sql/views.ts';
import type { StoreAddress, StoreClient } from './store/client.ts';
import { queryFault } from './store/query-faults.ts';
import { DEFAULT_LIMITS, querySettings } from './store/query-settings.ts';
import { readResult, RESULT_FORMAT, type Column } from './store/result-stream.ts';

/** Nobody waits for it as for a run on the page: it may take longer, and its result be larger. In memory it takes as little. */
const EXPORT_LIMITS = { ...DEFAULT_LIMITS, maxMs: 600_000, maxBytes: 128 * 1024 * 1024 };
/** More rows than a result of so many bytes has: it is stopped by its bytes, never cut. */
const ALL_ROWS = 4_000_000_000;
/** How long the store is waited for: beyond its own limit, by which it says more. */
export const SQL_ASK_MS = EXPORT_LIMITS.maxMs + 60_000;
/** Times that are the same in every zone; an error before the first row, or none; what nobody waits for any more ends. */
const AS_FILE = {
  date_time_output_format: 'iso',
  wait_end_of_query: 1,
  cancel_http_readonly_queries_on_client_close: 1,
} as const;

/**
 * Runs a query for an export as the page runs it: checked by the gate as it is now, on the masked views, within the scope, read-only,
 * under limits. Its result is masked once more as it is read.
 * @param client signed in as `order.sqlAddress` says. @throws SqlRefusal, WanglouError as queryFault says
 */
export async function runSql(
  client: StoreClient,
  { address, sqlAddress, dataDir, rowFilters }: ExportOrder,
  { sql, parameters }: SqlQuery,
  mask: <T>(data: T) => T,
): Promise<SqlResult> {
  // It may have waited for longer than those are there that an earlier version made.
  await makeViews(address);
  const accepted = await checked(sqlAddress, sql, parameters);
  const sight = { database: address.database, key: await readSubjectKey(dataDir), rowFilters };
  const work = workOf(accepted, parameters, sight, { maxRows: ALL_ROWS, limits: EXPORT_LIMITS });
  const ranAt = Date.now();
  try {
    const result = await client.query({
      ...{ query: work.sql, query_params: { ...work.parameters }, format: RESULT_FORMAT },
      clickhouse_settings: querySettings(EXPORT_LIMITS, { ...work.settings, ...AS_FILE }),
    });
    const { columns, batches } = await readResult(result);
    return { columns, ranAt, batches: maskedBatches(columns, batches, mask) };
  } catch (error) {
    throw queryFault(error, EXPORT_LIMITS, false);
  }
}

async function checked(address: StoreAddress, sql: string, parameters: SqlQuery['parameters']): Promise<AcceptedQuery> {
  const parser = engineParser(address);
  try {
    return await new SqlGate(parser, TABLE_NAMES).check(sql, parameters);
  } finally {
    parser.close();
  }
}

async function* maskedBatches(
  columns: readonly Column[],
  batches: AsyncIterable<readonly string[]>,
  mask: <T>(data: T) => T,
): AsyncGenerator<unknown[][]> {
  try {
    for await (const texts of batches)
      yield texts.map((text) => maskedRow({ data: mask }, columns, JSON.parse(text) as unknown[]));
  } catch (error) {
    throw queryFault(error, EXPORT_LIMITS, false);
  }
}
