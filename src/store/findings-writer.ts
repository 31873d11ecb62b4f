import type { Finding } from '../finding/finding.ts';
import type { StoreClient } from './client.ts';
import { rowOfFinding } from './finding-rows.ts';
import { insertRows } from './insert-rows.ts';

/** Puts findings into the store; a revision that is written twice is one. */
export class FindingsWriter {
  readonly #client: StoreClient;
  readonly #onFailure: (error: Error, attempt: number) => void;
  readonly #ended = new AbortController();

  constructor(client: StoreClient, onFailure: (error: Error, attempt: number) => void = () => undefined) {
    this.#client = client;
    this.#onFailure = onFailure;
  }

  /**
   * Resolves when the findings are durable; while the store is away it tries again.
   * @throws the store's error when it refuses them for good, or when stopped.
   */
  async write(findings: readonly Finding[]): Promise<void> {
    if (findings.length === 0) return;
    await insertRows(this.#client, 'findings', findings.map(rowOfFinding), this.#ended.signal, this.#onFailure);
  }

  stop(): void {
    this.#ended.abort();
  }
}
