import { literal } from '../store/request-settings.ts';
import type { QueryLimits } from '../store/query-faults.ts';
import type { QueryWork } from '../store/running-queries.ts';
import type { AcceptedQuery } from './gate.ts';
import { KEY_PARAMETER } from './mask-sql.ts';
import { wrapped } from './views.ts';

export type ParameterValues = Readonly<Record<string, unknown>>;

/** What of the store a query may see. */
export interface SqlSight {
  database: string;
  /** Of pseudonyms. */
  key: string;
  /** Which rows of each table are of the scope (src/store/reader.ts), tables within conditions with their database; null for all. */
  rowFilters: Readonly<Record<string, string>> | null;
}

const MAX_QUERY_BYTES = 16_777_216;
/** The engine would otherwise compile what masks anew for every step of a plan. */
const ALWAYS = ['query_plan_merge_expressions = 0', 'readonly = 1'];
/** A condition of whoever asks is never tried on a row outside of the scope: its error would tell of it. */
const APART = ['query_plan_merge_filters = 0', 'optimize_move_to_prewhere = 0', 'use_query_condition_cache = 0'];

/** A query that the gate accepted, as it is run: on the masked views, within the scope. @param maxRows that come out at most */
export function workOf(
  { sql, tables, parameters }: AcceptedQuery,
  values: ParameterValues,
  sight: SqlSight,
  { maxRows, limits }: { maxRows: number; limits: Partial<QueryLimits> },
): QueryWork {
  const named = Object.fromEntries(parameters.map(({ name }) => [name, values[name]]));
  return {
    sql: wrapped(sql, tables, maxRows, [...ALWAYS, ...scopeSettings(sight)]),
    parameters: { ...named, [KEY_PARAMETER]: sight.key },
    settings: { max_query_size: String(MAX_QUERY_BYTES) },
    limits,
  };
}

/** The engine itself leaves out all other rows of the tables below the views. */
function scopeSettings({ database, rowFilters }: SqlSight): string[] {
  if (rowFilters === null) return [];
  const filters = Object.entries(rowFilters).map(
    ([table, rows]) => `${literal(`${database}.${table}`)}: ${literal(rows)}`,
  );
  return [`additional_table_filters = {${filters.join(', ')}}`, ...APART];
}
