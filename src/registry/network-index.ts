import { BlockList, isIP } from 'node:net';
import type { Network } from './registry.ts';
import { validAt } from './versions.ts';

const MAX_REMEMBERED = 50_000;

/** Finds the smallest network that has an address; remembers what it found. */
export class NetworkIndex {
  /** Longest prefix first. */
  readonly #ranges: { bits: number; family: 'ipv4' | 'ipv6'; list: BlockList; network: Network }[] = [];
  readonly #remembered = new Map<string, readonly Network[]>();

  constructor(networks: readonly Network[]) {
    for (const network of networks)
      for (const range of network.cidrs) {
        const [address = '', given] = range.split('/');
        const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
        const bits = given === undefined ? (family === 'ipv4' ? 32 : 128) : Number(given);
        const list = new BlockList();
        list.addSubnet(address, bits, family);
        this.#ranges.push({ bits, family, list, network });
      }
    this.#ranges.sort((a, b) => b.bits - a.bits);
  }

  at(address: string, at: number): Network | undefined {
    if (this.#ranges.length === 0) return undefined;
    let found = this.#remembered.get(address);
    if (found === undefined) {
      if (this.#remembered.size > MAX_REMEMBERED) this.#remembered.clear();
      found = this.#find(address);
      this.#remembered.set(address, found);
    }
    return validAt(found, at);
  }

  #find(address: string): readonly Network[] {
    const version = isIP(address);
    if (version === 0) return [];
    const family = version === 6 ? 'ipv6' : 'ipv4';
    return this.#ranges
      .filter((range) => range.family === family && range.list.check(address, family))
      .map(({ network }) => network);
  }
}
