import type { Bilingual } from './finding/finding.ts';
import { LEVELS, type SeriesName } from './forecast-series.ts';
import type { Registry } from './registry/registry.ts';
import { validAt } from './registry/versions.ts';

/** A series of which people are to be warned. */
export interface WatchedSeries {
  series: SeriesName;
  /** Detector, department, asset level, vendor or source; '' for all. */
  id: string;
  /** Of the detector, department, level, vendor or source. */
  name: Bilingual;
}

const ALL: Bilingual = { zh: '全部', en: 'all' };
const LEVEL_NAMES: Readonly<Record<string, Bilingual>> = {
  core: { zh: '核心数据', en: 'core data' },
  important: { zh: '重要数据', en: 'important data' },
  general: { zh: '一般数据', en: 'general data' },
};
/** Of each kind: a forecast takes about a second, and as long again is rested. */
const MOST = 100;

/** All that early warnings can be about: findings, rows, ways out, vendors, lag, and grants that end. */
export function watchedSeries(
  registry: Registry,
  detectors: readonly { name: string; title: Bilingual }[],
  at: number,
): WatchedSeries[] {
  const { departments, vendors } = registry.entries;
  const named = (series: SeriesName, all: readonly Entry[]): WatchedSeries[] =>
    [...new Map(all.filter((one) => validAt([one], at) !== undefined).map((one) => [one.id, one])).values()]
      .slice(0, MOST)
      .map(({ id, name }) => ({ series, id, name }));
  return [
    { series: 'grants-expiring', id: '', name: ALL },
    { series: 'findings', id: '', name: ALL },
    { series: 'rows', id: '', name: ALL },
    { series: 'out-edges', id: '', name: ALL },
    ...LEVELS.map((id): WatchedSeries => ({ series: 'out-edges', id, name: LEVEL_NAMES[id]! })),
    ...detectors.map(({ name, title }): WatchedSeries => ({ series: 'findings', id: name, name: title })),
    ...named('vendor-risk', vendors),
    ...named('rows', departments),
    ...registry
      .sources()
      .slice(0, MOST)
      .map(({ id, name }): WatchedSeries => ({ series: 'ingest-lag', id, name })),
  ];
}

type Entry = { id: string; name: Bilingual; validFrom: number; validTo: number };
