import type { Reach } from '../scope/reach.ts';
import type { StoreClient } from './client.ts';
import { literal } from './request-settings.ts';

/** What queries need of the store. */
export type StoreReader = Pick<StoreClient, 'query'>;

/**
 * The store as somebody with a scope sees it: the engine leaves out all other rows of every table, wherever and however a
 * query reads it, views, joins, sub-queries and counts included. So no query can forget it, and none has to know of it.
 */
export function readerWithin(client: StoreReader, reach: Reach): StoreReader {
  return readerOfRows(client, rowFilters(reach));
}

/** The same with the conditions themselves, by table (rowFilters). */
export function readerOfRows(client: StoreReader, rowsOf: Readonly<Record<string, string>>): StoreReader {
  const filters = Object.entries(rowsOf).map(([table, rows]) => `${literal(table)}: ${literal(rows)}`);
  const setting = `additional_table_filters = {${filters.join(', ')}}`;
  const query = (asked: Parameters<StoreClient['query']>[0]) => {
    const between = /\bSETTINGS [\w\s=,]+$/.test(asked.query) ? ', ' : ' SETTINGS ';
    const clickhouse_settings = {
      ...asked.clickhouse_settings,
      // The list of ids is part of the text, which may be longer than the engine takes by default.
      max_query_size: String(MAX_QUERY_BYTES),
      // What it remembers of conditions must not be mixed up with what the same conditions find in all rows.
      use_query_condition_cache: 0 as const,
    };
    return client.query({ ...asked, query: `${asked.query}${between}${setting}`, clickhouse_settings });
  };
  return { query: query };
}

const MAX_QUERY_BYTES = 16_777_216;

/**
 * Which rows of each table are of the scope, as a condition on its columns. A table that is not of this list has a test fail.
 * @param nameOf a table as conditions name it, where another database is the one that is looked into.
 */
export function rowFilters(
  reach: Reach,
  nameOf: (table: string) => string = (table) => table,
): Readonly<Record<string, string>> {
  const { departments, systems, assets, sources, vendors } = reach;
  const placed = anyOf(
    isIn('department', departments),
    isIn('system', systems),
    isIn('asset', assets),
    isIn('source', sources),
    isIn('vendor', vendors),
  );
  const step = (field: string): string => `JSONExtractString(step, '${field}')`;
  const stepPlaced = anyOf(
    isIn(step('department'), departments),
    isIn(step('system'), systems),
    isIn(step('asset'), assets),
    isIn(step('source'), sources),
    isIn(step('vendor'), vendors),
  );
  const score = (kind: string, ids: ReadonlySet<string>): string => `scope = '${kind}' AND ${isIn('id', ids)}`;
  return {
    events: placed,
    event_slots: placed,
    // How many rows a day has is needed to know whether its sums hold.
    kept_days: '1',
    findings: placed,
    incidents: `notEmpty(findings) AND arrayAll(step -> ${stepPlaced}, JSONExtractArrayRaw(steps))`,
    triage: `finding IN (SELECT id FROM ${nameOf('findings')} WHERE ${placed})`,
    diffusion: anyOf(
      isIn('department', departments),
      isIn('system', systems),
      isIn('asset', assets),
      isIn('vendor', vendors),
    ),
    posture: anyOf(score('department', departments), score('system', systems), score('vendor', vendors)),
    asset_use: anyOf(isIn('department', departments), isIn('system', systems), isIn('asset', assets)),
    // Entries that were taken out are empty: they have to be there for the older ones to be gone.
    registry: `entry = '' OR (list = 'grants' AND ${isIn("JSONExtractString(entry, 'asset')", assets)})`,
    coverage: isIn('source', sources),
    coverage_doors: isIn('source', sources),
    coverage_segments: isIn('source', sources),
    // Of the platform as a whole.
    coverage_epochs: '1',
    coverage_ranges: '0',
    coverage_replays: '0',
    reports: '0',
    audit: '0',
    migrations: '0',
    holds: '0',
    seals: '0',
    sealed_blocks: '0',
    sealed_records: '0',
  };
}

function anyOf(...conditions: readonly string[]): string {
  return conditions.map((one) => `(${one})`).join(' OR ');
}

function isIn(column: string, ids: ReadonlySet<string>): string {
  return ids.size === 0 ? '0' : `${column} IN (${[...ids].map(literal).join(', ')})`;
}
