import { PLACE, type Column, type ColumnKind, type ColumnOf } from './columns.ts';
import type { Event } from './event.ts';
import type { NativeWriter } from './native-writer.ts';

/** Where a record lies in the `events` topic. */
export interface RecordPlace {
  partition: number;
  offset: number;
}

/** Where an event lies: its record and its number in the record. */
export interface EventPlace extends RecordPlace {
  index: number;
}

/** 2299-12-31T23:59:59.999Z, the end of what DateTime64(3) can show. */
const MAX_TIME = 10_413_791_999_999;

/** The cells of the column that is being written, transposed. Kept, because no call waits for anything. */
const texts: string[] = [];
const numbers: number[] = [];
const lists: (readonly string[])[] = [];

/** Writes the columns in which any event states something; returns how many. */
export function writeColumns(body: NativeWriter, columns: readonly Column[], events: readonly Event[]): number {
  let written = 0;
  for (const column of columns) if (writeColumn(body, column, events)) written++;
  return written;
}

function writeColumn(body: NativeWriter, column: Column, events: readonly Event[]): boolean {
  switch (column.kind) {
    case 'string':
      return writeStrings(body, column, events);
    case 'uuid':
      return writeIds(body, column, events);
    case 'strings':
      return writeLists(body, column, events, 1);
    case 'pairs':
      return writeLists(body, column, events, 2);
    case 'flag':
      return writeFlags(body, column, events);
    default:
      return writeNumbers(body, column, events);
  }
}

function writeHead(body: NativeWriter, { name, type }: { name: string; type: string }): void {
  body.string(name);
  body.string(type);
}

function writeStrings(body: NativeWriter, column: ColumnOf<'string'>, events: readonly Event[]): boolean {
  const { get } = column;
  let stated = false;
  for (let i = 0; i < events.length; i++) if ((texts[i] = get(events[i]!)) !== '') stated = true;
  if (!stated) return false;
  writeHead(body, column);
  body.strings(texts, events.length);
  return true;
}

function writeIds(body: NativeWriter, column: ColumnOf<'uuid'>, events: readonly Event[]): true {
  writeHead(body, column);
  for (const event of events) body.uuid(column.get(event));
  return true;
}

function writeFlags(body: NativeWriter, column: ColumnOf<'flag'>, events: readonly Event[]): boolean {
  const { get } = column;
  if (!events.some((event) => get(event))) return false;
  writeHead(body, column);
  for (const event of events) body.uint8(get(event) ? 1 : 0);
  return true;
}

type NumberColumn = Extract<Column, { kind: 'time' | 'count' | 'code' | 'small' }>;

function writeNumbers(body: NativeWriter, column: NumberColumn, events: readonly Event[]): boolean {
  const { get } = column;
  let stated = false;
  for (let i = 0; i < events.length; i++) if ((numbers[i] = get(events[i]!)) !== 0) stated = true;
  if (!stated) return false;
  writeHead(body, column);
  for (let i = 0; i < events.length; i++) writeNumber(body, column.kind, numbers[i]!);
  return true;
}

function writeNumber(body: NativeWriter, kind: ColumnKind, value: number): void {
  if (kind === 'count') body.uint64(value);
  else if (kind === 'time') body.uint64(value, MAX_TIME);
  else if (kind === 'code') body.uint32(value);
  else body.uint8(value);
}

/** Lists of strings as ends and elements; `stride` 2 is a map: ends, names, values. */
function writeLists(
  body: NativeWriter,
  column: ColumnOf<'strings'> | ColumnOf<'pairs'>,
  events: readonly Event[],
  stride: 1 | 2,
): boolean {
  let stated = false;
  for (let i = 0; i < events.length; i++) if ((lists[i] = column.get(events[i]!)).length >= stride) stated = true;
  if (!stated) return false;
  writeHead(body, column);
  let end = 0;
  for (let i = 0; i < events.length; i++) body.uint64((end += Math.floor(lists[i]!.length / stride)));
  for (let first = 0; first < stride; first++)
    for (let i = 0; i < events.length; i++) writeElements(body, lists[i]!, first, stride);
  return true;
}

function writeElements(body: NativeWriter, list: readonly string[], first: number, stride: number): void {
  const end = list.length - stride;
  for (let i = first; i - first <= end; i += stride) body.string(list[i]!);
}

/** The columns of PLACE for a whole record. */
export function writeRecordPlaces(body: NativeWriter, { partition, offset }: RecordPlace, rows: number): void {
  const [partitions, offsets, indexes] = PLACE;
  writeHead(body, partitions);
  for (let i = 0; i < rows; i++) body.uint16(partition);
  writeHead(body, offsets);
  for (let i = 0; i < rows; i++) body.uint64(offset);
  writeHead(body, indexes);
  for (let i = 0; i < rows; i++) body.uint32(i);
}

/** The columns of PLACE for events of any records. */
export function writePlaces(body: NativeWriter, places: readonly EventPlace[]): void {
  const [partitions, offsets, indexes] = PLACE;
  writeHead(body, partitions);
  for (const { partition } of places) body.uint16(partition);
  writeHead(body, offsets);
  for (const { offset } of places) body.uint64(offset);
  writeHead(body, indexes);
  for (const { index } of places) body.uint32(index);
}
