import type { Event } from '../event.ts';
import { readExtras } from './access-extras.ts';
import { readRequest, setStatus } from './web-request.ts';
import { addressOrName, shortestAddress } from './address.ts';
import { state, type Format } from './format.ts';
import { closingQuote, isDigitAt, QUOTE, skipSpaces, SPACE, tokenEnd, wholeNumber } from './scan.ts';
import { readAccessTime, reading } from './time.ts';

const MAX_BEFORE_TIME = 600;

/**
 * Web access logs of nginx and Apache: common, combined, with a virtual host in front, with upstream fields behind, and with
 * the time in front. Sets clientAddress, account (remote user), system (virtual host), asset (path without query), action and
 * outcome (by method and status), bytes, message (the request line), attributes: see web-request.ts and access-extras.ts.
 */
export const accessLog: Format = {
  name: 'web-access',

  recognizes(text) {
    const open = openBracket(text);
    return open >= 0 && readAccessTime(text, open + 1);
  },

  parse(text, event) {
    const open = openBracket(text);
    if (open < 0 || !readAccessTime(text, open + 1)) return "no time in the form '[dd/Mon/yyyy:hh:mm:ss ±hhmm]'";
    event.time = reading.time === reading.time ? reading.time : reading.wallMs;
    const close = text.indexOf(']', reading.end);
    if (open > 0) readBefore(text, open - 1, event);
    return readAfter(text, close + 1, open === 0, event);
  },
};

/** Position of the `[` that opens the time: at the start or behind a space, with two digits and a slash inside. */
function openBracket(text: string): number {
  if (text.charCodeAt(0) === 91) return 0;
  let open = text.indexOf('[');
  while (open > 0 && open < MAX_BEFORE_TIME) {
    if (isDigitAt(text, open + 1) && text.charCodeAt(open + 3) === 47) return open;
    open = text.indexOf('[', open + 1);
  }
  return -1;
}

/** `[vhost[:port] ]client ident user`, where only the user may hold spaces. */
function readBefore(text: string, end: number, event: Event): void {
  let clientEnd = text.indexOf(' ');
  if (clientEnd < 0 || clientEnd > end) return;
  let client = text.slice(0, clientEnd);
  let address = shortestAddress(client);
  const secondEnd = text.indexOf(' ', clientEnd + 1);
  if (address === '' && secondEnd > 0 && secondEnd < end) {
    const second = shortestAddress(text.slice(clientEnd + 1, secondEnd));
    if (second !== '') {
      event.system = withoutPort(client);
      client = address = second;
      clientEnd = secondEnd;
    }
  }
  event.clientAddress = address === '' ? addressOrName(client.endsWith(',') ? client.slice(0, -1) : client) : address;
  if (address === '') event.device = event.clientAddress;
  const identEnd = text.indexOf(' ', clientEnd + 1);
  if (identEnd < 0 || identEnd >= end) return;
  const user = text.slice(identEnd + 1, end).trim();
  if (user !== '-' && user !== '""') event.account = user;
}

function withoutPort(name: string): string {
  const colon = name.lastIndexOf(':');
  return colon > 0 && isDigitAt(name, colon + 1) ? name.slice(0, colon) : name;
}

function readAfter(text: string, at: number, timeFirst: boolean, event: Event): string {
  const open = text.indexOf('"', at);
  if (open < 0) {
    event.message = text.slice(at).trim();
    return 'no quoted request line';
  }
  if (timeFirst) readTimeFirst(text.slice(at, open).trim(), event);
  const close = closingQuote(text, open);
  const end = close < 0 ? text.length : close;
  readRequest(text.slice(open + 1, end), event);
  if (close < 0) return 'the request line is never closed';
  return readNumbers(text, close + 1, event);
}

/** `[time] vhost client seconds "request" …` as some proxies write it. */
function readTimeFirst(between: string, event: Event): void {
  for (const word of between.split(' ')) {
    const address = shortestAddress(word);
    if (address !== '' && event.clientAddress === '') event.clientAddress = address;
    else if (/^\d+\.\d+$/.test(word)) state(event, 'seconds', word);
    else if (word !== '-' && word !== '_' && event.system === '') event.system = word;
  }
}

/** `status bytes "referrer" "user agent" …` */
function readNumbers(text: string, at: number, event: Event): string {
  const statusAt = skipSpaces(text, at);
  const statusEnd = tokenEnd(text, statusAt);
  const fault = setStatus(text.slice(statusAt, statusEnd), event);
  const bytesEnd = tokenEnd(text, statusEnd + 1);
  event.bytes = wholeNumber(text.slice(statusEnd + 1, bytesEnd));
  if (text.charCodeAt(bytesEnd) !== SPACE) return fault;
  const next = skipSpaces(text, bytesEnd);
  if (text.charCodeAt(next) === QUOTE) readQuoted(text, next, event);
  else readExtras(text, next, event);
  return fault;
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
