import type { Masks } from '../api/mask-answers.ts';
import { WanglouError } from '../errors.ts';
import type { Bilingual } from '../finding/finding.ts';
import type { Reach } from '../scope/reach.ts';
import { rowFilters } from '../store/reader.ts';
import type { QueryCost } from '../store/query-cost.ts';
import type { Column } from '../store/result-stream.ts';
import type { QueryWork, RunningQueries } from '../store/running-queries.ts';
import type { AcceptedQuery, QueryParameter, SqlGate } from './gate.ts';
import { maskedRow } from './masked-row.ts';
import type { Asker, RunView, SqlRuns } from './sql-runs.ts';
import { workOf, type ParameterValues } from './sql-work.ts';
import { TABLES } from './tables.ts';

/** What a query is, before it runs. */
export interface CheckedQuery {
  columns: readonly Column[];
  tables: readonly string[];
  parameters: readonly QueryParameter[];
  /** Undefined when it takes too long to find out. */
  cost: QueryCost | null;
}

export interface DescribedTable {
  name: string;
  says: Bilingual;
  columns: readonly (Column & { says: Bilingual; masked: boolean })[];
}

export interface SqlDeskParts {
  gate: Pick<SqlGate, 'check'>;
  queries: Pick<RunningQueries, 'columnsOf' | 'costOf'>;
  runs: SqlRuns;
  masks: Masks;
  /** Makes the masked views when they are not there yet. @throws WanglouError WL_STORE_AWAY */
  ready: () => Promise<void>;
  /** Of pseudonyms. */
  key: string;
  database: string;
}

/** Rows of a result that are kept. */
export const MAX_ROWS = 100_000;
const MAX_BYTES = 64 * 1024 * 1024;
const PATIENCE_MS = 15_000;
/** Queries that people write in SQL: checked, run and read window by window, within a scope where there is one. */
export class SqlDesk {
  readonly #parts: SqlDeskParts;
  readonly #reach: Reach | undefined;

  constructor(parts: SqlDeskParts, reach?: Reach) {
    this.#parts = parts;
    this.#reach = reach;
  }

  /** The same for somebody with a scope. */
  within(reach: Reach): SqlDesk {
    return new SqlDesk(this.#parts, reach);
  }

  /** Tables and columns that may be read. @throws WanglouError WL_STORE_AWAY */
  async schema(): Promise<DescribedTable[]> {
    await this.#parts.ready();
    return Promise.all(
      TABLES.map(async ({ name, says, columns }) => {
        const known = await this.#parts.queries.columnsOf(
          this.#work({ sql: `SELECT * FROM ${name}`, tables: [name], parameters: [] }, {}),
        );
        const described = known.map((column, at) => {
          const { says: meaning, masked } = columns[at]!;
          return { ...column, says: meaning, masked: masked !== undefined };
        });
        return { name, says, columns: described };
      }),
    );
  }

  /** @throws SqlRefusal, WanglouError WL_QUERY_INVALID, WL_STORE_AWAY */
  async check(sql: string, values: ParameterValues): Promise<CheckedQuery> {
    const accepted = await this.#accepted(sql, values);
    const work = this.#work(accepted, values);
    const columns = await this.#parts.queries.columnsOf(work);
    const cost = await this.#parts.queries.costOf(work).catch((error: unknown) => {
      if (error instanceof WanglouError && error.code === 'WL_QUERY_STOPPED') return null;
      throw error;
    });
    return { columns, tables: accepted.tables, parameters: accepted.parameters, cost };
  }

  /** @returns the run. @throws SqlRefusal, WanglouError WL_TOO_MANY, WL_STORE_AWAY */
  async start(sql: string, values: ParameterValues, by: string): Promise<RunView> {
    const accepted = await this.#accepted(sql, values);
    const work = this.#work(accepted, values);
    return this.of(this.#parts.runs.start({ ...work, patienceMs: PATIENCE_MS }, sql, this.#asker(by)), by);
  }

  of(run: string, by: string): Promise<RunView> {
    return this.#parts.runs.of(run, this.#asker(by));
  }

  cancel(run: string, by: string): Promise<void> {
    return this.#parts.runs.cancel(run, this.#asker(by));
  }

  /** Masked once more, by what finds more than the store does. Whole numbers are numbers as long as they fit. */
  async rows(run: string, by: string, from: number, count: number): Promise<{ from: number; rows: unknown[][] }> {
    const { columns, rows } = await this.#parts.runs.window(run, this.#asker(by), from, count);
    return { from, rows: rows.map((values) => maskedRow(this.#parts.masks, columns, values)) };
  }

  async #accepted(sql: string, values: ParameterValues): Promise<AcceptedQuery> {
    await this.#parts.ready();
    return this.#parts.gate.check(sql, values);
  }

  #work(accepted: AcceptedQuery, values: ParameterValues): QueryWork {
    const { database, key } = this.#parts;
    const inScope = this.#reach && rowFilters(this.#reach, (table) => `${database}.${table}`);
    const limits = { maxRows: MAX_ROWS, maxBytes: MAX_BYTES };
    return workOf(accepted, values, { database, key, rowFilters: inScope ?? null }, { maxRows: MAX_ROWS + 1, limits });
  }

  #asker(account: string): Asker {
    return { account, within: this.#reach?.key ?? '' };
  }
}
