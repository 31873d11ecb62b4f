import type { CoverageLine, DoorTotals, Epoch, OffsetRange, ReadTotals, StoredTotals } from '../coverage/balance.ts';
import type { UnreadRange } from '../coverage/record.ts';
import type { DoneReplay, Replay } from '../coverage/replay.ts';
import { replayOfRow, type ReplayRow } from './coverage-rows.ts';
import { timeOf } from './finding-rows.ts';
import { EACH_ONCE } from './each-once.ts';
import type { StoreReader } from './reader.ts';

/** A segment of offsets as a whole. Times are ms since the Unix epoch. */
export interface CoveredRange extends OffsetRange {
  since: number;
  until: number;
  /** `name@version` of the detectors that judged. */
  judges: readonly string[];
  unread: readonly UnreadRange[];
}

/** Lines of the ledger added up over a step of time. */
export type CoverageStep = Omit<CoverageLine, 'minute' | 'ranges'> & {
  /** Begin of the step, ms. */
  at: number;
  /** Minutes with events, and how many of them do not balance. */
  minutes: number;
  unbalanced: number;
};

/** What a version of a detector has judged, events; and what it has not seen because it was parked. */
export interface JudgedBy {
  detector: string;
  version: number;
  judged: number;
  unjudged: number;
}

type Triple = [number, number, number];
type LineRow = Omit<CoverageLine, 'off' | 'ranges' | 'givenUp'> & {
  given_up: number;
  off_received: number;
  off_appended: number;
  off_parsed: number;
  off_stored: number;
  off_evaluated: number;
};

const MOST_SECONDS = 20;
const LIMITS = `SETTINGS max_execution_time = ${MOST_SECONDS}`;
const MOST_LINES = 500_000;
const MOST_REPLAYS = 1_000;
const MINUTES = 'minute >= fromUnixTimestamp({from:Int64}) AND minute < fromUnixTimestamp({to:Int64})';
const MINUTE = 'toUnixTimestamp(minute) * 1000 AS at_ms';
const OF_SOURCE = "({source:String} = '' OR source = {source:String})";
const OFF = ['received', 'appended', 'parsed', 'stored', 'evaluated'].map((step) => `off_${step}`);
const COUNTS = 'received, lost, appended, parsed, repeated, stored, evaluated, late, rebuilt, given_up'.split(', ');

/** What the coverage ledger has. `from` and `to` are ms since the Unix epoch, whole minutes; an empty source means all. */
export class CoverageQueries {
  readonly #client: StoreReader;

  constructor(client: StoreReader) {
    this.#client = client;
  }

  async doors(from: number, to: number, source = ''): Promise<DoorTotals[]> {
    const rows = await this.#rows<Omit<DoorTotals, 'minute'> & { at_ms: number }>(
      `SELECT ${MINUTE}, toString(source) AS source, sum(received) AS received, sumMap(refused) AS refused,
         sum(lost) AS lost, sum(appended) AS appended
       FROM coverage_doors FINAL WHERE ${MINUTES} AND ({one:String} = '' OR coverage_doors.source = {one:String})
       GROUP BY minute, source LIMIT ${MOST_LINES} ${LIMITS}`,
      { from, to, one: source },
    );
    return rows.map(({ at_ms, ...row }) => ({ ...row, minute: at_ms }));
  }

  async reads(from: number, to: number): Promise<ReadTotals[]> {
    const rows = await this.#rows<Omit<ReadTotals, 'minute' | 'ranges'> & { at_ms: number; spans: Triple[] }>(
      `SELECT ${MINUTE}, toString(source) AS source, sum(appended) AS appended, sum(parsed) AS parsed,
         sumMap(unparsed) AS unparsed, sum(repeated) AS repeated, sum(evaluated) AS evaluated,
         sumMap(missed) AS missed, sum(late) AS late,
         arraySort(groupArray((partition, from_offset, to_offset))) AS spans
       FROM coverage_segments FINAL WHERE ${MINUTES} GROUP BY minute, source LIMIT ${MOST_LINES} ${LIMITS}`,
      { from, to },
    );
    return rows.map(({ at_ms, spans, ...row }) => ({ ...row, minute: at_ms, ranges: spans.map(rangeOf) }));
  }

  /** What the store has of events that arrived in the span. */
  async stored(from: number, to: number): Promise<StoredTotals[]> {
    return this.#rows<StoredTotals>(
      `SELECT toUnixTimestamp(toStartOfMinute(ingest_time)) * 1000 AS minute, toString(source) AS source, count() AS events
       FROM events FINAL PREWHERE ingest_time >= fromUnixTimestamp64Milli({from_ms:Int64})
         AND ingest_time < fromUnixTimestamp64Milli({to_ms:Int64})
       GROUP BY minute, source LIMIT ${MOST_LINES} ${LIMITS}, ${EACH_ONCE}`,
      { from_ms: from, to_ms: to },
    );
  }

  /** Programs that counted at any time in the span. */
  async epochs(from: number, to: number): Promise<Epoch[]> {
    const rows = await this.#rows<{ epoch: string; instance: string; begun: string; stated: string; ended: boolean }>(
      `SELECT epoch, toString(instance) AS instance, toString(started_at) AS begun, toString(stated_at) AS stated, ended
       FROM coverage_epochs FINAL WHERE stated_at >= fromUnixTimestamp64Milli({from_ms:Int64})
         AND started_at < fromUnixTimestamp64Milli({to_ms:Int64}) ORDER BY started_at LIMIT ${MOST_LINES} ${LIMITS}`,
      { from_ms: from, to_ms: to },
    );
    return rows.map(({ begun, stated, ...row }) => ({ ...row, startedAt: timeOf(begun), statedAt: timeOf(stated) }));
  }

  /** When anything was counted first, ms; undefined when nothing ever was. */
  async countedSince(): Promise<number | undefined> {
    const [row] = await this.#rows<{ at: number | null }>(
      `SELECT minOrNull(toUnixTimestamp64Milli(started_at)) AS at FROM coverage_epochs ${LIMITS}`,
      {},
    );
    return row?.at ?? undefined;
  }

  /** Up to which time the records of each partition have come and are done, ms. */
  async reached(): Promise<Map<number, number>> {
    const rows = await this.#rows<{ partition: number; at: number }>(
      `SELECT partition, toUnixTimestamp64Milli(max(until)) AS at FROM coverage_ranges GROUP BY partition ${LIMITS}`,
      {},
    );
    return new Map(rows.map(({ partition, at }) => [partition, at]));
  }

  /** Segments with records of the span, in order. */
  async ranges(from: number, to: number): Promise<CoveredRange[]> {
    type Row = { partition: number; from_offset: number; to_offset: number; begun: string; done: string };
    const rows = await this.#rows<Row & { judges: string[]; unread: [UnreadRange['kind'], number, number][] }>(
      `SELECT partition, from_offset, to_offset, toString(since) AS begun, toString(until) AS done, judges, unread
       FROM coverage_ranges FINAL WHERE until >= fromUnixTimestamp64Milli({from_ms:Int64})
         AND since < fromUnixTimestamp64Milli({to_ms:Int64})
       ORDER BY partition, from_offset LIMIT ${MOST_LINES} ${LIMITS}`,
      { from_ms: from, to_ms: to },
    );
    return rows.map(({ partition, from_offset, to_offset, begun, done, judges, unread }) => ({
      ...{ partition, from: from_offset, to: to_offset, since: timeOf(begun), until: timeOf(done), judges },
      unread: unread.map(([kind, first, end]) => ({ kind, from: first, to: end })),
    }));
  }

  /** What each version of a detector has judged of the events that arrived in the span, by name, then version. */
  async judged(from: number, to: number): Promise<JudgedBy[]> {
    return this.#rows<JudgedBy>(
      `SELECT substring(judge, 1, position(judge, '@') - 1) AS detector,
         toUInt32(substring(judge, position(judge, '@') + 1)) AS version,
         sum(evaluated) - sum(missed[detector]) AS judged, sum(missed[detector]) AS unjudged
       FROM (SELECT partition, from_offset, sum(coverage_segments.evaluated) AS evaluated,
               sumMap(coverage_segments.missed) AS missed
             FROM coverage_segments FINAL WHERE ${MINUTES} GROUP BY partition, from_offset) AS segments
         INNER JOIN (SELECT partition, from_offset, judges FROM coverage_ranges FINAL) AS ranges
         USING (partition, from_offset)
       ARRAY JOIN judges AS judge GROUP BY judge ORDER BY detector, version ${LIMITS}`,
      { from, to },
    );
  }

  /** Lines as they were checked, in order of time, then source. */
  async lines(from: number, to: number, source = '', which: 'all' | 'unbalanced' = 'all'): Promise<CoverageLine[]> {
    const rows = await this.#rows<LineRow & { at_ms: number; spans: Triple[] }>(
      `SELECT ${MINUTE}, toString(source) AS source, ${COUNTS.join(', ')}, refused, unparsed, missed, ${OFF.join(', ')},
         ranges AS spans
       FROM coverage FINAL WHERE ${MINUTES} AND ${OF_SOURCE}
       ${which === 'all' ? '' : `AND (${OFF.map((column) => `${column} != 0`).join(' OR ')})`}
       ORDER BY minute, source LIMIT ${MOST_LINES} ${LIMITS}`,
      { from, to, source },
    );
    return rows.map(({ at_ms, spans, ...row }) => ({ ...countsOf(row), minute: at_ms, ranges: spans.map(rangeOf) }));
  }

  /** The same added up by steps of whole minutes that begin at `from`. */
  async steps(from: number, to: number, stepMs: number, source = ''): Promise<CoverageStep[]> {
    const sums = COUNTS.map((column) => `sum(coverage.${column}) AS ${column}`);
    const off = OFF.map((column) => `sum(coverage.${column}) AS ${column}`);
    const maps = ['refused', 'unparsed', 'missed'].map((column) => `sumMap(coverage.${column}) AS ${column}`);
    const rows = await this.#rows<LineRow & { at_ms: number; minutes: number; unbalanced: number }>(
      `SELECT ({from:Int64} + intDiv(toUnixTimestamp(coverage.minute) - {from:Int64}, {step:UInt32}) * {step:UInt32}) * 1000 AS at_ms,
         toString(coverage.source) AS source, ${[...sums, ...maps, ...off].join(', ')}, count() AS minutes,
         countIf(${OFF.map((column) => `coverage.${column} != 0`).join(' OR ')}) AS unbalanced
       FROM coverage FINAL WHERE ${MINUTES} AND ${OF_SOURCE}
       GROUP BY at_ms, coverage.source ORDER BY at_ms, coverage.source LIMIT ${MOST_LINES} ${LIMITS}`,
      { from, to, source, step: stepMs / 1_000 },
    );
    return rows.map(({ at_ms, minutes, unbalanced, ...row }) => ({
      ...{ ...countsOf({ ...row, minute: at_ms }), at: at_ms, minutes, unbalanced },
    }));
  }

  /** Up to which minute lines are there, ms; undefined without one. */
  async checkedTo(): Promise<number | undefined> {
    const [row] = await this.#rows<{ at: number | null }>(
      `SELECT maxOrNull(toUnixTimestamp(minute)) * 1000 AS at FROM coverage ${LIMITS}`,
      {},
    );
    return row?.at ?? undefined;
  }

  /** What was done about gaps in the span, the latest first. */
  async replays(from: number, to: number): Promise<Replay[]> {
    const rows = await this.#rows<ReplayRow>(
      `SELECT id, gap, toString(kind) AS kind, toString(detector) AS detector, partition, from_offset, to_offset,
         toString(since) AS since_at, toString(until) AS until_at, asked_by, toString(asked_at) AS asked_when,
         toString(state) AS state, done, total, stored, evaluated, findings, unreadable, reason, toString(at) AS said_at
       FROM coverage_replays FINAL WHERE until > fromUnixTimestamp64Milli({from_ms:Int64})
         AND since < fromUnixTimestamp64Milli({to_ms:Int64}) ORDER BY asked_at DESC, id LIMIT ${MOST_REPLAYS} ${LIMITS}`,
      { from_ms: from, to_ms: to },
    );
    return rows.map(replayOfRow);
  }

  /** Those of detectors that have been shown what they had missed. */
  async doneReplays(from: number, to: number): Promise<DoneReplay[]> {
    const all = await this.replays(from, to);
    return all
      .filter(({ state, kind }) => state === 'done' && kind === 'evaluated')
      .map(({ id, detector, since, until }) => ({ id, detector, since, until }));
  }

  async #rows<T>(query: string, { from, to, ...others }: Record<string, unknown>): Promise<T[]> {
    const seconds = {
      ...(from !== undefined && { from: Math.floor(Number(from) / 1_000), to: Math.ceil(Number(to) / 1_000) }),
    };
    const result = await this.#client.query({
      query,
      query_params: { ...seconds, ...others },
      format: 'JSONEachRow',
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    });
    return result.json<T>();
  }
}

function rangeOf([partition, from, to]: Triple): OffsetRange {
  return { partition, from, to };
}

function countsOf(row: LineRow): Omit<CoverageLine, 'ranges'> {
  const { off_received, off_appended, off_parsed, off_stored, off_evaluated, given_up, ...line } = row;
  const off = { received: off_received, appended: off_appended, parsed: off_parsed };
  return { ...line, givenUp: given_up, off: { ...off, stored: off_stored, evaluated: off_evaluated } };
}
