import type { Event } from '../event/event.ts';
import { readStoredBlocks, STORED_AS_BLOCK, STORED_COLUMNS } from '../event/stored-blocks.ts';
import type { StoreClient } from './client.ts';

/** Ingest times from ≤ time < to, ms since the Unix epoch, and how many events they hold, repeats included. */
export interface Slice {
  from: number;
  to: number;
  count: number;
}

const STEP_MS = 10_000;
const SLICE_EVENTS = 200_000;

const COUNTS = `SELECT intDiv(toUnixTimestamp64Milli(ingest_time), {step:Int64}) * {step:Int64} AS at, count() AS count
  FROM events WHERE ingest_time >= fromUnixTimestamp64Milli({from:Int64}) AND ingest_time < fromUnixTimestamp64Milli({to:Int64})
  GROUP BY at ORDER BY at`;

const EVENTS = `SELECT ${STORED_AS_BLOCK} FROM
  (SELECT ${STORED_COLUMNS} FROM events
   WHERE ingest_time >= fromUnixTimestamp64Milli({from:Int64}) AND ingest_time < fromUnixTimestamp64Milli({to:Int64})
   ORDER BY ingest_time, sequence, id)`;

/** Cuts a range of ingest time into slices that fit into memory, in order. */
export async function slicesOf(client: StoreClient, from: number, to: number): Promise<Slice[]> {
  const result = await client.query({
    query: COUNTS,
    query_params: { from, to, step: STEP_MS },
    format: 'JSONEachRow',
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  const steps = await result.json<{ at: number; count: number }>();
  return packed(
    steps.map(({ at, count }) => ({ from: Math.max(from, at), to: Math.min(to, at + STEP_MS), count })),
    SLICE_EVENTS,
  );
}

/** Joins steps until a slice is full; a step that is too full by itself is cut into equal parts of time. */
export function packed(steps: readonly Slice[], most: number): Slice[] {
  const slices: Slice[] = [];
  for (const step of steps) {
    const last = slices.at(-1);
    if (last !== undefined && last.count + step.count <= most) {
      last.to = step.to;
      last.count += step.count;
    } else slices.push(...cut(step, most));
  }
  return slices;
}

function cut({ from, to, count }: Slice, most: number): Slice[] {
  const parts = Math.max(1, Math.min(to - from, Math.ceil(count / most)));
  const at = (n: number): number => from + Math.round(((to - from) * n) / parts);
  return Array.from({ length: parts }, (_, n) => ({ from: at(n), to: at(n + 1), count: Math.round(count / parts) }));
}

/** The events of a slice in the order in which they were taken in, each once. */
export async function eventsOf(client: StoreClient, { from, to }: Slice): Promise<Event[]> {
  const { stream } = await client.exec({
    query: EVENTS,
    query_params: { from, to },
    http_headers: { 'X-ClickHouse-Format': 'Native' },
  });
  const events = readStoredBlocks(Buffer.concat((await stream.toArray()) as Buffer[]));
  // Rows that were written twice have the same place in the order.
  return events.filter((event, n) => n === 0 || event.id !== events[n - 1]!.id);
}
