import type { ResultSet } from '@clickhouse/client';

export interface Column {
  name: string;
  /** Of the engine: `LowCardinality(String)`. */
  type: string;
}

/** The format in which results are read as they come. */
export const RESULT_FORMAT = 'JSONCompactEachRowWithNamesAndTypes';

type Result = ResultSet<typeof RESULT_FORMAT>;

/** A result as it comes: its columns, then its rows, some at a time, each as a JSON array; integers of 64 bits are texts. */
export async function readResult(
  result: Result,
): Promise<{ columns: readonly Column[]; batches: AsyncIterable<readonly string[]> }> {
  const batches = textsOf(result);
  let head: string[] = [];
  while (head.length < 2) {
    const next = await batches.next();
    if (next.done === true) throw new Error('the store ended its answer before it named the columns');
    head = [...head, ...next.value];
  }
  const [names, types] = head.map((text) => JSON.parse(text) as string[]) as [string[], string[]];
  const columns = names.map((name, at) => ({ name, type: types[at]! }));
  return { columns, batches: after(head.slice(2), batches) };
}

async function* textsOf(result: Result): AsyncGenerator<string[]> {
  for await (const rows of result.stream()) yield rows.map(({ text }) => text);
}

async function* after(first: readonly string[], rest: AsyncIterable<string[]>): AsyncGenerator<readonly string[]> {
  if (first.length > 0) yield first;
  yield* rest;
}
