import type { Event } from '../event.ts';
import { shortestAddress } from './address.ts';
import { state } from './format.ts';
import { closingQuote, QUOTE, skipSpaces, tokenEnd } from './scan.ts';

const MAX_EXTRAS = 32;

/**
 * Reads what a site has added behind the combined format: `name=value` and `name="value"` become attributes of that name; a
 * quoted list of addresses is `forwardedFor`; anything else is `extra1`, `extra2`, … by its place.
 */
export function readExtras(text: string, at: number, event: Event): void {
  let next = at;
  for (let place = 1; next < text.length && place <= MAX_EXTRAS; place++) {
    const end = extraEnd(text, next);
    keep(text.slice(next, end), place, event);
    next = skipSpaces(text, end);
  }
}

function extraEnd(text: string, at: number): number {
  const space = tokenEnd(text, at);
  const quote = text.indexOf('"', at);
  if (quote < 0 || quote > space) return space;
  const close = closingQuote(text, quote);
  return close < 0 ? text.length : close + 1;
}

function keep(extra: string, place: number, event: Event): void {
  const equals = extra.indexOf('=');
  const named = equals > 0 && /^[A-Za-z][\w.-]*$/.test(extra.slice(0, equals));
  const value = unquoted(named ? extra.slice(equals + 1) : extra);
  if (value === '-' || value === '') return;
  if (named) state(event, extra.slice(0, equals), value);
  else if (extra.charCodeAt(0) === QUOTE && isAddressList(value)) state(event, 'forwardedFor', value);
  else state(event, `extra${place}`, value);
}

function unquoted(value: string): string {
  return value.charCodeAt(0) === QUOTE ? value.slice(1, value.endsWith('"') ? -1 : undefined) : value;
}

function isAddressList(value: string): boolean {
  const comma = value.indexOf(',');
  return shortestAddress(comma < 0 ? value : value.slice(0, comma)) !== '';
}
