import { hash, randomBytes } from 'node:crypto';

/**
 * Event and finding ids are UUIDs (RFC 9562), so that ClickHouse keeps them in 16 bytes and any tool can read them.
 *
 * - Version 5: follows from a key that the sender can repeat (its own id, idempotency key + index, file + offset). The same
 *   key is the same event, however often it is sent.
 * - Version 8: drawn from the collector's epoch (74 random bits at start) and a running number. It can not come twice.
 */
export function keyedId(...key: string[]): string {
  return uuidOf(hash('sha1', key.join('\u001f')), '5');
}

/** Whether the sender could have sent this event twice under the same id. */
export function isKeyed(id: string): boolean {
  return id.charCodeAt(14) === 53; // '5'
}

const HEX4 = Array.from({ length: 65536 }, (_, n) => n.toString(16).padStart(4, '0'));

/** Issues the ids of one collector's life. 2^48 of them: 89,000 years at 100 a millisecond. */
export class IdSequence {
  readonly #epoch: string;
  #next = 0;
  #prefix = '';

  constructor(epoch: Buffer = randomBytes(10)) {
    this.#epoch = uuidOf(epoch.toString('hex').padEnd(40, '0'), '8').slice(0, 24);
  }

  /** The number that the next id will carry. */
  get position(): number {
    return this.#next;
  }

  next(): string {
    const n = this.#next++;
    const low = n & 0xffff;
    if (low === 0 || this.#prefix === '')
      this.#prefix =
        this.#epoch +
        Math.floor(n / 65536)
          .toString(16)
          .padStart(8, '0');
    return this.#prefix + HEX4[low]!;
  }
}

/** Lays hexadecimal digits (at least 32) out as a UUID of the version, RFC variant bits set. */
function uuidOf(hex: string, version: '5' | '8'): string {
  const variant = '89ab'[parseInt(hex[16]!, 16) & 3]!;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${version}${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
