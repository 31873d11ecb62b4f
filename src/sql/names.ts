import { SqlTokens } from '../store/sql-tokens.ts';
import type { QueryParameter } from './gate.ts';
import { placeAt, SqlRefusal } from './refusal.ts';
import { RULES } from './rules.ts';

const MAX_NAME = 200;
/** Line breaks would look like nodes of the syntax tree, and so would these words. */
const UNSAFE = /[\\\p{C}]|\((?:alias|children) /u;
/** What needs no quotes, in any script. */
export const PLAIN_NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;
const PARAMETER_NAME = /^[A-Za-z_]\w{0,63}$/;

/**
 * Names in quotes may hold anything; those that could be taken for a part of the syntax tree are refused.
 * @param sql in the engine's writing. @throws SqlRefusal
 */
export function checkNames(sql: string, asked: string): void {
  const tokens = new SqlTokens(sql);
  while (tokens.next()) {
    const raw = sql.slice(tokens.start, tokens.end);
    const isOdd = tokens.kind === 'broken' || (tokens.kind === 'quoted' && (raw.length > MAX_NAME || UNSAFE.test(raw)));
    if (isOdd) throw new SqlRefusal(raw, RULES.name, placeAt(asked, asked.indexOf(raw)));
  }
}

/** Names that WITH gives to sub-queries. */
export function namedSubqueries(sql: string): ReadonlySet<string> {
  const names = new Set<string>();
  const tokens = new SqlTokens(sql);
  let name = '';
  let isNamed = false;
  while (tokens.next()) {
    const isName = tokens.kind === 'word' || tokens.kind === 'quoted';
    if (isNamed && (tokens.is('(') || tokens.word === 'materialized')) {
      if (PLAIN_NAME.test(name)) names.add(name);
      isNamed = false;
      continue;
    }
    isNamed = isName && tokens.kind === 'word' && tokens.word === 'as' && name !== '';
    if (!isNamed) name = isName ? nameOf(sql.slice(tokens.start, tokens.end)) : '';
  }
  return names;
}

function nameOf(raw: string): string {
  return /^[`"]/.test(raw) ? raw.slice(1, -1) : raw;
}

/** `{name:Type}` of a statement, each once. @throws SqlRefusal for names of ours, and for names of tables as parameters */
export function parametersIn(sql: string, asked: string): QueryParameter[] {
  const found = new Map<string, QueryParameter>();
  const tokens = new SqlTokens(sql);
  while (tokens.next()) {
    if (!tokens.is('{')) continue;
    const from = tokens.start;
    const match = /^\{\s*([^\s:}]+)\s*:\s*([^}]+?)\s*\}/.exec(sql.slice(from, from + 500));
    if (match === null) continue;
    const [whole, name, type] = [match[0], match[1]!, match[2]!];
    if (!PARAMETER_NAME.test(name) || /^wanglou/i.test(name) || /identifier|aggregatefunction/i.test(type))
      throw new SqlRefusal(whole, RULES.parameter, placeAt(asked, asked.indexOf(name)));
    found.set(name, { name, type });
    tokens.end = from + whole.length;
  }
  return [...found.values()];
}
