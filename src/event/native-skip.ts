import type { NativeReader } from './native-reader.ts';

const FIXED_BYTES: Readonly<Record<string, number>> = {
  Bool: 1,
  Int8: 1,
  UInt8: 1,
  Enum8: 1,
  Int16: 2,
  UInt16: 2,
  Enum16: 2,
  Date: 2,
  BFloat16: 2,
  Int32: 4,
  UInt32: 4,
  Float32: 4,
  Date32: 4,
  DateTime: 4,
  IPv4: 4,
  Int64: 8,
  UInt64: 8,
  Float64: 8,
  DateTime64: 8,
  UUID: 16,
  IPv6: 16,
  Int128: 16,
  UInt128: 16,
  Int256: 32,
  UInt256: 32,
};

const MAX_DEPTH = 8;

/**
 * Moves over one column of a ClickHouse type that an event does not have.
 * @throws BatchInvalid when the type is not known or the bytes end early.
 */
export function skipColumn(reader: NativeReader, type: string, rows: number, depth = 0): void {
  if (depth > MAX_DEPTH) reader.fail(`type ${type} is nested too deeply`);
  const open = type.indexOf('(');
  const name = open < 0 ? type : type.slice(0, open);
  const inner = open < 0 || !type.endsWith(')') ? '' : type.slice(open + 1, -1);
  const fixed = name === 'FixedString' ? Number(inner) : FIXED_BYTES[name];
  if (fixed !== undefined && Number.isSafeInteger(fixed) && fixed >= 0) reader.skip(fixed * rows);
  else if (name === 'String') for (let i = 0; i < rows; i++) reader.skip(reader.varint());
  else skipNested(reader, name, inner, rows, depth);
}

function skipNested(reader: NativeReader, name: string, inner: string, rows: number, depth: number): void {
  if (name === 'Nullable') {
    reader.skip(rows);
    skipColumn(reader, inner, rows, depth + 1);
  } else if (name === 'Array' || name === 'Map') {
    const total = rows === 0 ? 0 : reader.lastEnd(rows);
    for (const part of partsOf(inner)) skipColumn(reader, part, total, depth + 1);
  } else reader.fail(`type ${name} is not known`);
}

/** Splits at the commas outside of parentheses. */
function partsOf(list: string): string[] {
  const parts: string[] = [];
  let from = 0;
  let depth = 0;
  for (let i = 0; i <= list.length; i++) {
    const character = list[i];
    if (character === '(') depth++;
    else if (character === ')') depth--;
    else if (character === undefined || (character === ',' && depth === 0)) {
      parts.push(list.slice(from, i).trim());
      from = i + 1;
    }
  }
  return parts;
}
