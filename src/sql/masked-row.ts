import type { Masks } from '../api/mask-answers.ts';
import type { Column } from '../store/result-stream.ts';

const NUMBERS = /^(?:Nullable\()?(?:LowCardinality\()?(?:Nullable\()?(?:U?Int\d+|Float\d+|Decimal|Bool)/;

/**
 * A row of a result as it leaves: masked once more, by what finds more than the store does. Whole numbers are numbers as long as
 * they fit, and texts beyond.
 */
export function maskedRow(
  masks: Pick<Masks, 'data'>,
  columns: readonly Column[],
  values: readonly unknown[],
): unknown[] {
  const masked = textsOf(masks, columns, values);
  return values.map((value, at) => (NUMBERS.test(columns[at]!.type) ? numberOf(value) : masked[at]));
}

function textsOf(masks: Pick<Masks, 'data'>, columns: readonly Column[], values: readonly unknown[]): unknown[] {
  const names = columns.map(({ name }) => name);
  // What stands beside a value tells of it, unless two columns have one name or a name would be sorted as a number.
  if (new Set(names).size === names.length && !names.some((name) => /^\d+$/.test(name)))
    return Object.values(masks.data(Object.fromEntries(names.map((name, at) => [name, values[at]]))));
  return values.map((value, at) => Object.values(masks.data({ [names[at]!]: value }))[0]);
}

function numberOf(value: unknown): unknown {
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) ? number : value;
}
