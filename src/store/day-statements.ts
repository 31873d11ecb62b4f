import type { StoreClient } from './client.ts';

/** A day of arrival (UTC) as the table `events` has it now. */
export interface StoredDay {
  /** `2026-11-20` */
  day: string;
  parts: number;
  /** Repeats included. */
  rows: number;
  /** Highest number of an insert among its parts: merges do not change it. */
  block: number;
  bytes: number;
}

const TEXT_INDEXES = 'words_of_message, words_of_raw';
const LONGEST_SECONDS = 3_600;
const LONG = { max_execution_time: LONGEST_SECONDS } as const;
const SUMS = `INSERT INTO event_slots
  SELECT {day:Date}, fromUnixTimestamp64Milli({keptAt:Int64}, 'UTC'), toStartOfInterval(time, INTERVAL 8 HOUR) AS slot,
    source, system, department, vendor, asset, asset_level, count(), sum(rows), sum(bytes), countIf(outcome = 'failure'),
    countIf(action IN ('share', 'export', 'download', 'print')), countIf(privileged), countIf(fault != ''),
    countIf(time < ingest_time - INTERVAL 1 HOUR)
  FROM events FINAL WHERE toYYYYMMDD(ingest_time) = toYYYYMMDD({day:Date})
  GROUP BY slot, source, system, department, vendor, asset, asset_level
  SETTINGS do_not_merge_across_partitions_select_final = 1`;

/** What is done with days of the table `events` once they are over. All throw the store's error. */
export class DayStatements {
  readonly #client: StoreClient;

  /** @param client one that waits for an hour: the parts of a day are merged while it waits. */
  constructor(client: StoreClient) {
    this.#client = client;
  }

  /** Days before that one that are not kept as they are now, the newest first. */
  async unkept(before: string): Promise<StoredDay[]> {
    return this.#rows<StoredDay>(`${DAYS} WHERE day < {before:Date}
      AND (day, rows, block) NOT IN (SELECT arrived, rows, block FROM kept_days FINAL) ORDER BY day DESC`, { before }); // prettier-ignore
  }

  /** The day as it is now; undefined when it has gone. */
  async day(day: string): Promise<StoredDay | undefined> {
    return (await this.#rows<StoredDay>(`${DAYS} WHERE day = {day:Date}`, { day }))[0];
  }

  /**
   * Merges all parts of a day into one, so that nothing of it has to be looked at for repeats any more.
   * @param withText builds its text indexes too. The table leaves them out of merges; a change of the table (MATERIALIZE
   *   INDEX) would make a copy of every other part too, so it is told to have them in while this day is merged. (They take
   *   about as long as the rest of the merge, and an event takes 147 bytes of the disk with them, 87 without.)
   */
  async merge(day: string, withText: boolean): Promise<void> {
    if (withText) await this.#leaveOut('');
    try {
      await this.#client.command({
        query: 'OPTIMIZE TABLE events PARTITION {partition:UInt32} FINAL',
        query_params: { partition: Number(day.replaceAll('-', '')) },
        clickhouse_settings: { ...LONG, optimize_throw_if_noop: 1 },
      });
    } finally {
      if (withText) await this.#leaveOut(TEXT_INDEXES);
    }
  }

  /** Has merges leave text indexes out again, after a program that ended in the middle of one that had them. */
  async settle(): Promise<void> {
    await this.#leaveOut(TEXT_INDEXES);
  }

  async #leaveOut(indexes: '' | typeof TEXT_INDEXES): Promise<void> {
    await this.#client.command({
      query: `ALTER TABLE events MODIFY SETTING exclude_materialize_skip_indexes_on_merge = '${indexes}'`,
    });
  }

  /** Sums a day up, under that number. */
  async sum(day: string, keptAt: number): Promise<void> {
    await this.#client.command({ query: SUMS, query_params: { day, keptAt }, clickhouse_settings: LONG });
  }

  /** Says which sum of the day counts, and of what it was made. */
  async note({ day, rows, block }: StoredDay, keptAt: number): Promise<void> {
    await this.#client.insert({
      table: 'kept_days',
      values: [{ arrived: day, kept_at: timeText(keptAt), rows, block }],
      format: 'JSONEachRow',
    });
  }

  async #rows<T>(query: string, parameters: Record<string, unknown>): Promise<T[]> {
    const result = await this.#client.query({
      query,
      query_params: parameters,
      format: 'JSONEachRow',
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    });
    return result.json<T>();
  }
}

const DAYS = `SELECT * FROM (
  SELECT toDate(parseDateTime(partition, '%Y%m%d', 'UTC')) AS day, count() AS parts, sum(rows) AS rows,
    max(max_block_number) AS block, sum(bytes_on_disk) AS bytes
  FROM system.parts WHERE database = currentDatabase() AND table = 'events' AND active GROUP BY partition)`;

function timeText(ms: number): string {
  return new Date(ms).toISOString().slice(0, -1).replace('T', ' ');
}
