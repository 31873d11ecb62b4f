import { describe, expect, it } from 'vitest';
import { COLUMNS } from '../../src/event/columns.ts';
import type { Event } from '../../src/event/event.ts';
import { ExportQueries } from '../../src/store/export-queries.ts';
import type { StoreReader } from '../../src/store/reader.ts';

const FROM = Date.UTC(2026, 10, 1);
const ALL = 900;
const filter = { from: FROM, to: FROM + ALL, zone: 'UTC', asOf: FROM + ALL };

/** An event each millisecond, whose line is so long. */
function rowAt(at: number, length: number): Record<string, unknown> & { time: string } {
  const time = new Date(at).toISOString().slice(0, -1).replace('T', ' ');
  const values = COLUMNS.map(({ name, kind }) => [name, kind === 'time' ? time : kind === 'pairs' ? {} : '']);
  return { ...(Object.fromEntries(values) as object), id: String(at), time, raw: 'x'.repeat(length) };
}

interface Asked {
  query: string;
  query_params: Record<string, number>;
}

/** A store with these events that gives no more of them than `fitting` in one answer. */
function storeOf(length: number, fitting: number): StoreReader & { asked: number } {
  const store = {
    asked: 0,
    async query({ query, query_params: { most, afterTime = FROM - 1 } }: Asked) {
      if (query.includes('GROUP BY slot')) return { json: async () => [{ slot: 0, events: ALL }] };
      store.asked++;
      const rows = Array.from({ length: ALL }, (_, n) => FROM + n).filter((at) => at > afterTime).slice(0, most); // prettier-ignore
      if (rows.length > fitting) throw Object.assign(new Error('too large'), { code: '396' });
      const lines = rows.map((at) => rowAt(at, length)).map((row) => ({ text: JSON.stringify(row), json: () => row }));
      async function* inParts() {
        for (let n = 0; n < lines.length; n += 7) yield lines.slice(n, n + 7);
      }
      return { stream: inParts };
    },
  };
  return store as unknown as StoreReader & { asked: number };
}

async function batchesOf(reader: StoreReader): Promise<Event[][]> {
  const batches: Event[][] = [];
  for await (const batch of new ExportQueries(reader).events(filter)) batches.push(batch);
  return batches;
}

function timesIn(batches: readonly Event[][]): number[] {
  return batches.flat().map(({ time }) => time);
}

const everyTime = Array.from({ length: ALL }, (_, n) => FROM + n);

describe('the events of an export', () => {
  it('come once each and in order, when less of them than were asked for fit into one answer', async () => {
    const store = storeOf(10, 250);
    expect(timesIn(await batchesOf(store))).toEqual(everyTime);
    expect(store.asked).toBeLessThan(30);
  });

  it('come in few when their lines are long, so that they fit into memory', async () => {
    const batches = await batchesOf(storeOf(100_000, ALL));
    expect(timesIn(batches)).toEqual(everyTime);
    expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThan(60);
  });

  it('end with the error of the store when not even one fits', async () => {
    await expect(batchesOf(storeOf(10, 0))).rejects.toThrow('too large');
  });
});
