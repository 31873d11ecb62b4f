import { columnsLeft, readColumn } from './column-reader.ts';
import { writeColumns, writePlaces, writeRecordPlaces, type EventPlace, type RecordPlace } from './column-writer.ts';
import { BASE, COLUMNS, ENRICHED, PLACE } from './columns.ts';
import { emptyEvent, type Event } from './event.ts';
import { BatchInvalid, NativeReader } from './native-reader.ts';
import { NativeWriter } from './native-writer.ts';

export { BatchInvalid, type EventPlace, type RecordPlace };

/**
 * A batch of events is one block of ClickHouse's Native format: number of columns, number of rows, then each column with
 * its name, type and cells. So any ClickHouse can read the topic, and the store inserts the same bytes.
 *
 * A column in which every event has the "not stated" value is left out; a reader that names the columns it wants (as every
 * ClickHouse table does) gets defaults for them. Blocks of one stream may therefore have different columns: read them with
 * the structure given, not inferred from the first block.
 */
export interface EncodedBatch {
  bytes: Uint8Array;
  /** Where the columns begin that enrichment may rewrite. */
  baseEnd: number;
}

export interface DecodedBatch {
  events: Event[];
  baseEnd: number;
}

const MAX_ROWS = 65_536;
const MAX_COLUMNS = 1_000;

const ENRICHED_NAMES: ReadonlySet<string> = new Set(ENRICHED.map((column) => column.name));

/** Kept between calls: no call waits for anything, so none can meet another's bytes. */
const body = new NativeWriter();
const head = new NativeWriter(64);

/**
 * @param events at most 65,536.
 * @throws TypeError when an id is no UUID.
 */
export function encodeBatch(events: readonly Event[]): EncodedBatch {
  body.reset();
  const base = writeColumns(body, BASE, events);
  const bodyBase = body.position;
  const enriched = writeColumns(body, ENRICHED, events);
  const bytes = Buffer.from(block(base + enriched, events.length));
  return { bytes, baseEnd: bytes.length - (body.position - bodyBase) };
}

/**
 * @throws BatchInvalid naming column and place when the bytes are no such block. Columns that an event does not have are
 * skipped if their type is known.
 */
export function decodeBatch(bytes: Uint8Array): DecodedBatch {
  const reader = new NativeReader(bytes);
  const { columns, rows } = readHead(reader);
  const events: Event[] = [];
  for (let i = 0; i < rows; i++) events.push(emptyEvent());
  let baseEnd = 0;
  for (let i = 0; i < columns; i++) {
    const start = reader.position;
    const name = readColumn(reader, events);
    if (baseEnd === 0 && ENRICHED_NAMES.has(name)) baseEnd = start;
  }
  if (reader.left > 0) reader.fail(`${reader.left} bytes follow the block`);
  return { events, baseEnd: baseEnd === 0 ? bytes.length : baseEnd };
}

/**
 * The block that the store inserts for a whole record: its base columns as they are, the enriched ones as the events have
 * them now, and the place of each event.
 * @param events all events of the record, in its order.
 * @returns bytes that the next call of any function here writes over.
 */
export function storeBlock(
  bytes: Uint8Array,
  baseEnd: number,
  events: readonly Event[],
  place: RecordPlace,
): Uint8Array {
  const reader = new NativeReader(bytes);
  const { columns, rows } = readHead(reader);
  const baseStart = reader.position;
  if (rows !== events.length) reader.fail(`${rows} rows, but ${events.length} events are given`);
  reader.skip(baseEnd - baseStart);
  const base = columns - columnsLeft(reader, rows);
  body.reset();
  body.raw(bytes.subarray(baseStart, baseEnd));
  const enriched = writeColumns(body, ENRICHED, events);
  writeRecordPlaces(body, place, rows);
  return block(base + enriched + PLACE.length, rows);
}

/**
 * The block that the store inserts for events that are not a whole record. `places` has one place per event.
 * @returns bytes that the next call of any function here writes over.
 */
export function encodeRows(events: readonly Event[], places: readonly EventPlace[]): Uint8Array {
  body.reset();
  const columns = writeColumns(body, COLUMNS, events);
  writePlaces(body, places);
  return block(columns + PLACE.length, events.length);
}

/** What is in `body`, with the head of a block before it, until it is written over. */
function block(columns: number, rows: number): Buffer {
  if (rows > MAX_ROWS) throw new RangeError(`${rows} events are too many for a batch, at most ${MAX_ROWS}`);
  head.reset();
  head.varint(columns);
  head.varint(rows);
  return body.viewAfter(head);
}

function readHead(reader: NativeReader): { columns: number; rows: number } {
  const columns = reader.varint();
  const rows = reader.varint();
  if (columns > MAX_COLUMNS) reader.fail(`${columns} columns are too many, at most ${MAX_COLUMNS}`);
  if (rows > MAX_ROWS) reader.fail(`${rows} rows are too many, at most ${MAX_ROWS}`);
  if (rows > reader.left) reader.fail(`${rows} rows can not be in ${reader.left} bytes`);
  return { columns, rows };
}
