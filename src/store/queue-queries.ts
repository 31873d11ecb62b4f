import type { FindingCounts, FindingFilter, FindingGroup, Grouping, QueuedFinding } from '../finding/finding-filter.ts';
import type { Severity } from '../finding/finding.ts';
import type { LifeState, LifeStatus } from '../finding/lifecycle.ts';
import type { StoreReader } from './reader.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { findingOfRow, timeOf, type FindingRow } from './finding-rows.ts';
import { queueSql, type Needs } from './queue-sql.ts';

/** How findings stand whose last decision the store may not have yet: it goes before what the store says. */
export type Unsettled = ReadonlyMap<string, LifeState>;

interface Place {
  id: string;
  raised_at: string;
}

/** Groups of a grouping that are given at most; the worst and largest come first. */
const MAX_GROUPS = 500;

/** What the queue of findings reads: the latest revision of each, the last raised first. */
export class QueueQueries {
  readonly #client: StoreReader;

  constructor(client: StoreReader) {
    this.#client = client;
  }

  /** Without `life`. `next` is '' on the last page. @throws WanglouError WL_QUERY_INVALID for what is no cursor */
  async page(
    filter: FindingFilter,
    { limit, cursor, unsettled }: { limit: number; cursor?: string; unsettled: Unsettled },
  ): Promise<{ findings: QueuedFinding[]; next: string }> {
    const after = readCursor(cursor);
    const below =
      after.cursorTime === undefined
        ? ''
        : 'AND (raised_at, id) < (fromUnixTimestamp64Milli({cursorTime:Int64}), {cursorId:UUID})';
    const places = await this.#rows<Place>(
      filter,
      unsettled,
      {},
      ({ from, where }) =>
        `SELECT id, raised_at FROM ${from} WHERE ${where} ${below} ORDER BY raised_at DESC, id DESC LIMIT {limit:UInt32}`,
      { ...after, limit },
    );
    const last = places.length < limit ? undefined : places.at(-1);
    return { findings: await this.#whole(places), next: last ? writeCursor(timeOf(last.raised_at), last.id) : '' };
  }

  /** Ids of those that pass, the last raised first. */
  async ids(filter: FindingFilter, { limit, unsettled }: { limit: number; unsettled: Unsettled }): Promise<string[]> {
    const rows = await this.#rows<{ id: string }>(
      filter,
      unsettled,
      {},
      ({ from, where }) =>
        `SELECT id FROM ${from} WHERE ${where} ORDER BY raised_at DESC, id DESC LIMIT {limit:UInt32}`,
      { limit },
    );
    return rows.map(({ id }) => id);
  }

  async counts(filter: FindingFilter, unsettled: Unsettled): Promise<FindingCounts> {
    const { severity, status, ...others } = filter;
    const rows = await this.#rows<{ severity: Severity; status: LifeStatus; findings: number }>(
      others,
      unsettled,
      { severity: true, status: true },
      ({ from, where }) =>
        `SELECT latest_severity AS severity, status, count() AS findings FROM ${from} WHERE ${where} GROUP BY severity, status`,
    );
    const counts: FindingCounts = {
      total: 0,
      bySeverity: { critical: 0, high: 0, medium: 0, low: 0 },
      byStatus: { new: 0, acknowledged: 0, closed: 0, reopened: 0 },
    };
    for (const row of rows) {
      const isSevere = severity === undefined || severity.includes(row.severity);
      const isStanding = status === undefined || status.includes(row.status);
      if (isStanding) counts.bySeverity[row.severity] += row.findings;
      if (isSevere) counts.byStatus[row.status] += row.findings;
      if (isSevere && isStanding) counts.total += row.findings;
    }
    return counts;
  }

  /** The worst first, then the largest; a finding of several incidents counts in each. */
  async groups(filter: FindingFilter, by: Grouping, unsettled: Unsettled): Promise<FindingGroup[]> {
    const rows = await this.#rows<Omit<FindingGroup, 'title' | 'raisedAt'> & { zh: string; en: string; at: string }>(
      filter,
      unsettled,
      { severity: true, group: by },
      ({ from, where, group, titles: { zh, en } }) =>
        `SELECT ${group} AS key, ${zh} AS zh, ${en} AS en, count() AS findings, max(latest_severity) AS severity,
           max(raised_at) AS at
         FROM ${from} WHERE ${where} GROUP BY key
         ORDER BY severity DESC, findings DESC, key LIMIT ${MAX_GROUPS}`,
    );
    return rows.map(({ zh, en, at, ...same }) => ({ ...same, title: { zh, en }, raisedAt: timeOf(at) }));
  }

  /** The latest revisions, in the order of their places. */
  async #whole(places: readonly Place[]): Promise<QueuedFinding[]> {
    if (places.length === 0) return [];
    const rows = await this.#ask<FindingRow>(
      'SELECT * FROM findings WHERE id IN {ids:Array(UUID)} ORDER BY id, revision DESC LIMIT 1 BY id',
      { ids: places.map(({ id }) => id) },
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    return places.flatMap(({ id, raised_at }) => {
      const row = byId.get(id);
      return row === undefined ? [] : [{ ...findingOfRow(row), raisedAt: timeOf(raised_at) }];
    });
  }

  async #rows<T>(
    filter: FindingFilter,
    unsettled: Unsettled,
    needs: Needs,
    select: (parts: ReturnType<typeof queueSql>) => string,
    more: Record<string, unknown> = {},
  ): Promise<T[]> {
    const parts = queueSql(filter, unsettled, needs);
    return this.#ask<T>(select(parts), { ...parts.values, ...more });
  }

  async #ask<T>(query: string, values: Record<string, unknown>): Promise<T[]> {
    const result = await this.#client.query({
      query,
      query_params: values,
      format: 'JSONEachRow',
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    });
    return result.json<T>();
  }
}
