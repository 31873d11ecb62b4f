import type { FieldName } from '../../../src/hunting/event-fields.ts';
import type { Bar, Counted } from '../../../src/hunting/hunting-desk.ts';
import { call } from '../api.ts';

/** What the API says of the columns that were asked for, and id and time. */
export type Row = Readonly<Record<string, unknown>> & { id: string; time: number };

export interface HistogramAnswer {
  width: string;
  bars: readonly Bar[];
  total: number;
}

export interface RowsAnswer {
  offset: number;
  total: number;
  events: readonly Row[];
}

export interface PivotAnswer {
  rows: readonly Counted[];
  columns: readonly Counted[];
  /** Row, column, measured. */
  cells: readonly (readonly [number, number, number])[];
  total: number;
}

export interface Progress {
  elapsedMs: number;
  rowsRead: number;
  rowsToRead: number;
}

const get = <T>(what: string, asked: URLSearchParams, more: Record<string, string> = {}): Promise<T> => {
  const query = new URLSearchParams(asked);
  for (const [name, value] of Object.entries(more)) query.set(name, value);
  return call<T>('GET', `hunting/${what}?${query.toString()}`);
};

/** Values are under the name of their field. */
type Named = Readonly<Record<string, string | number>> & { count: number };
const countedOf = (field: string, values: readonly Named[]): readonly Counted[] =>
  values.map((one) => ({ value: String(one[field]), count: one.count }));

/** All take what was asked (wish.ts), and may take the name of a run, to follow and end it by. @throws ApiError */
export const askHistogram = (asked: URLSearchParams, run: string) => get<HistogramAnswer>('histogram', asked, { run });

export const askRows = (
  asked: URLSearchParams,
  window: { offset: number; limit: number; order: string; columns: readonly string[] },
) =>
  get<RowsAnswer>('rows', asked, {
    ...{ offset: String(window.offset), limit: String(window.limit), order: window.order },
    columns: window.columns.join(','),
  });

export async function askFacets(asked: URLSearchParams, fields: readonly FieldName[], run: string) {
  const { facets } = await get<{ facets: readonly { field: FieldName; values: readonly Named[] }[] }>('facets', asked, {
    fields: fields.join(','),
    run,
  });
  return facets.map(({ field, values }) => ({ field, values: countedOf(field, values) }));
}

export async function askPivot(
  asked: URLSearchParams,
  axes: { rows: string; columns: string; measure: string },
  run: string,
): Promise<PivotAnswer> {
  const found = await get<
    Omit<PivotAnswer, 'rows' | 'columns'> & { rows: readonly Named[]; columns: readonly Named[] }
  >('pivot', asked, {
    ...axes,
    run,
  });
  return { ...found, rows: countedOf(axes.rows, found.rows), columns: countedOf(axes.columns, found.columns) };
}

export async function askSuggestions(asked: URLSearchParams, field: FieldName, part: string) {
  return countedOf(field, (await get<{ values: readonly Named[] }>('suggestions', asked, { field, part })).values);
}

export const askCost = (asked: URLSearchParams) => get<{ parts: number; rows: number }>('cost', asked);

export const askProgress = async (run: string): Promise<Progress | null> =>
  (await call<{ progress: Progress | null }>('GET', `hunting/runs/${run}`)).progress;

/** It may have ended by now: that is no fault. */
export const cancelRun = (run: string): Promise<unknown> =>
  call('DELETE', `hunting/runs/${run}`).catch(() => undefined);
