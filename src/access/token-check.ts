import { BlockList, isIP } from 'node:net';
import { WanglouError } from '../errors.ts';
import { isWholeToken } from './secret.ts';

/** What any token is checked by. */
export interface CheckedToken {
  id: string;
  networks: readonly string[];
  /** ms since the Unix epoch; 0 for never. */
  expiresAt: number;
  /** 0 while it is not revoked. */
  revokedAt: number;
}

/** Why a token is not taken: for its holder, who has all of it, and in a few words for counts. */
export interface TokenRefusal {
  refused: WanglouError;
  reason: string;
}

/** What is said of tokens of one kind. */
export interface TokenWords {
  /** `the ingest token`. */
  token: string;
  /** Where one comes from. */
  remedyUnknown: string;
  remedyExpired: string;
}

/**
 * Why this token may not be used, or undefined. @param found what is kept under the digest of `text`.
 * @param address of the peer, shortest text form.
 */
export function refusalOf(
  text: string,
  found: { token: CheckedToken; network: BlockList } | undefined,
  { address, now, words }: { address: string; now: number; words: TokenWords },
): TokenRefusal | undefined {
  const name = words.token;
  if (!isWholeToken(text))
    return refused(
      'token mistyped',
      `${name} is cut off or mistyped (its checksum is wrong)`,
      'Copy the whole token again.',
    );
  if (found === undefined) return refused('token unknown', `${name} is not known here`, words.remedyUnknown);
  const { token, network } = found;
  if (token.revokedAt !== 0)
    return refused(
      'token revoked',
      `${name} ${token.id} was revoked at ${iso(token.revokedAt)}`,
      'Ask for a new one; whoever revoked it knows why.',
    );
  if (token.expiresAt !== 0 && now >= token.expiresAt)
    return refused('token expired', `${name} ${token.id} expired at ${iso(token.expiresAt)}`, words.remedyExpired);
  if (token.networks.length > 0 && !network.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4'))
    return refused(
      'token from another network',
      `${name} ${token.id} may not be used from ${address}`,
      `Send from ${token.networks.join(', ')}, or make a token for the network of this sender.`,
      'WL_FORBIDDEN',
    );
  return undefined;
}

/** @throws WanglouError WL_BODY_INVALID that names the one that is no address or range. */
export function networkOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits, ...rest] = network.split('/');
    const family = isIP(address);
    const most = family === 6 ? 128 : 32;
    if (family === 0 || rest.length > 0 || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= most)))
      throw new WanglouError('WL_BODY_INVALID', `networks has ${JSON.stringify(network.slice(0, 100))}`, {
        remedy: 'Write addresses or ranges, such as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/48.',
      });
    list.addSubnet(address, bits === undefined ? most : Number(bits), family === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

function refused(
  reason: string,
  message: string,
  remedy: string,
  code: 'WL_UNAUTHORIZED' | 'WL_FORBIDDEN' = 'WL_UNAUTHORIZED',
): TokenRefusal {
  return { refused: new WanglouError(code, message, { remedy }), reason };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
