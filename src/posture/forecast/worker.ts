import { parentPort } from 'node:worker_threads';
import { forecast, type Forecast } from './forecast.ts';
import type { Series } from './series.ts';

export interface ForecastJob {
  job: number;
  series: Series;
  threshold: number | undefined;
}

export type ForecastAnswer = { job: number } & ({ forecast: Forecast } | { problem: string });

/** The thread that computes: a forecast takes from half a second to some seconds. */
parentPort?.on('message', ({ job, series, threshold }: ForecastJob) => {
  let answer: ForecastAnswer;
  try {
    answer = { job, forecast: forecast(series, threshold) };
  } catch (error) {
    answer = { job, problem: String(error) };
  }
  parentPort?.postMessage(answer);
});
