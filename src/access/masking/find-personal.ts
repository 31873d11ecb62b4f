import { findAddresses } from './addresses.ts';
import { findFields, findParameters, numberSaysBefore, type Tagged } from './fields.ts';
import type { Kind, Span } from './kinds.ts';
import { findNames, findNamesBeside } from './names.ts';
import { findNumbers, matches } from './numbers.ts';
import { findPatterns } from './patterns.ts';
import { traitsOf } from './traits.ts';
import { viewsOf } from './view.ts';

/** Most short texts (ids, codes, words in English) have none of these, and nothing personal. */
const MAY_HOLD =
  /\d{4}|\d(?:[ -]\d){3}|[^\x20-\x7e]|@|%[0-9A-Fa-f]{2}|\\[ux0-3]|&#|[A-Za-z][^A-Za-z0-9]{1,4}[A-Z][A-Za-z'"]|[A-Za-z0-9+/_-]{16}/;
/** Beside these there may be a name. */
const OF_PERSONS: ReadonlySet<Kind> = new Set<Kind>(['id-card', 'mobile', 'bank-card', 'permit', 'personal']);
/** What the door of the event log has put in the place of an identifier: names stand beside these too. */
const HASHED = /ds_[\w-]{22}(?![\w-])/g;
/** A number or mail address that was cut off with its text, or before `…`: what is left of it still tells. */
const CUT =
  /(?:(?<![0-9A-Za-z])\d(?:[ +-]?[\dXx]){5,18}|(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{2,64}@[A-Za-z0-9.-]{0,64})(?=…|$)/g;
const SHORTEST_CUT = 100;
const MIN_BASE64 = 16;
const BASE64 = /(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{16,8192}={0,2}(?![A-Za-z0-9+/_-])/g;

const NOTHING: Tagged = () => undefined;

/**
 * All personal information in a text: in order, none overlapping another. Linear in the length of the text.
 * @param tagged further names of fields, of the registry.
 */
export function findPersonal(original: string, tagged: Tagged = NOTHING): Span[] {
  if (!MAY_HOLD.test(original) && (tagged === NOTHING || !/[:=>]/.test(original))) return [];
  const traits = traitsOf(original);
  const found = findPlain(original, tagged, traits);
  if (original.length >= SHORTEST_CUT) found.push(...matches(original, CUT, 'personal'));
  if (traits.run >= MIN_BASE64) found.push(...findEncoded(original, tagged));
  // In each layer: %51 is a Q in an address, and in LIKE '%5101…%' the beginning of a number.
  for (const view of viewsOf(original))
    for (const span of findPlain(view.text, tagged))
      found.push({ ...span, from: view.from(span.from), to: view.to(span.to - 1) });
  return apart(found);
}

function findPlain(text: string, tagged: Tagged, traits = traitsOf(text)): Span[] {
  const numbers = findNumbers(text, traits.digits, (place) => numberSaysBefore(text, place));
  const fields = traits.hasSeparator || traits.hasHan || traits.hasQuote ? findFields(text, tagged, traits) : [];
  const patterns = findPatterns(text, traits);
  if (!traits.hasHan) return [...numbers, ...patterns, ...fields];
  const hashed = matches(text, HASHED, 'personal');
  const ofPersons = [...numbers, ...fields, ...hashed].filter(({ kind }) => OF_PERSONS.has(kind));
  return [
    ...numbers,
    ...patterns,
    ...fields,
    ...findNames(text),
    ...findNamesBeside(text, ofPersons),
    ...(ofPersons.length > 0 ? findParameters(text) : []),
    ...findAddresses(text),
  ];
}

/** Base64 of a text with personal information in it, by itself or as a part of a path or token. */
function findEncoded(text: string, tagged: Tagged): Span[] {
  const found: Span[] = [];
  BASE64.lastIndex = 0;
  for (let run = BASE64.exec(text); run !== null; run = BASE64.exec(text)) {
    const from = run.index;
    if (holdsPersonal(run[0], tagged)) found.push({ from, to: from + run[0].length, kind: 'encoded', value: run[0] });
    else
      for (const part of run[0].matchAll(/[A-Za-z0-9+_-]{16,}={0,2}/g))
        if (part[0] !== run[0] && holdsPersonal(part[0], tagged))
          found.push({
            from: from + part.index,
            to: from + part.index + part[0].length,
            kind: 'encoded',
            value: part[0],
          });
  }
  return found;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function holdsPersonal(encoded: string, tagged: Tagged): boolean {
  if (!/[A-Z]/.test(encoded) || !/[a-z]/.test(encoded)) return false;
  try {
    const text = UTF8.decode(Buffer.from(encoded, 'base64'));
    // Words that are no Base64 rarely decode to text without control characters.
    return (
      !/[^\P{Cc}\t\n\r]/u.test(text) &&
      (findPlain(text, tagged).length > 0 || viewsOf(text).some((view) => findPlain(view.text, tagged).length > 0))
    );
  } catch {
    return false;
  }
}

/** Those that overlap become one, with the kind and value of the longest. */
function apart(found: Span[]): Span[] {
  const result: Span[] = [];
  for (const span of found.sort((a, b) => a.from - b.from || b.to - a.to)) {
    const last = result.at(-1);
    if (last === undefined || span.from >= last.to) result.push({ ...span });
    else {
      if (span.to - span.from > last.to - last.from) [last.kind, last.value] = [span.kind, span.value];
      last.to = Math.max(last.to, span.to);
    }
  }
  return result;
}
