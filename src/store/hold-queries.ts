import type { ExpiryStore } from '../evidence/expiry.ts';
import type { Hold } from '../evidence/hold.ts';
import type { SignedSeal } from '../evidence/seal.ts';
import type { RetentionSettings } from '../retention.ts';
import type { StoreClient } from './client.ts';
import { timeText } from './finding-rows.ts';
import { applyRetention } from './retention.ts';
import type { SealQueries } from './seal-queries.ts';

const DAY_MS = 86_400_000;
const LAST_OF_TIME = Date.UTC(2200, 0, 1);

/** What an open hold is about, as an array of all of them. */
const OPEN_HOLDS =
  "SELECT groupArray((from_time, to_time, assets, actors, incident != '', events)) FROM holds FINAL WHERE state = 'open'";
const IS_HELD = `arrayExists(hold -> time >= hold.1 AND time < hold.2
  AND (empty(hold.3) OR has(hold.3, asset))
  AND (empty(hold.4) OR has(hold.4, actor) OR has(hold.4, account) OR has(hold.4, person))
  AND (NOT hold.5 OR has(hold.6, id)), (${OPEN_HOLDS}))`;

/** Makes the store keep what legal holds are about, and let go of the rest. */
export class HoldQueries implements ExpiryStore {
  readonly #client: StoreClient;
  readonly #seals: Pick<SealQueries, 'sealsWithNote'>;
  readonly #retention: RetentionSettings;

  constructor(client: StoreClient, seals: Pick<SealQueries, 'sealsWithNote'>, retention: RetentionSettings) {
    this.#client = client;
    this.#seals = seals;
    this.#retention = retention;
  }

  /**
   * Notes the holds and sets or stops the expiry of all tables accordingly.
   * @returns ids of holds that somebody else had written there otherwise; they are as given now.
   */
  async enforce(holds: readonly Hold[]): Promise<string[]> {
    const values: ReturnType<typeof rowOfHold>[] = [];
    for (const hold of holds) values.push(rowOfHold(hold, await this.#eventsOf(hold.incident)));
    const note = async (): Promise<void> => {
      if (values.length > 0) await this.#client.insert({ table: 'holds', values, format: 'JSONEachRow' });
    };
    await note();
    const forged = await this.#otherThan(values);
    if (forged.length > 0) {
      await this.#client.command({ query: 'TRUNCATE TABLE holds' });
      await note();
    }
    await applyRetention(this.#client, this.#retention);
    return forged;
  }

  /** A version that is none of ours would hide what is noted from then on. */
  async #otherThan(noted: readonly { id: string; version: number }[]): Promise<string[]> {
    const versions = new Map(noted.map(({ id, version }) => [id, version]));
    const rows = await this.#rows<{ id: string; version: number }>('SELECT id, version FROM holds FINAL', {});
    return rows.filter(({ id, version }) => versions.get(id) !== version).map(({ id }) => id);
  }

  async anyHold(): Promise<boolean> {
    const rows = await this.#rows<{ open: number }>("SELECT count() AS open FROM holds FINAL WHERE state = 'open'", {});
    return rows[0]!.open > 0;
  }

  async oldest(stream: string): Promise<number | undefined> {
    const query = `SELECT count() AS blocks, toUnixTimestamp64Milli(min(first_time)) AS at FROM sealed_blocks
      WHERE splitByChar('/', stream)[1] = {stream:String} AND records > 0`;
    const [row] = await this.#rows<{ blocks: number; at: number }>(query, { stream });
    return row!.blocks === 0 ? undefined : row!.at;
  }

  /** A day that shares a sealed block with one that has events under a hold is held too: a block is verified as a whole. */
  async heldDays(before: number): Promise<{ day: number; held: number }[]> {
    const query = `SELECT toUnixTimestamp(toStartOfDay(ingest_time)) * 1000 AS day, countIf(${IS_HELD}) AS held FROM events
      WHERE ingest_time < fromUnixTimestamp64Milli({before:Int64}) GROUP BY day ORDER BY day`;
    const days = await this.#rows<{ day: number; held: number }>(query, { before });
    const spans = await this.#rows<{ first: number; last: number }>(
      `SELECT DISTINCT toUnixTimestamp64Milli(first_time) AS first, toUnixTimestamp64Milli(last_time) AS last FROM sealed_blocks
        WHERE splitByChar('/', stream)[1] = 'events' AND toDate(first_time) != toDate(last_time)
          AND first_time < fromUnixTimestamp64Milli({before:Int64})`,
      { before },
    );
    return heldTogether(days, spans);
  }

  async dropDay(day: number): Promise<void> {
    const partition = new Date(Math.floor(day / DAY_MS) * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
    await this.#client.command({ query: `ALTER TABLE events DROP PARTITION ${Number(partition)}` });
  }

  sealsWithNote(kind: 'expired'): Promise<SignedSeal[]> {
    return this.#seals.sealsWithNote(kind);
  }

  async #eventsOf(incident: string): Promise<string[]> {
    if (incident === '') return [];
    const query = `SELECT DISTINCT arrayJoin(event_ids) AS event FROM findings
      WHERE id IN (SELECT arrayJoin(findings) FROM incidents WHERE id = toUUIDOrZero({incident:String}))`;
    return (await this.#rows<{ event: string }>(query, { incident })).map(({ event }) => event);
  }

  async #rows<T>(query: string, query_params: Record<string, unknown>): Promise<T[]> {
    const settings = { output_format_json_quote_64bit_integers: 0 } as const;
    const result = await this.#client.query({ query, query_params, format: 'JSONEachRow', clickhouse_settings: settings }); // prettier-ignore
    return result.json<T>();
  }
}

/** Days of which some belong together, all held when one of them is. */
export function heldTogether(
  days: readonly { day: number; held: number }[],
  spans: readonly { first: number; last: number }[],
): { day: number; held: number }[] {
  const held = new Map(days.map(({ day, held: count }) => [day, count]));
  for (let changed = true; changed;) {
    changed = false;
    for (const { first, last } of spans) {
      const within = [...held.keys()].filter((day) => day + DAY_MS > first && day <= last);
      if (!within.some((day) => held.get(day)! > 0)) continue;
      for (const day of within.filter((one) => held.get(one) === 0)) changed = held.set(day, 1) !== undefined;
    }
  }
  return [...held].map(([day, count]) => ({ day, held: count }));
}

function rowOfHold(hold: Hold, events: readonly string[]): { id: string; version: number } & Record<string, unknown> {
  const { id, state, name, why, placedBy, placedAt, releasedBy, releasedAt, from, to, assets, actors, incident, n } =
    hold;
  const limited = (at: number): string => timeText(Math.max(0, Math.min(at, LAST_OF_TIME)));
  return {
    ...{
      id,
      state: state === 'released' ? 'released' : 'open',
      name,
      why,
      assets,
      actors,
      incident,
      events,
      version: n,
    },
    ...{ placed_by: placedBy, placed_at: timeText(placedAt), released_by: releasedBy },
    released_at: releasedAt === 0 ? null : timeText(releasedAt),
    ...{ from_time: limited(from), to_time: limited(to) },
  };
}
