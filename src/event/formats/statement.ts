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

const OTHER: VerbMeaning = { action: 'command', activityId: 99 };

/** Meaning of a statement or command tag by its first word. */
export function verbMeaning(statement: string): VerbMeaning {
  const verb = /^[\s(]*([A-Za-z]+)/.exec(statement.slice(0, 200))?.[1] ?? '';
  return VERBS.get(verb.toUpperCase()) ?? OTHER;
}

const MAX_SEARCHED = 8192;
const NAME =
  '((?:"[^"]{1,63}"|[A-Za-z_\\u0080-\\uffff][\\w$\\u0080-\\uffff]{0,62})(?:\\.(?:"[^"]{1,63}"|[A-Za-z_\\u0080-\\uffff][\\w$\\u0080-\\uffff]{0,62})){0,2})';
const TABLE = new RegExp(
  `\\b(?:FROM|INTO|UPDATE|COPY|TRUNCATE(?:\\s+TABLE)?|JOIN)\\s+(?:ONLY\\s+)?${NAME}(\\s*\\()?`,
  'gi',
);

/**
 * The first relation that a statement reads or writes, as `schema.table` (`public` when it names none), or ''. Good enough for
 * a log whose auditing names no relation; text in string literals and comments is left out, functions in FROM too.
 */
export function firstTable(statement: string): string {
  const text = statement.slice(0, MAX_SEARCHED).replace(/'(?:[^']|'')*'|--[^\n]*/g, ' ');
  for (const found of text.matchAll(TABLE)) {
    const isFunction = found[2] !== undefined && !/^\s*INTO|^COPY/i.test(found[0]);
    if (isFunction || /^(?:select|lateral|values|unnest|stdin|stdout)$/i.test(found[1]!)) continue;
    const name = found[1]!.replaceAll('"', '');
    return name.includes('.') ? name : `public.${name}`;
  }
  return '';
}
