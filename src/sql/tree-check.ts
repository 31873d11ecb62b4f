import { isAggregate, refusedArgument, refusedFunction, TABLE_FUNCTIONS } from './functions.ts';
import { placeOf, SqlRefusal } from './refusal.ts';
import { RULES, type Rule } from './rules.ts';
import { PLAIN_NAME } from './names.ts';
import type { Node } from './syntax-tree.ts';

/** Nodes that say nothing by themselves: what they have in them is looked at. */
const PLAIN_NODES: ReadonlySet<string> = new Set(
  (
    'SelectWithUnionQuery SelectQuery SelectIntersectExceptQuery ExpressionList TablesInSelectQuery TablesInSelectQueryElement ' +
    'TableJoin ArrayJoin Subquery WithElement Asterisk QualifiedAsterisk ColumnsRegexpMatcher ColumnsListMatcher ' +
    'QualifiedColumnsRegexpMatcher QualifiedColumnsListMatcher ColumnsTransformerList ColumnsExceptTransformer ' +
    'ColumnsReplaceTransformer ColumnsReplaceTransformer::Replacement OrderByElement WindowListElement WindowDefinition ' +
    'SampleRatio InterpolateElement StorageOrderByElement'
  ).split(' '),
);
const REFUSED_NODES: Readonly<Record<string, { rule: Rule; as: string }>> = {
  Set: { rule: RULES.settings, as: 'SETTINGS' },
  ColumnsApplyTransformer: { rule: RULES.apply, as: 'APPLY' },
};
const IN = /^(?:global)?(?:not)?(?:null)?in$/i;
/** What converts to a type that is named by a text. */
const CASTS = /^(?:_?cast|accuratecast(?:ornull|ordefault)?|reinterpret)$/i;
const REDUCES = /^arrayreduce(?:inranges)?$/i;
/** `_part`, `_table`: of the engine, not of a table. */
const VIRTUAL = /(?:^|\.)_(?:part|partition|table|database|sample|shard|path|file|size|time|etag|row|block|data|disk|distance|headers)\w*$/i; // prettier-ignore

/** Looks at every node of a query's syntax tree; what is not known to be harmless is refused. */
export class TreeCheck {
  readonly #asked: string;
  readonly #readable: readonly string[];
  readonly #named: ReadonlySet<string>;
  readonly #found = new Set<string>();
  #lambdas: ReadonlySet<string> = new Set();

  /**
   * @param asked the text as people wrote it, for places.
   * @param readable tables that may be read.
   * @param named names that WITH gives in it.
   */
  constructor(asked: string, readable: readonly string[], named: ReadonlySet<string>) {
    this.#asked = asked;
    this.#readable = readable;
    this.#named = named;
  }

  /** Tables that were met. */
  get tables(): string[] {
    return [...this.#found];
  }

  /** @throws SqlRefusal */
  query(root: Node): void {
    this.#lambdas = new Set(namedLambdas(root));
    this.#node(root);
  }

  #node(node: Node): void {
    const { type, text, children } = node;
    if (type === 'TableExpression') return this.#tableExpression(node);
    if (type === 'TableIdentifier') return this.#table(text);
    if (type === 'Function') this.#function(node);
    else if (type === 'Identifier') this.#identifier(text);
    else if (type === 'Literal') this.#literal(text);
    else if (!PLAIN_NODES.has(type)) {
      const { rule, as } = REFUSED_NODES[type] ?? { rule: RULES.node, as: type };
      this.#refuse(as, rule);
    }
    for (const child of children) this.#node(child);
  }

  #tableExpression({ children }: Node): void {
    for (const child of children) {
      if (child.type !== 'Function') this.#node(child);
      else {
        if (!TABLE_FUNCTIONS.has(child.text.toLowerCase())) this.#refuse(child.text, RULES.tableFunction);
        const [first] = child.children[0]?.children ?? [];
        if (/^values$/i.test(child.text) && first?.type === 'Function' && first.text !== 'tuple')
          this.#refuse(child.text, RULES.cast);
        for (const argument of child.children) this.#node(argument);
      }
    }
  }

  #table(name: string): void {
    if (this.#named.has(name)) {
      // It may still mean the table itself, where WITH has not named anything yet.
      if (this.#readable.includes(name)) this.#found.add(name);
    } else if (this.#readable.includes(name)) this.#found.add(name);
    else if (name.includes('.')) this.#refuse(name, RULES.database, name.split('.')[0]);
    else this.#refuse(name, unknownTable(this.#readable));
  }

  #function({ text: name, children }: Node): void {
    if (!/^\w+$/.test(name)) this.#refuse(name, RULES.unknownFunction);
    const why = refusedFunction(name);
    if (why !== undefined) this.#refuse(name, why);
    const given = children[0]?.children ?? [];
    given.forEach((argument, at) => {
      if (argument.type !== 'Identifier') return;
      const hidden = refusedArgument(name, argument.text, at === 0 && given.length > 1, this.#lambdas);
      if (hidden !== undefined) this.#refuse(argument.text, hidden);
    });
    if (IN.test(name) && given[1]?.type === 'Identifier') this.#rightOfIn(given[1].text);
    if (CASTS.test(name) && given[1]?.type !== 'Literal') this.#refuse(name, RULES.cast);
    if (REDUCES.test(name) && !isNamedAggregate(given[0])) this.#refuse(name, RULES.aggregateName);
  }

  /** Right of IN a name may mean a table, and one with a dot one of another database. */
  #rightOfIn(name: string): void {
    if (this.#readable.includes(name)) this.#found.add(name);
    else if (!PLAIN_NAME.test(name)) this.#refuse(name, RULES.rightOfIn, name.split('.')[0]);
  }

  #identifier(name: string): void {
    if (VIRTUAL.test(name)) this.#refuse(name, RULES.virtual, name.split('.').at(-1));
  }

  #literal(text: string): void {
    if (/aggregatefunction/i.test(text)) this.#refuse('AggregateFunction', RULES.states);
  }

  #refuse(construct: string, rule: Rule, word = construct): never {
    throw new SqlRefusal(construct, rule, placeOf(this.#asked, word));
  }
}

/** `WITH x -> x + 1 AS next`. */
function namedLambdas(node: Node): string[] {
  const own = node.type === 'Function' && node.text === 'lambda' && node.alias !== '' ? [node.alias] : [];
  return [...own, ...node.children.flatMap(namedLambdas)];
}

/** `'quantile(0.9)'` as a literal. */
function isNamedAggregate(node: Node | undefined): boolean {
  const name = node?.type === 'Literal' ? /^'(\w+)(?:\([\d., ]*\))?'$/.exec(node.text)?.[1] : undefined;
  return name !== undefined && isAggregate(name);
}

function unknownTable(readable: readonly string[]): Rule {
  const tables = readable.join(', ');
  const { why, instead } = RULES.unknownTable;
  return { why, instead: { zh: instead.zh.replace('{tables}', tables), en: instead.en.replace('{tables}', tables) } };
}
