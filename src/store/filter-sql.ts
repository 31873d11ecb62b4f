import { fieldOf, type EventField, type Operator } from '../hunting/event-fields.ts';
import { isCondition, type Clause, type Condition, type EventFilter, type TextTerm } from '../hunting/event-filter.ts';
import { coveredText, wholeNamePattern, wholeValuePattern } from './covered-text.ts';
import { likePattern } from './queries.ts';

/** A condition on `events`, and the values of its named parameters: nothing that people wrote is in the text. */
export interface FilterSql {
  condition: string;
  parameters: Record<string, unknown>;
}

type ParameterType = 'String' | 'Array(String)' | 'UInt64' | 'Array(UInt64)' | 'Int64' | 'UUID' | 'Array(UUID)';

/** Gives each value a parameter of its own. */
export class Parameters {
  readonly values: Record<string, unknown> = {};

  /** @returns the placeholder: `{p3:String}` */
  add(value: unknown, type: ParameterType): string {
    const name = `p${Object.keys(this.values).length}`;
    this.values[name] = value;
    return `{${name}:${type}}`;
  }
}

/** Days of arrival that can hold such event times: a clock may be a day ahead. */
const CLOCK_AHEAD = 'INTERVAL 1 DAY';
const ONLY_HAN = /^[\p{Script=Han}·•・]+$/u;

/** What a filter asks of a row of `events`. */
export function filterSql(filter: EventFilter): FilterSql {
  const parameters = new Parameters();
  const at = (ms: number): string => `fromUnixTimestamp64Milli(${parameters.add(ms, 'Int64')})`;
  const conditions = [
    `ingest_time >= ${at(filter.arrivedFrom ?? filter.from)} - ${CLOCK_AHEAD} AND ingest_time <= ${at(filter.asOf)}`,
    `time >= ${at(filter.from)} AND time < ${at(filter.to)}`,
    ...(filter.where ? [clauseSql(filter.where, parameters)] : []),
    ...(filter.text ?? []).map((term) => termSql(term, parameters)),
  ];
  return { condition: conditions.join(' AND '), parameters: parameters.values };
}

function clauseSql(clause: Clause, parameters: Parameters): string {
  if (isCondition(clause)) return conditionSql(clause, parameters);
  if ('not' in clause) return `NOT (${clauseSql(clause.not, parameters)})`;
  const [clauses, joint, none] = 'all' in clause ? [clause.all, ' AND ', '1'] : [clause.any, ' OR ', '0'];
  return clauses.length === 0 ? none : `(${clauses.map((one) => clauseSql(one, parameters)).join(joint)})`;
}

function conditionSql(condition: Condition, parameters: Parameters): string {
  const field = fieldOf(condition.field);
  switch (field.type) {
    case 'number':
      return numberSql(field, condition, parameters);
    case 'flag':
      return condition.op === 'yes' ? field.column : `NOT ${field.column}`;
    case 'list':
      return listSql(field, condition, parameters);
    case 'attribute':
      return attributeSql(field, condition, parameters);
    case 'id':
      return comparedSql(field.column, condition, parameters, 'UUID');
    case 'address':
      return addressSql(field, condition, parameters);
    default:
      return textSql(field, condition, parameters);
  }
}

/** is, is-not, in, not-in. */
function comparedSql(
  column: string,
  { op, value }: Pick<Condition, 'op' | 'value'>,
  parameters: Parameters,
  type: 'String' | 'UInt64' | 'UUID',
): string {
  if (op === 'is') return `${column} = ${parameters.add(value, type)}`;
  if (op === 'is-not') return `${column} != ${parameters.add(value, type)}`;
  return `${column} ${op === 'in' ? 'IN' : 'NOT IN'} ${parameters.add(value, `Array(${type})`)}`;
}

const COMPARISONS: Partial<Record<Operator, string>> = { less: '<', 'at-most': '<=', more: '>', 'at-least': '>=' };

function numberSql({ column }: EventField, condition: Condition, parameters: Parameters): string {
  const comparison = COMPARISONS[condition.op];
  if (comparison !== undefined) return `${column} ${comparison} ${parameters.add(condition.value, 'UInt64')}`;
  if (condition.op !== 'between') return comparedSql(column, condition, parameters, 'UInt64');
  const [least, most] = condition.value as readonly number[];
  return `${column} BETWEEN ${parameters.add(least, 'UInt64')} AND ${parameters.add(most, 'UInt64')}`;
}

function listSql({ column }: EventField, { op, value }: Condition, parameters: Parameters): string {
  if (op === 'set' || op === 'unset') return `${op === 'set' ? 'notEmpty' : 'empty'}(${column})`;
  const isMany = Array.isArray(value);
  const has = op === 'all' ? 'hasAll' : 'hasAny';
  const found = isMany
    ? `${has}(${column}, ${parameters.add(value, 'Array(String)')})`
    : `has(${column}, ${parameters.add(value, 'String')})`;
  return op === 'is-not' || op === 'not-in' ? `NOT ${found}` : found;
}

function attributeSql({ column }: EventField, condition: Condition, parameters: Parameters): string {
  const key = parameters.add(condition.key, 'String');
  const known = `mapContains(${column}, ${key})`;
  if (condition.op === 'set' || condition.op === 'unset') return condition.op === 'set' ? known : `NOT ${known}`;
  return comparedSql(`${column}[${key}]`, condition, parameters, 'String');
}

/** Some senders name their host in place of an address: that is in no network. */
function addressSql(field: EventField, condition: Condition, parameters: Parameters): string {
  if (!condition.op.endsWith('network')) return textSql(field, condition, parameters);
  const { column } = field;
  const isAddress = `(isIPv4String(${column}) OR isIPv6String(${column}))`;
  const networks = parameters.add(condition.value, 'Array(String)');
  const address = `if(${isAddress}, ${column}, '0.0.0.0')`;
  const inside = `(${isAddress} AND arrayExists(network -> isIPAddressInRange(${address}, network), ${networks}))`;
  return condition.op === 'network' ? inside : `NOT ${inside}`;
}

function textSql(field: EventField, condition: Condition, parameters: Parameters): string {
  const { op, value } = condition;
  const { column } = field;
  if (op === 'set' || op === 'unset') return `${column} ${op === 'set' ? '!=' : '='} ''`;
  if (op !== 'contains' && op !== 'not-contains' && op !== 'starts')
    return comparedSql(column, condition, parameters, 'String');
  const like = likePattern(value as string);
  const pattern = parameters.add(op === 'starts' ? like.slice(1) : like, 'String');
  const found = partSql(column, field.parts, pattern);
  return op === 'not-contains' ? `NOT ${found}` : found;
}

/** The first half is what the index of words answers; the second is looked at where it holds. */
function partSql(column: string, parts: EventField['parts'], pattern: string): string {
  const found = `lower(${column}) LIKE ${pattern}`;
  return parts === 'plain' ? found : `(${found} AND ${coveredText(`lower(${column})`)} LIKE ${pattern})`;
}

function termSql({ text, isNot, isWhole, hash }: TextTerm, parameters: Parameters): string {
  const lower = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const like = parameters.add(likePattern(text), 'String');
  const whole = isWhole ? wholeValuePattern(lower) : ONLY_HAN.test(text) ? wholeNamePattern(lower) : undefined;
  const pattern = whole === undefined ? undefined : parameters.add(whole, 'String');
  const hashed = hash === undefined ? undefined : parameters.add(likePattern(hash), 'String');
  const inColumn = (column: string): string => {
    if (pattern === undefined) return partSql(column, 'covered', like);
    const asWhole = `match(lower(${column}), ${pattern})`;
    const found = `(lower(${column}) LIKE ${like} AND (${asWhole} OR ${coveredText(`lower(${column})`)} LIKE ${like}))`;
    return hashed === undefined ? found : `(${found} OR lower(${column}) LIKE ${hashed})`;
  };
  const found = `(${inColumn('message')} OR ${inColumn('raw')})`;
  return isNot ? `NOT ${found}` : found;
}
