import { WanglouError } from '../errors.ts';
import type { Severity } from '../finding/finding.ts';
import { timeOf } from './finding-rows.ts';
import type { StoreReader } from './reader.ts';

/** Event times, ms since the Unix epoch: from ≤ time < to. */
export interface Span {
  from: number;
  to: number;
}

/** What one party did with one asset for one purpose. */
export interface Processing {
  asset: string;
  department: string;
  vendor: string;
  purpose: string;
  grant: string;
  events: number;
  rows: number;
  /** Different keyed hashes of data subjects, about. */
  subjects: number;
  first: number;
  last: number;
}

/** What was passed on of one asset to one recipient under one grant for one purpose. */
export interface SharedLine {
  asset: string;
  department: string;
  vendor: string;
  system: string;
  recipient: string;
  grant: string;
  purpose: string;
  events: number;
  rows: number;
  bytes: number;
  first: number;
  last: number;
}

/** Findings that were raised in the span, each once, by what they are. */
export interface FindingCount {
  detector: string;
  department: string;
  asset: string;
  severity: Severity;
  findings: number;
  suppressed: number;
}

/** How soon people reacted to findings of one severity; times in ms, null when nothing was measured. */
export interface Response {
  severity: Severity;
  raised: number;
  acknowledged: number;
  closed: number;
  acknowledgedMedian: number | null;
  closedMedian: number | null;
}

const MOST_SECONDS = 60;
const TIMEOUT_EXCEEDED = '159';
const LIMITS = `SETTINGS do_not_merge_across_partitions_select_final = 1, max_execution_time = ${MOST_SECONDS}`;
const MS = (name: string): string => `fromUnixTimestamp64Milli({${name}:Int64})`;
const BETWEEN = (time: string): string => `${time} >= ${MS('from')} AND ${time} < ${MS('to')}`;
const SUMS = 'count() AS events, sum(rows) AS allRows, toString(min(time)) AS first, toString(max(time)) AS last';

type Summed<T extends { rows: number }> = Omit<T, 'rows' | 'first' | 'last'> & {
  allRows: number;
  first: string;
  last: string;
};

/**
 * What reports count, from the store. All answers are in an order that does not depend on how rows lie.
 * All throw WanglouError WL_STORE_AWAY when that takes longer than a minute.
 */
export class ReportQueries {
  readonly #client: StoreReader;

  constructor(client: StoreReader) {
    this.#client = client;
  }

  /** The most rows first. Only days of arrival that can hold such event times are read. */
  async processing(assets: readonly string[], span: Span, limit: number): Promise<Processing[]> {
    const rows = await this.#rows<Summed<Processing>>(
      `SELECT asset, toString(department) AS department, toString(vendor) AS vendor, purpose, \`grant\`, ${SUMS},
         length(groupUniqArrayArray(data_subjects)) AS subjects
       FROM events FINAL PREWHERE has({assets:Array(String)}, asset) AND ingest_time >= ${MS('from')} - INTERVAL 1 DAY
       WHERE ${BETWEEN('time')} GROUP BY asset, department, vendor, purpose, \`grant\`
       ORDER BY allRows DESC, events DESC, asset, department, vendor, purpose, \`grant\` LIMIT {limit:UInt32} ${LIMITS}`,
      { assets, ...span, limit },
    );
    return rows.map(summed<Processing>);
  }

  /** By asset, then the first passing. @param assets none means all. */
  async shared(assets: readonly string[], span: Span, limit: number): Promise<SharedLine[]> {
    const rows = await this.#rows<Summed<SharedLine> & { allBytes: number }>(
      `SELECT asset, toString(department) AS department, toString(vendor) AS vendor, toString(system) AS system, recipient,
         \`grant\`, purpose, ${SUMS}, sum(bytes) AS allBytes
       FROM diffusion FINAL WHERE ${BETWEEN('time')} AND (empty({assets:Array(String)}) OR has({assets:Array(String)}, asset))
       GROUP BY asset, department, vendor, system, recipient, \`grant\`, purpose
       ORDER BY asset, first, recipient, department, vendor, system, \`grant\`, purpose LIMIT {limit:UInt32}
       SETTINGS max_execution_time = ${MOST_SECONDS}`,
      { assets, ...span, limit },
    );
    return rows.map(({ allBytes, ...row }) => summed<SharedLine>({ ...row, bytes: allBytes }));
  }

  /** By detector, department, asset and severity, of findings whose first revision was caused in the span. */
  findings({ from, to }: Span): Promise<FindingCount[]> {
    return this.#rows<FindingCount>(
      `SELECT toString(detector) AS detector, toString(department) AS department, asset, toString(severity) AS severity,
         count() AS findings, countIf(suppression != '') AS suppressed
       FROM (SELECT * FROM findings WHERE id IN (SELECT id FROM findings WHERE revision = 1 AND ${BETWEEN('caused_at')})
         ORDER BY id, revision DESC LIMIT 1 BY id)
       GROUP BY detector, department, asset, severity ORDER BY detector, department, asset, severity
       SETTINGS max_execution_time = ${MOST_SECONDS}`,
      { from, to },
    );
  }

  /** From raising to the first acknowledgement and the last closing, of findings that were raised in the span; undone ones aside. */
  responses({ from, to }: Span): Promise<Response[]> {
    const took = (of: string): string => `if(${of} = 0, NULL, ${of} - raised_at)`;
    return this.#rows<Response>(
      `WITH undone AS (SELECT undoes FROM triage WHERE act = 'undone')
       SELECT severity, count() AS raised, countIf(seen_at > 0) AS acknowledged, countIf(closed_at > 0) AS closed,
         quantileExact(0.5)(${took('seen_at')}) AS acknowledgedMedian, quantileExact(0.5)(${took('closed_at')}) AS closedMedian
       FROM (
         SELECT finding, minIf(toUnixTimestamp64Milli(at), act = 'raised') AS raised_at,
           minIf(toUnixTimestamp64Milli(at), act IN ('acknowledged', 'assigned', 'closed')) AS seen_at,
           maxIf(toUnixTimestamp64Milli(at), act = 'closed') AS closed_at
         FROM triage FINAL WHERE toString(id) NOT IN (SELECT toString(undoes) FROM undone) GROUP BY finding
         HAVING countIf(act = 'raised' AND ${BETWEEN('at')}) > 0
       ) AS lives
       INNER JOIN (SELECT id, toString(severity) AS severity FROM findings ORDER BY id, revision DESC LIMIT 1 BY id) AS found
         ON found.id = lives.finding
       GROUP BY severity ORDER BY severity SETTINGS max_execution_time = ${MOST_SECONDS}`,
      { from, to },
    );
  }

  /** How often events were shown unmasked, by the purpose that was named; '' for none. */
  reveals({ from, to }: Span): Promise<{ purpose: string; accounts: number; reveals: number }[]> {
    return this.#rows<{ purpose: string; accounts: number; reveals: number }>(
      `SELECT JSONExtractString(asked, 'purpose') AS purpose, uniqExact(account) AS accounts, uniqExact(id) AS reveals
       FROM (SELECT * FROM audit WHERE action = 'reveal' AND ${BETWEEN('at')} ORDER BY at, id, phase DESC LIMIT 1 BY at, id)
       WHERE outcome = 'success' AND rows > 0 GROUP BY purpose ORDER BY purpose SETTINGS max_execution_time = ${MOST_SECONDS}`,
      { from, to },
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
        remedy: 'Make the report about a shorter span or one department, or again when the store has less to do.',
        cause: error,
      });
    }
  }
}

function summed<T extends { rows: number }>({ allRows, first, last, ...same }: Summed<T>): T {
  return { ...same, rows: allRows, first: timeOf(first), last: timeOf(last) } as unknown as T;
}
