import { ACTIONS, type Event } from '../event.ts';
import { shortestAddress } from './address.ts';
import type { TextField } from './field-names.ts';
import { flatten, scalarText, type JsonObject } from './flatten.ts';
import { state, type ParseContext } from './format.ts';
import type { JsonShape } from './json.ts';
import { CLASS } from './outcome.ts';
import { timeOfText } from './time.ts';
import { classify } from './words.ts';

/** The kinds of our own JSON, with the action that each has when it states none. */
export const KINDS: ReadonlyMap<string, (typeof ACTIONS)[number]> = new Map([
  ['dataset-access', 'read'],
  ['share', 'share'],
  ['sign-in', 'sign-in'],
  ['administration', 'configure'],
  ['vendor-maintenance', 'maintain'],
]);

const TEXT_FIELDS: ReadonlySet<string> = new Set<TextField>([
  ...([
    'account',
    'person',
    'department',
    'vendor',
    'contract',
    'role',
    'device',
    'session',
    'system',
    'host',
  ] as const),
  ...(['service', 'asset', 'purpose', 'caseNumber', 'grant', 'recipient', 'workOrder', 'target', 'message'] as const),
]);

/**
 * Our own JSON: flat, the event's field names in camelCase, plus `kind`. README.md beside this file documents it. A field of
 * the wrong type is left out and named in the fault, with what it should be; the rest of the event is kept.
 */
export const wanglou: JsonShape = {
  name: 'wanglou',

  fits(record) {
    const kind = record['kind'];
    return (
      typeof kind === 'string' && (KINDS.has(kind) || (record['account'] !== undefined && record['time'] !== undefined))
    );
  },

  read(record, event, context) {
    const kind = scalarText(record['kind']);
    const fault = KINDS.has(kind)
      ? ''
      : `kind '${kind.slice(0, 40)}' is unknown; write one of ${[...KINDS.keys()].join(', ')}`;
    const faults = fault === '' ? [] : [fault];
    for (const name of Object.keys(record)) {
      const problem = readField(name, record[name], event, context);
      if (problem !== '') faults.push(problem);
    }
    state(event, 'kind', kind);
    event.action ||= KINDS.get(kind) ?? '';
    event.outcome ||= 'success';
    if (event.classUid === 0 && (kind === 'dataset-access' || kind === 'share') && event.action === 'call')
      event.classUid = CLASS.api;
    classify(event);
    return faults.slice(0, 5).join('; ');
  },
};

/** @returns '' or the fault: field, value, remedy. */
function readField(name: string, value: unknown, event: Event, context: ParseContext): string {
  if (value === null || name === 'kind' || name === 'id') return '';
  if (TEXT_FIELDS.has(name)) return readText(name as TextField, value, event);
  switch (name) {
    case 'time':
      return readTime(value, event, context);
    case 'rows':
    case 'bytes':
      return readCount(name, value, event);
    case 'fields':
    case 'dataSubjects':
      return readList(name, value, event);
    case 'clientAddress':
      event.clientAddress = typeof value === 'string' ? shortestAddress(value) : '';
      return event.clientAddress !== '' || value === '' ? '' : wrong(name, value, 'an IPv4 or IPv6 address');
    case 'privileged':
      if (typeof value !== 'boolean') return wrong(name, value, 'true or false');
      event.privileged = value;
      return '';
    case 'action':
      return readOneOf(name, value, ACTIONS, event);
    case 'outcome':
      return readOneOf(name, value, ['success', 'failure'], event);
    case 'severity':
    case 'classUid':
    case 'activityId':
      return readNumber(name, value, event);
    default:
      return readFree(name, value, event);
  }
}

function wrong(name: string, value: unknown, expected: string): string {
  const shown = (JSON.stringify(value) ?? 'undefined').slice(0, 60);
  return `${name} is ${shown}: write ${expected}`;
}

function readText(name: TextField, value: unknown, event: Event): string {
  if (typeof value !== 'string') return wrong(name, value, 'a text');
  event[name] = value;
  return '';
}

function readTime(value: unknown, event: Event, context: ParseContext): string {
  const time =
    typeof value === 'string' ? timeOfText(value, context.timeZone) : typeof value === 'number' ? value : NaN;
  // A number of seconds would be a day of January 1970.
  const isPlausible = typeof value === 'string' ? time >= 0 : time >= 100_000_000_000;
  if (!(isPlausible && time < 253_402_300_800_000))
    return wrong('time', value, 'ISO 8601 with zone, or whole ms since 1970');
  event.time = Math.floor(time);
  return '';
}

function readCount(name: 'rows' | 'bytes', value: unknown, event: Event): string {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    return wrong(name, value, 'a whole number, 0 or more');
  event[name] = value;
  return '';
}

const MAX_ITEMS = 1000;

function readList(name: 'fields' | 'dataSubjects', value: unknown, event: Event): string {
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    return wrong(name, value, 'a list of texts');
  event[name] = value.length > MAX_ITEMS ? value.slice(0, MAX_ITEMS) : value;
  return value.length > MAX_ITEMS ? `${name} has ${value.length} items: write at most ${MAX_ITEMS}` : '';
}

function readOneOf(name: 'action' | 'outcome', value: unknown, allowed: readonly string[], event: Event): string {
  if (typeof value !== 'string' || !allowed.includes(value)) return wrong(name, value, `one of ${allowed.join(', ')}`);
  if (name === 'action') event.action = value;
  else event.outcome = value as Event['outcome'];
  return '';
}

function readNumber(name: 'severity' | 'classUid' | 'activityId', value: unknown, event: Event): string {
  const max = name === 'severity' ? 6 : 999_999;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > max)
    return wrong(name, value, `a whole number from 0 to ${max}`);
  event[name] = value;
  return '';
}

/** Fields that are none of ours are attributes. */
function readFree(name: string, value: unknown, event: Event): string {
  if (typeof value !== 'object') state(event, name, scalarText(value));
  else {
    const holder = Object.create(null) as JsonObject;
    holder[name] = value;
    const flat = flatten(holder);
    for (let i = 0; i < flat.length; i += 2) state(event, flat[i]!, flat[i + 1]!);
  }
  return '';
}
