import { readColumn } from './column-reader.ts';
import { COLUMNS } from './columns.ts';
import { emptyEvent, type Event } from './event.ts';
import { NativeReader } from './native-reader.ts';

/** What detectors never look at, and the largest of all columns. */
const LEFT_OUT = 'raw';

/** The columns of a stored event in the types of an event's own blocks, for a SELECT around one of `STORED_COLUMNS`. */
export const STORED_AS_BLOCK = columns((name, kind, type) =>
  kind === 'string' ? `CAST(\`${name}\` AS ${type}) AS \`${name}\`` : `\`${name}\``,
);

export const STORED_COLUMNS = columns((name) => `\`${name}\``);

/**
 * Reads the answer to a SELECT of `STORED_AS_BLOCK` in ClickHouse's Native format: any number of blocks, one after the
 * other. `raw` stays ''.
 * @throws BatchInvalid
 */
export function readStoredBlocks(bytes: Uint8Array): Event[] {
  const reader = new NativeReader(bytes);
  const all: Event[] = [];
  while (reader.left > 0) {
    const columnCount = reader.varint();
    const rows = reader.varint();
    if (rows > 0 && columnCount === 0) reader.fail(`${rows} rows of no columns`);
    if (rows > reader.left) reader.fail(`${rows} rows can not be in ${reader.left} bytes`);
    const events = Array.from({ length: rows }, emptyEvent);
    for (let i = 0; i < columnCount; i++) readColumn(reader, events);
    for (const event of events) all.push(event);
  }
  return all;
}

function columns(textOf: (name: string, kind: string, type: string) => string): string {
  return COLUMNS.filter(({ name }) => name !== LEFT_OUT)
    .map(({ name, kind, type }) => textOf(name, kind, type))
    .join(', ');
}
