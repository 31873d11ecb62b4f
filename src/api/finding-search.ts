import { z } from 'zod';
import { GROUPINGS, NAMED, NONE, type FindingFilter } from '../finding/finding-filter.ts';
import { DISPOSITIONS, LIFE_STATUSES } from '../finding/lifecycle.ts';
import { limit, time } from './answers.ts';

/** In place of an account: who asks. */
const ME = '@me';
const MAX_IDS = 200;
export const MAX_PAGE = 500;
/** Places that are given at once: what a page can hold. */
export const MAX_PLACES = 200_000;

const id = z.uuid('must be a UUID');
const name = z
  .string()
  .min(1)
  .max(300)
  .optional()
  .describe('As it is; `@none` for those without, `@any` for those with one.');
const names = Object.fromEntries(NAMED.map((field) => [field, name])) as Record<(typeof NAMED)[number], typeof name>;

const filter = z.strictObject({
  severity: listOf(['low', 'medium', 'high', 'critical']),
  status: listOf(LIFE_STATUSES),
  disposition: listOf(DISPOSITIONS),
  assignee: name.describe('Account; `@me` for who asks, `@none` for nobody, `@any` for anybody.'),
  ...names,
  incident: z
    .string()
    .refine((said) => said === NONE || id.safeParse(said).success, `must be a UUID or ${NONE}`)
    .optional(),
  ids: z
    .string()
    .transform((text, context) => {
      const ids = text.split(',');
      const wrong = ids.find((one) => !id.safeParse(one).success);
      if (wrong === undefined && ids.length <= MAX_IDS) return ids;
      context.addIssue(
        wrong === undefined
          ? `has ${ids.length} ids; ask for at most ${MAX_IDS}`
          : 'must be UUIDs, with commas between',
      );
      return z.NEVER;
    })
    .optional()
    .describe('UUIDs, with commas between.'),
  from: time.optional().describe('When it was raised, or raised again: ISO 8601, or ms since 1970; from ≤ time < to.'),
  to: time.optional(),
  text: z.string().max(500).optional().describe('Words that are all found in it, in either language.'),
  suppressed: z.enum(['no', 'only']).optional(),
});

export const SEARCHES = {
  page: filter.extend({ limit: limit(MAX_PAGE), cursor: z.string().max(500).optional() }),
  counts: filter,
  ids: filter.extend({ limit: z.coerce.number().int().min(1).max(MAX_PLACES).default(MAX_PLACES) }),
  groups: filter.extend({ by: z.enum(GROUPINGS) }),
} as const;

/** What a search asks for, without what was not stated. @param account who asks */
export function filterOf(stated: z.output<typeof filter>, account: string): FindingFilter {
  const said = Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== undefined)) as FindingFilter;
  return said.assignee === ME ? { ...said, assignee: account } : said;
}

/** Names with commas between, each of the known ones. */
function listOf<const T extends string>(known: readonly T[]) {
  const isKnown = (one: string): one is T => (known as readonly string[]).includes(one);
  return z
    .string()
    .transform((text, context): T[] => {
      const named = text.split(',');
      if (named.every(isKnown)) return named;
      const wrong = named.find((one) => !isKnown(one))!;
      context.addIssue(`${JSON.stringify(wrong)} is not known; use ${known.join(', ')}, with commas between`);
      return z.NEVER;
    })
    .optional()
    .describe(`Of ${known.join(', ')}, with commas between.`);
}
