import { checkNames, parametersIn, namedSubqueries } from './names.ts';
import { plainClauses } from './plain-clauses.ts';
import { placeAt, placeOf, SqlRefusal } from './refusal.ts';
import { RULES, type Rule } from './rules.ts';
import { readTree, type Node } from './syntax-tree.ts';
import { TreeCheck } from './tree-check.ts';

/** The engine's own parser. */
export interface Parser {
  /** One statement in the engine's own writing, on one line, without comments. @throws an error with the engine's words */
  formatted(sql: string): Promise<string>;
  /** The lines of EXPLAIN AST. */
  tree(sql: string, parameters: Readonly<Record<string, unknown>>): Promise<readonly string[]>;
}

/** A query that may be run. */
export interface AcceptedQuery {
  /** In the engine's writing: this is what is to be run, as a sub-query. */
  sql: string;
  /** Tables that it names, in the order in which it does. */
  tables: readonly string[];
  parameters: readonly QueryParameter[];
}

export interface QueryParameter {
  name: string;
  type: string;
}

export const MAX_SQL_LENGTH = 50_000;
const MAX_NODES = 20_000;
/** The query stands in these lines as a sub-query; nothing of it may stand outside. */
const WRAPPED = ['SelectWithUnionQuery', 'ExpressionList', 'SelectQuery'];
const LIMIT = 1;

/**
 * Decides whether a query that somebody wrote may be run. The engine's parser reads it, never a pattern of ours: it says whether
 * it is one statement; written anew and put into a sub-query, it is read once more, and of its syntax tree every node, function
 * and table has to be among those that are known to be harmless.
 */
export class SqlGate {
  readonly #parser: Parser;
  readonly #tables: readonly string[];

  /** @param tables names that may be read; without a database they mean views for people. */
  constructor(parser: Parser, tables: readonly string[]) {
    this.#parser = parser;
    this.#tables = tables;
  }

  /** @throws SqlRefusal */
  async check(asked: string, values: Readonly<Record<string, unknown>> = {}): Promise<AcceptedQuery> {
    if (asked.length > MAX_SQL_LENGTH) throw new SqlRefusal(`${asked.length} characters`, RULES.tooLong);
    const formatted = await this.#parser.formatted(asked).catch((error: unknown) => unreadable(error, asked));
    const sql = plainClauses(formatted);
    checkNames(sql, asked);
    const parameters = parametersIn(sql, asked);
    const missing = parameters.find(({ name }) => !Object.hasOwn(values, name));
    if (missing) throw new SqlRefusal(`{${missing.name}:${missing.type}}`, RULES.missingParameter, placeOf(asked, missing.name)); // prettier-ignore
    const given = Object.fromEntries(parameters.map(({ name }) => [name, values[name]]));
    const lines = await this.#parser
      .tree(`SELECT * FROM (${sql}) LIMIT ${LIMIT}`, given)
      .catch((error: unknown) => unwrapped(error, asked));
    if (lines.length > MAX_NODES) throw new SqlRefusal(`${lines.length} parts`, RULES.tooDeep);
    const inner = innerOf(readTree(lines));
    if (inner === undefined) throw new SqlRefusal(sql, RULES.select);
    const check = new TreeCheck(asked, this.#tables, namedSubqueries(sql));
    check.query(inner);
    return { sql, tables: check.tables, parameters };
  }
}

/** The query inside of the wrapping; undefined when anything else is different from how it was wrapped. */
function innerOf(root: Node | undefined): Node | undefined {
  let node = root;
  for (const type of WRAPPED) {
    if (node?.type !== type) return undefined;
    if (type !== 'SelectQuery') node = node.children.length === 1 ? node.children[0] : undefined;
  }
  if (node?.children.length !== 3) return undefined;
  const [columns, tables, limit] = node.children;
  const isOurs =
    columns!.type === 'ExpressionList' &&
    columns!.children.length === 1 &&
    columns!.children[0]!.type === 'Asterisk' &&
    limit!.type === 'Literal' &&
    limit!.text === `UInt64_${LIMIT}`;
  const expression = only(only(tables, 'TablesInSelectQuery'), 'TablesInSelectQueryElement');
  const query = only(only(expression, 'TableExpression'), 'Subquery');
  return isOurs && query?.type === 'SelectWithUnionQuery' ? query : undefined;
}

function only(node: Node | undefined, type: string): Node | undefined {
  return node?.type === type && node.children.length === 1 ? node.children[0] : undefined;
}

/** The engine's words. @throws SqlRefusal for a word that the embedded store takes nowhere */
function wordsOf(error: unknown, asked: string): string {
  const text = error instanceof Error ? error.message : String(error);
  const word = /does not offer (\w+)/.exec(text)?.[1];
  if (word !== undefined) throw new SqlRefusal(word, RULES.hostWord, placeOf(asked, word));
  return text;
}

function unreadable(error: unknown, asked: string): never {
  const text = wordsOf(error, asked);
  if (!/syntax error|empty query|too large|max_parser|depth|backtrack/i.test(text)) throw error;
  const position = /failed at position (\d+)/.exec(text)?.[1];
  const place = position === undefined ? undefined : placeAt(asked, Number(position) - 1);
  const near = /failed at position \d+ \((.{1,60}?)\)/.exec(text)?.[1] ?? asked.slice(0, 60);
  throw new SqlRefusal(near, /multi-statement/i.test(text) ? several : RULES.syntax, place);
}

const several: Rule = {
  ...RULES.syntax,
  why: { zh: '一次只能运行一条语句', en: 'only one statement is run at a time' },
};

/** What is one statement and can be no sub-query: SHOW, INSERT, … FORMAT JSON. */
function unwrapped(error: unknown, asked: string): never {
  const text = wordsOf(error, asked);
  if (/cannot be parsed as|query parameter/i.test(text)) throw new SqlRefusal(text.slice(0, 200), RULES.parameter);
  if (!/syntax error|depth|backtrack/i.test(text)) throw error;
  const word = /\((?:end of query|([A-Za-z]+))\)/.exec(text)?.[1] ?? asked.trim().split(/\s/)[0] ?? '';
  throw new SqlRefusal(word, RULES.select, placeOf(asked, word));
}
