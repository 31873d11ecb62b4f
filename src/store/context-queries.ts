import { WanglouError } from '../errors.ts';
import type { Finding } from '../finding/finding.ts';
import type { Incident } from '../finding/incident.ts';
import { EACH_ONCE } from './each-once.ts';
import type { StoreReader } from './reader.ts';
import { findingOfRow, type FindingRow } from './finding-rows.ts';
import { incidentOfRow, type IncidentRow } from './incident-rows.ts';

type Measured = 'events' | 'rows' | 'bytes' | 'failures' | 'accounts' | 'assets' | 'exports' | 'records';
type SubjectFields = Partial<Record<'actor' | 'asset' | 'department' | 'clientAddress' | 'source' | 'system', string>>;

/** Event time, ms since the Unix epoch: from ≤ time < to. */
interface Between {
  from: number;
  to: number;
}

const MEASURES: Readonly<Record<Measured, string>> = {
  events: 'count()',
  rows: 'sum(rows)',
  bytes: 'sum(bytes)',
  failures: "countIf(outcome = 'failure')",
  accounts: "uniqExactIf(account, outcome = 'failure')",
  assets: "uniqExactIf(asset, asset != '')",
  exports: "countIf(action IN ('export', 'download', 'print', 'share'))",
  records: 'sum(greatest(rows, 1))',
};

const FIELDS: Readonly<Record<keyof SubjectFields, string>> = {
  actor: 'actor = {actor:String}',
  asset: 'asset = {asset:String}',
  department: 'department = {department:String}',
  clientAddress: 'client_address = {clientAddress:String}',
  source: 'source = {source:String}',
  system: 'system = {system:String}',
};

const MOST_SECONDS = 20;
const LIMITS = `SETTINGS ${EACH_ONCE}, max_execution_time = ${MOST_SECONDS}`;
const MOST_CELLS = 20_000;
const MOST_SIMILAR = 500;

/** Days of arrival that can hold such event times: a clock may be a day ahead. */
const eventsOf = (subject: SubjectFields): string => `FROM events FINAL
  PREWHERE ${Object.keys(subject)
    .map((field) => FIELDS[field as keyof SubjectFields])
    .join(' AND ')} AND ingest_time >= fromUnixTimestamp64Milli({from:Int64}) - INTERVAL 1 DAY
  WHERE time >= fromUnixTimestamp64Milli({from:Int64}) AND time < fromUnixTimestamp64Milli({to:Int64})`;

/** What a finding and an incident are seen beside, from the store. All throw WanglouError WL_STORE_AWAY after 20 s. */
export class ContextQueries {
  readonly #client: StoreReader;

  constructor(client: StoreReader) {
    this.#client = client;
  }

  /**
   * The most that was measured in one window of each local day; days without events are left out.
   * @param subject at least one field. @param zone IANA name.
   */
  async dailyMost(
    subject: SubjectFields,
    measured: Measured,
    { from, to, windowMs, zone }: Between & { windowMs: number; zone: string },
  ): Promise<{ day: string; value: number }[]> {
    return this.#rows(
      `SELECT day, toFloat64(max(measured)) AS value FROM (
         SELECT toString(toDate(time, {zone:String})) AS day,
           intDiv(toUnixTimestamp64Milli(time) - {from:Int64}, {windowMs:Int64}) AS slot, ${MEASURES[measured]} AS measured
         ${eventsOf(subject)} GROUP BY day, slot)
       GROUP BY day ORDER BY day ${LIMITS}`,
      { ...subject, from, to, windowMs, zone },
    );
  }

  /** By lane (asset, else system, else source) and step. `marked` counts events with these ids. */
  async lanes(
    subject: SubjectFields,
    { from, to, stepMs, ids }: Between & { stepMs: number; ids: readonly string[] },
  ): Promise<
    {
      kind: 'asset' | 'system' | 'source';
      id: string;
      step: number;
      events: number;
      rows: number;
      failures: number;
      marked: number;
    }[]
  > {
    const rows = await this.#rows<{
      kind: 'asset' | 'system' | 'source';
      lane: string;
      step: number;
      events: number;
      allRows: number;
      failures: number;
      marked: number;
    }>(
      `SELECT multiIf(asset != '', 'asset', system != '', 'system', 'source') AS kind,
         multiIf(asset != '', asset, system != '', toString(system), toString(source)) AS lane,
         intDiv(toUnixTimestamp64Milli(time) - {from:Int64}, {stepMs:Int64}) AS step, count() AS events,
         sum(rows) AS allRows, countIf(outcome = 'failure') AS failures, countIf(has({ids:Array(UUID)}, id)) AS marked
       ${eventsOf(subject)} GROUP BY kind, lane, step ORDER BY marked DESC, events DESC, lane, step LIMIT ${MOST_CELLS} ${LIMITS}`,
      { ...subject, from, to, stepMs, ids },
    );
    return rows.map(({ allRows, lane, ...same }) => ({ ...same, id: lane, rows: allRows }));
  }

  /** The latest revision of each, last caused first, at most 500: same detector, and the actor, the asset or else the origin. */
  async similar(finding: Finding, from: number): Promise<Finding[]> {
    const { id, detector, actor, asset, source, clientAddress, causedAt } = finding;
    const rows = await this.#rows<FindingRow>(
      `SELECT * FROM (SELECT * FROM findings WHERE detector = {detector:String} AND id != {id:UUID}
         AND caused_at >= fromUnixTimestamp64Milli({from:Int64}) AND caused_at <= fromUnixTimestamp64Milli({to:Int64})
         AND (({actor:String} != '' AND actor = {actor:String}) OR ({asset:String} != '' AND asset = {asset:String})
           OR ({actor:String} = '' AND {asset:String} = '' AND source = {source:String} AND client_address = {clientAddress:String}))
         ORDER BY id, revision DESC LIMIT 1 BY id)
       ORDER BY caused_at DESC, id LIMIT ${MOST_SIMILAR}`,
      { id, detector, actor, asset, source, clientAddress, from, to: causedAt },
    );
    return rows.map(findingOfRow);
  }

  /** The latest revision of each incident that has this finding as a step. */
  async incidentsWith(finding: string): Promise<Incident[]> {
    const rows = await this.#rows<IncidentRow>(
      'SELECT * FROM incidents WHERE has(findings, {finding:UUID}) ORDER BY id, revision DESC LIMIT 1 BY id',
      { finding },
    );
    return rows.map(incidentOfRow);
  }

  /** Every revision of each, oldest first. */
  async revisionsOf(findings: readonly string[]): Promise<Finding[]> {
    if (findings.length === 0) return [];
    const rows = await this.#rows<FindingRow>(
      'SELECT * FROM findings WHERE id IN {findings:Array(UUID)} ORDER BY id, revision LIMIT 1 BY id, revision',
      { findings },
    );
    return rows.map(findingOfRow);
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
      throw (error as { code?: unknown }).code === TIMEOUT_EXCEEDED ? tooSlow(error) : error;
    }
  }
}

const TIMEOUT_EXCEEDED = '159';

function tooSlow(cause: unknown): WanglouError {
  return new WanglouError('WL_STORE_AWAY', `The store has not answered within ${MOST_SECONDS} s`, {
    remedy: 'Ask again when the store has less to do.',
    cause,
  });
}
