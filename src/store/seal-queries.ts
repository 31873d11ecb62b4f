import type { SealedRecord } from '../evidence/canonical.ts';
import type { LocatedBlock } from '../evidence/block.ts';
import type { CoveringBlock, StreamPlace } from '../evidence/covering-seals.ts';
import type { Digest } from '../evidence/digest.ts';
import type { Note, Seal, SignedSeal } from '../evidence/seal.ts';
import type { StoreClient } from './client.ts';
import { timeText } from './finding-rows.ts';
import { insertRows } from './insert-rows.ts';
import { FIELDS_SQL, LEAF_SQL, LINE_SQL } from './sealed-columns.ts';

/** Offsets of a partition of `events`: from ≤ offset < to. */
export interface Places {
  partition: number;
  from: number;
  to: number;
}

export interface BlockMarks {
  seal: number;
  block: number;
  /** base64 */
  marks: string;
}

export interface EventPlace {
  partition: number;
  offset: number;
  index: number;
}

/** `events/3` is of the stream `events`. */
const OF_STREAMS = "splitByChar('/', stream)[1] IN {streams:Array(String)}";
const WITHIN = 'partition = {partition:UInt16} AND offset >= {from:UInt64} AND offset < {to:UInt64}';
const PLACE = 'offset, `index`, ingest_time';
/** Events as every view shows them … */
const SHOWN_ROWS = `(SELECT ${FIELDS_SQL}, ${PLACE} FROM events_once WHERE ${WITHIN})`;
/** … and all that lie there, also what views hide; repeats of the same are one. */
const ALL_ROWS = `(SELECT DISTINCT ${FIELDS_SQL}, ${PLACE} FROM events WHERE ${WITHIN})`;
const IN_ORDER = 'ORDER BY offset, `index`';
const PLAIN_NUMBERS = { output_format_json_quote_64bit_integers: 0 } as const;
/** Few offsets at once, so that a search over a long time that was never sealed does not take long. */
const OFFSETS_AT_ONCE = 20_000;
const RECORDS_AT_ONCE = 5_000;

/** What the sealer, the evidence export and the comparison read and write in the store. */
export class SealQueries {
  readonly #client: StoreClient;
  readonly #rowsOfEvents: string;
  readonly #ended = new AbortController();

  /** @param events `shown` as views show them, `all` also what views hide. */
  constructor(client: StoreClient, events: 'shown' | 'all' = 'shown') {
    this.#client = client;
    this.#rowsOfEvents = events === 'shown' ? SHOWN_ROWS : ALL_ROWS;
  }

  /** How many rows, repeats included, the first offsets of a range have that have any. */
  async rowsByOffset(places: Places): Promise<{ offset: number; rows: number }[]> {
    const first = await this.#rows<{ first: number; any: number }>(
      `SELECT min(offset) AS first, count() AS any FROM events WHERE ${WITHIN}`,
      { ...places },
    );
    if (!first[0] || first[0].any === 0) return [];
    const from = first[0].first;
    const to = Math.min(places.to, from + OFFSETS_AT_ONCE);
    const query = `SELECT offset, count() AS rows FROM events WHERE ${WITHIN} GROUP BY offset ORDER BY offset`;
    return this.#rows(query, { ...places, from, to });
  }

  /** The leaves (SHA-256, hexadecimal) of all events of a range as every view shows them, in the order of their places. */
  async leaves(places: Places): Promise<{ offset: number; index: number; at: number; leaf: string }[]> {
    const query = `SELECT offset, \`index\`, toUnixTimestamp64Milli(ingest_time), ${LEAF_SQL} FROM ${this.#rowsOfEvents} ${IN_ORDER} FORMAT TabSeparated`;
    const { stream } = await this.#client.exec({ query, query_params: { ...places } });
    const text = Buffer.concat((await stream.toArray()) as Buffer[]).toString('latin1');
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => {
        const [offset, index, at, leaf] = line.split('\t') as [string, string, string, string];
        return { offset: Number(offset), index: Number(index), at: Number(at), leaf };
      });
  }

  /** The canonical fields of the same events: NDJSON, an array of texts a line. */
  async lines(places: Places): Promise<Buffer> {
    const { stream } = await this.#client.exec({
      query: `SELECT ${LINE_SQL} FROM ${this.#rowsOfEvents} ${IN_ORDER}
        SETTINGS output_format_json_escape_forward_slashes = 0 FORMAT JSONCompactEachRow`,
      query_params: { ...places },
    });
    return Buffer.concat((await stream.toArray()) as Buffer[]);
  }

  /** Sealed records of a stream that are no events, by place: from ≤ place < to. */
  async records(stream: string, from: number, to: number): Promise<SealedRecord[]> {
    const query = `SELECT stream, place, key, toUnixTimestamp64Milli(at) AS at, record FROM sealed_records FINAL
      WHERE stream = {stream:String} AND place >= {from:UInt64} AND place < {to:UInt64} ORDER BY place`;
    return this.#rows(query, { stream, from, to });
  }

  /** All sealed records of a stream with one of the keys, in any order. */
  async recordsOf(stream: string, keys: readonly string[]): Promise<SealedRecord[]> {
    const query = `SELECT stream, place, key, toUnixTimestamp64Milli(at) AS at, record FROM sealed_records FINAL
      WHERE stream = {stream:String} AND key IN {keys:Array(String)}`;
    return this.#rows(query, { stream, keys });
  }

  async keepRecords(records: readonly SealedRecord[]): Promise<void> {
    for (let at = 0; at < records.length; at += RECORDS_AT_ONCE) {
      const rows = records.slice(at, at + RECORDS_AT_ONCE).map((one) => ({ ...one, at: timeText(one.at) }));
      await insertRows(this.#client, 'sealed_records', rows, this.#ended.signal);
    }
  }

  /** Keeps a seal and its blocks; one that is kept twice is one. While the store is away it tries again. */
  async keepSeal(signed: SignedSeal, seal: Seal, hash: string, marks: readonly Buffer[]): Promise<void> {
    const blocks = seal.blocks.map((block, n) => rowOfBlock(seal.number, n, { block, marks: marks[n]! }));
    await insertRows(this.#client, 'sealed_blocks', blocks, this.#ended.signal);
    const row = { number: seal.number, time: timeText(seal.time), hash, ...signed };
    await insertRows(this.#client, 'seals', [row], this.#ended.signal);
  }

  /** Seals by number, from ≤ number < to, in order. */
  async seals(from: number, to: number): Promise<SignedSeal[]> {
    const query =
      'SELECT sealed, signature FROM seals FINAL WHERE number >= {from:UInt64} AND number < {to:UInt64} ORDER BY number';
    return this.#rows(query, { from, to });
  }

  /** Some seals, in any order. */
  async sealsNumbered(numbers: readonly number[]): Promise<SignedSeal[]> {
    const query = 'SELECT sealed, signature FROM seals FINAL WHERE number IN {numbers:Array(UInt64)}';
    return this.#rows(query, { numbers });
  }

  /** Whether any seal was made with it. */
  async anySealWith(digest: Digest): Promise<boolean> {
    const query = 'SELECT number FROM seals WHERE position(sealed, {mark:String}) > 0 LIMIT 1';
    return (await this.#rows(query, { mark: `"digest":"${digest}"` })).length > 0;
  }

  async lastSeal(): Promise<SignedSeal | undefined> {
    return (await this.#rows<SignedSeal>('SELECT sealed, signature FROM seals ORDER BY number DESC LIMIT 1', {}))[0];
  }

  /** The first and the last seal with a block of the streams in a range of time, ms since the Unix epoch: from ≤ time < to. */
  async sealsBetween(
    streams: readonly string[],
    from: number,
    to: number,
  ): Promise<{ first: number; last: number } | undefined> {
    const query = `SELECT min(seal) AS first, max(seal) AS last, count() AS blocks FROM sealed_blocks
      WHERE ${OF_STREAMS} AND records > 0
        AND last_time >= fromUnixTimestamp64Milli({from:Int64}) AND first_time < fromUnixTimestamp64Milli({to:Int64})`;
    const [row] = await this.#rows<{ first: number; last: number; blocks: number }>(query, { streams, from, to });
    return row && row.blocks > 0 ? { first: row.first, last: row.last } : undefined;
  }

  /** When the last record of the stream was taken in that is sealed, ms since the Unix epoch; 0 when none is. Of partitions the least far. */
  async sealedUntil(stream: string): Promise<number> {
    const query = `SELECT min(until) AS until FROM (SELECT toUnixTimestamp64Milli(max(last_time)) AS until FROM sealed_blocks
      WHERE ${OF_STREAMS} AND records > 0 GROUP BY stream)`;
    const [row] = await this.#rows<{ until: number }>(query, { streams: [stream] });
    return row?.until ?? 0;
  }

  /** The marks of all blocks of the streams in some seals: from ≤ seal < to. */
  async marks(streams: readonly string[], from: number, to: number): Promise<BlockMarks[]> {
    const query = `SELECT seal, block, marks FROM sealed_blocks FINAL
      WHERE ${OF_STREAMS} AND seal >= {from:UInt64} AND seal < {to:UInt64} AND records > 0 ORDER BY seal, block`;
    return this.#rows(query, { streams, from, to });
  }

  /** Seals that say something beside their blocks, of one kind, in order. */
  async sealsWithNote(kind: Note['kind']): Promise<SignedSeal[]> {
    const query = `SELECT sealed, signature FROM seals FINAL
      WHERE position(sealed, {mark:String}) > 0 ORDER BY number`;
    return this.#rows(query, { mark: `{"kind":"${kind}",` });
  }

  /** The block that covers a place of a stream; undefined while it is not sealed. */
  async blockAt(stream: string, place: number): Promise<{ seal: number; block: number } | undefined> {
    const query = `SELECT seal, block FROM sealed_blocks
      WHERE stream = {stream:String} AND from_place <= {place:UInt64} AND to_place > {place:UInt64} ORDER BY seal LIMIT 1`;
    return (await this.#rows<{ seal: number; block: number }>(query, { stream, place }))[0];
  }

  /** The place of each stream from which on nothing is sealed; of those that have any block. */
  async sealedTo(streams: readonly string[]): Promise<{ stream: string; to: number }[]> {
    const query = `SELECT toString(stream) AS stream, max(to_place) AS to FROM sealed_blocks
      WHERE stream IN {streams:Array(String)} GROUP BY stream`;
    return this.#rows(query, { streams });
  }

  /** The blocks that cover some of the places. */
  async blocksAt(places: readonly StreamPlace[]): Promise<CoveringBlock[]> {
    const bounds = placesOf(places);
    const query = `SELECT DISTINCT stream, from_place AS from, to_place AS to, seal FROM
        (SELECT arrayJoin(arrayZip({streams:Array(String)}, {places:Array(UInt64)})) AS pair, pair.1 AS stream, pair.2 AS place) AS asked
      ASOF JOIN
        (SELECT toString(stream) AS stream, from_place, to_place, seal FROM sealed_blocks FINAL
         WHERE stream IN {streams:Array(String)} AND from_place <= {last:UInt64} AND to_place > {first:UInt64}) AS blocks
      ON asked.stream = blocks.stream AND asked.place >= blocks.from_place
      WHERE place < to_place`;
    return this.#rows(query, { ...bounds });
  }

  /** Where an event is in the log. */
  async placeOfEvent(id: string): Promise<EventPlace | undefined> {
    const query = 'SELECT partition, offset, `index` FROM events_once WHERE id = {id:UUID} LIMIT 1';
    return (await this.#rows<EventPlace>(query, { id }))[0];
  }

  /** No more is written. */
  stop(): void {
    this.#ended.abort();
  }

  async #rows<T>(query: string, query_params: Record<string, unknown>): Promise<T[]> {
    const result = await this.#client.query({
      query,
      query_params,
      format: 'JSONEachRow',
      clickhouse_settings: PLAIN_NUMBERS,
    });
    return result.json<T>();
  }
}

function placesOf(all: readonly StreamPlace[]): { streams: string[]; places: number[]; first: number; last: number } {
  let [first, last] = [Infinity, 0];
  for (const { place } of all) [first, last] = [Math.min(first, place), Math.max(last, place)];
  return { streams: all.map(({ stream }) => stream), places: all.map(({ place }) => place), first, last };
}

function rowOfBlock(seal: number, n: number, { block, marks }: LocatedBlock): object {
  return {
    stream: block.stream,
    seal,
    block: n,
    from_place: block.from,
    to_place: block.to,
    records: block.records,
    first_time: timeText(block.times[0]),
    last_time: timeText(block.times[1]),
    marks: marks.toString('base64'),
  };
}
