import { BlockList, isIP } from 'node:net';

const lists = new WeakMap<readonly string[], BlockList>();

/** Whether the address lies in one of the ranges (`192.0.2.0/24`, `2001:db8::/32`, single addresses); a host name in none. */
export function liesIn(address: string, ranges: readonly string[]): boolean {
  const version = isIP(address);
  if (version === 0) return false;
  let list = lists.get(ranges);
  if (list === undefined) {
    list = listOf(ranges);
    lists.set(ranges, list);
  }
  return list.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/** Addresses that are used inside any organization: RFC 1918, RFC 4193, link-local, loopback, shared (RFC 6598). */
export const PRIVATE_RANGES: readonly string[] = Object.freeze([
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
]);

export function isAddress(text: string): boolean {
  return isIP(text) !== 0;
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}
