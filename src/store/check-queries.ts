import type { SealedRecord } from '../evidence/canonical.ts';
import type { KeptBlock, KeptSeal } from '../evidence/chain-comparison.ts';
import type { EventPlaces } from '../evidence/event-blocks.ts';
import type { Note, SignedSeal } from '../evidence/seal.ts';
import type { StoreClient } from './client.ts';
import { readMigrations } from './migrate.ts';
import { SealQueries } from './seal-queries.ts';
import { splitStatements } from './split-statements.ts';

export interface StrangeEvent {
  partition: number;
  offset: number;
  index: number;
  at: number;
}

const PLAIN_NUMBERS = { output_format_json_quote_64bit_integers: 0 } as const;
const MOST = 100;

/** What the comparison with the seals reads: every row that lies there, also those that views hide. */
export class CheckQueries {
  readonly #client: StoreClient;
  readonly #seals: SealQueries;

  constructor(client: StoreClient) {
    this.#client = client;
    this.#seals = new SealQueries(client, 'all');
  }

  leaves(places: EventPlaces): Promise<{ offset: number; index: number; at: number; leaf: string }[]> {
    return this.#seals.leaves(places);
  }

  lines(places: EventPlaces): Promise<Buffer> {
    return this.#seals.lines(places);
  }

  sealsWithNote(kind: Note['kind']): Promise<SignedSeal[]> {
    return this.#seals.sealsWithNote(kind);
  }

  /** As the last writer left them: a sealer that was killed may have begun with other records at the same places. */
  records(stream: string, from: number, to: number): Promise<SealedRecord[]> {
    return this.#seals.records(stream, from, to);
  }

  sealsAfter(number: number, most: number): Promise<KeptSeal[]> {
    const query = `SELECT DISTINCT least(seals.number, ${Number.MAX_SAFE_INTEGER}) AS number,
        toUnixTimestamp64Milli(time) AS time, hash, sealed, signature FROM seals
      WHERE seals.number > {number:UInt64} ORDER BY number, sealed LIMIT {most:UInt32}`;
    return this.#rows(query, { number, most });
  }

  /** From ≤ seal ≤ to. */
  blocks(from: number, to: number): Promise<KeptBlock[]> {
    const query = `SELECT DISTINCT stream, seal, block, from_place AS from, to_place AS to, records,
        [toUnixTimestamp64Milli(first_time), toUnixTimestamp64Milli(last_time)] AS times, marks FROM sealed_blocks
      WHERE seal >= {from:UInt64} AND seal <= {to:UInt64} ORDER BY seal, block`;
    return this.#rows(query, { from, to });
  }

  /**
   * Events at places that the log never had, or that can not be there any more.
   * @param partitions of the log: events at or beyond `next` have no place; below `expiredTo` nothing came in at `before` or later.
   */
  async strangeEvents(
    partitions: readonly { next: number; expiredTo: number; before: number }[],
  ): Promise<StrangeEvent[]> {
    const column = (name: 'next' | 'expiredTo' | 'before'): number[] => partitions.map((one) => one[name]);
    const of = (name: string): string => `arrayElement({${name}:Array(UInt64)}, partition + 1)`;
    const query = `SELECT partition, offset, \`index\`, toUnixTimestamp64Milli(ingest_time) AS at FROM events
      WHERE offset >= ${of('next')} OR (offset < ${of('expiredTo')} AND toUnixTimestamp64Milli(ingest_time) >= ${of('before')})
      ORDER BY partition, offset LIMIT ${MOST}`;
    return this.#rows(query, { next: column('next'), expiredTo: column('expiredTo'), before: column('before') });
  }

  /** Names of views that are not as the migrations made them, or are missing. */
  async changedViews(): Promise<string[]> {
    const made = viewsOfSchema();
    const query = `SELECT name, as_select FROM system.tables WHERE database = currentDatabase() AND engine = 'View'`;
    const rows = await this.#rows<{ name: string; as_select: string }>(query, {});
    const [{ database } = { database: '' }] = await this.#rows<{ database: string }>('SELECT currentDatabase() AS database', {}); // prettier-ignore
    const there = new Map(rows.map(({ name, as_select }) => [name, as_select]));
    const changed: string[] = [];
    for (const [name, select] of made) {
      const found = there.get(name);
      if (found === undefined || (await this.#plain(select, database)) !== (await this.#plain(found, database))) changed.push(name); // prettier-ignore
    }
    return changed;
  }

  /** A query as the engine writes it, without names of the database. */
  async #plain(select: string, database: string): Promise<string> {
    const [row] = await this.#rows<{ text: string }>('SELECT formatQuerySingleLine({select:String}) AS text', {
      select,
    });
    return row!.text.replaceAll(`\`${database}\`.`, '').replaceAll(`${database}.`, '');
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

/** The last definition of each view. */
function viewsOfSchema(): Map<string, string> {
  const views = new Map<string, string>();
  for (const statement of readMigrations().flatMap(({ sql }) => splitStatements(sql))) {
    const [, name, select] = /CREATE (?:OR REPLACE )?VIEW (?:IF NOT EXISTS )?(\w+) AS\s+(.+)/s.exec(statement) ?? [];
    if (name !== undefined) views.set(name, select!);
  }
  return views;
}
