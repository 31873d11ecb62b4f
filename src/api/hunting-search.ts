import { z } from 'zod';
import { FIELD_NAMES, fieldOf, type FieldName } from '../hunting/event-fields.ts';
import {
  LONGEST_RANGE_MS,
  mapConditions,
  MOST_TERMS,
  termsIn,
  type Condition,
  type EventFilter,
  type TextTerm,
} from '../hunting/event-filter.ts';
import { MEASURE_NAMES } from '../hunting/hunting-desk.ts';
import { checkPart, filterFault, readClause } from '../hunting/read-clause.ts';
import { limit, time } from './answers.ts';
import type { Sees } from './masked-search.ts';

const DAY_MS = 86_400_000;
/** Events that come in just now are of the range too. */
const AHEAD_MS = 60_000;
const DEFAULT_ZONE = 'Asia/Shanghai';
export const MOST_ROWS = 500;
const MOST_FACETS = 8;

const COLUMN_NAMES: readonly string[] = ['time', 'ingestTime', ...FIELD_NAMES];
const counted = FIELD_NAMES.filter((name) => fieldOf(name).counted);
const axis = z.enum(counted as [FieldName, ...FieldName[]]);

const filter = z.strictObject({
  from: time
    .optional()
    .describe('Event time, ISO 8601 or ms since 1970: from ≤ time < to. A day before `to` when absent.'),
  to: time.optional(),
  zone: z.string().max(60).optional().describe('IANA name of the zone in which days begin.'),
  asOf: time.optional().describe('Only what had been taken in by then.'),
  text: z
    .string()
    .max(1_000)
    .optional()
    .describe('Words and "phrases" that all stand in message or original line; -word stands in neither.'),
  where: z
    .string()
    .max(20_000)
    .optional()
    .describe('JSON: {"field","op","value"}, or {"all":[…]}, {"any":[…]}, {"not":…} of these.'),
  run: z.uuid('must be a UUID').optional().describe('A name of your own, to follow and cancel it by.'),
});

/** Queries of the routes of hunting. */
export const HUNTING_SEARCHES = {
  filter,
  rows: filter.extend({
    offset: z.coerce.number().int().min(0).max(1e12).default(0),
    limit: limit(MOST_ROWS),
    order: z.enum(['newest', 'oldest']).default('newest'),
    columns: namesOf(COLUMN_NAMES, COLUMN_NAMES.length)
      .optional()
      .describe(
        `Of ${COLUMN_NAMES.join(', ')}, with commas between; what is not raw, message or attributes when absent.`,
      ),
  }),
  facets: filter.extend({ fields: namesOf(counted, MOST_FACETS) }),
  pivot: filter.extend({ rows: axis, columns: axis, measure: z.enum(MEASURE_NAMES).default('events') }),
  suggestions: filter.extend({
    field: z.enum(FIELD_NAMES as [FieldName, ...FieldName[]]),
    part: z.string().max(200).default(''),
  }),
};

type Stated = z.output<typeof filter>;

/** What is known of values: how they are shown, and what is stored in the place of an identifier of a person. */
export interface Knows {
  text: Sees['text'];
  hashOf: (identifier: string) => string;
}
const HASHED = /^ds_[\w-]{22}$/;

/** What a request asks for. @throws WanglouError WL_QUERY_INVALID that names the place, the value and the remedy. */
export function eventFilterOf(stated: Stated, knows: Knows, now = Date.now()): EventFilter {
  const to = stated.to ?? now + AHEAD_MS;
  const from = stated.from ?? to - DAY_MS;
  const { zone = DEFAULT_ZONE, asOf = now } = stated;
  if (!isZone(zone))
    throw filterFault('filter-zone', 'zone', zone, 'is no time zone', 'Use an IANA name such as Asia/Shanghai.');
  if (from >= to)
    throw filterFault('filter-range', 'from', from, `is not before to (${to})`, 'Give a from that lies before to.');
  if (to - from > LONGEST_RANGE_MS)
    throw filterFault(
      'filter-range',
      'from',
      from,
      `is ${Math.round((to - from) / DAY_MS)} days before to`,
      'Ask for at most ten years at once.',
    );
  const text = textOf(stated.text ?? '', knows);
  return {
    ...{ from, to, zone, asOf },
    ...(text.length > 0 && { text }),
    ...(stated.where !== undefined &&
      stated.where !== '' && { where: mapConditions(readClause(stated.where), (one) => withHashes(one, knows)) }),
  };
}

/** Who is asked for by an identifier is known in the store by its hash. */
function withHashes(condition: Condition, { hashOf }: Knows): Condition {
  const { field, value } = condition;
  if (field !== 'dataSubjects' || value === undefined) return condition;
  const hashed = (one: string | number): string => (HASHED.test(String(one)) ? String(one) : hashOf(String(one)));
  return { ...condition, value: typeof value === 'object' ? value.map(hashed) : hashed(value) };
}

function textOf(text: string, { text: shown, hashOf }: Knows): TextTerm[] {
  const terms = termsIn(text);
  if (terms.length > MOST_TERMS)
    throw filterFault(
      'filter-size',
      'text',
      text,
      `has ${terms.length} words`,
      `Look for at most ${MOST_TERMS}, or for a "phrase".`,
    );
  for (const term of terms) checkPart(term.text, 'text');
  return terms.map((term) => {
    const isWhole = /^‹[^›]*›$/.test(shown(term.text));
    return { ...term, isWhole, ...(isWhole && { hash: hashOf(term.text) }) };
  });
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Names with commas between, each of the known ones, which are in the order of the answer. */
function namesOf(known: readonly string[], most: number) {
  return z
    .string()
    .transform((text, context): string[] => {
      const names = text.split(',').filter(Boolean);
      const wrong = names.find((name) => !known.includes(name));
      if (wrong === undefined && names.length > 0 && names.length <= most) return names;
      const said = wrong === undefined ? `names ${names.length} fields; 1 to ${most} can be asked for` : `${JSON.stringify(wrong)} can not be asked for; use ${known.join(', ')}`; // prettier-ignore
      context.addIssue(said);
      return z.NEVER;
    })
    .describe(`Of ${known.join(', ')}, with commas between.`);
}
