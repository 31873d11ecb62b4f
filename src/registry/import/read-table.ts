import { basename } from 'node:path';
import type { EntryInput } from '../change-set.ts';
import { parseEntry } from '../check.ts';
import { nearestName } from '../../nearest-name.ts';
import { faultOf, type EntryFault } from '../refusal.ts';
import { keyFieldOf, keyOf, type ListName } from '../schema.ts';
import { valueOfCell } from './cells.ts';
import { fieldOfHeader, headersOf } from './headers.ts';
import { placeField, withoutEmpty } from './place-field.ts';
import { tableRows, type TableRow } from './table-rows.ts';

/** A fault with its place in the file. */
export interface ImportFault extends EntryFault {
  /** Name of the file, without its folder. */
  file: string;
  line: number;
  /** Header of the column; '' for the row as a whole. */
  column: string;
}

export interface ImportedRow {
  list: ListName;
  key: string;
  entry: EntryInput;
  file: string;
  line: number;
}

export interface ImportedTable {
  rows: ImportedRow[];
  faults: ImportFault[];
  /** Header by field, for faults that are found later. */
  columns: ReadonlyMap<string, string>;
}

const MAX_ROWS = 1_000_000;
const MAX_FAULTS = 1_000;

interface Column {
  header: string;
  field: string;
}

/**
 * Reads a table of entries of one list. Columns that no cell fills are left as they are known; rows that are wrong by
 * themselves are told with line and column.
 * @param known what is known of a name now: fields without a column are taken from there.
 */
export async function readTable(
  path: string,
  list: ListName,
  known: (key: string) => readonly EntryInput[],
  onProgress: (progress: number, rows: number) => void = () => undefined,
): Promise<ImportedTable> {
  const file = basename(path);
  const rows: ImportedRow[] = [];
  const faults: ImportFault[] = [];
  let columns: (Column | undefined)[] | undefined;
  for await (const row of tableRows(path)) {
    if (columns === undefined) {
      columns = columnsOf(file, list, row, faults);
      if (faults.length > 0) break;
      continue;
    }
    if (rows.length >= MAX_ROWS || faults.length >= MAX_FAULTS) break;
    takeRow({ file, list, row, columns, known, rows, faults });
    onProgress(row.progress, rows.length);
  }
  if (columns === undefined)
    faults.push(wholeFile(file, list, 1, 'the file has no rows; the first one names the columns'));
  if (rows.length >= MAX_ROWS)
    faults.push(wholeFile(file, list, MAX_ROWS, `more than ${MAX_ROWS} rows; split the file`));
  const named = (columns ?? []).flatMap((column) =>
    column === undefined ? [] : [[column.field, column.header] as const],
  );
  return { rows, faults, columns: new Map(named) };
}

function columnsOf(file: string, list: ListName, row: TableRow, faults: ImportFault[]): (Column | undefined)[] {
  const columns = row.cells.map((cell) => {
    const header = String(cell ?? '').trim();
    if (header === '') return undefined;
    const field = fieldOfHeader(list, header);
    if (field !== undefined) return { header, field };
    const remedy = `no column of ${list} is called so${nearestName(header, headersOf(list))}`;
    faults.push({ file, line: row.line, column: header, list, id: '', field: header, value: header, remedy });
    return undefined;
  });
  const key = keyFieldOf(list);
  if (!columns.some((column) => column?.field === key))
    faults.push(wholeFile(file, list, row.line, `no column is ${key}; the first row must name the columns`));
  return columns;
}

function takeRow(parts: {
  file: string;
  list: ListName;
  row: TableRow;
  columns: readonly (Column | undefined)[];
  known: (key: string) => readonly EntryInput[];
  rows: ImportedRow[];
  faults: ImportFault[];
}): void {
  const { file, list, row, columns, known, rows, faults } = parts;
  const stated: Record<string, unknown> = {};
  for (const [at, column] of columns.entries())
    if (column !== undefined) placeField(stated, column.field, valueOfCell(list, column.field, row.cells[at]));
  const key = keyOf(list, stated);
  const before = known(key);
  const entry = before.length === 1 ? merged(before[0]!, stated) : withoutEmpty(stated);
  const { problems } = parseEntry(list, entry);
  for (const problem of problems) {
    const fault = faultOf(problem, entry);
    faults.push({ ...fault, file, line: row.line, column: headerOf(columns, fault.field) });
  }
  if (problems.length === 0) rows.push({ list, key, entry, file, line: row.line });
}

/** A field with an empty cell is not stated any more; one without a column stays. */
function merged(before: EntryInput, stated: Readonly<Record<string, unknown>>): EntryInput {
  return withoutEmpty({ ...before, ...stated });
}

/** The column of a field, or of what the field is a part of. */
function headerOf(columns: readonly (Column | undefined)[], field: string): string {
  const parts = field.split('.');
  for (let length = parts.length; length > 0; length--) {
    const name = parts.slice(0, length).join('.');
    const column = columns.find((one) => one?.field === name);
    if (column !== undefined) return column.header;
  }
  return '';
}

function wholeFile(file: string, list: ListName, line: number, remedy: string): ImportFault {
  return { file, line, column: '', list, id: '', field: '', value: undefined, remedy };
}
