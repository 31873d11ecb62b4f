/**
 * The Authorization header as a bearer token, whatever way the client can send it: `Bearer <token>`, Basic with the token as
 * password, Elasticsearch's `ApiKey` (base64 of `id:token`, or the token itself).
 */
export function asBearer(header: string | undefined): string {
  if (header === undefined) return '';
  const space = header.indexOf(' ');
  const scheme = header.slice(0, space).toLowerCase();
  const value = header.slice(space + 1).trim();
  if (scheme === 'bearer') return `Bearer ${value}`;
  if (scheme !== 'basic' && scheme !== 'apikey') return '';
  const pair = Buffer.from(value, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  if (colon !== -1) return `Bearer ${pair.slice(colon + 1)}`;
  return scheme === 'apikey' ? `Bearer ${value}` : '';
}
