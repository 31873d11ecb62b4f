import type { Message } from 'kafkajs';
import type { KeyedTable } from './event-log.ts';
import type { KafkaRecord } from './kafka-reader.ts';

const SEND_MAX_BYTES = 512 << 10;

export interface KafkaTableParts {
  /** All records that the topic has now. */
  read: () => AsyncIterable<KafkaRecord>;
  /** The offset that the next record will get. */
  next: () => Promise<number>;
  send: (messages: Message[]) => Promise<void>;
}

/** A keyed topic of Kafka: compacted, one partition; a null value removes the key. */
export class KafkaTable implements KeyedTable {
  readonly #parts: KafkaTableParts;

  constructor(parts: KafkaTableParts) {
    this.#parts = parts;
  }

  async *entries(): AsyncGenerator<[key: string, value: Uint8Array]> {
    const entries = new Map<string, Uint8Array>();
    for await (const { key, value } of this.#parts.read())
      if (value === null) entries.delete(key);
      else entries.set(key, value);
    yield* entries;
  }

  async put(entries: readonly (readonly [key: string, value: Uint8Array | undefined])[]): Promise<void> {
    let messages: Message[] = [];
    let bytes = 0;
    for (const [key, value] of entries) {
      const size = key.length * 3 + (value?.length ?? 0) + 64;
      if (bytes > 0 && bytes + size > SEND_MAX_BYTES) {
        await this.#parts.send(messages);
        messages = [];
        bytes = 0;
      }
      messages.push({ key, value: value === undefined ? null : (value as Buffer), partition: 0 });
      bytes += size;
    }
    if (messages.length > 0) await this.#parts.send(messages);
  }

  async position(): Promise<string> {
    return String(await this.#parts.next());
  }
}
