import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { Cell, CellType, Table, TableColumn } from '../table.ts';

/** Rows are written in groups, which are whole in memory: so many, or fewer that are long. */
const GROUP_ROWS = 50_000;
const GROUP_CHARACTERS = 8_000_000;

const UTC = { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' } as const;
const TYPES: Readonly<Record<CellType, Omit<SchemaElement, 'name'>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  integer: { type: 'INT64' },
  unsigned: { type: 'INT64', converted_type: 'UINT_64' },
  number: { type: 'DOUBLE' },
  time: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', logical_type: UTC },
  flag: { type: 'BOOLEAN' },
};

/** Apache Parquet, compressed with Snappy: whole numbers as INT64, times as TIMESTAMP in UTC, nothing as null. */
export async function* parquet({ columns, rows }: Table, groupRows = GROUP_ROWS): AsyncGenerator<Buffer> {
  const writer = new ByteWriter();
  const schema: SchemaElement[] = [
    { name: 'root', num_children: columns.length },
    ...columns.map(({ name, type }) => ({ ...TYPES[type], name, repetition_type: 'OPTIONAL' as const })),
  ];
  const file = new ParquetWriter({ writer, schema, createdBy: 'wanglou' });
  /** What was written since the last time; its place is used again. */
  const taken = (): Buffer => {
    const bytes = Buffer.from(writer.getBytes());
    writer.index = 0;
    return bytes;
  };
  let group: (readonly Cell[])[] = [];
  let characters = 0;
  for await (const batch of rows)
    for (const cells of batch) {
      group.push(cells);
      for (const cell of cells) if (typeof cell === 'string') characters += cell.length;
      if (group.length < groupRows && characters < GROUP_CHARACTERS) continue;
      yield groupOf(file, columns, group, taken);
      [group, characters] = [[], 0];
    }
  if (group.length > 0) yield groupOf(file, columns, group, taken);
  await file.finish();
  yield taken();
}

function groupOf(
  file: ParquetWriter,
  columns: readonly TableColumn[],
  rows: readonly (readonly Cell[])[],
  taken: () => Buffer,
): Buffer {
  const columnData = columns.map(({ name, type }, n) => ({
    name,
    data: rows.map((cells) => valueOf(type, cells[n]!)),
    // What is known of each group stays in memory to the end: of times alone, by which readers leave groups out.
    ...{ statistics: type === 'time', offsetIndex: false },
  }));
  void file.write({ columnData, rowGroupSize: rows.length });
  return taken();
}

function valueOf(type: CellType, cell: Cell): unknown {
  if (cell === null) return undefined;
  if (type === 'integer' || type === 'unsigned')
    return typeof cell === 'bigint' ? cell : BigInt(Math.trunc(cell as number));
  return type === 'time' ? new Date(cell as number) : cell;
}
