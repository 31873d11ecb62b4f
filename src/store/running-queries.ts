import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ClickHouseSettings } from '@clickhouse/client';
import { storeClient, type StoreAddress, type StoreClient } from './client.ts';
import { queryFault, type QueryLimits } from './query-faults.ts';
import { sentenceOf, type QueryCost, type TableCost } from './query-cost.ts';
import { DEFAULT_LIMITS, querySettings } from './query-settings.ts';
import { readResult, RESULT_FORMAT, type Column } from './result-stream.ts';

/** One SELECT, without FORMAT. Values travel as parameters only: `{name:Type}`. */
export interface QueryWork {
  sql: string;
  parameters?: Readonly<Record<string, unknown>>;
  settings?: Readonly<ClickHouseSettings>;
  limits?: Partial<QueryLimits>;
  /** It is cancelled when nobody asks after it for so long; by default never. */
  patienceMs?: number;
}

/** Takes a result as it comes. */
export interface RowTaker {
  columns(columns: readonly Column[]): void;
  /** One row, as a JSON array of its values; integers of 64 bits are texts. */
  row(json: string): void;
}

export interface QueryEnd {
  rows: number;
  /** Of the rows as JSON. */
  bytes: number;
  /** There was more than limits let through. */
  truncated: boolean;
  elapsedMs: number;
}

/** How far a query is. While it waits for its turn it has read nothing. */
export interface QueryProgress {
  elapsedMs: number;
  rowsRead: number;
  bytesRead: number;
  /** Rows that it will have read in the end, as far as the engine knows by now; 0 when it does not. */
  rowsToRead: number;
  memoryBytes: number;
}

export interface RunningQuery {
  id: string;
  /** Resolves when the whole result was taken. @throws WanglouError WL_QUERY_STOPPED, WL_QUERY_CANCELLED, WL_QUERY_INVALID, WL_STORE_AWAY */
  ended: Promise<QueryEnd>;
  /** Somebody still wants it. */
  wanted(): void;
  /** @throws WanglouError WL_STORE_AWAY */
  progress(): Promise<QueryProgress>;
  /** Reaches the engine at once; resolves when the query has ended. */
  cancel(): Promise<void>;
}

/** What finds out how much a query would read may itself not take long. */
const COST_MS = 5_000;
const KILL_AGAIN_MS = 200;
const NOTHING_YET: QueryProgress = { elapsedMs: 0, rowsRead: 0, bytesRead: 0, rowsToRead: 0, memoryBytes: 0 };

/**
 * People's own queries on the store: each under an id of ours, on connections of its own, with limits, and with a way to see
 * how far it is and to end it. Ingest and the platform's own queries have other connections, and go first.
 */
export class RunningQueries {
  readonly #asking: StoreClient;
  readonly #control: StoreClient;
  readonly #running = new Set<RunningQuery>();

  constructor(address: StoreAddress) {
    this.#asking = storeClient(address, 3_600_000);
    this.#control = storeClient(address, 10_000);
  }

  /** Cancels what still runs. */
  async stop(): Promise<void> {
    await Promise.all([...this.#running].map((query) => query.cancel()));
    await Promise.all([this.#asking.close(), this.#control.close()]);
  }

  start(work: QueryWork, taker: RowTaker): RunningQuery {
    const limits = { ...DEFAULT_LIMITS, ...work.limits };
    const id = randomUUID();
    const startedAt = performance.now();
    const gone = new AbortController();
    let [isCancelled, hasEnded] = [false, false];
    let known = NOTHING_YET;
    const ended = this.#run(id, work, limits, taker, gone.signal)
      .then((end) => ({ ...end, elapsedMs: performance.now() - startedAt }))
      .catch((error: unknown) => Promise.reject(queryFault(error, limits, isCancelled)))
      .finally(() => {
        hasEnded = true;
        clearTimeout(patience);
        this.#running.delete(query);
      });
    ended.catch(() => undefined);
    const cancel = async (): Promise<void> => {
      isCancelled = true;
      while (!hasEnded) {
        await this.#kill(id).catch(() => undefined);
        await Promise.race([ended.catch(() => undefined), pause(KILL_AGAIN_MS)]);
        gone.abort(); // the engine does not know of one that still waits for its turn
      }
    };
    let patience: NodeJS.Timeout | undefined;
    const wanted = (): void => {
      clearTimeout(patience);
      if (work.patienceMs !== undefined && !hasEnded) patience = setTimeout(() => void cancel(), work.patienceMs);
    };
    const progress = async (): Promise<QueryProgress> => {
      if (!hasEnded) known = (await this.#progressOf(id)) ?? known;
      return { ...known, elapsedMs: hasEnded ? known.elapsedMs : performance.now() - startedAt };
    };
    const query: RunningQuery = { id, ended, wanted, progress, cancel };
    this.#running.add(query);
    wanted();
    return query;
  }

  /** What it would read, without running it. @throws WanglouError WL_QUERY_INVALID, WL_STORE_AWAY */
  async costOf(work: QueryWork): Promise<QueryCost> {
    const rows = await this.#small<{ table: string; parts: string; rows: string; marks: string }>(
      work,
      (sql) => `EXPLAIN ESTIMATE ${sql}`,
    );
    const tables = rows.map(({ table, parts, rows: count, marks }): TableCost => {
      return { table, parts: Number(parts), rows: Number(count), marks: Number(marks) };
    });
    const total = tables.reduce((sum, { rows: count }) => sum + count, 0);
    return { tables, rows: total, sentence: sentenceOf(tables) };
  }

  /** Columns of its result, without running it. @throws WanglouError WL_QUERY_INVALID, WL_STORE_AWAY */
  async columnsOf(work: QueryWork): Promise<Column[]> {
    const columns = await this.#small<Column>(work, (sql) => `DESCRIBE (${sql})`);
    return columns.map(({ name, type }) => ({ name, type }));
  }

  /** Something small about a query, within seconds. */
  async #small<T>(work: QueryWork, about: (sql: string) => string): Promise<T[]> {
    const limits = { ...DEFAULT_LIMITS, maxMs: COST_MS };
    try {
      const result = await this.#asking.query({
        query: about(work.sql),
        format: 'JSONEachRow',
        query_params: { ...work.parameters },
        clickhouse_settings: querySettings(limits, work.settings),
      });
      return await result.json<T>();
    } catch (error) {
      throw queryFault(error, limits, false);
    }
  }

  async #run(
    id: string,
    work: QueryWork,
    limits: QueryLimits,
    taker: RowTaker,
    signal: AbortSignal,
  ): Promise<Omit<QueryEnd, 'elapsedMs'>> {
    const result = await this.#asking.query({
      query: work.sql,
      format: RESULT_FORMAT,
      query_id: id,
      query_params: { ...work.parameters },
      // By this the engine's list of what runs knows it, embedded or not.
      clickhouse_settings: { ...querySettings(limits, work.settings), log_comment: id },
      abort_signal: signal,
    });
    const taken = { rows: 0, bytes: 0, truncated: false };
    const { columns, batches } = await readResult(result);
    taker.columns(columns);
    for await (const texts of batches)
      for (const text of texts) {
        if (taken.rows >= limits.maxRows || taken.bytes + text.length > limits.maxBytes) {
          result.close();
          return { ...taken, truncated: true };
        }
        taker.row(text);
        taken.rows++;
        taken.bytes += Buffer.byteLength(text);
      }
    return taken;
  }

  async #progressOf(id: string): Promise<QueryProgress | undefined> {
    const result = await this.#control.query({
      query: `SELECT elapsed, read_rows, read_bytes, total_rows_approx, memory_usage
        FROM system.processes WHERE Settings['log_comment'] = {id:String}`,
      query_params: { id },
      format: 'JSONEachRow',
      clickhouse_settings: CONTROL,
    });
    const [row] = await result.json<Record<string, string | number>>();
    if (row === undefined) return undefined;
    const number = (name: string): number => Math.max(0, Number(row[name]));
    return {
      elapsedMs: number('elapsed') * 1_000,
      rowsRead: number('read_rows'),
      bytesRead: number('read_bytes'),
      rowsToRead: number('total_rows_approx'),
      memoryBytes: number('memory_usage'),
    };
  }

  async #kill(id: string): Promise<void> {
    await this.#control.command({
      query: 'KILL QUERY WHERE query_id = {id:String} ASYNC',
      query_params: { id },
      clickhouse_settings: CONTROL,
    });
  }
}

const CONTROL = { workload: 'control' } as ClickHouseSettings;
