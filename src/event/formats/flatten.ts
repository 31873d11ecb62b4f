/** A JSON object as name, value, name, value, …: nested names joined by dots, so that `{"a":{"b":1}}` and `{"a.b":1}` are one. */
export type Flat = string[];

export type JsonObject = Record<string, unknown>;

const MAX_DEPTH = 8;
const MAX_PAIRS = 256;
const MAX_VALUE_CHARS = 16_384;

/**
 * Flattens an object. Lists of plain values become one value joined by `, `, lists of objects get their index in the name.
 * Null and empty values are left out. At most 256 pairs and 8 levels; what is deeper is kept as its JSON, shortened.
 */
export function flatten(object: JsonObject): Flat {
  const flat: Flat = [];
  addObject(object, '', 1, flat);
  return flat;
}

function addObject(object: JsonObject, prefix: string, depth: number, flat: Flat): void {
  for (const name of Object.keys(object)) {
    if (flat.length >= MAX_PAIRS * 2) return;
    add(prefix === '' ? name : `${prefix}.${name}`, object[name], depth, flat);
  }
}

function add(name: string, value: unknown, depth: number, flat: Flat): void {
  if (value === null || value === undefined || value === '') return;
  if (typeof value !== 'object') flat.push(name, scalarText(value));
  else if (depth >= MAX_DEPTH) flat.push(name, '(nested deeper than 8 levels; see the raw text)');
  else if (!Array.isArray(value)) addObject(value as JsonObject, name, depth + 1, flat);
  else if (value.every((item) => typeof item !== 'object' || item === null)) addList(name, value, flat);
  else
    for (let i = 0; i < value.length && flat.length < MAX_PAIRS * 2; i++)
      add(`${name}.${i}`, value[i], depth + 1, flat);
}

function addList(name: string, items: readonly unknown[], flat: Flat): void {
  const text = items.slice(0, 1000).map(scalarText).join(', ').slice(0, MAX_VALUE_CHARS);
  if (text !== '') flat.push(name, text);
}

/** A string as it is (bounded), a number or boolean as JSON writes it, '' for anything else. */
export function scalarText(value: unknown): string {
  if (typeof value === 'string') return value.length > MAX_VALUE_CHARS ? value.slice(0, MAX_VALUE_CHARS) : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** The first value of a name, or ''. */
export function valueIn(flat: Flat, name: string): string {
  for (let i = 0; i < flat.length; i += 2) if (flat[i] === name) return flat[i + 1]!;
  return '';
}

/** Whether a parsed JSON value is an object (and no list). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Matches JSON that may hold a whole number beyond 2^53, which JSON.parse would round. */
const BIG_NUMBER = /[:[,]\s*-?\d{16}/;

/** JSON.parse, but whole numbers that can not be exact come as their digits (a string). @throws SyntaxError */
export function parseExactly(text: string): unknown {
  if (!BIG_NUMBER.test(text)) return JSON.parse(text);
  return JSON.parse(text, keepDigits);
}

function keepDigits(_name: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? source : value;
}
