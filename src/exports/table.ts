/** What stands in a cell; null where there is nothing to say. Times are ms since the Unix epoch; a bigint is what no number holds. */
export type Cell = string | number | bigint | boolean | null;

/** `unsigned` is a whole number up to 2⁶⁴ - 1, `integer` one from -2⁶³ on. */
export type CellType = 'text' | 'integer' | 'unsigned' | 'number' | 'time' | 'flag';

export interface TableColumn {
  name: string;
  type: CellType;
}

/** Rows as they come, some thousand at a time, each with a cell for every column. */
export interface Table {
  columns: readonly TableColumn[];
  rows: AsyncIterable<readonly (readonly Cell[])[]>;
}

/** A column, and how its cell is taken from a record. */
export interface ColumnFrom<Row> extends TableColumn {
  of: (row: Row) => unknown;
}

/** The cells of a record. What can not stand in a file of any format (NUL, half a surrogate pair) has a sign in its place. */
export function cellsOf<Row>(columns: readonly ColumnFrom<Row>[], row: Row): Cell[] {
  return columns.map(({ type, of }) => cellOf(type, of(row)));
}

function cellOf(type: CellType, value: unknown): Cell {
  if (value === undefined || value === null) return null;
  if (type === 'text') return plainText(typeof value === 'string' ? value : JSON.stringify(value));
  if (type === 'flag') return typeof value === 'boolean' ? value : null;
  // A number that is masked has a pseudonym, which is none.
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function plainText(text: string): string {
  const formed = text.isWellFormed() ? text : text.toWellFormed();
  return formed.includes('\0') ? formed.replaceAll('\0', '\u2400') : formed;
}
