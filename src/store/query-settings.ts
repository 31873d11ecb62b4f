import type { ClickHouseSettings } from '@clickhouse/client';
import type { QueryLimits } from './query-faults.ts';

/** Of what people ask while they wait. */
export const DEFAULT_LIMITS: QueryLimits = {
  maxMs: 60_000,
  maxRowsRead: 0,
  maxBytesRead: 0,
  maxMemoryBytes: 750_000_000,
  maxRows: 100_000,
  maxBytes: 64 * 1024 * 1024,
};

/** A result in memory takes more than its text, most of all columns that are mostly empty. */
const MEMORY_OF_TEXT = 2;
/** Behind ingest and the platform's own queries, where the system has more than one level. */
const NICE = 10;

/** What a query of a person may take, as settings of the engine. */
export function querySettings(limits: QueryLimits, own: Readonly<ClickHouseSettings> = {}): ClickHouseSettings {
  const spillBytes = String(Math.round(limits.maxMemoryBytes / 2));
  return {
    ...own,
    ...({ workload: 'hunting' } as object),
    max_execution_time: Math.max(limits.maxMs / 1_000, 0.001),
    max_memory_usage: String(limits.maxMemoryBytes),
    max_rows_to_read: String(limits.maxRowsRead),
    max_bytes_to_read: String(limits.maxBytesRead),
    max_result_bytes: String(MEMORY_OF_TEXT * limits.maxBytes),
    max_bytes_before_external_group_by: spillBytes,
    max_bytes_before_external_sort: spillBytes,
    output_format_json_quote_64bit_integers: 1,
    os_threads_nice_value_query: NICE,
  };
}
