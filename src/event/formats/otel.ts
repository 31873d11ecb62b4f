import type { Event } from '../event.ts';
import { flatten, isObject, scalarText, type Flat, type JsonObject } from './flatten.ts';
import type { JsonShape } from './json.ts';
import { readNamedValues } from './named-values.ts';

const MAX_DEPTH = 6;

/**
 * One OpenTelemetry LogRecord in the OTLP JSON mapping (lowerCamelCase, 64-bit numbers as strings), with the resource and scope
 * it belongs to beside it: `{ timeUnixNano, severityNumber, body, attributes, resource: { attributes }, scope: { name } }`.
 * Attributes by their semantic-convention names; a body that is text goes on to the format that it is.
 */
export const otel: JsonShape = {
  name: 'otel',

  fits(record) {
    const stamped = record['timeUnixNano'] !== undefined || record['observedTimeUnixNano'] !== undefined;
    return stamped || (record['severityNumber'] !== undefined && record['body'] !== undefined);
  },

  read(record, event, context) {
    const flat: Flat = [];
    addBody(record['body'], flat, event);
    addAttributes(record['attributes'], '', flat);
    const resource = record['resource'];
    addAttributes(isObject(resource) ? resource['attributes'] : record['resourceAttributes'], '', flat);
    const scope = record['scope'];
    if (isObject(scope) && scalarText(scope['name']) !== '') flat.push('scope.name', scalarText(scope['name']));
    for (const name of ['traceId', 'spanId', 'eventName', 'severityText'])
      if (scalarText(record[name]) !== '') flat.push(name, scalarText(record[name]));
    const fault = readNamedValues(flat, event, context);
    readSeverity(record['severityNumber'], event);
    return setNanos(record, event) || fault;
  },
};

function setNanos(record: JsonObject, event: Event): string {
  for (const name of ['timeUnixNano', 'observedTimeUnixNano']) {
    const text = scalarText(record[name]);
    if (text === '' || text === '0') continue;
    if (!/^\d{1,20}$/.test(text)) return `${name} '${text.slice(0, 40)}' is no number of nanoseconds`;
    const ms = Number(text.slice(0, -6) || '0');
    if (ms >= 253_402_300_800_000) return `${name} '${text}' is after the year 9999`;
    event.time = ms;
    return '';
  }
  return '';
}

/** OTel severity 1–24 (trace, debug, info, warn, error, fatal by fours) as OCSF severity_id. */
function readSeverity(number: unknown, event: Event): void {
  const severity = Number(number);
  if (!(severity >= 1 && severity <= 24)) return;
  event.severity = [1, 1, 1, 3, 4, 6][Math.floor((severity - 1) / 4)]!;
}

function addBody(body: unknown, flat: Flat, event: Event): void {
  const value = anyValue(body, 0);
  if (isObject(value)) flat.push(...flatten(value));
  else event.message = Array.isArray(value) ? JSON.stringify(value) : scalarText(value);
}

function addAttributes(attributes: unknown, prefix: string, flat: Flat): void {
  const values = keyValues(attributes, 0);
  const pairs = flatten(values);
  for (let i = 0; i < pairs.length; i += 2) flat.push(prefix + pairs[i]!, pairs[i + 1]!);
}

/** A KeyValueList, or a plain object as some exporters write it. Keys from outside: no prototype. */
function keyValues(list: unknown, depth: number): JsonObject {
  if (isObject(list)) return list;
  const object = Object.create(null) as JsonObject;
  if (Array.isArray(list))
    for (const item of list.slice(0, 256))
      if (isObject(item) && typeof item['key'] === 'string') object[item['key']] = anyValue(item['value'], depth + 1);
  return object;
}

/** AnyValue: `{ stringValue }`, `{ intValue: "1" }`, … as the plain value. */
function anyValue(value: unknown, depth: number): unknown {
  if (!isObject(value)) return value;
  for (const name of ['stringValue', 'intValue', 'doubleValue', 'boolValue', 'bytesValue'])
    if (value[name] !== undefined) return value[name];
  if (depth >= MAX_DEPTH) return '(nested deeper than 6 levels; see the raw text)';
  const list = value['arrayValue'];
  if (isObject(list) && Array.isArray(list['values'])) return list['values'].map((item) => anyValue(item, depth + 1));
  const object = value['kvlistValue'];
  return isObject(object) ? keyValues(object['values'], depth) : value;
}
