import { WanglouError } from '../errors.ts';
import type { Finding } from '../finding/finding.ts';
import type { LifeEvent } from '../finding/lifecycle.ts';
import { EACH_ONCE } from './each-once.ts';
import type { StoreReader } from './reader.ts';
import { findingOfRow, timeOf, type FindingRow } from './finding-rows.ts';
import { lifeOfRow, type LifeRow } from './life-rows.ts';

export type SubjectKind = 'actor' | 'asset' | 'vendor' | 'department';

/** Whose events, from when to when: event time, ms since the Unix epoch, from ≤ time < to. */
export interface SubjectSpan {
  kind: SubjectKind;
  id: string;
  from: number;
  to: number;
}

/** What happened in one hour of one day of a zone. */
export interface HourCell {
  /** `2026-11-24` */
  day: string;
  /** 0–23 */
  hour: number;
  events: number;
  rows: number;
}

/** How much was done with, by or on one name; '' is what states none. */
export interface UseOf {
  name: string;
  events: number;
  rows: number;
  /** Event times, ms. */
  first: number;
  last: number;
}

/** What one person of a vendor did on one system under one contract. */
export interface VendorUse {
  contract: string;
  actor: string;
  person: string;
  system: string;
  events: number;
  rows: number;
  privileged: number;
  first: number;
  last: number;
}

/** How well the events on an asset say what they were for and where the data went. */
export interface Reasons {
  events: number;
  /** Different ones. */
  actors: number;
  withPurpose: number;
  withCase: number;
  withGrant: number;
  /** Passed on, and of these without a recipient. */
  outward: number;
  withoutRecipient: number;
}

const SUBJECT = {
  actor: 'actor = {id:String}',
  asset: 'asset = {id:String}',
  vendor: 'vendor = {id:String}',
  department: 'department = {id:String}',
} as const;

/** By what the uses of a subject can be summed up. */
const USED = {
  actor: 'actor',
  asset: 'asset',
  department: 'toString(department)',
  system: 'toString(system)',
  action: 'toString(action)',
  purpose: 'purpose',
  source: 'toString(source)',
  address: 'client_address',
} as const;
export type UsedBy = keyof typeof USED;

const OF_FINDING = {
  actor: "(actor = {id:String} OR (person != '' AND person = {person:String}))",
  asset: SUBJECT.asset,
  vendor: SUBJECT.vendor,
  department: SUBJECT.department,
} as const;

/**
 * Each event once: repeats have the same sort key, so that they lie in the same partition. Only days of arrival that can
 * hold such event times are read (a clock may be a day ahead), and of these only rows of the subject are read whole.
 */
const eventsOf = (kind: SubjectKind): string => `FROM events FINAL
  PREWHERE ${SUBJECT[kind]} AND ingest_time >= fromUnixTimestamp64Milli({from:Int64}) - INTERVAL 1 DAY
  WHERE time >= fromUnixTimestamp64Milli({from:Int64}) AND time < fromUnixTimestamp64Milli({to:Int64})`;
const MOST_SECONDS = 20;
const LIMITS = `SETTINGS ${EACH_ONCE}, max_execution_time = ${MOST_SECONDS}`;
const SUMS = 'count() AS events, sum(rows) AS allRows, toString(min(time)) AS first, toString(max(time)) AS last';
const OUTWARD = "action IN ('share', 'export', 'download', 'print', 'call')";
const CAUSED = `caused_at >= fromUnixTimestamp64Milli({from:Int64}) AND caused_at < fromUnixTimestamp64Milli({to:Int64})`;

const MOST_VENDOR_USES = 1_000;
const MOST_VENDOR_FINDINGS = 50_000;

type Summed<T extends { rows: number }> = Omit<T, 'rows' | 'first' | 'last'> & {
  allRows: number;
  first: string;
  last: string;
};

/**
 * What an actor, asset, department or vendor did, or what was done with it, from the store.
 * All throw WanglouError WL_STORE_AWAY when that takes longer than 20 s.
 */
export class ProfileQueries {
  readonly #client: StoreReader;

  constructor(client: StoreReader) {
    this.#client = client;
  }

  /** Hours without any event are left out. @param zone IANA name of the zone of days and hours. */
  async hours(span: SubjectSpan, zone: string): Promise<HourCell[]> {
    const rows = await this.#rows<{ day: string; hour: number; events: number; allRows: number }>(
      `SELECT toString(toDate(time, {zone:String})) AS day, toHour(time, {zone:String}) AS hour, count() AS events,
         sum(rows) AS allRows ${eventsOf(span.kind)} GROUP BY day, hour ORDER BY day, hour ${LIMITS}`,
      { ...span, zone },
    );
    return rows.map(({ allRows, ...cell }) => ({ ...cell, rows: allRows }));
  }

  /** First and last event time in the span; undefined without any event. */
  async seen(span: SubjectSpan): Promise<{ first: number; last: number } | undefined> {
    const [row] = await this.#rows<{ events: number; first: string; last: string }>(
      `SELECT count() AS events, toString(min(time)) AS first, toString(max(time)) AS last
       ${eventsOf(span.kind)} ${LIMITS}`,
      { ...span },
    );
    return row === undefined || row.events === 0 ? undefined : { first: timeOf(row.first), last: timeOf(row.last) };
  }

  /** The names with the most rows, then the most events; events that state none are among them as ''. */
  async uses(span: SubjectSpan, by: UsedBy, limit: number): Promise<UseOf[]> {
    const rows = await this.#rows<Summed<UseOf>>(
      `SELECT ${USED[by]} AS name, ${SUMS} ${eventsOf(span.kind)}
       GROUP BY name ORDER BY allRows DESC, events DESC, name LIMIT {limit:UInt32} ${LIMITS}`,
      { ...span, limit },
    );
    return rows.map(summed<UseOf>);
  }

  async reasons(span: SubjectSpan): Promise<Reasons> {
    const [row] = await this.#rows<Reasons>(
      `SELECT count() AS events, uniq(actor) AS actors, countIf(purpose != '') AS withPurpose, countIf(case_number != '') AS withCase,
         countIf(\`grant\` != '') AS withGrant, countIf(${OUTWARD} AND outcome != 'failure') AS outward,
         countIf(${OUTWARD} AND outcome != 'failure' AND recipient = '') AS withoutRecipient
       ${eventsOf(span.kind)} ${LIMITS}`,
      { ...span },
    );
    return row ?? { events: 0, actors: 0, withPurpose: 0, withCase: 0, withGrant: 0, outward: 0, withoutRecipient: 0 };
  }

  /** Who of a vendor did how much where; the busiest 1,000. */
  async vendorUses(vendor: string, from: number, to: number): Promise<VendorUse[]> {
    const rows = await this.#rows<Summed<VendorUse>>(
      `SELECT toString(contract) AS contract, actor, person, toString(system) AS system, countIf(privileged) AS privileged,
         ${SUMS} ${eventsOf('vendor')} GROUP BY contract, actor, person, system
       ORDER BY events DESC LIMIT ${MOST_VENDOR_USES} ${LIMITS}`,
      { id: vendor, from, to },
    );
    return rows.map(summed<VendorUse>);
  }

  /**
   * The latest revision of each finding that was caused in the span, last changed first.
   * @param person of an actor: what was found about the person's other accounts is among them; '' for none.
   */
  async findings(span: SubjectSpan, person: string, limit: number): Promise<Finding[]> {
    const rows = await this.#rows<FindingRow>(
      `SELECT * FROM (SELECT * FROM findings WHERE ${OF_FINDING[span.kind]} AND ${CAUSED}
         ORDER BY id, revision DESC LIMIT 1 BY id)
       ORDER BY last_time DESC, id DESC LIMIT {limit:UInt32}`,
      { ...span, person, limit },
    );
    return rows.map(findingOfRow);
  }

  /** The latest revision of each finding about any vendor that was caused in [from, to). */
  async findingsOfVendors(from: number, to: number): Promise<Finding[]> {
    const rows = await this.#rows<FindingRow>(
      `SELECT * FROM findings WHERE vendor != '' AND ${CAUSED}
       ORDER BY id, revision DESC LIMIT 1 BY id LIMIT ${MOST_VENDOR_FINDINGS}`,
      { from, to },
    );
    return rows.map(findingOfRow);
  }

  /** The histories of these, in any order. */
  async livesOfVendors(from: number, to: number): Promise<LifeEvent[]> {
    const rows = await this.#rows<LifeRow>(
      `SELECT * FROM triage WHERE finding IN (SELECT id FROM findings WHERE vendor != '' AND ${CAUSED})
       ORDER BY at, id LIMIT 1 BY id`,
      { from, to },
    );
    return rows.map(lifeOfRow);
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
    remedy: 'Ask for 7 days instead of 28, or again when the store has less to do.',
    cause,
  });
}

function summed<T extends { rows: number }>({ allRows, first, last, ...same }: Summed<T>): T {
  return { ...same, rows: allRows, first: timeOf(first), last: timeOf(last) } as unknown as T;
}
