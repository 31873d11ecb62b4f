import { call } from '../api.ts';
import type { Asked, SeriesForecast, Warnings } from './forecast.ts';
import type { Heat, HeatMeasure, HeatSpan } from './heat.ts';

/** @throws ApiError, as all of these */
export function forecastOf({ series, id, step }: Asked): Promise<SeriesForecast> {
  const query = new URLSearchParams({ series, id, step, threshold: 'unusual' });
  return call('GET', `forecasts?${query.toString()}`);
}

export function earlyWarnings(): Promise<Warnings> {
  return call('GET', 'forecasts/warnings');
}

export function heat(measure: HeatMeasure, span: HeatSpan): Promise<Heat> {
  return call('GET', `heat?measure=${measure}&span=${span}`);
}
