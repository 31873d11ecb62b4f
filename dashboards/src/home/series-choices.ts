import type { Bilingual } from '../../../src/finding/finding.ts';
import type { Heat } from '../../../src/overview-desk.ts';
import { call } from '../api.ts';
import { i18n, say } from '../i18n.ts';
import { vendorList } from '../profiles/profile-calls.ts';
import type { SeriesName } from './forecast.ts';

export interface Choice {
  id: string;
  name: string;
}

const LEVELS = ['core', 'important', 'general'] as const;

/** Of what a series can be asked. @param sources as the live feed names them. @throws ApiError */
export async function choicesOf(series: SeriesName, sources: readonly string[]): Promise<Choice[]> {
  switch (series) {
    case 'findings': {
      const { detectors } = await call<{ detectors: { name: string; title: Bilingual }[] }>('GET', 'detectors');
      return detectors.map(({ name, title }) => ({ id: name, name: say(title) }));
    }
    case 'rows': {
      const { rows } = await call<Heat>('GET', 'heat');
      return rows.flatMap(({ department, name }) => (department === '' ? [] : { id: department, name: say(name) }));
    }
    case 'vendor-risk':
      return (await vendorList()).map(({ id, name }) => ({ id, name: say(name) }));
    case 'out-edges':
      return LEVELS.map((id) => ({ id, name: i18n.global.t(`home.level.${id}`) }));
    case 'grants-expiring':
      return [];
    default:
      return sources.map((id) => ({ id, name: id }));
  }
}
