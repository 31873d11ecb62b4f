import type { DetectorCard } from './detector-types.ts';

export type Family = DetectorCard['family'];
export const FAMILIES: readonly Family[] = ['data', 'vendor', 'identity', 'logs'];

/** What the catalogue is narrowed to; lives in the page's address. '' for all. */
export interface CatalogueFilter {
  text: string;
  family: Family | '';
  technique: string;
  law: string;
  /** Only detectors whose settings somebody has changed. */
  changed: boolean;
}

/** Reads `q=…&family=…&technique=…&law=…&settings=changed`; what is not known counts as absent. */
export function catalogueFilter(query: URLSearchParams): CatalogueFilter {
  return {
    text: query.get('q') ?? '',
    family: FAMILIES.find((family) => family === query.get('family')) ?? '',
    technique: query.get('technique') ?? '',
    law: query.get('law') ?? '',
    changed: query.get('settings') === 'changed',
  };
}

/** The other way round; '' when nothing is filtered. */
export function catalogueQuery({ text, family, technique, law, changed }: CatalogueFilter): string {
  const stated = { q: text, family, technique, law, settings: changed ? 'changed' : '' };
  return new URLSearchParams(Object.entries(stated).filter(([, value]) => value !== '')).toString();
}

/** Whether a detector passes; all words of the text must be found in its name, titles or description. */
export function isWanted(card: DetectorCard, filter: CatalogueFilter, isChanged: boolean): boolean {
  const { name, family, title, what, techniques, cites } = card;
  if (filter.family !== '' && family !== filter.family) return false;
  if (filter.technique !== '' && !techniques.some(({ id }) => id === filter.technique)) return false;
  if (filter.law !== '' && !cites.some(({ law }) => law === filter.law)) return false;
  if (filter.changed && !isChanged) return false;
  const content = [name, title.zh, title.en, what.zh, what.en, ...techniques.map((one) => `${one.id} ${one.name}`)]
    .join('\n')
    .toLowerCase();
  const words = filter.text.trim().toLowerCase();
  return words === '' || words.split(/\s+/).every((word) => content.includes(word));
}
