import type { Bilingual } from '../../../src/finding/finding.ts';
import { i18n, say } from '../i18n.ts';
import type { SeriesName } from './forecast.ts';

/** `民政局 · 读取行数`; of all of them the kind alone. */
export function nameOfSeries({ series, id, name }: { series: SeriesName; id: string; name: Bilingual }): string {
  const kind = i18n.global.t(`home.series.${series}`);
  return id === '' ? kind : `${say(name)} · ${kind}`;
}
