import type { Measured } from '../bench.ts';
import { verify } from '../bench.ts';
import { ask } from './expected.ts';
import type { FilledStore } from './filled.ts';
import { nameOf, SEARCHED_DAYS } from './filled.ts';

const LISTED = 12;

/** What a stored event takes: of days with text indexes, the rest of it, and the largest columns. */
export async function bytesPerEvent(store: FilledStore): Promise<Measured> {
  const searchedFrom = nameOf(store.days.at(-SEARCHED_DAYS)!);
  const [all] = await ask<{
    stored: number;
    bytes: number;
    text: number;
    textRows: number;
    parts: number;
    days: number;
  }>(
    store.client,
    `SELECT toFloat64(sum(rows)) AS stored, toFloat64(sum(bytes_on_disk)) AS bytes, toUInt32(count()) AS parts,
       toUInt32(uniqExact(partition)) AS days, toFloat64(sumIf(rows, partition >= {searchedFrom:String})) AS textRows,
       toFloat64(sumIf(bytes_on_disk, partition >= {searchedFrom:String})) AS text
     FROM system.parts WHERE database = currentDatabase() AND table = 'events' AND active`,
    { searchedFrom },
  );
  const { stored: rows, bytes, text, textRows, parts, days } = all!;
  const indexes = await ask<{ name: string; bytes: number }>(
    store.client,
    `SELECT name, toFloat64(data_compressed_bytes + marks_bytes) AS bytes FROM system.data_skipping_indices
     WHERE database = currentDatabase() AND table = 'events'`,
    {},
  );
  const columns = await ask<{ name: string; bytes: number }>(
    store.client,
    `SELECT column AS name, toFloat64(sum(column_data_compressed_bytes)) / sum(rows) AS bytes FROM system.parts_columns
     WHERE database = currentDatabase() AND table = 'events' AND active AND column_data_compressed_bytes > 0
     GROUP BY name ORDER BY bytes DESC LIMIT ${LISTED}`,
    {},
  );
  const [slots] = await ask<{ stored: number; bytes: number }>(
    store.client,
    `SELECT toFloat64(sum(rows)) AS stored, toFloat64(sum(bytes_on_disk)) AS bytes FROM system.parts
     WHERE database = currentDatabase() AND table = 'event_slots' AND active`,
    {},
  );
  verify(rows === store.year.events, `${rows} rows are stored of ${store.year.events} events`);
  verify(parts === days, `${parts} parts hold ${days} days`);
  const withText = text / textRows;
  return {
    value: withText,
    checked: `${rows} rows = events, each day in one part`,
    details: {
      'without text indexes': (bytes - text) / (rows - textRows),
      'with text indexes': withText,
      ...Object.fromEntries(
        indexes.map(({ name, bytes: size }) => [`index ${name}`, size / (name.startsWith('words_') ? textRows : rows)]),
      ),
      ...Object.fromEntries(columns.map(({ name, bytes: size }) => [`column ${name}`, size])),
      'rows of event_slots': slots!.stored,
      'event_slots, bytes an event': slots!.bytes / rows,
    },
  };
}
