import { withIntegrity, type RecordIntegrity } from '../event/ocsf-integrity.ts';
import type { OcsfObject } from '../event/ocsf.ts';
import { cellsOf, plainText, type Cell, type Table, type TableColumn } from './table.ts';
import { columnsOf, type RecordOf } from './columns.ts';
import type { ExportKind, ExportProgress, ExportQuery, ExportWish } from './export-job.ts';
import { csv } from './formats/csv.ts';
import { fittingText, xlsx } from './formats/xlsx.ts';
import { parquet } from './formats/parquet.ts';
import { jsonLine, ndjson } from './formats/ndjson.ts';
import { OCSF_OF } from './ocsf-records.ts';
import { canonicalRow, RowsDigest } from './rows-digest.ts';
import { writeWhole, type FileLimits } from './whole-file.ts';
import { ZoneTimes } from './zone-time.ts';

/** A record, and by what it can be checked; undefined while it is not sealed. */
export interface CheckableRecord<Row> {
  record: Row;
  integrity: RecordIntegrity | undefined;
}

/** What an export is made of. */
export interface ExportSources {
  /** Records of a query as they are stored, some thousand at a time. */
  records: <Kind extends ExportKind>(
    query: Extract<ExportQuery, { of: Kind }>,
  ) => AsyncIterable<readonly RecordOf[Kind][]>;
  /** The same records with their seals, which lines of OCSF carry. */
  sealed: <Kind extends ExportKind>(
    query: Extract<ExportQuery, { of: Kind }>,
  ) => AsyncIterable<readonly CheckableRecord<RecordOf[Kind]>[]>;
  /** Puts pseudonyms in the place of personal information. */
  mask: <T>(data: T) => T;
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
  const columns = wish.format === 'ndjson' ? LINE : columnsOf(wish.query.of, wish.columns).map(headOf);
  const cut = { count: 0 };
  const span = new TakenIn();
  const records: ExportSources['records'] = (query) => span.over(query.of, sources.records(query), (row) => row);
  const sealed: ExportSources['sealed'] = (query) => span.over(query.of, sources.sealed(query), ({ record }) => record);
  const chunks = encoded(wish, { ...sources, records, sealed }, columns, taken, cut);
  const written = await writeWhole(path, chunks, sources.limits, (bytes) => tell({ bytes }));
  return { ...written, rows: digest.rows, rowsDigest: digest.hex(), columns, cut: cut.count, taken: span.times };
}

function encoded(
  wish: ExportWish,
  sources: ExportSources,
  columns: readonly TableColumn[],
  taken: (canonical: readonly string[]) => void,
  cut: { count: number },
): AsyncIterable<Uint8Array> {
  if (wish.format === 'ndjson') return ndjson(linesOf(wish.query, sources, taken));
  const table: Table = { columns, rows: rowsOf(wish, sources, taken, cut) };
  if (wish.format === 'parquet') return parquet(table);
  const times = new ZoneTimes(wish.zone);
  return wish.format === 'xlsx' ? xlsx(table, { times }) : csv(table, { times, bom: wish.bom });
}

async function* linesOf(
  query: ExportQuery,
  { sealed, mask }: ExportSources,
  taken: (canonical: readonly string[]) => void,
): AsyncGenerator<string[]> {
  const ocsf = OCSF_OF[query.of] as (record: unknown) => OcsfObject;
  for await (const batch of sealed(query)) {
    const lines = batch.map(({ record, integrity }) => {
      const masked = mask(ocsf(record));
      return jsonLine(integrity === undefined ? masked : withIntegrity(masked, integrity));
    });
    taken(lines.map((line) => `${Buffer.byteLength(line)}:${line}`));
    yield lines;
  }
}

async function* rowsOf(
  { query, columns: names, format }: ExportWish,
  { records, mask }: ExportSources,
  taken: (canonical: readonly string[]) => void,
  cut: { count: number },
): AsyncGenerator<Cell[][]> {
  const columns = columnsOf(query.of as 'events', names);
  for await (const batch of records<'events'>(query as Extract<ExportQuery, { of: 'events' }>)) {
    // Masked with all that stands in them: what a line says is personal is masked in the fields beside it too.
    const rows = batch.map((record) => cellsOf(columns, mask(record)));
    if (format === 'xlsx') for (const cells of rows) cut.count += fitInto(cells);
    taken(rows.map(canonicalRow));
    yield rows;
  }
}

/** By what a record is sealed: a passing with the event that it follows from. */
const TAKEN_AT: { [Kind in ExportKind]: (record: RecordOf[Kind]) => number } = {
  events: ({ ingestTime }) => ingestTime,
  findings: ({ causedAt }) => causedAt,
  audit: ({ at }) => at,
  sharing: ({ ingestTime }) => ingestTime,
};

/** Notes when the records were taken in that pass through. */
class TakenIn {
  times: [number, number] | null = null;

  async *over<Row>(
    of: ExportKind,
    batches: AsyncIterable<readonly Row[]>,
    recordOf: (row: Row) => unknown,
  ): AsyncGenerator<readonly Row[]> {
    const takenAt = TAKEN_AT[of] as (record: unknown) => number;
    for await (const batch of batches) {
      for (const row of batch) {
        const at = takenAt(recordOf(row));
        this.times ??= [at, at];
        if (at < this.times[0]) this.times[0] = at;
        if (at > this.times[1]) this.times[1] = at;
      }
      yield batch;
    }
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

function headOf({ name, type }: TableColumn): TableColumn {
  return { name: plainText(name), type };
}
