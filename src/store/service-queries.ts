import { WanglouError } from '../errors.ts';
import { EACH_ONCE } from './each-once.ts';
import type { StoreReader } from './reader.ts';
import { timeOf } from './finding-rows.ts';

/** Requests of a system and those that failed, over the windows that were asked for, in their order. */
export interface ServedRequests {
  system: string;
  requests: readonly number[];
  errors: readonly number[];
}

export interface ServedLatency {
  system: string;
  /** Requests that state how long they took, and the time below which 95 % of them were, ms. */
  timed: number;
  p95Ms: number;
}

/** How much happened under a work order, and the event time of the last of it, ms. */
export interface WorkOrderUse {
  workOrder: string;
  events: number;
  last: number;
}

const DAY_MS = 86_400_000;
const MOST_SECONDS = 20;
const LIMITS = `SETTINGS ${EACH_ONCE}, max_execution_time = ${MOST_SECONDS}`;
const ARRIVED = 'ingest_time >= fromUnixTimestamp64Milli({from:Int64}) - INTERVAL 1 DAY';
const IN_TIME = 'time >= fromUnixTimestamp64Milli({from:Int64}) AND time < fromUnixTimestamp64Milli({to:Int64})';
/** As the detector service-degradation sees them. */
const REQUEST = "(class_uid = 6003 OR action = 'call')";
const FAILED = "if(mapContains(attributes, 'status'), startsWith(attributes['status'], '5'), action = 'call')";
const OF_WINDOWS =
  'sumForEach(arrayMap(since -> toUInt64(toUnixTimestamp64Milli(time) >= since), {since:Array(Int64)}))';

/** How well systems serve, from interface and web logs. All throw WanglouError WL_STORE_AWAY when that takes longer than 20 s. */
export class ServiceQueries {
  readonly #client: StoreReader;

  constructor(client: StoreReader) {
    this.#client = client;
  }

  /** @param windowsMs lengths of the windows, each of which ends at `to`; systems without a request are left out. */
  async requests(systems: readonly string[], to: number, windowsMs: readonly number[]): Promise<ServedRequests[]> {
    const since = windowsMs.map((ms) => to - ms);
    const asked = { systems, since, from: Math.min(...since), to };
    const count = (outcome: string, failed: string) =>
      this.#rows<{ name: string; counts: number[] }>(
        `SELECT toString(system) AS name, ${OF_WINDOWS} AS counts FROM events FINAL
         PREWHERE has({systems:Array(String)}, system) AND ${ARRIVED} ${outcome}
         WHERE ${IN_TIME} AND ${REQUEST} ${failed} GROUP BY system ${LIMITS}`,
        asked,
      );
    // Attributes are long: they are read only where something failed.
    const [all, errors] = await Promise.all([count('', ''), count("AND outcome = 'failure'", `AND ${FAILED}`)]);
    const none = windowsMs.map(() => 0);
    return all.map(({ name, counts }) => ({
      ...{ system: name, requests: counts },
      errors: errors.find((one) => one.name === name)?.counts ?? none,
    }));
  }

  /** Over the day that ends at `to`. */
  async latency(systems: readonly string[], to: number): Promise<ServedLatency[]> {
    return this.#rows<ServedLatency>(
      `SELECT name AS system, count() AS timed, quantile(0.95)(assumeNotNull(ms)) AS p95Ms FROM
         (SELECT toString(system) AS name, toFloat64OrNull(attributes['durationMs']) AS ms FROM events FINAL
          PREWHERE has({systems:Array(String)}, system) AND ${ARRIVED}
          WHERE ${IN_TIME} AND ${REQUEST})
       WHERE isNotNull(ms) AND ms >= 0 GROUP BY name ${LIMITS}`,
      { systems, from: to - DAY_MS, to },
    );
  }

  /** Of the vendor's events in [from, to) that name a work order. */
  async workOrders(vendor: string, from: number, to: number): Promise<WorkOrderUse[]> {
    const rows = await this.#rows<Omit<WorkOrderUse, 'last'> & { latest: string }>(
      `SELECT work_order AS workOrder, count() AS events, toString(max(time)) AS latest FROM events FINAL
       PREWHERE vendor = {vendor:String} AND ${ARRIVED} WHERE ${IN_TIME} AND work_order != ''
       GROUP BY work_order ORDER BY events DESC LIMIT 1000 ${LIMITS}`,
      { vendor, from, to },
    );
    return rows.map(({ latest, ...use }) => ({ ...use, last: timeOf(latest) }));
  }

  async #rows<T>(query: string, parameters: Record<string, unknown>): Promise<T[]> {
    try {
      const result = await this.#client.query({
        query,
        query_params: parameters,
        format: 'JSONEachRow',
        clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
      });
      return await result.json<T>();
    } catch (error) {
      if ((error as { code?: unknown }).code !== TIMEOUT_EXCEEDED) throw error;
      throw new WanglouError('WL_STORE_AWAY', `The store has not answered within ${MOST_SECONDS} s`, { cause: error });
    }
  }
}

const TIMEOUT_EXCEEDED = '159';
