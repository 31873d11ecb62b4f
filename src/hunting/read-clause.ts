import { isIP } from 'node:net';
import { WanglouError } from '../errors.ts';
import {
  fieldOf,
  FIELD_NAMES,
  isFieldName,
  operatorsOf,
  WITHOUT_VALUE,
  WITH_MANY,
  WITH_PARTS,
  type FieldName,
  type Operator,
} from './event-fields.ts';
import {
  DEEPEST,
  LONGEST_VALUE,
  MOST_CONDITIONS,
  MOST_VALUES,
  SHORTEST_PART,
  type Clause,
  type Condition,
} from './event-filter.ts';

/** What is wrong with a filter, as the page says it in its language (`reason.filter-…`). */
export type FilterFault =
  | 'filter-json'
  | 'filter-shape'
  | 'filter-field'
  | 'filter-operator'
  | 'filter-value'
  | 'filter-short'
  | 'filter-masked'
  | 'filter-size'
  | 'filter-range'
  | 'filter-zone';

/** @param place `where.all.1.field`. @param value what stands there. */
export function filterFault(
  reason: FilterFault,
  place: string,
  value: unknown,
  said: string,
  remedy: string,
): WanglouError {
  const text = JSON.stringify(value) ?? 'missing';
  const shown = text.length > 100 ? `${text.slice(0, 100)}…` : text;
  return new WanglouError('WL_QUERY_INVALID', `${place} is ${shown}: ${said}`, {
    details: { reason, place, value: shown },
    remedy,
  });
}

/** Reads the conditions of a filter. @throws WanglouError WL_QUERY_INVALID that names the place, the value and the remedy. */
export function readClause(json: string): Clause {
  let given: unknown;
  try {
    given = JSON.parse(json);
  } catch {
    throw filterFault('filter-json', 'where', json, 'is no JSON', 'Send {"field":…,"op":…,"value":…} or {"all":[…]}.');
  }
  return new ClauseReader().read(given, 'where', 1);
}

class ClauseReader {
  #conditions = 0;

  read(given: unknown, place: string, depth: number): Clause {
    if (depth > DEEPEST)
      throw filterFault('filter-size', place, given, `is deeper than ${DEEPEST}`, 'Use fewer groups within groups.');
    if (typeof given !== 'object' || given === null) throw shapeFault(place, given);
    const [name, ...others] = Object.keys(given);
    const group = (given as Record<string, unknown>)[name ?? ''];
    if (others.length === 0 && name === 'not') return { not: this.read(group, `${place}.not`, depth + 1) };
    if (others.length === 0 && (name === 'all' || name === 'any') && Array.isArray(group)) {
      const clauses = group.map((one, at) => this.read(one, `${place}.${name}.${at}`, depth + 1));
      return name === 'all' ? { all: clauses } : { any: clauses };
    }
    if (++this.#conditions > MOST_CONDITIONS)
      throw filterFault(
        'filter-size',
        place,
        given,
        `is one of more than ${MOST_CONDITIONS}`,
        'Use `in` for many values.',
      );
    return readCondition(given as Record<string, unknown>, place);
  }
}

function shapeFault(place: string, given: unknown): WanglouError {
  return filterFault(
    'filter-shape',
    place,
    given,
    'is neither a condition nor a group',
    'Use {"field":…,"op":…,"value":…}, {"all":[…]}, {"any":[…]} or {"not":…}.',
  );
}

function readCondition(given: Record<string, unknown>, place: string): Condition {
  const { field, key, op, value, ...others } = given;
  if (Object.keys(others).length > 0 || !('field' in given)) throw shapeFault(place, given);
  if (!isFieldName(field))
    throw filterFault(
      'filter-field',
      `${place}.field`,
      field,
      'is no field of an event',
      `Use one of ${FIELD_NAMES.join(', ')}.`,
    );
  const known = operatorsOf(field);
  if (!known.includes(op as Operator))
    throw filterFault(
      'filter-operator',
      `${place}.op`,
      op,
      `can not be asked of ${field}`,
      `Use one of ${known.join(', ')}.`,
    );
  const checked = { field, op: op as Operator };
  const isKeyed = fieldOf(field).type === 'attribute';
  if (isKeyed !== (typeof key === 'string' && key !== '' && key.length <= LONGEST_VALUE))
    throw filterFault(
      'filter-value',
      `${place}.key`,
      key,
      isKeyed ? 'names no attribute' : `has no place with ${field}`,
      'A key names an attribute, with the field attributes alone.',
    );
  return {
    ...checked,
    ...(isKeyed && { key: key as string }),
    ...(WITHOUT_VALUE.includes(checked.op)
      ? withoutValue(value, place)
      : { value: readValue(checked, value, `${place}.value`) }),
  };
}

function withoutValue(value: unknown, place: string): object {
  if (value === undefined) return {};
  throw filterFault('filter-value', `${place}.value`, value, 'has no place with this operator', 'Leave it out.');
}

function readValue(
  { field, op }: Pick<Condition, 'field' | 'op'>,
  value: unknown,
  place: string,
): Condition['value'] & {} {
  const one = oneOf(field, op);
  if (!WITH_MANY.includes(op) && op !== 'between') return one(value, place);
  const isRight = Array.isArray(value) && value.length > 0 && (op !== 'between' || value.length === 2);
  if (!isRight)
    throw filterFault(
      'filter-value',
      place,
      value,
      op === 'between' ? 'is not two numbers' : 'is no list of values',
      'Send a JSON array.',
    );
  if (value.length > MOST_VALUES)
    throw filterFault('filter-size', place, value.length, `values are more than ${MOST_VALUES}`, 'Split the filter.');
  return value.map((each, at) => one(each, `${place}.${at}`));
}

type ReadOne = (value: unknown, place: string) => string | number;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function oneOf(field: FieldName, op: Operator): ReadOne {
  const { type } = fieldOf(field);
  if (type === 'number') return countOf;
  return (value, place) => {
    const text = textOf(value, place);
    if (type === 'id' && !UUID.test(text))
      throw filterFault('filter-value', place, value, 'is no event id', 'Send a UUID.');
    if (op.endsWith('network') && !isNetwork(text))
      throw filterFault(
        'filter-value',
        place,
        value,
        'is no range of addresses',
        'Send 10.20.0.0/16 or 2001:db8::/32.',
      );
    if (WITH_PARTS.includes(op)) checkPart(text, place);
    return type === 'id' ? text.toLowerCase() : text;
  };
}

function countOf(value: unknown, place: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw filterFault('filter-value', place, value, 'is no whole number from 0', 'Send a number, without quotes.');
}

function textOf(value: unknown, place: string): string {
  if (typeof value === 'string' && value !== '' && value.length <= LONGEST_VALUE) return value;
  throw filterFault(
    'filter-value',
    place,
    value,
    `is no text of 1 to ${LONGEST_VALUE} characters`,
    'Send a text; for empty values use the operator unset.',
  );
}

/** What is looked for in a text. @throws WanglouError WL_QUERY_INVALID */
export function checkPart(text: string, place: string): void {
  if (Array.from(text).length < SHORTEST_PART)
    throw filterFault(
      'filter-short',
      place,
      text,
      `is shorter than ${SHORTEST_PART} characters`,
      'Look for a longer part.',
    );
  if (/‹[^›]*#/.test(text))
    throw filterFault(
      'filter-masked',
      place,
      text,
      'is a pseudonym, which stands in no event',
      'Look for the value itself; it is found as a whole.',
    );
}

function isNetwork(text: string): boolean {
  const [address = '', bits = '', ...more] = text.split('/');
  const family = isIP(address);
  return family !== 0 && more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
}
