import type { Event } from '../event.ts';
import { flatten, isObject, scalarText, type Flat, type JsonObject } from './flatten.ts';
import type { JsonShape } from './json.ts';
import { readNamedValues, setTime } from './named-values.ts';
import type { ParseContext } from './format.ts';

const MAX_DEPTH = 6;

/**
 * One OpenTelemetry LogRecord in the OTLP JSON mapping (lowerCamelCase, 64-bit numbers as strings), with the resource and scope
 * it belongs to beside it: `{ timeUnixNano, severityNumber, body, attributes, resource: { attributes }, scope: { name } }`.
 * Attributes by their semantic-convention names; a body that is text goes on to the format that it is.
 */
export const otel: JsonShape = {
  name: 'otel',

  fits(record) {
    if (record['timeUnixNano'] !== undefined || record['observedTimeUnixNano'] !== undefined) return true;
    if (of(record, 'severityNumber') !== undefined && record['@timestamp'] === undefined)
      return of(record, 'body') !== undefined || of(record, 'timeUnixNano') !== undefined;
    return firstLogRecord(record) !== undefined;
  },

  read(record, event, context) {
    const exported = firstLogRecord(record);
    if (exported === undefined) return readLogRecord(record, event, context);
    return readLogRecord(exported, event, context) || faultOfOthers(record);
  },
};

function readLogRecord(record: JsonObject, event: Event, context: ParseContext): string {
  const flat: Flat = [];
  addBody(of(record, 'body'), flat, event);
  addAttributes(of(record, 'attributes'), '', flat);
  const resource = of(record, 'resource');
  addAttributes(resourceAttributes(resource) ?? record['resourceAttributes'], '', flat);
  const scope = of(record, 'scope');
  if (isObject(scope) && scalarText(scope['name']) !== '') flat.push('scope.name', scalarText(scope['name']));
  for (const name of ['traceId', 'spanId', 'eventName', 'severityText'])
    if (scalarText(of(record, name)) !== '') flat.push(name, scalarText(of(record, name)));
  const fault = readNamedValues(flat, event, context);
  readSeverity(of(record, 'severityNumber'), event);
  return setTimes(record, event, context) || fault;
}

/** OTLP's name of a member, or as the data model writes it (`SeverityNumber`, `Timestamp`), or in snake case. */
function of(record: JsonObject, name: string): unknown {
  if (record[name] !== undefined) return record[name];
  const plain = name === 'timeUnixNano' ? 'timestamp' : name === 'observedTimeUnixNano' ? 'observedTimestamp' : name;
  const capital = record[plain.charAt(0).toUpperCase() + plain.slice(1)];
  if (capital !== undefined) return capital;
  const snake = record[plain.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
  return snake ?? (plain === name ? undefined : record[plain]);
}

function resourceAttributes(resource: unknown): unknown {
  return isObject(resource) ? (resource['attributes'] ?? resource) : undefined;
}

/** The first record of an export request (`{ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }`) with its resource and scope. */
function firstLogRecord(record: JsonObject): JsonObject | undefined {
  const resourceLogs = firstOf(record['resourceLogs']);
  const scopeLogs = isObject(resourceLogs) ? firstOf(resourceLogs['scopeLogs']) : undefined;
  const logRecord = isObject(scopeLogs) ? firstOf(scopeLogs['logRecords']) : undefined;
  if (!isObject(resourceLogs) || !isObject(scopeLogs) || !isObject(logRecord)) return undefined;
  return { ...logRecord, resource: resourceLogs['resource'], scope: scopeLogs['scope'] };
}

function firstOf(list: unknown): unknown {
  return Array.isArray(list) ? list[0] : undefined;
}

/** One event comes of one text: what an export request holds besides its first record is named, not dropped silently. */
function faultOfOthers(record: JsonObject): string {
  let count = 0;
  for (const logs of listOf(record, 'resourceLogs'))
    for (const scope of listOf(logs, 'scopeLogs')) count += listOf(scope, 'logRecords').length;
  return count <= 1 ? '' : `this export holds ${count} log records, of which the first was read: send it to /v1/logs`;
}

function listOf(holder: unknown, name: string): readonly unknown[] {
  const list = isObject(holder) ? holder[name] : undefined;
  return Array.isArray(list) ? list : [];
}

function setTimes(record: JsonObject, event: Event, context: ParseContext): string {
  for (const name of ['timeUnixNano', 'observedTimeUnixNano']) {
    const text = scalarText(of(record, name));
    if (text === '' || text === '0') continue;
    return record[name] === undefined ? setTime(text, event, context) : setNanos(name, text, event);
  }
  return '';
}

function setNanos(name: string, text: string, event: Event): string {
  if (!/^\d{1,20}$/.test(text)) return `${name} '${text.slice(0, 40)}' is no number of nanoseconds`;
  const ms = Number(text.slice(0, -6) || '0');
  if (ms >= 253_402_300_800_000) return `${name} '${text}' is after the year 9999`;
  event.time = ms;
  return '';
}

const NAMES = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/** OTel severity 1–24 (trace, debug, info, warn, error, fatal by fours) as OCSF severity_id. */
function readSeverity(number: unknown, event: Event): void {
  const named = typeof number === 'string' ? /^SEVERITY_NUMBER_([A-Z]{4,5})[2-4]?$/.exec(number)?.[1] : undefined;
  const severity = named === undefined ? Number(number) : NAMES.indexOf(named) * 4 + 1;
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
