import type { Topic } from './event-log.ts';
import type { LmdbFiles } from './lmdb-files.ts';
import { groupKey, type LogReader } from './log-reader.ts';
import { decodeRecord, recordKey } from './record-codec.ts';
import { TOPIC_NUMBERS, type TopicSettings, type TopicTable } from './topics.ts';

/** Records removed by one commit: small, so that appends do not wait. */
const STEP_RECORDS = 50;
const STEPS_A_SWEEP = 200;

/** Removes old records that every group has committed. */
export class Retention {
  readonly #files: LmdbFiles;
  readonly #reader: LogReader;
  readonly #topics: TopicTable;

  constructor(files: LmdbFiles, reader: LogReader, topics: TopicTable) {
    this.#files = files;
    this.#reader = reader;
    this.#topics = topics;
  }

  /** @returns how many records were removed. */
  async sweep(now: number): Promise<number> {
    let removed = 0;
    for (const [topic, settings] of Object.entries(this.#topics) as [Topic, TopicSettings][])
      for (let partition = 0; partition < settings.partitions; partition++)
        for (let step = 0; step < STEPS_A_SWEEP; step++) {
          const count = await this.#step(topic, partition, settings, now);
          removed += count;
          if (count < STEP_RECORDS) break;
        }
    return removed;
  }

  async #step(topic: Topic, partition: number, settings: TopicSettings, now: number): Promise<number> {
    const first = this.#reader.first(topic, partition);
    const limit = Math.min(first + STEP_RECORDS, this.#done(topic, partition, settings));
    const { bytes } = this.#reader.head(topic, partition);
    const keepBytes = settings.keepBytes / settings.partitions;
    let end = first;
    while (end < limit && this.#isOld(topic, partition, end, now - settings.keepMs, bytes - keepBytes)) end++;
    if (end > first)
      await this.#files.records.batch(() => {
        for (let offset = first; offset < end; offset++)
          void this.#files.records.remove(recordKey(TOPIC_NUMBERS[topic], partition, offset));
      });
    return end - first;
  }

  /** The offset below which every group is done: 0 while one that is awaited has never committed. */
  #done(topic: Topic, partition: number, { awaits }: TopicSettings): number {
    let done = Infinity;
    for (const group of awaits) done = Math.min(done, this.#reader.committed(group, topic, partition) ?? 0);
    const suffix = groupKey('', topic, partition);
    for (const { key, value } of this.#files.groups.getRange())
      if (key.subarray(-suffix.length).equals(suffix)) done = Math.min(done, value.readDoubleLE());
    return Math.min(done, this.#reader.head(topic, partition).next);
  }

  #isOld(topic: Topic, partition: number, offset: number, before: number, bytesBelow: number): boolean {
    const key = recordKey(TOPIC_NUMBERS[topic], partition, offset);
    const stored = this.#files.records.getBinary(key);
    if (stored === undefined) return true;
    const record = decodeRecord(key, stored);
    return record === undefined || record.appendedAt < before || record.bytesBefore < bytesBelow;
  }
}
