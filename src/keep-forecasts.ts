import type { Logger } from 'pino';
import type { Bilingual } from './finding/finding.ts';
import { ForecastDesk } from './forecast-desk.ts';
import type { ForecastSources } from './forecast-series.ts';
import { ForecastWatch } from './forecast-watch.ts';
import { Forecaster } from './posture/forecast/forecaster.ts';
import type { Registry } from './registry/registry.ts';
import type { StoreClient } from './store/client.ts';
import { ForecastQueries } from './store/forecast-queries.ts';
import { GroupedCounts } from './store/grouped-counts.ts';

export interface ForecastsOfServe extends Pick<ForecastDesk, 'of'>, Pick<ForecastWatch, 'warnings'> {
  /** Begins to forecast in the background what people are to be warned of. */
  start: () => void;
  stop: () => Promise<void>;
}

/** Forecasts on request, and early warnings from the background. */
export function keepForecasts(
  client: StoreClient,
  others: Omit<ForecastSources, 'counts'>,
  registry: { current(): Registry },
  detectors: readonly { name: string; title: Bilingual }[],
  log: Logger,
): ForecastsOfServe {
  const sources = (): readonly string[] =>
    registry
      .current()
      .sources()
      .map(({ id }) => id);
  const counts = new GroupedCounts(new ForecastQueries(client), sources);
  const forecaster = new Forecaster();
  const desk = new ForecastDesk({ sources: { counts, ...others }, registry, detectors, forecaster });
  const watch = new ForecastWatch({
    desk,
    registry,
    detectors,
    onProblem: (error) => log.warn({ err: error }, 'early warnings are not renewed; it is tried again in a minute'),
  });
  return {
    of: (request) => desk.of(request),
    warnings: () => watch.warnings(),
    start: () => watch.start(),
    stop: async () => {
      watch.stop();
      await forecaster.stop();
    },
  };
}
