import { Worker } from 'node:worker_threads';
import { WanglouError } from '../../errors.ts';
import type { Forecast } from './forecast.ts';
import { checkSeries, type Series } from './series.ts';
import type { ForecastAnswer, ForecastJob } from './worker.ts';

interface Waiting {
  resolve: (forecast: Forecast) => void;
  reject: (error: Error) => void;
}

/** Some seconds each at most: whoever comes later would not wait so long. */
const MAX_WAITING = 60;

/** Forecasts in a thread of its own, one after the other; it is started by the first and does not keep the program alive. */
export class Forecaster {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #jobs = 0;

  /** @throws WanglouError WL_QUERY_INVALID for a series that is none, WL_TOO_MANY when too many wait */
  async forecast(series: Series, threshold?: number): Promise<Forecast> {
    checkSeries(series);
    if (this.#waiting.size >= MAX_WAITING)
      throw new WanglouError('WL_TOO_MANY', `${MAX_WAITING} forecasts wait to be computed`, {
        remedy: 'Ask again in a minute.',
      });
    const worker = (this.#worker ??= this.#started());
    const job: ForecastJob = { job: ++this.#jobs, series, threshold };
    return new Promise((resolve, reject) => {
      this.#waiting.set(job.job, { resolve, reject });
      worker.postMessage(job);
    });
  }

  /** What is still computed is refused. */
  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#end(new Error('the program stops'));
    await worker?.terminate();
  }

  #started(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url));
    worker.unref();
    worker.on('message', (answer: ForecastAnswer) => {
      const waiting = this.#waiting.get(answer.job);
      this.#waiting.delete(answer.job);
      if ('forecast' in answer) waiting?.resolve(answer.forecast);
      else waiting?.reject(new Error(answer.problem));
    });
    worker.on('error', (error) => this.#end(error));
    return worker;
  }

  /** The next forecast starts another thread. */
  #end(error: unknown): void {
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(error instanceof Error ? error : new Error(String(error)));
    this.#waiting.clear();
  }
}
