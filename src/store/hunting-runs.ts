import type { StoreReader } from './reader.ts';
import type { Column } from './result-stream.ts';
import type { QueryProgress, RunningQueries, RunningQuery } from './running-queries.ts';

type Asked = Parameters<StoreReader['query']>[0];

/** Numbers of 64 bits come as texts. */
const WHOLE_NUMBER = /^U?Int64$/;
/** What is counted and shown fits easily; a result that does not is stopped. */
const LIMITS = { maxMs: 60_000, maxRows: 200_000, maxBytes: 128 * 1024 * 1024 };

/**
 * The store as people's own questions reach it: with limits, on connections of their own, and under a name, by which whoever asked
 * sees how far they are and ends them.
 */
export class HuntingRuns {
  readonly #running: RunningQueries;
  readonly #named = new Map<string, Set<RunningQuery>>();

  constructor(running: RunningQueries) {
    this.#running = running;
  }

  /** A query's `query_id` is the name of its run; several may have the same. */
  readonly reader: StoreReader = {
    query: (async (asked: Asked) => {
      const rows = await this.#run(asked);
      return { json: async () => rows };
    }) as unknown as StoreReader['query'],
  };

  /** Of all queries of that name that run now, taken together; undefined when there are none. */
  async progress(name: string): Promise<QueryProgress | undefined> {
    const all = await Promise.all([...(this.#named.get(name) ?? [])].map((query) => query.progress()));
    if (all.length === 0) return undefined;
    const sum = (of: keyof QueryProgress): number => all.reduce((total, one) => total + one[of], 0);
    return {
      elapsedMs: Math.max(...all.map(({ elapsedMs }) => elapsedMs)),
      rowsRead: sum('rowsRead'),
      bytesRead: sum('bytesRead'),
      rowsToRead: sum('rowsToRead'),
      memoryBytes: sum('memoryBytes'),
    };
  }

  /** Ends all queries of that name. @returns whether there were any */
  async cancel(name: string): Promise<boolean> {
    const queries = [...(this.#named.get(name) ?? [])];
    await Promise.all(queries.map((query) => query.cancel()));
    return queries.length > 0;
  }

  async #run({ query, query_params, query_id = '', clickhouse_settings }: Asked): Promise<object[]> {
    let columns: readonly Column[] = [];
    const rows: object[] = [];
    const running = this.#running.start(
      {
        sql: query,
        ...(query_params && { parameters: query_params }),
        ...(clickhouse_settings && { settings: clickhouse_settings }),
        limits: LIMITS,
      },
      {
        columns: (known) => (columns = known),
        row: (json) => void rows.push(objectOf(columns, JSON.parse(json) as unknown[])),
      },
    );
    const named = this.#named.get(query_id) ?? new Set();
    this.#named.set(query_id, named.add(running));
    try {
      await running.ended;
    } finally {
      named.delete(running);
      if (named.size === 0) this.#named.delete(query_id);
    }
    return rows;
  }
}

function objectOf(columns: readonly Column[], values: readonly unknown[]): object {
  return Object.fromEntries(
    columns.map(({ name, type }, at) => [name, WHOLE_NUMBER.test(type) ? Number(values[at]) : values[at]]),
  );
}
