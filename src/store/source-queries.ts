import { WanglouError } from '../errors.ts';
import type { Finding } from '../finding/finding.ts';
import { EACH_ONCE } from './each-once.ts';
import type { StoreReader } from './reader.ts';
import { findingOfRow, timeOf, type FindingRow } from './finding-rows.ts';

/** What a source sent in one step of time; steps without any event are left out. */
export interface SourceStep {
  /** Beginning of the step, by arrival, ms since the Unix epoch. */
  at: number;
  events: number;
  unparsed: number;
  /** Arrival − event time, ms: half of the events, and all but one of a hundred, came at most so late. */
  lagP50: number;
  lagP99: number;
}

/** What a source sent in an hour. */
export interface SourceHour {
  source: string;
  /** Beginning of the hour, by arrival, ms since the Unix epoch. */
  at: number;
  events: number;
  unparsed: number;
  /** Of the events, how many came with proof of who sent them. */
  authenticated: number;
  /** As of a step. */
  lagP50: number;
  lagP99: number;
  /** Last arrival, and last event time claimed, ms. */
  lastSeenAt: number;
  lastEventTime: number;
  /** The most frequent ones. */
  formats: readonly string[];
  /** Systems that the events are about, the most frequent ones. */
  systems: readonly string[];
}

/** Lines that can not be read for the same reason. */
export interface UnparsedReason {
  /** The fault, with `#` for numbers and quoted text, which differ from line to line. */
  reason: string;
  count: number;
  last: number;
  /** A few of the lines, as they came, the first characters of each. */
  samples: readonly string[];
}

/** What kind of events a source sent. */
export interface SourceKind {
  format: string;
  classUid: number;
  action: string;
  events: number;
}

const MOST_SECONDS = 20;
const LIMITS = `SETTINGS ${EACH_ONCE}, max_execution_time = ${MOST_SECONDS}`;
const MS = (name: string): string => `fromUnixTimestamp64Milli({${name}:Int64})`;
const ARRIVED = `ingest_time >= ${MS('from')} AND ingest_time < ${MS('to')}`;
/** By the sort key: source first, then arrival. */
const OF_SOURCE = `FROM events FINAL PREWHERE source = {source:String} AND ${ARRIVED}`;
const LAG = "dateDiff('millisecond', time, ingest_time)";
const SAMPLE_LENGTH = 2_000;
const MOST_REASONS = 20;
const MOST_KINDS = 200;
const MOST_SOURCES = 5_000;
const MOST_HOURS = 6 * MOST_SOURCES;
const MOST_FINDINGS = 200;

/** What the sources sent, from the store. All throw WanglouError WL_STORE_AWAY when that takes longer than 20 s. */
export class SourceQueries {
  readonly #client: StoreReader;

  constructor(client: StoreReader) {
    this.#client = client;
  }

  /** All sources, hour by hour, in order of both. */
  async hours(from: number, to: number): Promise<SourceHour[]> {
    return this.#rows<SourceHour>(
      `SELECT toString(source) AS source, toUnixTimestamp(toStartOfHour(ingest_time)) * 1000 AS at, count() AS events,
         countIf(fault != '') AS unparsed, countIf(authenticated) AS authenticated,
         quantileBFloat16(0.5)(${LAG}) AS lagP50, quantileBFloat16(0.99)(${LAG}) AS lagP99,
         toUnixTimestamp64Milli(max(ingest_time)) AS lastSeenAt, toUnixTimestamp64Milli(max(time)) AS lastEventTime,
         topK(3)(toString(format)) AS formats, topKIf(3)(toString(system), system != '') AS systems
       FROM events FINAL PREWHERE ${ARRIVED} GROUP BY source, at ORDER BY source, at LIMIT ${MOST_HOURS} ${LIMITS}`,
      { from, to },
    );
  }

  /** In order of time. @param stepMs whole seconds. */
  async steps(source: string, from: number, to: number, stepMs: number): Promise<SourceStep[]> {
    return this.#rows<SourceStep>(
      `SELECT toUnixTimestamp(toStartOfInterval(ingest_time, toIntervalSecond({step:UInt32}))) * 1000 AS at,
         count() AS events, countIf(fault != '') AS unparsed,
         quantileBFloat16(0.5)(${LAG}) AS lagP50, quantileBFloat16(0.99)(${LAG}) AS lagP99
       ${OF_SOURCE} GROUP BY at ORDER BY at ${LIMITS}`,
      { source, from, to, step: stepMs / 1_000 },
    );
  }

  /** The most frequent reasons first; at most 20. */
  async unparsed(source: string, from: number, to: number): Promise<UnparsedReason[]> {
    const rows = await this.#rows<Omit<UnparsedReason, 'last'> & { last: string }>(
      `SELECT replaceRegexpAll(fault, '\\'[^\\']*\\'|[0-9]+', '#') AS reason, count() AS count, toString(max(ingest_time)) AS last,
         groupArray(3)(substringUTF8(raw, 1, ${SAMPLE_LENGTH})) AS samples
       ${OF_SOURCE} WHERE fault != '' GROUP BY reason ORDER BY count DESC, reason LIMIT ${MOST_REASONS} ${LIMITS}`,
      { source, from, to },
    );
    return rows.map(({ last, ...reason }) => ({ ...reason, last: timeOf(last) }));
  }

  /** The most frequent first. */
  async kinds(source: string, from: number, to: number): Promise<SourceKind[]> {
    return this.#rows<SourceKind>(
      `SELECT toString(format) AS format, class_uid AS classUid, toString(action) AS action, count() AS events
       ${OF_SOURCE} GROUP BY format, classUid, action ORDER BY events DESC, format, action LIMIT ${MOST_KINDS} ${LIMITS}`,
      { source, from, to },
    );
  }

  /** The latest revision of each finding of these detectors about the source that was caused since, last changed first. */
  async findings(source: string, detectors: readonly string[], since: number): Promise<Finding[]> {
    const rows = await this.#rows<FindingRow>(
      `SELECT * FROM (SELECT * FROM findings WHERE source = {source:String} AND detector IN {detectors:Array(String)}
           AND last_time >= ${MS('since')} ORDER BY id, revision DESC LIMIT 1 BY id)
       ORDER BY last_time DESC, id DESC LIMIT ${MOST_FINDINGS} ${LIMITS}`,
      { source, detectors, since },
    );
    return rows.map(findingOfRow);
  }

  /** When each source was last heard in the span, ms since the Unix epoch. */
  async lastHeard(from: number, to: number): Promise<{ source: string; at: number }[]> {
    return this.#rows<{ source: string; at: number }>(
      `SELECT toString(source) AS source, toUnixTimestamp64Milli(max(ingest_time)) AS at
       FROM events PREWHERE ${ARRIVED} GROUP BY source LIMIT ${MOST_SOURCES} ${LIMITS}`,
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
      throw (error as { code?: unknown }).code === TIMEOUT_EXCEEDED ? tooSlow(error) : error;
    }
  }
}

const TIMEOUT_EXCEEDED = '159';

function tooSlow(cause: unknown): WanglouError {
  return new WanglouError('WL_STORE_AWAY', `The store has not answered within ${MOST_SECONDS} s`, {
    remedy: 'Ask for a shorter span, or again when the store has less to do.',
    cause,
  });
}
