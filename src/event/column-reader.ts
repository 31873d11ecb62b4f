import { COLUMNS, type Column, type ColumnKind, type ColumnOf } from './columns.ts';
import type { Event } from './event.ts';
import type { NativeReader } from './native-reader.ts';
import { skipColumn } from './native-skip.ts';

const BY_NAME: ReadonlyMap<string, Column> = new Map(COLUMNS.map((column) => [column.name, column]));
const NAME_MAX_BYTES = 1_000;

/**
 * Reads one column into the events; one that an event does not have is skipped.
 * @returns the column's name.
 * @throws BatchInvalid
 */
export function readColumn(reader: NativeReader, events: readonly Event[]): string {
  const { name, type } = readColumnHead(reader);
  const column = BY_NAME.get(name);
  if (column === undefined) skipColumn(reader, type, events.length);
  else if (column.type !== type) reader.fail(`type ${type} instead of ${column.type}`);
  else readCells(reader, column, events);
  return name;
}

/** How many columns follow, up to the end of the bytes. */
export function columnsLeft(reader: NativeReader, rows: number): number {
  let columns = 0;
  for (; reader.left > 0; columns++) skipColumn(reader, readColumnHead(reader).type, rows);
  return columns;
}

function readColumnHead(reader: NativeReader): { name: string; type: string } {
  reader.column = '';
  const name = readName(reader);
  reader.column = name;
  return { name, type: readName(reader) };
}

function readName(reader: NativeReader): string {
  const name = reader.string();
  return name.length > NAME_MAX_BYTES ? reader.fail(`a name of ${name.length} characters`) : name;
}

function readCells(reader: NativeReader, column: Column, events: readonly Event[]): void {
  switch (column.kind) {
    case 'string':
      for (const event of events) column.set(event, reader.string());
      return;
    case 'uuid':
      for (const event of events) column.set(event, reader.uuid());
      return;
    case 'flag':
      for (const event of events) column.set(event, reader.uint8() !== 0);
      return;
    case 'strings':
    case 'pairs':
      return readLists(reader, column, events);
    default:
      for (const event of events) column.set(event, readNumber(reader, column.kind));
  }
}

function readNumber(reader: NativeReader, kind: ColumnKind): number {
  if (kind === 'count') return reader.uint64();
  if (kind === 'time') return reader.time();
  return kind === 'code' ? reader.uint32() : reader.uint8();
}

/** Ends and elements; a map has its names and then its values, which take turns in an event. */
function readLists(
  reader: NativeReader,
  column: ColumnOf<'strings'> | ColumnOf<'pairs'>,
  events: readonly Event[],
): void {
  const stride = column.kind === 'pairs' ? 2 : 1;
  const ends = reader.ends(events.length, stride);
  const lists: string[][] = [];
  for (let row = 0, at = 0; row < events.length; row++) {
    const list: string[] = [];
    for (const end = ends[row]!; at < end; at++)
      if (stride === 1) list.push(reader.string());
      else list.push(reader.string(), '');
    lists.push(list);
  }
  if (stride === 2) for (const list of lists) for (let i = 1; i < list.length; i += 2) list[i] = reader.string();
  for (let row = 0; row < events.length; row++) if (lists[row]!.length > 0) column.set(events[row]!, lists[row]!);
}
