import type { Event } from '../event.ts';
import { readClient } from './access-client.ts';
import { readExtras } from './access-extras.ts';
import { readRequest, setStatus } from './web-request.ts';
import { shortestAddress } from './address.ts';
import { state, type Format, type ParseContext } from './format.ts';
import { closingQuote, isDigitAt, QUOTE, skipSpaces, SPACE, tokenEnd, wholeNumber } from './scan.ts';
import { monthAt, readAccessTime, readIsoTime, reading } from './time.ts';
import { instantOf } from './zone.ts';

const MAX_BEFORE_TIME = 600;

/**
 * Web access logs of nginx and Apache: common, combined, with a virtual host in front, with upstream fields behind, with the
 * time in front, with tabs or bars between the fields. Sets clientAddress, account (remote user), system (virtual host), asset
 * (path without query), action and outcome (by method and status), bytes, message (the request line), attributes: see
 * web-request.ts and access-extras.ts.
 */
export const accessLog: Format = {
  name: 'web-access',

  recognizes(text) {
    return openBracket(text) >= 0;
  },

  parse(text, event, context) {
    const open = openBracket(text);
    if (open < 0) return "no time in the form '[dd/Mon/yyyy:hh:mm:ss ±hhmm]'";
    const fault = readTime(text, open + 1, event, context);
    const close = text.indexOf(']', open);
    if (close < 0) return 'the time is never closed';
    const line = withSpaces(text, close);
    if (open > 0) readClient(line, open - 1, event);
    return readAfter(line, close + 1, event) || fault;
  },
};

/** Position of the `[` that opens the time: at the start or behind a separator. */
function openBracket(text: string): number {
  if (text.charCodeAt(0) === 91) return isAccessTime(text, 1) ? 0 : -1;
  let open = text.indexOf('[');
  while (open > 0 && open < MAX_BEFORE_TIME) {
    if (isDigitAt(text, open + 1) && (isAccessTime(text, open + 1) || isIsoTime(text, open + 1))) return open;
    open = text.indexOf('[', open + 1);
  }
  return -1;
}

/** Two digits, a month between slashes: a date that does not exist is still the time of an access log. */
function isAccessTime(text: string, at: number): boolean {
  return (
    text.charCodeAt(at + 2) === 47 &&
    text.charCodeAt(at + 6) === 47 &&
    text.charCodeAt(at + 11) === 58 &&
    isDigitAt(text, at) &&
    monthAt(text, at + 3) > 0
  );
}

/** nginx’s `$time_iso8601` in brackets, with the request's quote right behind it. */
function isIsoTime(text: string, at: number): boolean {
  if (text.charCodeAt(at + 4) !== 45 || text.charCodeAt(at + 7) !== 45) return false;
  const close = text.indexOf(']', at);
  return close > 0 && text.charCodeAt(close + 2) === QUOTE;
}

function readTime(text: string, at: number, event: Event, context: ParseContext): string {
  if (!readAccessTime(text, at) && !readIsoTime(text, at)) return `'${text.slice(at, at + 26)}' is no time`;
  event.time = reading.time === reading.time ? reading.time : instantOf(reading.wallMs, context.timeZone);
  return '';
}

/** Tabs or bars between the fields, as some sites write them, become spaces; what is in quotes stays. */
function withSpaces(text: string, close: number): string {
  const separator = text.charAt(close + 1);
  if (separator !== '\t' && separator !== '|') return text;
  let spaced = '';
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('"', at);
    const quoteEnd = open < 0 ? -1 : closingQuote(text, open);
    spaced += text.slice(at, open < 0 ? text.length : open).replaceAll(separator, ' ');
    if (open < 0) break;
    at = quoteEnd < 0 ? text.length : quoteEnd + 1;
    spaced += text.slice(open, at);
  }
  return spaced;
}

function readAfter(text: string, at: number, event: Event): string {
  const open = text.indexOf('"', at);
  if (open < 0) {
    event.message = text.slice(at).trim();
    return 'no quoted request line';
  }
  const isOfTls = open > at + 1 && readBetween(text.slice(at, open).trim(), event);
  const close = closingQuote(text, open);
  const end = close < 0 ? text.length : close;
  readRequest(text.slice(open + 1, end), event);
  if (close < 0) return 'the request line is never closed';
  if (!isOfTls) return readNumbers(text, close + 1, event);
  event.bytes = wholeNumber(text.slice(close + 1).trim());
  return '';
}

/**
 * `vhost client seconds` or `client - user` as some write it between time and request, and `client TLSv1.2 cipher` of Apache's
 * ssl_request_log. @returns whether it was the latter, which names no status.
 */
function readBetween(between: string, event: Event): boolean {
  const words = between.split(' ', 8);
  const timeFirst = event.clientAddress === '';
  const tls = words.findIndex((word) => /^(?:TLS|SSL)v[\d.]+$/.test(word));
  words.slice(0, tls < 0 ? words.length : tls).forEach((word) => readWord(word, timeFirst, event));
  if (tls < 0) return false;
  state(event, 'tls', words[tls]!);
  state(event, 'cipher', words[tls + 1] ?? '');
  return true;
}

function readWord(word: string, timeFirst: boolean, event: Event): void {
  const address = shortestAddress(word);
  if (address !== '' && event.clientAddress === '') event.clientAddress = address;
  else if (/^\d+(?:\.\d+)?$/.test(word)) state(event, 'seconds', word);
  else if (word === '-' || word === '_' || word === '' || address !== '') return;
  else if (!timeFirst || event.clientAddress === '' || word.includes('.')) event.system ||= word;
  else event.account ||= word;
}

/** `status bytes [vhost ]"referrer" "user agent" …` */
function readNumbers(text: string, at: number, event: Event): string {
  const statusAt = skipSpaces(text, at);
  const statusEnd = tokenEnd(text, statusAt);
  const fault = setStatus(number(text, statusAt, statusEnd), event);
  const bytesAt = skipSpaces(text, statusEnd);
  const bytesEnd = tokenEnd(text, bytesAt);
  event.bytes = wholeNumber(number(text, bytesAt, bytesEnd));
  if (text.charCodeAt(bytesEnd) !== SPACE) return fault;
  const next = skipSpaces(text, bytesEnd);
  if (text.charCodeAt(next) === QUOTE) readQuoted(text, next, event);
  else readUnquoted(text, next, event);
  return fault;
}

function number(text: string, start: number, end: number): string {
  const isQuoted = text.charCodeAt(start) === QUOTE && text.charCodeAt(end - 1) === QUOTE;
  return isQuoted ? text.slice(start + 1, end - 1) : text.slice(start, end);
}

/** One field before the referrer, such as `$host`; else all are the site's own. */
function readUnquoted(text: string, at: number, event: Event): void {
  const end = tokenEnd(text, at);
  const next = skipSpaces(text, end);
  const referrerEnd = text.charCodeAt(next) === QUOTE ? closingQuote(text, next) : -1;
  const referrer = text.slice(next + 1, referrerEnd);
  if (referrerEnd < 0 || !(referrer === '-' || referrer.includes('://'))) return readExtras(text, at, event);
  readExtras(text.slice(at, end), 0, event);
  readQuoted(text, next, event);
}

function readQuoted(text: string, at: number, event: Event): void {
  const referrerEnd = closingQuote(text, at);
  if (referrerEnd < 0) return;
  state(event, 'referrer', stated(text.slice(at + 1, referrerEnd)));
  const agentAt = skipSpaces(text, referrerEnd + 1);
  if (text.charCodeAt(agentAt) !== QUOTE) return readExtras(text, agentAt, event);
  const agentEnd = closingQuote(text, agentAt);
  const end = agentEnd < 0 ? text.length : agentEnd;
  state(event, 'userAgent', stated(text.slice(agentAt + 1, end)));
  if (agentEnd > 0 && agentEnd + 2 < text.length) readExtras(text, skipSpaces(text, agentEnd + 1), event);
}

function stated(value: string): string {
  return value === '-' ? '' : value;
}
