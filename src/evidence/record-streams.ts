import type { EventLog, KeyedTable } from '../event-log/event-log.ts';
import type { SealedRecord } from './canonical.ts';

/** Topics of the log, and tables to which entries are only added, whose records are sealed as they are in the log. */
export const SEALED_TOPICS = ['findings', 'triage', 'incidents', 'audit'] as const;
export const SEALED_TABLES = ['registry', 'reports', 'holds'] as const;
export const RECORD_STREAMS: readonly string[] = [...SEALED_TOPICS, ...SEALED_TABLES];

/** Where records say when they were made. */
const TIMES = ['recordedAt', 'at', 'lastTime'] as const;

export interface NextRecords {
  /** Places that they cover: from ≤ place < to. Below `from` the log has lost what was there. */
  from: number;
  to: number;
  records: SealedRecord[];
}

/** What of a topic is not yet sealed. */
export async function nextOfTopic(
  log: Pick<EventLog, 'bounds' | 'readRange'>,
  topic: (typeof SEALED_TOPICS)[number],
  sealedTo: number,
  most: number,
  now: number,
): Promise<NextRecords> {
  const { first, next } = await log.bounds(topic, 0);
  const from = Math.max(sealedTo, first);
  const to = Math.max(from, Math.min(next, from + most));
  const records: SealedRecord[] = [];
  for await (const { offset, key, value } of log.readRange(topic, 0, from, to))
    records.push(recordOf({ stream: topic, place: offset, key, at: now }, value));
  return { from, to, records };
}

/** What of a table is not yet sealed, which has no order of its own: the sealer gives the places. */
export class SealedTable {
  readonly #name: (typeof SEALED_TABLES)[number];
  readonly #table: KeyedTable;
  /** Keys with what stood there when it was sealed. */
  readonly #sealed = new Map<string, string>();
  #position = '';

  constructor(name: (typeof SEALED_TABLES)[number], table: KeyedTable) {
    this.#name = name;
    this.#table = table;
  }

  /** Tells of what is sealed. */
  learn(records: readonly Pick<SealedRecord, 'key' | 'record'>[]): void {
    for (const { key, record } of records) this.#sealed.set(key, record);
  }

  async next(from: number, most: number, now: number): Promise<NextRecords> {
    const position = await this.#table.position();
    const fresh: SealedRecord[] = [];
    if (position !== this.#position)
      for await (const [key, value] of this.#table.entries()) {
        const record = recordOf({ stream: this.#name, place: 0, key, at: now }, value);
        if (this.#sealed.get(key) !== record.record) fresh.push(record);
      }
    if (fresh.length <= most) this.#position = position;
    const records = fresh
      .sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1))
      .slice(0, most)
      .map((record, n) => ({ ...record, place: from + n }));
    return { from, to: from + records.length, records };
  }

  /** After a seal that did not become part of the chain: they are looked for again. */
  again(): void {
    this.#position = '';
  }
}

/** @param known `at` is for records that do not say when they were made. */
function recordOf(known: Omit<SealedRecord, 'record'>, value: Uint8Array): SealedRecord {
  const record = Buffer.from(value).toString();
  return { ...known, at: timeOfRecord(record) ?? known.at, record };
}

/** When a record says that it was made. */
export function timeOfRecord(record: string): number | undefined {
  try {
    const said = JSON.parse(record) as Record<string, unknown>;
    return TIMES.map((name) => said[name]).find((time): time is number => Number.isSafeInteger(time));
  } catch {
    return undefined; // what can not be read is evidence too
  }
}
