import type { Recorded } from '../registry/history.ts';
import type { StoreClient } from './client.ts';
import { insertRows } from './insert-rows.ts';
import { rowsOfVersion } from './registry-rows.ts';

const ROWS_PER_INSERT = 10_000;

/** Puts versions of the registry into the store; one that is written twice is one. */
export class RegistryWriter {
  readonly #client: StoreClient;
  readonly #timeZone: string;
  readonly #ended = new AbortController();

  constructor(client: StoreClient, timeZone: string) {
    this.#client = client;
    this.#timeZone = timeZone;
  }

  /** When the last version that the store has was recorded, ms since the epoch; 0 when it has none. */
  async lastRecordedAt(): Promise<number> {
    const query = 'SELECT toUnixTimestamp64Milli(max(recorded_at)) AS at FROM registry';
    const result = await this.#client.query({ query, format: 'JSONEachRow' });
    const [row] = await result.json<{ at: string | number }>();
    return Math.max(0, Number(row?.at ?? 0));
  }

  /** Resolves when the versions are durable; while the store is away it tries again. @throws when stopped or refused. */
  async write(versions: readonly Recorded[]): Promise<void> {
    const rows = versions.flatMap((version) => rowsOfVersion(version, this.#timeZone));
    for (let from = 0; from < rows.length; from += ROWS_PER_INSERT)
      await insertRows(this.#client, 'registry', rows.slice(from, from + ROWS_PER_INSERT), this.#ended.signal);
  }

  stop(): void {
    this.#ended.abort();
  }
}
