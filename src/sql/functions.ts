import { ALLOWED, COMBINATORS, HIGHER_ORDER, OF_SYNTAX } from './allowed-functions.ts';
import { REASONS, REFUSED, type RefusalOfFunction } from './refused-functions.ts';
import { RULES, type Rule } from './rules.ts';

const { aggregates, ...plain } = ALLOWED;
const lower = (names: readonly string[]): string[] => names.map((name) => name.toLowerCase());
const AGGREGATES: ReadonlySet<string> = new Set(lower(aggregates!));
const PLAIN: ReadonlySet<string> = new Set(lower([...Object.values(plain).flat(), ...OF_SYNTAX]));
const ENDINGS = lower(COMBINATORS);
const WHY: ReadonlyMap<string, RefusalOfFunction> = new Map(
  Object.entries(REFUSED).flatMap(([why, names]) => lower(names).map((name) => [name, why as RefusalOfFunction])),
);

/** Functions that make rows and reach nothing else. */
export const TABLE_FUNCTIONS: ReadonlySet<string> = new Set([
  'numbers',
  'zeros',
  'values',
  'generate_series',
  'generateseries',
]);

/** @returns why a function may not be used; undefined when it may. Upper and lower case are one. */
export function refusedFunction(name: string): Rule | undefined {
  const known = name.toLowerCase();
  if (PLAIN.has(known) || isAggregate(known)) return undefined;
  const why = WHY.get(known);
  return why === undefined ? RULES.unknownFunction : REASONS[why];
}

const TAKE_FUNCTIONS: ReadonlySet<string> = new Set(lower(HIGHER_ORDER));

/**
 * Why a name may not stand among the arguments of this function: it may stand for a function there, which is no function in the
 * syntax tree. Undefined when it may.
 * @param isFirst in the place of a lambda, with more behind it. @param lambdas names that the query gives to lambdas.
 */
export function refusedArgument(
  called: string,
  name: string,
  isFirst: boolean,
  lambdas: ReadonlySet<string>,
): Rule | undefined {
  if (!TAKE_FUNCTIONS.has(called.toLowerCase())) return undefined;
  // Also where a lambda has that name: it may have it elsewhere in the query.
  const why = WHY.get(name.toLowerCase());
  if (why !== undefined) return REASONS[why];
  return isFirst && !lambdas.has(name) ? refusedFunction(name) : undefined;
}

/** An aggregate, with any number of combinators behind its name: `uniqExactArrayIf`. */
export function isAggregate(name: string): boolean {
  const known = name.toLowerCase();
  if (AGGREGATES.has(known)) return true;
  return ENDINGS.some(
    (ending) => known.length > ending.length && known.endsWith(ending) && isAggregate(known.slice(0, -ending.length)),
  );
}
