import type { Cell, Table, TableColumn } from './table.ts';
import type { ExportProgress, ExportWish, SqlQuery } from './export-job.ts';
import { csv } from './formats/csv.ts';
import { fittingText, xlsx } from './formats/xlsx.ts';
import { parquet } from './formats/parquet.ts';
import { ndjson } from './formats/ndjson.ts';
import { columnsOfRecords, linesOfRecords, rowsOfRecords, TakenIn, type RecordSources } from './record-contents.ts';
import { columnsOfResult, linesOfResult, rowsOfResult, type SqlResult } from './result-contents.ts';
import { canonicalRow, RowsDigest } from './rows-digest.ts';
import { writeWhole, type FileLimits } from './whole-file.ts';
import { ZoneTimes } from './zone-time.ts';

/** What an export is made of. */
export interface ExportSources extends RecordSources {
  /** Runs a query that somebody wrote. */
  sql: (query: SqlQuery) => Promise<SqlResult>;
  limits: FileLimits;
  onProgress: (progress: ExportProgress) => void;
}

export interface ExportFile {
  rows: number;
  bytes: number;
  sha256: string;
  rowsDigest: string;
  columns: readonly TableColumn[];
  cut: number;
  /** When the first and the last of the records were taken in, as seals count time; null when there are none. */
  taken: readonly [number, number] | null;
  /** When the query in SQL was run that it is the result of, ms since the Unix epoch. */
  ranAt?: number;
}

/** What a file is made of: cells for every column, or lines. */
interface Contents {
  columns: readonly TableColumn[];
  rows: AsyncIterable<Cell[][]>;
  lines: AsyncIterable<string[]>;
  ranAt?: number;
}

/** NDJSON has whole records, one in a line; its canonical row is the line. */
const LINE: readonly TableColumn[] = [{ name: 'line', type: 'text' }];

/** Writes the file of an export: reads, masks, encodes and writes one batch after the other. @throws ExportFault */
export async function runExport(path: string, wish: ExportWish, sources: ExportSources): Promise<ExportFile> {
  const digest = new RowsDigest();
  const progress: ExportProgress = { rows: 0, bytes: 0 };
  const tell = (some: Partial<ExportProgress>): void => sources.onProgress(Object.assign(progress, some));
  const taken = (canonical: readonly string[]): void => {
    for (const row of canonical) digest.add(row);
    tell({ rows: digest.rows });
  };
  const cut = { count: 0 };
  const span = new TakenIn();
  const { columns, ranAt, ...contents } = await contentsOf(wish, sources, span);
  const chunks =
    wish.format === 'ndjson'
      ? ndjson(countedLines(contents.lines, taken))
      : encoded(wish, { columns, rows: countedRows(contents.rows, wish, taken, cut) });
  const written = await writeWhole(path, chunks, sources.limits, (bytes) => tell({ bytes }));
  return {
    ...{ ...written, rows: digest.rows, rowsDigest: digest.hex(), cut: cut.count, taken: span.times },
    ...{ columns: wish.format === 'ndjson' ? LINE : columns, ...(ranAt !== undefined && { ranAt }) },
  };
}

/** Of the two forms, the one that the format does not have is never read. */
async function contentsOf({ query, columns }: ExportWish, sources: ExportSources, span: TakenIn): Promise<Contents> {
  if (query.of !== 'sql')
    return {
      columns: columnsOfRecords(query, columns),
      ...{ rows: rowsOfRecords(query, columns, sources, span), lines: linesOfRecords(query, sources, span) },
    };
  const result = await sources.sql(query);
  const named = columnsOfResult(result.columns);
  return {
    ...{ columns: named, ranAt: result.ranAt },
    ...{ rows: rowsOfResult(named, result), lines: linesOfResult(named, result) },
  };
}

function encoded(wish: ExportWish, table: Table): AsyncIterable<Uint8Array> {
  if (wish.format === 'parquet') return parquet(table);
  const times = new ZoneTimes(wish.zone);
  return wish.format === 'xlsx' ? xlsx(table, { times }) : csv(table, { times, bom: wish.bom });
}

async function* countedLines(
  batches: AsyncIterable<string[]>,
  taken: (canonical: readonly string[]) => void,
): AsyncGenerator<string[]> {
  for await (const lines of batches) {
    taken(lines.map((line) => `${Buffer.byteLength(line)}:${line}`));
    yield lines;
  }
}

async function* countedRows(
  batches: AsyncIterable<Cell[][]>,
  { format }: ExportWish,
  taken: (canonical: readonly string[]) => void,
  cut: { count: number },
): AsyncGenerator<Cell[][]> {
  for await (const rows of batches) {
    if (format === 'xlsx') for (const cells of rows) cut.count += fitInto(cells);
    taken(rows.map(canonicalRow));
    yield rows;
  }
}

/** Cuts what is too long for a cell of a spreadsheet. @returns how many were */
function fitInto(cells: Cell[]): number {
  let count = 0;
  for (const [n, cell] of cells.entries()) {
    if (typeof cell !== 'string') continue;
    const fitting = fittingText(cell);
    if (fitting !== cell) count++;
    cells[n] = fitting;
  }
  return count;
}
