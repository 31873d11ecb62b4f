import type { StoreClient } from './client.ts';
import { insertRows } from './insert-rows.ts';

/** A table that rows of small records go into, and how a record becomes its row. */
export interface TableOf<T> {
  table: string;
  rowOf: (record: T) => object;
}

/** Puts records into a table of the store; one that is written twice is one. */
export class TableWriter<T> {
  readonly #client: StoreClient;
  readonly #into: TableOf<T>;
  readonly #onFailure: (error: Error, attempt: number) => void;
  readonly #ended = new AbortController();

  constructor(
    client: StoreClient,
    into: TableOf<T>,
    onFailure: (error: Error, attempt: number) => void = () => undefined,
  ) {
    this.#client = client;
    this.#into = into;
    this.#onFailure = onFailure;
  }

  /**
   * Resolves when the records are durable; while the store is away it tries again.
   * @throws the store's error when it refuses them for good, or when stopped.
   */
  async write(records: readonly T[]): Promise<void> {
    if (records.length === 0) return;
    const { table, rowOf } = this.#into;
    await insertRows(this.#client, table, records.map(rowOf), this.#ended.signal, this.#onFailure);
  }

  stop(): void {
    this.#ended.abort();
  }
}
