import type { Event } from '../event.ts';
import { shortestAddress } from './address.ts';
import { fill, meaningOf, type Meaning } from './field-names.ts';
import type { Flat } from './flatten.ts';
import { state, type ParseContext } from './format.ts';
import { CLASS } from './outcome.ts';
import { wholeNumber } from './scan.ts';
import { looseTime } from './loose-time.ts';
import { severityOf } from './severity.ts';
import { readRequest, setMethod, setStatus, setTarget } from './web-request.ts';
import { actionOfWord, classify, outcomeOfWord } from './words.ts';

/**
 * Puts flattened JSON into the event: each field from the best of its well-known names that has a fitting value (`-` is none),
 * everything else as attributes. @returns '' or the fault (a time that is none).
 */
export function readNamedValues(flat: Flat, event: Event, context: ParseContext): string {
  const best = new Map<Meaning, Place>();
  for (let i = 0; i < flat.length; i += 2) {
    const found = flat[i + 1] === '-' ? undefined : meaningOf(flat[i]!);
    if (found === undefined) continue;
    const known = best.get(found.meaning);
    if (known === undefined || found.rank < known.rank) best.set(found.meaning, { at: i, rank: found.rank });
  }
  const taken = new Set<number>();
  let fault = '';
  for (const [meaning, place] of best) {
    const problem = applyFirst(meaning, place, flat, event, context, taken);
    if (problem !== NOT_TAKEN) fault ||= problem;
  }
  for (let i = 0; i < flat.length; i += 2) if (!taken.has(i)) state(event, flat[i]!, flat[i + 1]!);
  if (event.classUid === 0 && event.asset.startsWith('/') && event.action !== '') event.classUid = CLASS.api;
  classify(event);
  return fault;
}

interface Place {
  at: number;
  rank: number;
}

/** Tries the places of a meaning, the best first, until one fits. @returns '' or the fault of the first when none does. */
function applyFirst(
  meaning: Meaning,
  best: Place,
  flat: Flat,
  event: Event,
  context: ParseContext,
  taken: Set<number>,
): string {
  let fault = NOT_TAKEN;
  for (let place: Place | undefined = best; place !== undefined; place = nextBest(meaning, place.rank, flat)) {
    const problem = apply(meaning, flat[place.at]!, flat[place.at + 1]!, event, context);
    if (problem === '') taken.add(place.at);
    if (problem === '' || problem === KEPT) return '';
    if (fault === NOT_TAKEN) fault = problem;
  }
  return fault;
}

function nextBest(meaning: Meaning, rank: number, flat: Flat): Place | undefined {
  let next: Place | undefined;
  for (let i = 0; i < flat.length; i += 2) {
    const found = flat[i + 1] === '-' ? undefined : meaningOf(flat[i]!);
    if (found?.meaning !== meaning || found.rank <= rank) continue;
    if (next === undefined || found.rank < next.rank) next = { at: i, rank: found.rank };
  }
  return next;
}

/** The value did not fit its field and stays an attribute; nothing is wrong with it. */
const NOT_TAKEN = 'not taken';

/** The value filled its field, which says less than the value: it stays an attribute too. */
const KEPT = 'kept';

function apply(meaning: Meaning, name: string, value: string, event: Event, context: ParseContext): string {
  switch (meaning) {
    case 'time':
      return setTime(value, event, context);
    case 'address':
      event.clientAddress = shortestAddress(value.split(',', 1)[0]!.trim());
      return event.clientAddress === '' ? NOT_TAKEN : '';
    case 'action': {
      const action = actionOfWord(value);
      if (action !== '') event.action = action;
      return action === value ? '' : action === '' ? NOT_TAKEN : KEPT;
    }
    case 'outcome':
      event.outcome = outcomeOfWord(value);
      return event.outcome === value ? '' : event.outcome === '' ? NOT_TAKEN : KEPT;
    case 'severity':
      event.severity = severityOf(name, value);
      return event.severity === 0 ? NOT_TAKEN : KEPT;
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
    const said = event.outcome;
    if (!/^[1-5]\d\d$/.test(value)) {
      if (said === '' && !/^\d+$/.test(value)) event.outcome = outcomeOfWord(value);
      return NOT_TAKEN;
    }
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

/** Sets the event time from any form that loose-time.ts knows. */
export function setTime(value: string, event: Event, context: ParseContext): string {
  const time = looseTime(value, context);
  if (time !== time) return `the time '${value.slice(0, 60)}' is none; write ISO 8601 or ms since 1970`;
  event.time = time;
  return '';
}
