import { isCondition, type Clause, type Condition } from '../../../src/hunting/event-filter.ts';
import {
  EVENT_FIELDS,
  FIELD_NAMES,
  isFieldName,
  operatorsOf,
  type FieldName,
} from '../../../src/hunting/event-fields.ts';
import type { MeasureName } from '../../../src/hunting/hunting-desk.ts';
import { wallTime, wallTimeMs } from './zoned-time.ts';

/** Ranges that end now. */
export const SPANS = { '15m': 900_000, '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000, '30d': 2_592_000_000, '90d': 7_776_000_000, '1y': 31_536_000_000 } as const; // prettier-ignore
export type Span = keyof typeof SPANS;

/** A column of the list, px wide. */
export interface Column {
  name: ColumnName;
  width: number;
}
export type ColumnName = 'time' | 'ingestTime' | FieldName;

/** Everything that the page's address says: whoever opens it sees the same. */
export interface Wish {
  /** '' for the range from `from` to `to`. */
  span: Span | '';
  /** Wall clock in the zone, `2026-03-12T08:00`; '' when a span says it. */
  from: string;
  to: string;
  zone: string;
  /** Wall clock; '' for all that is known now. */
  asOf: string;
  text: string;
  /** All of these hold. */
  where: readonly Clause[];
  order: 'newest' | 'oldest';
  columns: readonly Column[];
  view: 'list' | 'pivot';
  rows: FieldName;
  across: FieldName;
  measure: MeasureName;
}

export const WIDTHS: Partial<Record<ColumnName, number>> = {
  time: 184,
  ingestTime: 184,
  outcome: 84,
  action: 96,
  rows: 84,
  bytes: 96,
  clientAddress: 140,
  message: 420,
  raw: 560,
  id: 300,
  actor: 200,
  asset: 240,
  severity: 80,
  classUid: 90, // prettier-ignore
};
export const DEFAULT_WIDTH = 150;
const MIN_WIDTH = 56;
const MAX_WIDTH = 1_600;
export const columnOf = (name: ColumnName): Column => ({ name, width: WIDTHS[name] ?? DEFAULT_WIDTH });
export const clampWidth = (width: number): number => Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width)));

const DEFAULT_COLUMNS: readonly ColumnName[] = ['time', 'actor', 'action', 'asset', 'outcome', 'rows', 'clientAddress', 'source', 'message']; // prettier-ignore
export const COLUMN_NAMES: readonly ColumnName[] = ['time', 'ingestTime', ...FIELD_NAMES];
export const ownZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

export function defaultWish(): Wish {
  return {
    ...{ span: '24h', from: '', to: '', zone: ownZone(), asOf: '', text: '', where: [], order: 'newest' },
    ...{ columns: DEFAULT_COLUMNS.map(columnOf), view: 'list', rows: 'actor', across: 'asset', measure: 'events' },
  };
}

export function wishIn(query: URLSearchParams): Wish {
  const said = (name: string): string => query.get(name) ?? '';
  const ours = defaultWish();
  const isRange = said('from') !== '' && said('to') !== '';
  return {
    span: isRange ? '' : (oneOf(Object.keys(SPANS) as Span[], said('span')) ?? ours.span),
    from: isRange ? said('from') : '',
    to: isRange ? said('to') : '',
    zone: isZone(said('zone')) ? said('zone') : ours.zone,
    asOf: said('asOf'),
    text: said('text'),
    where: clausesIn(said('where')),
    order: said('order') === 'oldest' ? 'oldest' : 'newest',
    columns: columnsIn(said('columns')) ?? ours.columns,
    view: said('view') === 'pivot' ? 'pivot' : 'list',
    rows: countedOr(said('rows'), ours.rows),
    across: countedOr(said('across'), ours.across),
    measure: oneOf(MEASURES, said('measure')) ?? ours.measure,
  };
}

export const MEASURES = ['events', 'rows', 'bytes', 'failures', 'actors'] as const satisfies readonly MeasureName[];
export const COUNTED: readonly FieldName[] = FIELD_NAMES.filter((name) => EVENT_FIELDS[name].counted);

/** What differs from the page as it opens by itself; the zone is said, for others are elsewhere. */
export function queryOf(wish: Wish): string {
  const ours = defaultWish();
  const said = new URLSearchParams();
  if (wish.span === '') {
    said.set('from', wish.from);
    said.set('to', wish.to);
  } else if (wish.span !== ours.span) said.set('span', wish.span);
  for (const name of ['asOf', 'text'] as const) if (wish[name] !== '') said.set(name, wish[name]);
  if (wish.where.length > 0) said.set('where', JSON.stringify(wish.where));
  for (const name of ['order', 'view', 'rows', 'across', 'measure'] as const)
    if (wish[name] !== ours[name]) said.set(name, wish[name]);
  const columns = columnsText(wish.columns);
  if (columns !== columnsText(ours.columns)) said.set('columns', columns);
  const text = said.toString();
  if (text !== '' || wish.zone !== ours.zone) said.set('zone', wish.zone);
  return said.toString();
}

/** What the server is asked, with the times as they are now. @param now ms since the Unix epoch */
export function askedOf(wish: Wish, now: number): URLSearchParams {
  const { zone, span } = wish;
  const at = (wall: string): number => wallTimeMs(wall, zone);
  const [from, to] = span === '' ? [at(wish.from), at(wish.to)] : [now - SPANS[span], now];
  const asked = new URLSearchParams({
    from: String(from),
    to: String(to),
    zone,
    asOf: String(wish.asOf === '' ? now : at(wish.asOf)),
  });
  if (wish.text.trim() !== '') asked.set('text', wish.text.trim());
  if (wish.where.length > 0)
    asked.set('where', JSON.stringify(wish.where.length === 1 ? wish.where[0] : { all: wish.where }));
  return asked;
}

function countedOr(name: string, otherwise: FieldName): FieldName {
  return COUNTED.find((one) => one === name) ?? otherwise;
}

function oneOf<T extends string>(all: readonly T[], name: string): T | undefined {
  return all.find((one) => one === name);
}

function isZone(name: string): boolean {
  if (name === '') return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** What is no list of clauses in a link is handed to the server as it is, which says what is wrong. */
function clausesIn(text: string): readonly Clause[] {
  if (text === '') return [];
  try {
    const given = JSON.parse(text) as Clause | readonly Clause[];
    return Array.isArray(given) ? (given as readonly Clause[]) : [given as Clause];
  } catch {
    return [{ field: text as FieldName, op: 'is' }];
  }
}

function columnsIn(text: string): readonly Column[] | undefined {
  const columns = text.split(',').flatMap((one) => {
    const [name, width] = one.split(':');
    const known = COLUMN_NAMES.find((each) => each === name);
    if (known === undefined) return [];
    return [
      { name: known, width: width === undefined ? columnOf(known).width : clampWidth(Number(width) || DEFAULT_WIDTH) },
    ];
  });
  return columns.length === 0 ? undefined : columns;
}

function columnsText(columns: readonly Column[]): string {
  return columns.map(({ name, width }) => (width === columnOf(name).width ? name : `${name}:${width}`)).join(',');
}

/** Whether the page can show and change it as a condition; anything else it shows as text. */
export function isEditable(clause: Clause): clause is Condition {
  return (
    typeof clause === 'object' &&
    clause !== null &&
    isCondition(clause) &&
    isFieldName(clause.field) &&
    operatorsOf(clause.field).includes(clause.op)
  );
}

/** A link into hunting: conditions on fields, over a range. @param about values that are '' are left out */
export function huntingHash(
  about: Partial<Record<FieldName, string>>,
  range: { from: number; to: number } | { span: Span },
  zone = ownZone(),
): string {
  const where = Object.entries(about).flatMap(([field, value]): Clause[] =>
    value === '' ? [] : [{ field: field as FieldName, op: 'is', value }],
  );
  const wish = { ...defaultWish(), zone, where };
  const spanned: Wish =
    'span' in range
      ? { ...wish, span: range.span }
      : { ...wish, span: '', from: wallTime(range.from, zone), to: wallTime(range.to, zone) };
  const query = queryOf(spanned);
  return query === '' ? '#/hunting' : `#/hunting?${query}`;
}
