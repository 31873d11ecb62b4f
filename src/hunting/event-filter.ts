import type { FieldName, Operator } from './event-fields.ts';

/** One condition. Texts are compared as they are; parts of texts without regard to the case of ASCII letters. */
export interface Condition {
  field: FieldName;
  /** Name of an attribute; only with the field `attributes`. */
  key?: string;
  op: Operator;
  /** Absent with operators that take none; several with those that take several, two with `between`. */
  value?: string | number | readonly (string | number)[];
}

export type Clause = Condition | { all: readonly Clause[] } | { any: readonly Clause[] } | { not: Clause };

/** Which events. */
export interface EventFilter {
  /** Event time, ms since the Unix epoch: from ≤ time < to. */
  from: number;
  to: number;
  /** IANA name of the zone in which days begin. */
  zone: string;
  /** What had been taken in by then, ms since the Unix epoch: the same question has the same answer later. */
  asOf: number;
  /** Of a part of a longer range, where that begins; the days of arrival that are looked at follow from it. */
  arrivedFrom?: number;
  /** Words and "phrases" that all stand in the message or the original line; -word stands in neither. */
  text?: readonly TextTerm[];
  where?: Clause;
}

export interface TextTerm {
  text: string;
  isNot: boolean;
  /** It is a personal value as a whole, and is found only as a whole. */
  isWhole: boolean;
  /** What the door of the event log puts in the place of it, when it is an identifier. */
  hash?: string;
}

/** Shorter ones would be found everywhere, and character by character. */
export const SHORTEST_PART = 2;
export const MOST_CONDITIONS = 100;
export const MOST_VALUES = 500;
export const DEEPEST = 6;
export const LONGEST_VALUE = 500;
export const MOST_TERMS = 20;
/** Ten years and a bit. */
export const LONGEST_RANGE_MS = 3_660 * 86_400_000;

/** The same clause with each of its conditions changed. */
export function mapConditions(clause: Clause, change: (condition: Condition) => Condition): Clause {
  if (isCondition(clause)) return change(clause);
  if ('not' in clause) return { not: mapConditions(clause.not, change) };
  const changed = (all: readonly Clause[]): Clause[] => all.map((one) => mapConditions(one, change));
  return 'all' in clause ? { all: changed(clause.all) } : { any: changed(clause.any) };
}

export function isCondition(clause: Clause): clause is Condition {
  return 'field' in clause;
}

/** The words and phrases of a text that somebody typed: `导出 "select name" -healthcheck`. */
export function termsIn(text: string): Omit<TextTerm, 'isWhole'>[] {
  return [...text.matchAll(/(-?)(?:"([^"]+)"?|(\S+))/g)].map(([, minus, phrase, word]) => ({
    text: phrase ?? word!,
    isNot: minus === '-',
  }));
}
