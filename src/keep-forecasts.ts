import type { Logger } from 'pino';
import type { Bilingual } from './finding/finding.ts';
import { ForecastDesk } from './forecast-desk.ts';
import type { ForecastSources } from './forecast-series.ts';
import { ForecastWatch } from './forecast-watch.ts';
import { Forecaster } from './posture/forecast/forecaster.ts';
import type { Registry } from './registry/registry.ts';
import type { StoreReader } from './store/reader.ts';
import { ForecastQueries } from './store/forecast-queries.ts';
import { GroupedCounts } from './store/grouped-counts.ts';

export interface ForecastsOfServe extends Pick<ForecastDesk, 'of'>, Pick<ForecastWatch, 'warnings'> {
  /** The same on what somebody with a scope sees of store and registry. */
  over: (
    reader: StoreReader,
    others: Omit<ForecastSources, 'counts'>,
    registry: { current(): Registry },
  ) => Pick<ForecastDesk, 'of'>;
  /** Begins to forecast in the background what people are to be warned of. */
  start: () => void;
  stop: () => Promise<void>;
}

/** Forecasts on request, and early warnings from the background. */
export function keepForecasts(
  client: StoreReader,
  others: Omit<ForecastSources, 'counts'>,
  registry: { current(): Registry },
  detectors: readonly { name: string; title: Bilingual }[],
  log: Logger,
): ForecastsOfServe {
  const forecaster = new Forecaster();
  const over: ForecastsOfServe['over'] = (reader, rest, known) => {
    const sources = (): readonly string[] =>
      known
        .current()
        .sources()
        .map(({ id }) => id);
    const counts = new GroupedCounts(new ForecastQueries(reader), sources);
    const desk = new ForecastDesk({ sources: { counts, ...rest }, registry: known, detectors, forecaster });
    return { of: (request) => desk.of(request) };
  };
  const desk = over(client, others, registry);
  const watch = new ForecastWatch({
    desk,
    registry,
    detectors,
    onProblem: (error) => log.warn({ err: error }, 'early warnings are not renewed; it is tried again in a minute'),
  });
  return {
    ...desk,
    over,
    warnings: () => watch.warnings(),
    start: () => watch.start(),
    stop: async () => {
      watch.stop();
      await forecaster.stop();
    },
  };
}
