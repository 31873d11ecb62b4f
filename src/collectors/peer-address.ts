/** The shortest text form of a peer's address: IPv4 that came through an IPv6 socket is IPv4 again; no zone. */
export function peerAddress(address: string | undefined): string {
  if (address === undefined) return '';
  if (address.startsWith('::ffff:') && address.includes('.')) return address.slice(7);
  const zone = address.indexOf('%');
  return zone === -1 ? address : address.slice(0, zone);
}
