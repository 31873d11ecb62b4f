import { ALLOWED, COMBINATORS, OF_SYNTAX } from './allowed-functions.ts';
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

/** An aggregate, with any number of combinators behind its name: `uniqExactArrayIf`. */
export function isAggregate(name: string): boolean {
  const known = name.toLowerCase();
  if (AGGREGATES.has(known)) return true;
  return ENDINGS.some(
    (ending) => known.length > ending.length && known.endsWith(ending) && isAggregate(known.slice(0, -ending.length)),
  );
}
