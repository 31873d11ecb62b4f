import type { Masks } from '../api/mask-answers.ts';
import { WanglouError } from '../errors.ts';
import type { Bilingual } from '../finding/finding.ts';
import type { Reach } from '../scope/reach.ts';
import { literal } from '../store/request-settings.ts';
import { rowFilters } from '../store/reader.ts';
import type { QueryCost } from '../store/query-cost.ts';
import type { Column, QueryWork, RunningQueries } from '../store/running-queries.ts';
import type { AcceptedQuery, QueryParameter, SqlGate } from './gate.ts';
import { KEY_PARAMETER } from './mask-sql.ts';
import type { Asker, RunView, SqlRuns } from './sql-runs.ts';
import { TABLES } from './tables.ts';
import { wrapped } from './views.ts';

export type ParameterValues = Readonly<Record<string, unknown>>;

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
const MAX_QUERY_BYTES = 16_777_216;
/** The engine would otherwise compile what masks anew for every step of a plan. */
const ALWAYS = ['query_plan_merge_expressions = 0', 'readonly = 1'];
/** A condition of whoever asks is never tried on a row outside of the scope: its error would tell of it. */
const APART = ['query_plan_merge_filters = 0', 'optimize_move_to_prewhere = 0', 'use_query_condition_cache = 0'];

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
        const known = await this.#parts.queries.columnsOf(this.#work(`SELECT * FROM ${name}`, [name], {}));
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
    const work = this.#work(accepted.sql, accepted.tables, valuesOf(accepted, values));
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
    const work = this.#work(accepted.sql, accepted.tables, valuesOf(accepted, values));
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
    const isPlain = columns.map(({ type }) => NUMBERS.test(type));
    return {
      from,
      rows: rows.map((values) => {
        const masked = this.#masked(columns, values);
        return values.map((value, at) => (isPlain[at] ? numberOf(value) : masked[at]));
      }),
    };
  }

  async #accepted(sql: string, values: ParameterValues): Promise<AcceptedQuery> {
    await this.#parts.ready();
    return this.#parts.gate.check(sql, values);
  }

  #work(sql: string, tables: readonly string[], values: ParameterValues): QueryWork {
    return {
      sql: wrapped(sql, tables, MAX_ROWS + 1, [...ALWAYS, ...this.#scopeSettings()]),
      parameters: { ...values, [KEY_PARAMETER]: this.#parts.key },
      settings: { max_query_size: String(MAX_QUERY_BYTES) },
      limits: { maxRows: MAX_ROWS, maxBytes: MAX_BYTES },
    };
  }

  /** The engine itself leaves out all other rows of the tables below the views. */
  #scopeSettings(): string[] {
    if (this.#reach === undefined) return [];
    const { database } = this.#parts;
    const filters = Object.entries(rowFilters(this.#reach, (table) => `${database}.${table}`)).map(
      ([table, rows]) => `${literal(`${database}.${table}`)}: ${literal(rows)}`,
    );
    return [`additional_table_filters = {${filters.join(', ')}}`, ...APART];
  }

  #asker(account: string): Asker {
    return { account, within: this.#reach?.key ?? '' };
  }

  #masked(columns: readonly Column[], values: readonly unknown[]): unknown[] {
    const { masks } = this.#parts;
    const names = columns.map(({ name }) => name);
    // What stands beside a value tells of it, unless two columns have one name or a name would be sorted as a number.
    if (new Set(names).size === names.length && !names.some((name) => /^\d+$/.test(name)))
      return Object.values(masks.data(Object.fromEntries(names.map((name, at) => [name, values[at]]))));
    return values.map((value, at) => Object.values(masks.data({ [names[at]!]: value }))[0]);
  }
}

const NUMBERS = /^(?:Nullable\()?(?:LowCardinality\()?(?:Nullable\()?(?:U?Int\d+|Float\d+|Decimal|Bool)/;

function numberOf(value: unknown): unknown {
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) ? number : value;
}

function valuesOf({ parameters }: AcceptedQuery, values: ParameterValues): ParameterValues {
  return Object.fromEntries(parameters.map(({ name }) => [name, values[name]]));
}
