import type { Event } from '../event.ts';
import { addressOrName, shortestAddress } from './address.ts';
import { state } from './format.ts';
import { isDigitAt, QUOTE } from './scan.ts';

/**
 * Reads what stands before the time: `[vhost[:port] ]client[, proxy …] ident user`, where only the user may hold spaces. Quotes
 * around words, and the client's address once more in brackets (ingress controllers), are taken off.
 */
export function readClient(text: string, end: number, event: Event): void {
  const firstEnd = wordEnd(text, 0, end);
  const first = unquoted(text.slice(0, firstEnd));
  if (first.endsWith(',')) return readIdentity(text.slice(readList(text, end, event), end), event);
  const address = shortestAddress(first);
  if (address !== '' && address === first) {
    event.clientAddress = address;
    return readIdentity(text.slice(firstEnd + 1, end), event);
  }
  const secondEnd = wordEnd(text, firstEnd + 1, end);
  const second = secondEnd < end ? shortestAddress(text.slice(firstEnd + 1, secondEnd)) : '';
  if (second !== '' && (address === '' || hasPort(first))) {
    event.system = withoutPort(first);
    event.clientAddress = second;
    return readIdentity(text.slice(secondEnd + 1, end), event);
  }
  event.clientAddress = address || addressOrName(first);
  if (address === '') event.device = event.clientAddress;
  readIdentity(text.slice(firstEnd + 1, end), event);
}

/** `client, proxy, proxy `: the first is who asked. @returns where the list ends. */
function readList(text: string, end: number, event: Event): number {
  let next = wordEnd(text, 0, end);
  while (next < end && text.charCodeAt(next - 1) === 44) next = wordEnd(text, next + 1, end);
  const list = text.slice(0, next);
  event.clientAddress = shortestAddress(list.slice(0, list.indexOf(',')));
  state(event, 'forwardedFor', list);
  return next + 1;
}

/** `ident user`; a single word is the user. */
function readIdentity(identity: string, event: Event): void {
  if (identity === '- -' || identity === '') return;
  const identEnd = identity.indexOf(' ');
  let user = identEnd < 0 ? identity : identity.slice(identEnd + 1);
  for (let space = user.indexOf(' '); space >= 0 && isRepeated(user.slice(0, space)); space = user.indexOf(' '))
    user = user.slice(space + 1);
  user = unquoted(user.trim());
  if (user !== '-') event.account = user;
}

function isRepeated(word: string): boolean {
  return word === '-' || word === '' || shortestAddress(word) !== '';
}

function wordEnd(text: string, at: number, end: number): number {
  const space = text.indexOf(' ', at);
  return space < 0 || space > end ? end : space;
}

function unquoted(word: string): string {
  return word.length > 1 && word.charCodeAt(0) === QUOTE && word.endsWith('"') ? word.slice(1, -1) : word;
}

function hasPort(name: string): boolean {
  return withoutPort(name) !== name;
}

/** A host name or IPv4 address without the port behind it. */
export function withoutPort(name: string): string {
  const colon = name.lastIndexOf(':');
  return colon > 0 && colon === name.indexOf(':') && isDigitAt(name, colon + 1) ? name.slice(0, colon) : name;
}
