import { isIP } from 'node:net';
import { isDigitAt } from './scan.ts';

/**
 * An IP address in its shortest text form: without port, brackets, zone index or IPv4-in-IPv6 prefix, IPv6 as in RFC 5952.
 * @returns '' for anything that is not an address.
 */
export function shortestAddress(text: string): string {
  if (isPlainIpv4(text)) return text;
  if (text.length < 2 || text.length > 60) return '';
  return ipv4WithPort(text) || ipv6(text);
}

/** Like shortestAddress, but a host name stays as it was written, in lower case: some logs name nothing else. */
export function addressOrName(text: string): string {
  const address = shortestAddress(text);
  if (address !== '') return address;
  return isHostName(text) ? text.toLowerCase() : '';
}

function isHostName(text: string): boolean {
  return (
    text.length <= 255 && text !== 'UNKNOWN' && text !== 'unknown' && /^(?=.*[a-z])[a-z0-9_][a-z0-9_.-]*$/i.test(text)
  );
}

/** Four numbers 0–255 without leading zeros and nothing else; decides by character code, since nearly all are. */
function isPlainIpv4(text: string): boolean {
  const length = text.length;
  if (length < 7 || length > 15) return false;
  let octet = -1;
  let dots = 0;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code === 46) {
      if (octet < 0) return false;
      octet = -1;
      dots++;
    } else if (code >= 48 && code <= 57) {
      if (octet === 0) return false;
      octet = octet < 0 ? code - 48 : octet * 10 + code - 48;
      if (octet > 255) return false;
    } else return false;
  }
  return dots === 3 && octet >= 0;
}

function ipv4WithPort(text: string): string {
  if (!isDigitAt(text, 0)) return '';
  const colon = text.indexOf(':');
  const paren = text.indexOf('(');
  const end = colon > 0 ? colon : paren;
  if (end < 7 || (colon > 0 && text.includes(':', colon + 1))) return '';
  const address = text.slice(0, end);
  return isPlainIpv4(address) ? address : '';
}

function ipv6(text: string): string {
  let address = text;
  if (text.charCodeAt(0) === 91) {
    const close = text.indexOf(']');
    if (close < 0) return '';
    address = text.slice(1, close);
    if (isPlainIpv4(address)) return address;
  }
  const port = address.indexOf('(');
  if (port > 0 && address.endsWith(')')) address = address.slice(0, port);
  const zone = address.indexOf('%');
  if (zone > 0) address = address.slice(0, zone);
  if (!address.includes(':') || isIP(address) !== 6) return '';
  return shortenIpv6(address);
}

const MAX_SHORTENED = 4096;
const shortened = new Map<string, string>();

/** Keeps what it has worked out: clients come again, and shortening costs as much as the rest of the line. */
function shortenIpv6(address: string): string {
  let short = shortened.get(address);
  if (short === undefined) {
    short = shortenAnew(address);
    if (shortened.size >= MAX_SHORTENED) shortened.clear();
    shortened.set(address, short);
  }
  return short;
}

function shortenAnew(address: string): string {
  const lower = address.toLowerCase();
  if (lower.startsWith('::ffff:') && isPlainIpv4(lower.slice(7))) return lower.slice(7);
  try {
    const host = new URL(`http://[${lower}]/`).hostname.slice(1, -1);
    return mappedIpv4(host) || host;
  } catch {
    return lower;
  }
}

/** `::ffff:c000:201` is how a URL writes an IPv4 address inside IPv6. */
function mappedIpv4(host: string): string {
  const parts = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host);
  if (parts === null) return '';
  const high = parseInt(parts[1]!, 16);
  const low = parseInt(parts[2]!, 16);
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}
