import { leadingSql, withoutLiterals } from './sql-text.ts';

/** What an SQL verb means: our action and OCSF Datastore Activity's activity_id. */
export interface VerbMeaning {
  action: string;
  activityId: number;
}

const VERBS: ReadonlyMap<string, VerbMeaning> = new Map([
  ['SELECT', { action: 'read', activityId: 1 }],
  ['TABLE', { action: 'read', activityId: 1 }],
  ['WITH', { action: 'read', activityId: 1 }],
  ['FETCH', { action: 'read', activityId: 1 }],
  ['DECLARE', { action: 'read', activityId: 1 }],
  ['UNLOAD', { action: 'export', activityId: 1 }],
  ['INSERT', { action: 'create', activityId: 6 }],
  ['COPY', { action: 'create', activityId: 5 }],
  ['CREATE', { action: 'create', activityId: 6 }],
  ['UPDATE', { action: 'update', activityId: 2 }],
  ['MERGE', { action: 'update', activityId: 2 }],
  ['ALTER', { action: 'update', activityId: 2 }],
  ['DELETE', { action: 'delete', activityId: 7 }],
  ['TRUNCATE', { action: 'delete', activityId: 7 }],
  ['DROP', { action: 'delete', activityId: 7 }],
  ['GRANT', { action: 'grant', activityId: 99 }],
  ['REVOKE', { action: 'revoke', activityId: 99 }],
  ['EXECUTE', { action: 'call', activityId: 4 }],
  ['CALL', { action: 'call', activityId: 4 }],
  ['DO', { action: 'call', activityId: 4 }],
]);

const MAX_SEARCHED = 8192;
const OTHER: VerbMeaning = { action: 'command', activityId: 99 };

/** Meaning of a statement or command tag by its first word. */
export function verbMeaning(statement: string): VerbMeaning {
  const verb = /^[A-Za-z]+/.exec(leadingSql(statement.slice(0, MAX_SEARCHED)).slice(0, 40))?.[0] ?? '';
  return VERBS.get(verb.toUpperCase()) ?? OTHER;
}

const PART = '(?:"[^"]{1,63}"|[A-Za-z_\\u0080-\\uffff][\\w$\\u0080-\\uffff]{0,62})';
const TABLE = new RegExp(
  `\\b(FROM|INTO|UPDATE|COPY|TRUNCATE(?:\\s{1,20}TABLE)?|JOIN|TABLE(?:\\s{1,20}IF(?:\\s{1,20}NOT)?\\s{1,20}EXISTS)?)\\s{1,100}` +
    `(?:ONLY\\s{1,20})?(${PART}(?:\\.${PART}){0,2})(\\s{0,20}\\()?`,
  'gi',
);

/** Words that follow such a keyword without being a relation: `FOR UPDATE OF`, `AFTER UPDATE ON`, `DO UPDATE SET`, … */
const NO_RELATION =
  /^(?:select|lateral|values|unnest|stdin|stdout|on|set|of|nowait|skip|where|from|if|table|only|or|as|public)$/i;

/** `extract(year FROM x)`, `trim(both FROM x)`, `x IS DISTINCT FROM y`: a FROM that names no relation. */
const OTHER_FROM = /(?:\b(?:extract|trim|substring|overlay|position)\s{0,9}\([^()]{0,200}|\bdistinct\s{1,20})$/i;

/**
 * The first relation that a statement reads or writes, as `schema.table` (`public` when it names none), or ''. Good enough for
 * a log whose auditing names no relation; text in literals and comments is left out, functions in FROM too.
 */
export function firstTable(statement: string): string {
  const text = withoutLiterals(statement.slice(0, MAX_SEARCHED));
  for (const found of text.matchAll(TABLE)) {
    const keyword = found[1]!.toUpperCase();
    if (found[3] !== undefined && (keyword === 'FROM' || keyword === 'JOIN')) continue;
    if (NO_RELATION.test(found[2]!) || (/^UPDATE$/.test(keyword) && /\b(?:FOR|DO)\s{1,20}$/i.test(before(text, found))))
      continue;
    if (keyword === 'FROM' && OTHER_FROM.test(before(text, found))) continue;
    const name = found[2]!.replaceAll('"', '');
    return name.includes('.') ? name : `public.${name}`;
  }
  return '';
}

function before(text: string, found: RegExpExecArray): string {
  return text.slice(Math.max(0, found.index - 220), found.index);
}
