import type { EventLog } from '../event-log/event-log.ts';
import { hashOfSeal, readSeal, type Seal, type SignedSeal } from './seal.ts';

/** What keeps seals for good (src/store/seal-queries.ts). */
export interface SealStore {
  lastSeal(): Promise<SignedSeal | undefined>;
  keepSeal(signed: SignedSeal, seal: Seal, hash: string, marks: readonly Buffer[]): Promise<void>;
}

export interface Head {
  seal: Seal;
  hash: string;
}

/** A record of the topic `seals`. */
export interface ChainRecord extends SignedSeal {
  /** Of each block, base64. */
  marks: string[];
}

export const SEAL_GROUP = 'seal';

/**
 * The chain as all programs see it: in the order of the topic `seals`, the first seal that continues the one before it
 * counts. So two sealers that do not know of each other make no fork: the later seal is part of nothing.
 */
export class SealChain {
  readonly #log: Pick<EventLog, 'append' | 'bounds' | 'readRange' | 'commit'>;
  readonly #store: SealStore;
  #head: Head | undefined;
  #next = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(log: Pick<EventLog, 'append' | 'bounds' | 'readRange' | 'commit'>, store: SealStore) {
    this.#log = log;
    this.#store = store;
  }

  get head(): Head | undefined {
    return this.#head;
  }

  /** Reads where the chain stands: what the store has, and what only the log has, which is stored now. */
  async open(): Promise<void> {
    const last = await this.#store.lastSeal();
    const seal = last && readSeal(last);
    this.#head = seal && { seal, hash: hashOfSeal(last, seal.digest) };
    const { first, next } = await this.#log.bounds('seals', 0);
    this.#next = first;
    await this.#follow(next);
  }

  /**
   * Appends a seal. Durable in the log and in the store when it resolves.
   * @returns whether it is part of the chain; if not, another program's is, and `head` says so.
   */
  async append(signed: SignedSeal, marks: readonly Buffer[]): Promise<boolean> {
    const record: ChainRecord = { ...signed, marks: marks.map((one) => one.toString('base64')) };
    const value = Buffer.from(JSON.stringify(record));
    const { number, digest } = readSeal(signed);
    const [offset] = await this.#log.append([{ topic: 'seals', partition: 0, key: String(number), value }]);
    await this.#follow(offset! + 1);
    return this.#head?.hash === hashOfSeal(signed, digest);
  }

  async #follow(to: number): Promise<void> {
    this.#turn = this.#turn.catch(() => undefined).then(() => this.#read(to));
    await this.#turn;
  }

  async #read(to: number): Promise<void> {
    for await (const { offset, value } of this.#log.readRange('seals', 0, this.#next, to)) {
      await this.#take(JSON.parse(Buffer.from(value).toString()) as ChainRecord);
      this.#next = offset + 1;
    }
    await this.#log.commit(SEAL_GROUP, [{ topic: 'seals', partition: 0, offset: this.#next }]);
  }

  async #take({ sealed, signature, marks }: ChainRecord): Promise<void> {
    const seal = readSeal({ sealed, signature });
    const follows = seal.number === (this.#head?.seal.number ?? 0) + 1 && seal.previous === (this.#head?.hash ?? '');
    if (!follows) return;
    const signed = { sealed, signature };
    const hash = hashOfSeal(signed, seal.digest);
    await this.#store.keepSeal(signed, seal, hash, marks.map((one) => Buffer.from(one, 'base64'))); // prettier-ignore
    this.#head = { seal, hash };
  }
}
