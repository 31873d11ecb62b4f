import type { Finding } from '../finding/finding.ts';
import { backOffMs, pause } from './back-off.ts';
import { isPassing, type StoreClient } from './client.ts';
import { rowOfFinding } from './finding-rows.ts';

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
    const values = findings.map(rowOfFinding);
    for (let attempt = 1; ; attempt++) {
      this.#ended.signal.throwIfAborted();
      try {
        const { signal: abort_signal } = this.#ended;
        await this.#client.insert({ table: 'findings', values, format: 'JSONEachRow', abort_signal });
        return;
      } catch (error) {
        this.#ended.signal.throwIfAborted();
        this.#onFailure(error as Error, attempt);
        if (!isPassing(error)) throw error;
        await pause(backOffMs(attempt), this.#ended.signal);
      }
    }
  }

  stop(): void {
    this.#ended.abort();
  }
}
