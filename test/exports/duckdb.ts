import { DuckDBInstance } from '@duckdb/node-api';
import { rmSync } from 'node:fs';
import type { ExportFormat } from '../../src/exports/export-job.ts';
import type { TableColumn } from '../../src/exports/table.ts';
import { writePlainCsv } from './xlsx-reader.ts';

/** What another program makes of a file: as docs/exports.md says how. */
export interface Opened {
  rows: number;
  digest: string;
}

type Format = ExportFormat | 'plain-csv';

/** Opens an exported file with DuckDB and computes its rows and their digest there. */
export async function openInDuckDb(path: string, format: Format, columns: readonly TableColumn[]): Promise<Opened> {
  if (format === 'xlsx') return openXlsx(path, columns);
  const cells = columns.map(({ name, type }) => cellSql(`"${name}"`, type, format));
  const canonical = cells.map((cell) => `strlen(${cell}) || ':' || ${cell}`).join(' || ');
  const lane = (n: number): string => `sum(('0x' || substr(d, ${n * 15 + 1}, 15))::BIGINT)`;
  const [row] = await queried(`
    SELECT count(*)::VARCHAR AS rows, sha256(concat_ws(',', count(*), ${[0, 1, 2, 3].map((n) => `coalesce(${lane(n)}, 0)`).join(', ')})) AS digest
    FROM (SELECT sha256(${canonical}) AS d FROM ${tableOf(path, format)})`);
  return { rows: Number(row!['rows']), digest: String(row!['digest']) };
}

/** DuckDB takes spreadsheets with an extension that it fetches elsewhere: here it gets their cells as they stand in the XML. */
async function openXlsx(path: string, columns: readonly TableColumn[]): Promise<Opened> {
  const plain = `${path}.plain.csv`;
  try {
    const rows = await writePlainCsv(path, columns, plain);
    const opened = await openInDuckDb(plain, 'plain-csv', columns);
    return { ...opened, rows };
  } finally {
    rmSync(plain, { force: true });
  }
}

/** Rows of the file as DuckDB reads them, for a SELECT over `t`. */
export function readInDuckDb(path: string, format: Format, select: string): Promise<Record<string, unknown>[]> {
  return queried(`WITH t AS (SELECT * FROM ${tableOf(path, format)}) ${select}`);
}

async function queried(sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '2GB' });
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function tableOf(path: string, format: Format): string {
  if (format === 'parquet') return `read_parquet('${path}')`;
  if (format === 'ndjson')
    return `read_csv('${path}', header = false, delim = '\x01', quote = '', escape = '', columns = {'line': 'VARCHAR'}, max_line_size = 20000000, buffer_size = 40000000)`;
  return `read_csv('${path}', header = true, all_varchar = true, delim = ',', quote = '"', escape = '"', max_line_size = 20000000, buffer_size = 40000000)`;
}

function cellSql(column: string, type: TableColumn['type'], format: Format): string {
  const cell = `coalesce(${column}::VARCHAR, '')`;
  if (type === 'time')
    return `coalesce(epoch_ms(${format === 'parquet' ? column : `nullif(${column}, '')::TIMESTAMPTZ`})::VARCHAR, '')`;
  if (type === 'number' && format === 'parquet') return `regexp_replace(${cell}, '\\.0$', '')`;
  if (type !== 'text' || format !== 'csv') return cell;
  return `regexp_replace(${cell}, '^''(''*[-=+@\\t\\r\\n\uff1d\uff0b\uff0d\uff20])', '\\1')`;
}
