import { BlockList, isIP } from 'node:net';
import { WanglouError } from '../errors.ts';
import { digest, isWholeToken } from './secret.ts';

/** Scanners for leaked secrets find tokens of senders by it. */
export const SENDER_PREFIX = 'wli_';

/** A token of one source, as it is kept: never the token itself. */
export interface SenderToken {
  id: string;
  /** Registry id of the source that it appends for. */
  source: string;
  /** SHA-256 of the token. */
  digest: string;
  /** Addresses or CIDR ranges that it may be used from; none for anywhere. */
  networks: readonly string[];
  /** ms since the Unix epoch; 0 for never. */
  expiresAt: number;
  createdAt: number;
  createdBy: string;
  /** 0 while it is not revoked. */
  revokedAt: number;
  revokedBy: string;
}

/** Where and when a token was used last. */
export interface TokenUse {
  id: string;
  at: number;
  from: string;
}

/** What a token allows, or why it does not: for its holder, and in a few words for counts. */
export type Checked = { source: string } | { refused: WanglouError; reason: string };

export function isTokenActive(token: SenderToken, now: number): boolean {
  return token.revokedAt === 0 && (token.expiresAt === 0 || now < token.expiresAt);
}

/** The tokens of senders as this program knows them; `replace` is called whenever they have changed. */
export class SenderTokens {
  readonly #now: () => number;
  #byDigest = new Map<string, { token: SenderToken; network: BlockList }>();
  #uses = new Map<string, TokenUse>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  replace(tokens: readonly SenderToken[]): void {
    this.#byDigest = new Map(
      tokens.map((token) => [token.digest, { token, network: networkOf(token.networks) }] as const),
    );
  }

  /** @param address of the peer, shortest text form. */
  check(text: string, address: string): Checked {
    if (!isWholeToken(text))
      return refused(
        'token mistyped',
        'the ingest token is cut off or mistyped (its checksum is wrong)',
        'Copy the whole token again.',
      );
    const found = this.#byDigest.get(digest(text));
    if (found === undefined)
      return refused(
        'token unknown',
        'the ingest token is not known here',
        'Make one for the source: wanglou token create.',
      );
    const { token, network } = found;
    if (token.revokedAt !== 0)
      return refused(
        'token revoked',
        `the ingest token ${token.id} was revoked at ${iso(token.revokedAt)}`,
        'Ask for a new one; whoever revoked it knows why.',
      );
    if (!isTokenActive(token, this.#now()))
      return refused(
        'token expired',
        `the ingest token ${token.id} expired at ${iso(token.expiresAt)}`,
        `Make a new one for ${token.source}: two may be active, so that nothing is lost meanwhile.`,
      );
    if (token.networks.length > 0 && !network.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4'))
      return refused(
        'token from another network',
        `the ingest token ${token.id} may not be used from ${address}`,
        `Send from ${token.networks.join(', ')}, or make a token for the network of this sender.`,
        'WL_FORBIDDEN',
      );
    this.#uses.set(token.id, { id: token.id, at: this.#now(), from: address });
    return { source: token.source };
  }

  /** The last use of each token that was used since the last call. */
  takeUses(): TokenUse[] {
    const uses = [...this.#uses.values()];
    this.#uses = new Map();
    return uses;
  }
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
): Checked {
  return { refused: new WanglouError(code, message, { remedy }), reason };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
