import { Readable } from 'node:stream';
import { cellsOf, type Cell, type ColumnFrom, type Table } from '../../src/exports/table.ts';
import { canonicalRow, RowsDigest } from '../../src/exports/rows-digest.ts';
import { HOSTILE } from './hostile-cells.ts';

export interface Row {
  text: string;
  other: string;
  count: number | null;
  share: number;
  at: number | null;
  flag: boolean;
}

export const COLUMNS: readonly ColumnFrom<Row>[] = [
  { name: 'text', type: 'text', of: ({ text }) => text },
  { name: 'other', type: 'text', of: ({ other }) => other },
  { name: 'count', type: 'integer', of: ({ count }) => count },
  { name: 'share', type: 'number', of: ({ share }) => share },
  { name: 'at', type: 'time', of: ({ at }) => at },
  { name: 'flag', type: 'flag', of: ({ flag }) => flag },
];

/** Every hostile cell, beside numbers and times at the ends of what there is. */
export const HOSTILE_ROWS: readonly Row[] = HOSTILE.map((text, n) => ({
  ...{ text, other: HOSTILE.at(-n)!, count: [0, -7, 9_007_199_254_740_991, null][n % 4]! },
  ...{ share: [0, 0.5, -12.25, 86][n % 4]!, flag: n % 2 === 0 },
  at: [Date.parse('1869-05-10T12:00:00.5Z'), 0, Date.parse('2026-11-26T09:00:00.123Z'), null][n % 4]!,
}));

/** A table of these cells, in batches of seven. */
export function tableOf(columns: Table['columns'], cells: readonly (readonly Cell[])[]): Table {
  async function* rows(): AsyncGenerator<readonly (readonly Cell[])[]> {
    for (let at = 0; at < cells.length; at += 7) yield cells.slice(at, at + 7);
  }
  return { columns, rows: rows() };
}

export function cells(rows: readonly Row[], columns = COLUMNS): Cell[][] {
  return rows.map((row) => cellsOf(columns, row));
}

export function digestOf(rows: readonly (readonly Cell[])[]): string {
  const digest = new RowsDigest();
  for (const row of rows) digest.add(canonicalRow(row));
  return digest.hex();
}

export async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat((await Readable.from(chunks).toArray()) as Buffer[]);
}
