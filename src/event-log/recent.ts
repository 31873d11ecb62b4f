import type { LogRecord } from './event-log.ts';

/**
 * The last records that this process appended to one partition, with their decoded form, for subscribers in this process
 * that have caught up. Bounded; what is not here is read from the log.
 */
export class Recent {
  readonly #maxBytes: number;
  readonly #records = new Map<number, LogRecord>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(record: LogRecord): void {
    this.#records.set(record.offset, record);
    this.#bytes += record.value.length;
    for (const [offset, oldest] of this.#records) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#remove(offset, oldest);
    }
  }

  get(offset: number): LogRecord | undefined {
    return this.#records.get(offset);
  }

  /** Lets go of everything below `offset`. */
  forgetBelow(offset: number): void {
    for (const [each, record] of this.#records) {
      if (each >= offset) return;
      this.#remove(each, record);
    }
  }

  #remove(offset: number, record: LogRecord): void {
    this.#records.delete(offset);
    this.#bytes -= record.value.length;
  }
}
