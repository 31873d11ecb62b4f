import type { Event } from '../event.ts';
import { addressOrName, shortestAddress } from './address.ts';
import { state } from './format.ts';

/** Reads `<address>[ port <port>][ ssh2: <key type> <fingerprint>]` at `at`. */
export function readPeer(text: string, at: number, event: Event): void {
  const end = wordEnd(text, at);
  setPeer(text.slice(at, end), event);
  if (!text.startsWith(' port ', end)) return;
  const portEnd = wordEnd(text, end + 6);
  state(event, 'port', text.slice(end + 6, portEnd));
  if (!text.startsWith(' ssh2: ', portEnd)) return;
  const key = text.lastIndexOf(' ');
  if (key > portEnd + 6) state(event, 'key', text.slice(key + 1));
}

/** The client as the line names it; a name that is no address is kept as the device too. */
export function setPeer(name: string, event: Event): void {
  const address = shortestAddress(name);
  event.clientAddress = address === '' ? addressOrName(name) : address;
  if (address === '') event.device = event.clientAddress;
}

function wordEnd(text: string, at: number): number {
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 32 || code === 44 || (code === 58 && text.charCodeAt(i + 1) === 32)) return i;
  }
  return text.length;
}
