import {
  ANY,
  GROUPINGS,
  NAMED,
  NONE,
  passesFilter,
  type FindingFilter,
  type Grouping,
  type Named,
} from '../../../src/finding/finding-filter.ts';
import type { FeedFinding } from '../../../src/feed/protocol.ts';
import type { Severity } from '../../../src/finding/finding.ts';
import type { Disposition, LifeState, LifeStatus } from '../../../src/finding/lifecycle.ts';
import { DISPOSITIONS } from '../triage/decisions.ts';

export { ANY, GROUPINGS, NAMED, NONE, type Grouping, type Named };

export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low'];
export const STATUSES: readonly LifeStatus[] = ['new', 'reopened', 'acknowledged', 'closed'];
/** In place of an account: who is signed in. */
export const ME = '@me';

const HOUR_MS = 3_600_000;
/** Spans back from now. */
export const SPANS = { '1h': HOUR_MS, '24h': 24 * HOUR_MS, '7d': 168 * HOUR_MS, '30d': 720 * HOUR_MS, '365d': 8_760 * HOUR_MS }; // prettier-ignore
export type Span = keyof typeof SPANS;

/** What the list is narrowed to; lives in the page's address, so that it can be sent to a colleague. */
export interface Filters extends Record<Named, string> {
  /** Empty for all. */
  severities: readonly Severity[];
  statuses: readonly LifeStatus[];
  dispositions: readonly Disposition[];
  /** Account, `@me`, `@none` or `@any`; '' for all. Names of the other fields too, but for `@me`. */
  assignee: string;
  text: string;
  /** Id of the incident whose findings are shown; '' for all. */
  incident: string;
  /** Whether findings that nobody was to be told of are shown too. */
  suppressed: boolean;
  /** Raised within; '' when it does not matter, or `from` and `to` say it. */
  span: Span | '';
  /** `2026-11-26T09:30` in the zone of the reader; '' for open ends. */
  from: string;
  to: string;
  group: Grouping | '';
}

export const NO_FILTERS: Filters = {
  ...{ severities: [], statuses: [], dispositions: [], assignee: '', text: '', incident: '', suppressed: false },
  ...{ detector: '', department: '', vendor: '', system: '', asset: '', actor: '' },
  ...{ span: '', from: '', to: '', group: '' },
};

const LISTS = { severity: SEVERITIES, status: STATUSES, disposition: DISPOSITIONS } as const;
const CHOICES = { time: Object.keys(SPANS), group: GROUPINGS, suppressed: ['shown'] } as const;
const FREE = [...NAMED, 'assignee', 'q', 'open'] as const;

/** Reads `severity=critical,high&detector=…&q=…&incident=…&suppressed=shown…`; what is not known counts as absent. */
export function filtersOf(parameters: URLSearchParams): Filters {
  const said = (name: string): string => parameters.get(name) ?? '';
  const some = <T extends string>(name: string, known: readonly T[]): T[] => {
    const named = said(name).split(',');
    return known.filter((one) => named.includes(one));
  };
  const names = Object.fromEntries(NAMED.map((field) => [field, said(field)])) as Record<Named, string>;
  return {
    ...names,
    severities: some('severity', SEVERITIES),
    statuses: some('status', STATUSES),
    dispositions: some('disposition', DISPOSITIONS),
    assignee: said('assignee'),
    text: said('q'),
    incident: said('incident'),
    suppressed: said('suppressed') === 'shown',
    span: some('time', Object.keys(SPANS) as Span[])[0] ?? '',
    from: isTime(said('from')) ? said('from') : '',
    to: isTime(said('to')) ? said('to') : '',
    group: some('group', GROUPINGS)[0] ?? '',
  };
}

/** What the address says and filtersOf leaves out, to be told to the reader. */
export function ignoredIn(parameters: URLSearchParams): { name: string; value: string }[] {
  return [...parameters]
    .filter(([, value]) => value !== '')
    .map(([name, value]) => ({ name, value: isKnownName(name) ? unknownIn(name, value) : value }))
    .filter(({ value }) => value !== '');
}

function isKnownName(name: string): boolean {
  return [...Object.keys(LISTS), ...Object.keys(CHOICES), ...FREE, 'incident', 'from', 'to'].includes(name);
}

/** The part of a value that makes no sense; '' when all of it does. */
function unknownIn(name: string, value: string): string {
  if (Object.hasOwn(LISTS, name)) {
    const known: readonly string[] = LISTS[name as keyof typeof LISTS];
    return value
      .split(',')
      .filter((one) => one !== '' && !known.includes(one))
      .join(',');
  }
  if (Object.hasOwn(CHOICES, name)) {
    const known: readonly string[] = CHOICES[name as keyof typeof CHOICES];
    return known.includes(value) ? '' : value;
  }
  if (name === 'from' || name === 'to') return isTime(value) ? '' : value;
  return name === 'incident' && !isUuid(value) && value !== NONE ? value : '';
}

/** The other way round, and `open`, the id of the opened finding; '' when nothing is filtered or open. */
export function queryOf(filters: Filters, open = ''): string {
  const { severities, statuses, dispositions, assignee, text, incident, suppressed, span, from, to, group } = filters;
  const parameters = new URLSearchParams();
  const add = (name: string, value: string): void => {
    if (value !== '') parameters.set(name, value);
  };
  add('severity', severities.join(','));
  add('status', statuses.join(','));
  add('disposition', dispositions.join(','));
  add('assignee', assignee);
  for (const field of NAMED) add(field, filters[field]);
  add('q', text);
  add('incident', incident);
  add('time', span);
  add('from', from);
  add('to', to);
  add('suppressed', suppressed ? 'shown' : '');
  add('group', group);
  add('open', open);
  return parameters.toString().replaceAll('%2C', ',').replaceAll('%40', '@').replaceAll('%3A', ':');
}

/** Whether anything is left out that is shown otherwise. */
export function isFiltered(filters: Filters): boolean {
  return queryOf({ ...filters, text: filters.text.trim(), suppressed: false, group: '' }) !== '';
}

/** Who looks, and when. */
export interface Reader {
  account: string;
  /** ms since the Unix epoch. */
  now: number;
}

/** The filter as the server takes it. */
export function filterFor(filters: Filters, { account, now }: Reader): FindingFilter {
  const { severities, statuses, dispositions, assignee, text, incident, suppressed, span, from, to } = filters;
  const named = Object.fromEntries(
    NAMED.filter((field) => filters[field] !== '').map((field) => [field, filters[field]]),
  );
  return {
    ...named,
    ...(severities.length > 0 && { severity: severities }),
    ...(statuses.length > 0 && { status: statuses }),
    ...(dispositions.length > 0 && { disposition: dispositions }),
    ...(assignee !== '' && { assignee: assignee === ME ? account : assignee }),
    ...(text.trim() !== '' && { text: text.trim() }),
    ...((incident === NONE || isUuid(incident)) && { incident }),
    ...(suppressed ? {} : { suppressed: 'no' as const }),
    ...(span !== '' && { from: now - SPANS[span] }),
    ...(span === '' && from !== '' && { from: Date.parse(from) }),
    ...(span === '' && to !== '' && { to: Date.parse(to) }),
  };
}

/** A filter as the query of a request. */
export function requestOf(filter: FindingFilter): string {
  return new URLSearchParams(
    Object.entries(filter).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
}

/** Whether a finding passes all but the incident; `state` is how it stands. */
export function passes(
  finding: FeedFinding,
  filters: Filters,
  state?: LifeState,
  reader: Reader = { account: '', now: 0 },
): boolean {
  return passesFilter(finding, state, filterFor(filters, reader));
}

function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) && !Number.isNaN(Date.parse(text));
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
