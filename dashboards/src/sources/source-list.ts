import type { SourceLine, SourceState } from '../../../src/sources/source.ts';

export const SORTS = ['problem', 'name', 'rate', 'events', 'lag', 'unparsed', 'last'] as const;
export type Sort = (typeof SORTS)[number];
export const STATES = ['unheard', 'silent', 'lagging', 'unparsed', 'well', 'unregistered'] as const;
export type State = (typeof STATES)[number];

/** What the list is asked for; kept in the address. */
export interface Wish {
  text: string;
  /** '' for all. */
  state: State | '';
  sort: Sort;
}

/** What does not make sense in an address is left out. */
export function wishIn(query: URLSearchParams): Wish {
  const state = STATES.find((one) => one === query.get('state')) ?? '';
  const sort = SORTS.find((one) => one === query.get('sort')) ?? 'problem';
  return { text: (query.get('text') ?? '').slice(0, 200), state, sort };
}

export function queryOf({ text, state, sort }: Wish): string {
  const query = new URLSearchParams();
  if (text !== '') query.set('text', text);
  if (state !== '') query.set('state', state);
  if (sort !== 'problem') query.set('sort', sort);
  return query.toString();
}

const RANK: readonly SourceState[] = ['unheard', 'silent', 'lagging', 'unparsed', ''];
const share = ({ unparsed, events }: SourceLine): number => (events === 0 ? 0 : unparsed / events);

/** The most of it first; names from A on. */
const FIRST: Readonly<Record<Sort, (a: SourceLine, b: SourceLine) => number>> = {
  problem: (a, b) => RANK.indexOf(a.problem) - RANK.indexOf(b.problem),
  name: () => 0,
  rate: (a, b) => b.rate - a.rate,
  events: (a, b) => b.events - a.events,
  lag: (a, b) => (b.lagP99 ?? -1) - (a.lagP99 ?? -1),
  unparsed: (a, b) => share(b) - share(a),
  last: (a, b) => b.lastSeenAt - a.lastSeenAt,
};

/** The sources that are asked for, in the order that is asked for. @param nameOf their name in the language of the page. */
export function chosen(
  sources: readonly SourceLine[],
  { text, state, sort }: Wish,
  nameOf: (named: SourceLine['system'] & object) => string,
): SourceLine[] {
  const wanted = text.trim().toLowerCase();
  const textOf = (one: SourceLine): string =>
    [one, one.system, one.department, one.vendor]
      .flatMap((named) => (named === null ? [] : [named.id, named.name.zh, named.name.en]))
      .concat(one.formats)
      .join(' ')
      .toLowerCase();
  return sources
    .filter((one) => isIn(one, state) && (wanted === '' || textOf(one).includes(wanted)))
    .sort((a, b) => FIRST[sort](a, b) || nameOf(a).localeCompare(nameOf(b)) || (a.id < b.id ? -1 : 1));
}

export function isIn({ problem, registered }: SourceLine, state: Wish['state']): boolean {
  if (state === '') return true;
  if (state === 'unregistered') return !registered;
  return state === 'well' ? problem === '' : problem === state;
}
