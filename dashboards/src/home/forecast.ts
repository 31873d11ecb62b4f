import type { SeriesForecast } from '../../../src/forecast-desk.ts';
import type { SeriesName } from '../../../src/forecast-series.ts';
import type { EarlyWarning, Warnings } from '../../../src/forecast-watch.ts';
import { hashOf } from '../address.ts';

export type { EarlyWarning, SeriesForecast, SeriesName, Warnings };
export type Step = SeriesForecast['step'];

/** Which forecast is looked at; lives in the address of the first page. */
export interface Asked {
  series: SeriesName;
  id: string;
  step: Step;
}

/** In the order in which they are offered. */
export const SERIES: readonly SeriesName[] = [
  'findings',
  'rows',
  'out-edges',
  'vendor-risk',
  'ingest-lag',
  'events',
  'grants-expiring',
];
/** Known by day only. */
const BY_DAY: ReadonlySet<SeriesName> = new Set(['vendor-risk', 'grants-expiring']);

/** Reads `series=rows&id=tax&step=day`; undefined when no series is named that there is. */
export function askedIn(query: URLSearchParams): Asked | undefined {
  const series = SERIES.find((one) => one === query.get('series'));
  if (series === undefined) return undefined;
  const step = query.get('step') === 'hour' && !BY_DAY.has(series) ? 'hour' : 'day';
  return { series, id: series === 'grants-expiring' ? '' : (query.get('id') ?? ''), step };
}

export function queryOf({ series, id, step }: Asked): string {
  return new URLSearchParams({ series, ...(id === '' ? {} : { id }), step }).toString();
}

export function addressOfForecast(asked: Asked): string {
  return hashOf('', '', queryOf(asked));
}

export function hasHours(series: SeriesName): boolean {
  return !BY_DAY.has(series);
}

/** What the points of a forecast add up to, where they are counted: findings, rows, events, grants. */
export function sumOf(points: readonly { value: number }[]): number {
  return points.reduce((sum, { value }) => sum + value, 0);
}

/** A line and the band around it in a box of `width` × `height`: history first, then the forecast from where it ended. */
export function bandOf(
  forecast: Pick<SeriesForecast, 'history' | 'points'>,
  shown: number,
  width: number,
  height: number,
) {
  const history = forecast.history.slice(-shown).map(({ value }) => value ?? 0);
  const { points } = forecast;
  const count = history.length + points.length;
  const top = Math.max(1, ...history, ...points.map(({ upper }) => upper));
  const x = (n: number): string => ((n / Math.max(1, count - 1)) * width).toFixed(1);
  const y = (value: number): string => (height * (1 - value / top)).toFixed(1);
  const path = (values: readonly number[], from: number): string =>
    values.map((value, n) => `${n === 0 ? 'M' : 'L'}${x(from + n)} ${y(value)}`).join('');
  const past = history.length;
  const begin = history.slice(-1);
  const ahead = path([...begin, ...points.map(({ value }) => value)], past - begin.length);
  const edge = points.map(({ upper }, n) => `L${x(past + n)} ${y(upper)}`);
  const back = points.map(({ lower }, n) => `L${x(past + n)} ${y(lower)}`).reverse();
  const from = begin.map((value) => `${x(past - 1)} ${y(value)}`);
  const outline = [...(from.length === 0 ? [] : [`L${from[0]!}`]), ...edge, ...back].join('');
  return { past: path(history, 0), ahead, band: points.length === 0 ? '' : `M${outline.slice(1)}Z`, now: x(past - 1) };
}
