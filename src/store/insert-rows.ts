import { backOffMs, pause } from './back-off.ts';
import { isPassing, type StoreClient } from './client.ts';

/**
 * Inserts row objects; resolves when they are durable. While the store is away it tries again.
 * @throws the store's error when it refuses them for good, or the signal's reason.
 */
export async function insertRows(
  client: StoreClient,
  table: string,
  values: readonly object[],
  signal: AbortSignal,
  onFailure: (error: Error, attempt: number) => void = () => undefined,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      await client.insert({ table, values: wellFormed(values), format: 'JSONEachRow', abort_signal: signal });
      return;
    } catch (error) {
      signal.throwIfAborted();
      onFailure(error as Error, attempt);
      if (!isPassing(error)) throw error;
      await pause(backOffMs(attempt), signal);
    }
  }
}

/** Half a surrogate pair, which anybody can send in a note, would have the store refuse the whole batch for good: it becomes `\ufffd`. */
function wellFormed(values: readonly object[]): object[] {
  // Well-formed JSON escapes only what is half a pair.
  if (!/\\ud[89a-f]/.test(JSON.stringify(values))) return [...values];
  const text = JSON.stringify(values, (_name, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed() : value,
  );
  return JSON.parse(text) as object[];
}
