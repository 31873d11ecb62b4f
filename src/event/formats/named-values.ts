import type { Event } from '../event.ts';
import { shortestAddress } from './address.ts';
import { fill, meaningOf, type Meaning } from './field-names.ts';
import type { Flat } from './flatten.ts';
import { state, type ParseContext } from './format.ts';
import { CLASS } from './outcome.ts';
import { wholeNumber } from './scan.ts';
import { timeOfNumber, timeOfText, readAccessTime, reading } from './time.ts';
import { readRequest, setMethod, setStatus, setTarget } from './web-request.ts';
import { actionOfWord, classify, outcomeOfWord } from './words.ts';

/**
 * Puts flattened JSON into the event: each field from the best of its well-known names, everything else as attributes.
 * @returns '' or the fault (a time that is none).
 */
export function readNamedValues(flat: Flat, event: Event, context: ParseContext): string {
  const best = new Map<Meaning, { at: number; rank: number }>();
  for (let i = 0; i < flat.length; i += 2) {
    const found = meaningOf(flat[i]!);
    if (found === undefined) continue;
    const known = best.get(found.meaning);
    if (known === undefined || found.rank < known.rank) best.set(found.meaning, { at: i, rank: found.rank });
  }
  const taken = new Set<number>();
  let fault = '';
  for (const [meaning, { at }] of best) {
    const problem = apply(meaning, flat[at + 1]!, event, context);
    if (problem === '') taken.add(at);
    else if (problem !== NOT_TAKEN) fault = problem;
  }
  for (let i = 0; i < flat.length; i += 2) if (!taken.has(i)) state(event, flat[i]!, flat[i + 1]!);
  if (event.classUid === 0 && event.asset.startsWith('/') && event.action !== '') event.classUid = CLASS.api;
  classify(event);
  return fault;
}

/** The value did not fit its field and stays an attribute; nothing is wrong with it. */
const NOT_TAKEN = 'not taken';

function apply(meaning: Meaning, value: string, event: Event, context: ParseContext): string {
  switch (meaning) {
    case 'time':
      return setTime(value, event, context);
    case 'address':
      event.clientAddress = shortestAddress(value.split(',', 1)[0]!.trim());
      return event.clientAddress === '' ? NOT_TAKEN : '';
    case 'action': {
      const action = actionOfWord(value);
      if (action !== '') event.action = action;
      return action === value ? '' : NOT_TAKEN;
    }
    case 'outcome':
      event.outcome = outcomeOfWord(value);
      return event.outcome === value ? '' : NOT_TAKEN;
    case 'rows':
    case 'bytes':
      event[meaning] = wholeNumber(value);
      return String(event[meaning]) === value ? '' : NOT_TAKEN;
    case 'method':
    case 'path':
    case 'status':
    case 'requestLine':
      return applyWeb(meaning, value, event);
    default:
      return fill(event, meaning, value) ? '' : NOT_TAKEN;
  }
}

function applyWeb(meaning: 'method' | 'path' | 'status' | 'requestLine', value: string, event: Event): string {
  if (meaning === 'requestLine') {
    if (!/^[A-Z]{2,20} \S/.test(value)) return NOT_TAKEN;
    readRequest(value, event);
  } else if (meaning === 'path') {
    if (!value.includes('/')) return NOT_TAKEN;
    setTarget(value, event);
  } else if (meaning === 'status') {
    if (!/^[1-5]\d\d$/.test(value)) return NOT_TAKEN;
    const said = event.outcome;
    setStatus(value, event);
    if (said !== '') event.outcome = said;
  } else {
    if (!/^[A-Z]{2,20}$/.test(value)) return NOT_TAKEN;
    if (event.action !== '') return NOT_TAKEN;
    setMethod(value, event);
    event.classUid = CLASS.api;
  }
  return '';
}

/** Sets the event time from ISO text, the web servers' form, or a number of seconds, ms, µs or ns. */
export function setTime(value: string, event: Event, context: ParseContext): string {
  let time = timeOfText(value, context.timeZone);
  if (time !== time && /^\d{10,19}(?:\.\d+)?$/.test(value)) time = timeOfNumber(Number(value));
  if (time !== time && readAccessTime(value, 0)) time = reading.time;
  if (time !== time) return `the time '${value.slice(0, 60)}' is none; write ISO 8601 or ms since 1970`;
  event.time = time;
  return '';
}
