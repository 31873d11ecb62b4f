import { WanglouError } from '../errors.ts';
import type { Severity } from '../finding/finding.ts';
import { BY_DETECTION, type LifeAct } from '../finding/lifecycle.ts';
import { EACH_ONCE } from './each-once.ts';
import type { StoreReader } from './reader.ts';

/** How many findings of a severity a department had in one hour; `hour` counts from the beginning of the span. */
export interface HourOfFindings {
  department: string;
  hour: number;
  severity: Severity;
  findings: number;
}

export interface HourOfEvents {
  department: string;
  hour: number;
  events: number;
}

/** What one person did with findings, and with how many of them. */
export interface ActsOf {
  by: string;
  act: LifeAct;
  findings: number;
}

const MS = (name: string): string => `fromUnixTimestamp64Milli({${name}:Int64})`;
const hourOf = (column: string): string => `intDiv(toUnixTimestamp64Milli(${column}) - {from:Int64}, 3600000)`;
const MOST_SECONDS = 20;
const TIMEOUT_EXCEEDED = '159';

/** What the first page shows of everything. Times are ms since the Unix epoch, from ≤ time < to. */
export class OverviewQueries {
  readonly #client: StoreReader;

  constructor(client: StoreReader) {
    this.#client = client;
  }

  /** Findings by the time of their last cause, with the severity that they have now, without suppressed ones. */
  findingsByHour(from: number, to: number): Promise<HourOfFindings[]> {
    return this.#rows<HourOfFindings>(
      `SELECT toString(department) AS department, ${hourOf('caused_at')} AS hour, toString(severity) AS severity,
         count() AS findings
       FROM (SELECT id, department, severity, suppression, caused_at FROM findings
         WHERE caused_at >= ${MS('from')} AND caused_at < ${MS('to')} ORDER BY id, revision DESC LIMIT 1 BY id)
       WHERE suppression = '' GROUP BY department, hour, severity`,
      { from, to },
    );
  }

  /**
   * Events by event time. Only days of arrival that can hold such times are read (a clock may be a day ahead).
   * @throws WanglouError WL_STORE_AWAY when it takes longer than 20 s
   */
  eventsByHour(from: number, to: number): Promise<HourOfEvents[]> {
    return this.#rows<HourOfEvents>(
      `SELECT toString(department) AS department, ${hourOf('time')} AS hour, count() AS events FROM events FINAL
       PREWHERE ingest_time >= ${MS('from')} - INTERVAL 1 DAY
       WHERE time >= ${MS('from')} AND time < ${MS('to')} GROUP BY department, hour
       SETTINGS ${EACH_ONCE}, max_execution_time = ${MOST_SECONDS}`,
      { from, to },
    );
  }

  /** Findings that were raised since then, by the severity that they have now, without suppressed ones. */
  raisedSince(since: number): Promise<{ severity: Severity; findings: number }[]> {
    return this.#rows<{ severity: Severity; findings: number }>(
      `SELECT toString(severity) AS severity, count() AS findings
       FROM (SELECT id, severity, suppression FROM findings
         WHERE id IN (SELECT id FROM findings WHERE revision = 1 AND caused_at >= ${MS('since')})
         ORDER BY id, revision DESC LIMIT 1 BY id)
       WHERE suppression = '' GROUP BY severity`,
      { since },
    );
  }

  /** What people, not detection, did with findings since then. */
  actsSince(since: number): Promise<ActsOf[]> {
    return this.#rows<ActsOf>(
      `SELECT by, toString(act) AS act, uniqExact(finding) AS findings FROM triage
       WHERE at >= ${MS('since')} AND by != {detection:String} GROUP BY by, act ORDER BY findings DESC, by, act LIMIT 200`,
      { since, detection: BY_DETECTION },
    );
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
      throw new WanglouError('WL_STORE_AWAY', `The store has not answered within ${MOST_SECONDS} s`, {
        remedy: 'Ask for 24 hours instead of 7 days, or for findings instead of events.',
        cause: error,
      });
    }
  }
}
