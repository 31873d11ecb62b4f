import type { EventLog, LogRecord, Subscription } from '../event-log/event-log.ts';
import type { ChainRecord, Head } from './seal-chain.ts';
import type { SealSink } from './seal-sinks.ts';
import { hashOfSeal, readSeal } from './seal.ts';

export interface SealPushParts {
  log: Pick<EventLog, 'subscribe' | 'commit'>;
  sink: SealSink;
  onFault: (error: Error) => void;
  now?: () => number;
}

const LATE_MS = 180_000;

/** Pushes each seal of the chain outside, in order, again and again until it is there; one program at a time does so. */
export class SealPush {
  readonly #parts: SealPushParts;
  readonly #now: () => number;
  #subscription: Subscription | undefined;
  #last: Head | undefined;
  #waitingSince = 0;
  #failure = '';

  constructor(parts: SealPushParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  get name(): string {
    return this.#parts.sink.name;
  }

  /** How long the oldest seal has been waiting, ms; 0 when none is. */
  get lagMs(): number {
    return this.#waitingSince === 0 ? 0 : Math.max(0, this.#now() - this.#waitingSince);
  }

  /** '' when all is well. */
  get problem(): string {
    if (this.lagMs < LATE_MS) return '';
    return `seals have not reached the ${this.name} outside for ${Math.floor(this.lagMs / 60_000)} min: ${this.#failure}`;
  }

  async start(): Promise<void> {
    const { log, onFault } = this.#parts;
    this.#subscription = await log.subscribe({
      ...{ topic: 'seals', group: this.#group, from: 'earliest', exclusive: true, onFault },
      onRecords: (_partition, records) => this.#take(records),
    });
  }

  async stop(): Promise<void> {
    await this.#subscription?.stop();
  }

  get #group(): string {
    return `push-${this.name}`;
  }

  async #take(records: readonly LogRecord[]): Promise<void> {
    this.#waitingSince ||= this.#now();
    for (const { offset, value } of records) {
      const { sealed, signature } = JSON.parse(Buffer.from(value).toString()) as ChainRecord;
      const signed = { sealed, signature };
      const seal = readSeal(signed);
      // As in the chain: the first that continues it counts.
      const follows = this.#last === undefined || (seal.number === this.#last.seal.number + 1 && seal.previous === this.#last.hash); // prettier-ignore
      if (!follows) continue;
      try {
        await this.#parts.sink.send(JSON.stringify(signed));
      } catch (error) {
        this.#failure = (error as Error).message;
        throw error;
      }
      this.#last = { seal, hash: hashOfSeal(signed, seal.digest) };
      await this.#parts.log.commit(this.#group, [{ topic: 'seals', partition: 0, offset: offset + 1 }]);
    }
    this.#waitingSince = 0;
    this.#failure = '';
  }
}
