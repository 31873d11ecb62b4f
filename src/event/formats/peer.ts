import type { Event } from '../event.ts';
import { addressOrName, shortestAddress } from './address.ts';
import { state } from './format.ts';
import { COLON, digitsEnd, isDigitAt } from './scan.ts';

/** Reads `<address>[ port <port>][ ssh2: <key type> <fingerprint>]` at `at`. */
export function readPeer(text: string, at: number, event: Event): void {
  const end = wordEnd(text, at);
  setPeer(text.slice(at, end), event);
  if (!text.startsWith(' port ', end)) return;
  const portEnd = digitsEnd(text, end + 6);
  state(event, 'port', text.slice(end + 6, portEnd));
  if (!text.startsWith(' ssh2: ', portEnd)) return;
  const key = text.indexOf(' ', portEnd + 7) + 1;
  if (key > 0) state(event, 'key', text.slice(key, wordEnd(text, key)));
}

/** The client as the line names it; a name that is no address is kept as the device too. */
export function setPeer(name: string, event: Event): void {
  const address = shortestAddress(name);
  event.clientAddress = address === '' ? addressOrName(name) : address;
  if (address === '') event.device = event.clientAddress;
}

/**
 * Where the client stands in a line that ends in `<user> from <address> port <port>…`, the user being free to hold anything: the
 * last ` from ` that an address with a port follows, else the last. @returns its position, or -1.
 */
export function lastPeer(line: string, from: number): number {
  const last = line.lastIndexOf(' from ');
  for (let at = last; at >= from; at = at === 0 ? -1 : line.lastIndexOf(' from ', at - 1)) {
    const end = wordEnd(line, at + 6);
    if (line.startsWith(' port ', end) && isDigitAt(line, end + 6)) return at;
  }
  return last >= from ? last : -1;
}

/** Position of the last ` port <digits>` that ends the line or its sentence, or -1. */
export function lastPort(line: string): number {
  for (let at = line.lastIndexOf(' port '); at >= 0; at = at === 0 ? -1 : line.lastIndexOf(' port ', at - 1)) {
    const end = digitsEnd(line, at + 6);
    const after = line.charCodeAt(end);
    if (end > at + 6 && (after !== after || after === 32 || after === COLON)) return at;
  }
  return -1;
}

function wordEnd(text: string, at: number): number {
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 32 || code === 44 || (code === COLON && text.charCodeAt(i + 1) === 32)) return i;
  }
  return text.length;
}
