import type { Disposition } from '../finding/lifecycle.ts';
import type { Severity } from '../finding/finding.ts';
import type { StoreReader } from './reader.ts';
import { timeOf } from './finding-rows.ts';

/** What one detector found, and what people made of it. */
export interface DetectorUse {
  detector: string;
  /** Findings with a cause in the last 24 hours, and in the last 30 days. */
  lastDay: number;
  lastMonth: number;
  /** Of the last 30 days. */
  bySeverity: Partial<Record<Severity, number>>;
  /** Of the last 30 days: those that are closed now, by disposition. */
  closed: Partial<Record<Disposition, number>>;
}

/** What one suppression has kept from people so far. */
export interface Hidden {
  findings: number;
  /** Ingest time of the last cause, ms. */
  last: number;
}

const DAY_MS = 86_400_000;
const MONTH = 'caused_at >= fromUnixTimestamp64Milli({month:Int64})';

/** What detectors and suppressions have done, from the store: a few columns of the findings of a month. */
export class DetectorQueries {
  readonly #client: StoreReader;

  constructor(client: StoreReader) {
    this.#client = client;
  }

  /** Detectors without any finding in 30 days are left out. */
  async use(now: number): Promise<DetectorUse[]> {
    const times = { month: now - 30 * DAY_MS, day: now - DAY_MS };
    const [counts, closed] = await Promise.all([
      this.#rows<{ detector: string; severity: Severity; day: number; month: number }>(
        `SELECT name AS detector, latest AS severity, countIf(last >= fromUnixTimestamp64Milli({day:Int64})) AS day,
           count() AS month
         FROM (SELECT any(detector) AS name, argMax(severity, revision) AS latest, max(caused_at) AS last
               FROM findings WHERE ${MONTH} GROUP BY id)
         GROUP BY name, latest`,
        times,
      ),
      this.#rows<{ detector: string; disposition: Disposition; closings: number }>(
        `SELECT found.detector AS detector, decided.how AS disposition, count() AS closings FROM
           (SELECT finding, argMax(act, (at, id)) AS what, argMax(disposition, (at, id)) AS how FROM triage
            WHERE act IN ('closed', 'reopened') AND finding IN (SELECT id FROM findings WHERE ${MONTH})
            GROUP BY finding) AS decided
         INNER JOIN (SELECT DISTINCT id, detector FROM findings WHERE ${MONTH}) AS found ON found.id = decided.finding
         WHERE decided.what = 'closed' GROUP BY found.detector, decided.how`,
        times,
      ),
    ]);
    const uses = new Map<string, DetectorUse>();
    for (const { detector, severity, day, month } of counts) {
      const use = uses.get(detector) ?? { detector, lastDay: 0, lastMonth: 0, bySeverity: {}, closed: {} };
      use.bySeverity[severity] = month;
      uses.set(detector, { ...use, lastDay: use.lastDay + day, lastMonth: use.lastMonth + month });
    }
    for (const { detector, disposition, closings } of closed) {
      const use = uses.get(detector);
      if (use !== undefined) use.closed[disposition] = closings;
    }
    return [...uses.values()];
  }

  /** By id of the suppression; those that have hidden nothing are left out. */
  async hidden(): Promise<Map<string, Hidden>> {
    const rows = await this.#rows<{ suppression: string; findings: number; last: string }>(
      `SELECT suppression, uniqExact(id) AS findings, toString(max(caused_at)) AS last FROM findings
       WHERE suppression != '' GROUP BY suppression`,
      {},
    );
    return new Map(rows.map(({ suppression, findings, last }) => [suppression, { findings, last: timeOf(last) }]));
  }

  async #rows<T>(query: string, parameters: Record<string, unknown>): Promise<T[]> {
    const result = await this.#client.query({
      query,
      query_params: parameters,
      format: 'JSONEachRow',
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0, max_execution_time: 20 },
    });
    return result.json<T>();
  }
}
