import type { Bilingual } from '../../../src/finding/finding.ts';
import { call } from '../api.ts';
import type { Progress } from './hunting-calls.ts';

export interface SqlColumn {
  name: string;
  /** Of the engine: `LowCardinality(String)`. */
  type: string;
}

export interface DescribedTable {
  name: string;
  says: Bilingual;
  columns: readonly (SqlColumn & { says: Bilingual; masked: boolean })[];
}

/** What a query is, before it runs. */
export interface CheckedQuery {
  columns: readonly SqlColumn[];
  /** Null when it takes too long to find out. */
  cost: { rows: number; sentence: Bilingual } | null;
}

export interface RunView {
  id: string;
  state: 'running' | 'done' | 'failed' | 'cancelled';
  progress: Progress;
  columns: readonly SqlColumn[];
  rows: number;
  /** The result has more rows than are kept. */
  truncated: boolean;
  fault: { code: string; message: string; remedy: string; limit?: string } | null;
}

export type Values = Readonly<Record<string, string>>;

/** @throws ApiError with the place (line, column) and what to do, in both languages */
export const checkSql = (sql: string, parameters: Values): Promise<CheckedQuery> =>
  call('POST', 'sql/check', { sql, parameters });

export const startSql = async (sql: string, parameters: Values): Promise<RunView> =>
  (await call<{ run: RunView }>('POST', 'sql/runs', { sql, parameters })).run;

export const sqlRun = (id: string): Promise<RunView> => call('GET', `sql/runs/${id}`);

export const sqlRows = async (id: string, from: number, count: number): Promise<readonly (readonly unknown[])[]> =>
  (await call<{ rows: unknown[][] }>('GET', `sql/runs/${id}/rows?from=${from}&count=${count}`)).rows;

/** It may have ended by now: that is no fault. */
export const cancelSql = (id: string): Promise<unknown> => call('DELETE', `sql/runs/${id}`).catch(() => undefined);

export const sqlSchema = async (): Promise<readonly DescribedTable[]> =>
  (await call<{ tables: readonly DescribedTable[] }>('GET', 'sql/schema')).tables;
