import type { Event, Outcome } from '../event/event.ts';
import type { Finding, Severity } from '../finding/finding.ts';
import type { Incident } from '../finding/incident.ts';
import type { LifeEvent } from '../finding/lifecycle.ts';
import { NEVER_SUPPRESSED, type SuppressionScope } from '../finding/suppression.ts';
import type { StoreReader } from './reader.ts';
import { eventOfRow, EVENT_COLUMNS, type EventRow } from './event-rows.ts';
import { findingOfRow, timeOf, type FindingRow } from './finding-rows.ts';
import { incidentOfRow, type IncidentRow } from './incident-rows.ts';
import { lifeOfRow, type LifeRow } from './life-rows.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { windowsFromEnd } from './search-windows.ts';

export interface EventSearch {
  /** Event time, ms since the Unix epoch: from ≤ time < to. */
  from: number;
  to: number;
  /** A substring of message or raw; the case of ASCII letters does not matter. */
  text?: string;
  source?: string;
  account?: string;
  asset?: string;
  outcome?: Exclude<Outcome, ''>;
  limit: number;
  /** `next` of the page before. */
  cursor?: string;
}

export interface FindingSearch {
  limit: number;
  severity?: Severity;
  detector?: string;
  /** `no` leaves out what is suppressed; with everything when it is absent. */
  suppressed?: 'no' | 'only';
  /** `next` of the page before. */
  before?: string;
}

export interface FindingsInScope {
  findings: number;
  byDetector: Record<string, number>;
  bySeverity: Record<string, number>;
  /** The last changed of them. */
  latest: Finding[];
}

export interface IncidentSearch {
  limit: number;
  severity?: Severity;
  correlation?: string;
  vendor?: string;
  /** `next` of the page before. */
  before?: string;
}

type Parameters = Record<string, unknown>;

/** The conditions that a search may have; their values travel as parameters only. */
const EVENT_CONDITIONS = {
  text: '(lower(message) LIKE {text:String} OR lower(raw) LIKE {text:String})',
  source: 'source = {source:String}',
  account: 'account = {account:String}',
  asset: 'asset = {asset:String}',
  outcome: 'outcome = {outcome:String}',
  cursor: '(time, id) < (fromUnixTimestamp64Milli({cursorTime:Int64}), {cursorId:UUID})',
} as const;

const FINDING_CONDITIONS = {
  severity: 'severity = {severity:String}',
  detector: 'detector = {detector:String}',
  suppressed: "(suppression = '') = ({suppressed:String} = 'no')",
  before: '(last_time, id) < (fromUnixTimestamp64Milli({cursorTime:Int64}), {cursorId:UUID})',
} as const;

const INCIDENT_CONDITIONS = {
  severity: 'severity = {severity:String}',
  correlation: 'correlation = {correlation:String}',
  vendor: 'vendor = {vendor:String}',
  before: FINDING_CONDITIONS.before,
} as const;

/** Each a field of a suppression's scope. */
const SCOPE_CONDITIONS = {
  detector: 'detector = {detector:String}',
  actor: 'actor = {actor:String}',
  asset: 'asset = {asset:String}',
  department: 'department = {department:String}',
  vendor: 'vendor = {vendor:String}',
  system: 'system = {system:String}',
} as const;
const SHOWN_OF_SCOPE = 50;

const IN_TIME = 'time >= fromUnixTimestamp64Milli({from:Int64}) AND time < fromUnixTimestamp64Milli({to:Int64})';
const TAKEN_IN =
  'ingest_time >= fromUnixTimestamp64Milli({from:Int64}) AND ingest_time < fromUnixTimestamp64Milli({to:Int64})';

/** What the API reads. Every event and finding appears once, however often it was inserted. */
export class StoreQueries {
  readonly #client: StoreReader;

  constructor(client: StoreReader) {
    this.#client = client;
  }

  /**
   * Newest first by event time; `next` is '' on the last page. Finds the places first and reads whole rows only there.
   * Text is found whether or not a part has its index yet: the index only tells what need not be read.
   */
  async searchEvents(search: EventSearch): Promise<{ events: Event[]; next: string }> {
    const cursor = readCursor(search.cursor);
    const to = Math.min(search.to, Number(cursor.cursorTime ?? Infinity) + 1);
    // Who or what was touched is found by index over years; anything else reads a lot where it is frequent.
    const byIndex = stated({ account: 'account', asset: 'asset' }, search).length > 0 && !search.text;
    const rows: EventRow[] = [];
    for (const window of byIndex ? [{ from: search.from, to }] : windowsFromEnd(search.from, to)) {
      rows.push(...(await this.#searchWithin({ ...search, ...window, limit: search.limit - rows.length }, cursor)));
      if (rows.length >= search.limit) break;
    }
    const last = rows.length < search.limit ? undefined : rows.at(-1);
    return { events: rows.map(eventOfRow), next: last ? writeCursor(timeOf(last.time), last.id) : '' };
  }

  #searchWithin(search: EventSearch, cursor: ReturnType<typeof readCursor>): Promise<EventRow[]> {
    const conditions = [IN_TIME, ...stated(EVENT_CONDITIONS, search)].join(' AND ');
    const places = `SELECT source, ingest_time, id FROM events WHERE ${conditions}
      ORDER BY time DESC, id DESC LIMIT 1 BY id LIMIT {limit:UInt32}`;
    return this.#rows<EventRow>(
      `SELECT ${EVENT_COLUMNS} FROM events WHERE (source, ingest_time, id) IN (${places})
       ORDER BY time DESC, id DESC LIMIT 1 BY id`,
      { ...search, ...cursor, text: likePattern(search.text ?? '') },
    );
  }

  /** In any order; ids that are unknown are left out. */
  async eventsById(ids: readonly string[]): Promise<Event[]> {
    const rows = await this.#rows<EventRow>(
      `SELECT ${EVENT_COLUMNS} FROM events WHERE id IN {ids:Array(UUID)} LIMIT 1 BY id`,
      { ids },
    );
    return rows.map(eventOfRow);
  }

  /** The latest revision of each, last changed first. `next` is '' on the last page. */
  async latestFindings(search: FindingSearch): Promise<{ findings: Finding[]; next: string }> {
    const conditions = ['1', ...stated(FINDING_CONDITIONS, search)].join(' AND ');
    const rows = await this.#rows<FindingRow>(
      `SELECT * FROM findings_latest WHERE ${conditions} ORDER BY last_time DESC, id DESC LIMIT {limit:UInt32}`,
      { ...search, ...readCursor(search.before) },
    );
    const last = rows.length < search.limit ? undefined : rows.at(-1);
    return { findings: rows.map(findingOfRow), next: last ? writeCursor(timeOf(last.last_time), last.id) : '' };
  }

  /** Findings with a cause since then that a suppression of that scope would have hidden. */
  async findingsInScope(scope: SuppressionScope, since: number): Promise<FindingsInScope> {
    const never = 'NOT has({never:Array(String)}, detector)';
    const recent = 'caused_at >= fromUnixTimestamp64Milli({since:Int64})';
    const conditions = [recent, never, ...stated(SCOPE_CONDITIONS, scope)].join(' AND ');
    const parameters = { ...scope, since, never: NEVER_SUPPRESSED };
    const [counts, latest] = await Promise.all([
      this.#rows<{ detector: string; severity: string; findings: number }>(
        `SELECT detector, severity, count() AS findings FROM findings_latest WHERE ${conditions} GROUP BY detector, severity`,
        parameters,
      ),
      this.#rows<FindingRow>(
        `SELECT * FROM findings_latest WHERE ${conditions} ORDER BY last_time DESC, id DESC LIMIT ${SHOWN_OF_SCOPE}`,
        parameters,
      ),
    ]);
    return {
      findings: counts.reduce((sum, { findings }) => sum + findings, 0),
      byDetector: sums(counts, 'detector'),
      bySeverity: sums(counts, 'severity'),
      latest: latest.map(findingOfRow),
    };
  }

  /** The last revision that was caused in [from, to) of each finding of these detectors, and whether people were told then. */
  async findingsCausedIn(
    from: number,
    to: number,
    detectors: readonly string[],
  ): Promise<Map<string, { finding: Finding; told: boolean }>> {
    const rows = await this.#rows<FindingRow & { told: number }>(
      `SELECT *, max(toUInt8(alert)) OVER (PARTITION BY id) AS told FROM findings
       WHERE caused_at >= fromUnixTimestamp64Milli({from:Int64}) AND caused_at < fromUnixTimestamp64Milli({to:Int64})
         AND has({detectors:Array(String)}, detector)
       ORDER BY id, revision DESC LIMIT 1 BY id`,
      { from, to, detectors },
    );
    return new Map(rows.map((row) => [row.id, { finding: findingOfRow(row), told: row.told === 1 }]));
  }

  /** The latest revision of each of the vendor's findings that was caused in [from, to). */
  async findingsOfVendor(vendor: string, from: number, to: number): Promise<Finding[]> {
    const rows = await this.#rows<FindingRow>(
      `SELECT * FROM findings WHERE vendor = {vendor:String} AND caused_at >= fromUnixTimestamp64Milli({from:Int64})
         AND caused_at < fromUnixTimestamp64Milli({to:Int64}) ORDER BY id, revision DESC LIMIT 1 BY id`,
      { vendor, from, to },
    );
    return rows.map(findingOfRow);
  }

  /** The latest revision. */
  async findingById(id: string): Promise<Finding | undefined> {
    return (await this.findingRevisions(id)).at(-1);
  }

  /** By which detectors they were found, each once. */
  async detectorsOf(findings: readonly string[]): Promise<string[]> {
    const rows = await this.#rows<{ detector: string }>(
      'SELECT DISTINCT detector FROM findings WHERE id IN {findings:Array(UUID)} ORDER BY detector',
      { findings },
    );
    return rows.map(({ detector }) => detector);
  }

  /** All revisions, oldest first. */
  async findingRevisions(id: string): Promise<Finding[]> {
    const rows = await this.#rows<FindingRow>(
      'SELECT * FROM findings WHERE id = {id:UUID} ORDER BY revision LIMIT 1 BY revision',
      { id },
    );
    return rows.map(findingOfRow);
  }

  /** The entries in the histories of findings, in any order. */
  async lifeEvents(findings: readonly string[]): Promise<LifeEvent[]> {
    if (findings.length === 0) return [];
    const rows = await this.#rows<LifeRow>(
      'SELECT * FROM triage WHERE finding IN {findings:Array(UUID)} ORDER BY at, id LIMIT 1 BY id',
      { findings },
    );
    return rows.map(lifeOfRow);
  }

  /** The latest revision of each, last changed first. `next` is '' on the last page. */
  async latestIncidents(search: IncidentSearch): Promise<{ incidents: Incident[]; next: string }> {
    const conditions = ['1', ...stated(INCIDENT_CONDITIONS, search)].join(' AND ');
    const rows = await this.#rows<IncidentRow>(
      `SELECT * FROM incidents_latest WHERE ${conditions} ORDER BY last_time DESC, id DESC LIMIT {limit:UInt32}`,
      { ...search, ...readCursor(search.before) },
    );
    const last = rows.length < search.limit ? undefined : rows.at(-1);
    return { incidents: rows.map(incidentOfRow), next: last ? writeCursor(timeOf(last.last_time), last.id) : '' };
  }

  /** All revisions, oldest first. */
  async incidentRevisions(id: string): Promise<Incident[]> {
    const rows = await this.#rows<IncidentRow>(
      'SELECT * FROM incidents WHERE id = {id:UUID} ORDER BY revision LIMIT 1 BY revision',
      { id },
    );
    return rows.map(incidentOfRow);
  }

  /** Events with an ingest time in [from, to), ms since the Unix epoch. */
  async countEvents(from: number, to: number): Promise<number> {
    const [row] = await this.#rows<{ count: number }>(`SELECT count() AS count FROM events FINAL WHERE ${TAKEN_IN}`, {
      from,
      to,
    });
    return row?.count ?? 0;
  }

  /** Events by steps of ingest time; steps without any are left out. */
  async eventRate(from: number, to: number, stepMs: number): Promise<{ at: number; count: number }[]> {
    return this.#rows<{ at: number; count: number }>(
      `SELECT intDiv(toUnixTimestamp64Milli(ingest_time) - {from:Int64}, {stepMs:Int64}) * {stepMs:Int64} + {from:Int64} AS at,
         count() AS count
       FROM events FINAL WHERE ${TAKEN_IN} GROUP BY at ORDER BY at`,
      { from, to, stepMs },
    );
  }

  async #rows<T>(query: string, parameters: Parameters): Promise<T[]> {
    const result = await this.#client.query({
      query,
      query_params: parameters,
      format: 'JSONEachRow',
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    });
    return result.json<T>();
  }
}

/** The conditions of the fields that the search states. */
function stated(conditions: Record<string, string>, search: object): string[] {
  return Object.keys(conditions)
    .filter((field) => field in search && !['', undefined].includes((search as Record<string, string>)[field]))
    .map((field) => conditions[field]!);
}

function sums<By extends string>(rows: readonly (Record<By, string> & { findings: number })[], by: By) {
  const sum: Record<string, number> = {};
  for (const row of rows) sum[row[by]] = (sum[row[by]] ?? 0) + row.findings;
  return sum;
}

/** For LIKE on `lower(…)`, which is lower case for ASCII letters only. */
export function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&').replace(/[A-Z]/g, (letter) => letter.toLowerCase())}%`;
}
