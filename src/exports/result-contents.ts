import { jsonLine } from './formats/ndjson.ts';
import { plainText, type Cell, type CellType, type TableColumn } from './table.ts';

/** The result of a query in SQL as it comes. */
export interface SqlResult {
  /** With types in the engine's words: `Nullable(UInt64)`. */
  columns: readonly TypedColumn[];
  /** Masked, some thousand at a time. Whole numbers that no number holds are texts, times are ISO 8601 in UTC. */
  batches: AsyncIterable<readonly (readonly unknown[])[]>;
  /** ms since the Unix epoch. */
  ranAt: number;
}

interface TypedColumn {
  name: string;
  type: string;
}

const WRAPPER = /^(?:Nullable|LowCardinality)\((.*)\)$/;
/** Times finer than a millisecond, and whole numbers of more than 64 bits, are texts. */
const TYPES: readonly (readonly [RegExp, CellType])[] = [
  [/^Bool$/, 'flag'],
  [/^(?:U?Int(?:8|16|32)|Int64)$/, 'integer'],
  [/^UInt64$/, 'unsigned'],
  [/^(?:B?Float\d+|Decimal\(.*\))$/, 'number'],
  [/^DateTime(?:\('.*'\))?$/, 'time'],
  [/^DateTime64\([0-3](?:, '.*')?\)$/, 'time'],
];

/** Each name once: what has one that was there before gets a number. */
export function columnsOfResult(columns: readonly TypedColumn[]): TableColumn[] {
  const taken = new Set<string>();
  return columns.map(({ name: said, type }) => {
    const first = plainText(said);
    let name = first;
    for (let n = 2; taken.has(name); n++) name = `${first}_${n}`;
    taken.add(name);
    return { name, type: typeOf(type) };
  });
}

function typeOf(type: string): CellType {
  const inner = WRAPPER.exec(type)?.[1];
  if (inner !== undefined) return typeOf(inner);
  return TYPES.find(([pattern]) => pattern.test(type))?.[1] ?? 'text';
}

export async function* rowsOfResult(columns: readonly TableColumn[], { batches }: SqlResult): AsyncGenerator<Cell[][]> {
  for await (const batch of batches) yield batch.map((row) => row.map((value, n) => cellOf(columns[n]!.type, value)));
}

/** Each row as an object. */
export async function* linesOfResult(
  columns: readonly TableColumn[],
  { batches }: SqlResult,
): AsyncGenerator<string[]> {
  for await (const batch of batches)
    yield batch.map((row) => {
      // No prototype: a column may be called __proto__.
      const named = Object.create(null) as Record<string, unknown>;
      for (const [n, { name }] of columns.entries()) named[name] = row[n];
      return jsonLine(named);
    });
}

function cellOf(type: CellType, value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (type === 'text') return plainText(typeof value === 'string' ? value : JSON.stringify(value));
  if (type === 'time') return timeOf(value);
  if (typeof value === 'string') return type === 'flag' ? null : wholeOf(value);
  return typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/** A time that is masked has a pseudonym, which is none. */
function timeOf(value: unknown): number | null {
  const ms = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(ms) ? null : ms;
}

function wholeOf(text: string): bigint | null {
  return /^-?\d{1,20}$/.test(text) ? BigInt(text) : null;
}
