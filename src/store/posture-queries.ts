import type { AssetLevel } from '../event/event.ts';
import type { Bilingual, Severity } from '../finding/finding.ts';
import { BY_DETECTION, type LifeEvent } from '../finding/lifecycle.ts';
import type { StoreReader } from './reader.ts';
import { timeOf } from './finding-rows.ts';
import { lifeOfRow, type LifeRow } from './life-rows.ts';
import { scoreOfRow, type AssetUse, type KeptScore, type PostureRow } from './posture-rows.ts';

/** What the score needs of a revision of a finding (src/posture/contributions.ts). */
export interface RevisionFacts {
  id: string;
  revision: number;
  alert: boolean;
  suppression?: string;
  detector: string;
  title: Bilingual;
  severity: Severity;
  assetLevel: AssetLevel;
  department: string;
  vendor: string;
  system: string;
  lastTime: number;
  causedAt: number;
}

export interface PostureStep {
  /** ms since the Unix epoch. */
  at: number;
  /** Mean and lowest score of the step's minutes. */
  score: number;
  lowest: number;
  trust: number | null;
}

const FACTS = `id, revision, alert, suppression, detector, title_zh, title_en, severity, asset_level, department, vendor, system,
  toString(last_time) AS last, toString(caused_at) AS caused`;
type FactsRow = Omit<RevisionFacts, 'title' | 'assetLevel' | 'lastTime' | 'causedAt'> & {
  title_zh: string;
  title_en: string;
  asset_level: AssetLevel;
  last: string;
  caused: string;
};
const MS = (name: string): string => `fromUnixTimestamp64Milli({${name}:Int64})`;

/** What the posture is made from, and what was kept of it. Times are ms since the Unix epoch. */
export class PostureQueries {
  readonly #client: StoreReader;

  constructor(client: StoreReader) {
    this.#client = client;
  }

  /**
   * Revisions of findings with a last cause after `oldest`: of each finding the last one that was caused up to `exactSince`,
   * and all that were caused later, up to `until`.
   */
  async revisions(oldest: number, exactSince: number, until: number): Promise<RevisionFacts[]> {
    const times = { oldest, exactSince, until };
    const before = this.#rows<FactsRow>(
      `SELECT ${FACTS} FROM findings WHERE last_time > ${MS('oldest')} AND caused_at <= ${MS('exactSince')}
       ORDER BY id, revision DESC LIMIT 1 BY id`,
      times,
    );
    const after = this.#rows<FactsRow>(
      `SELECT ${FACTS} FROM findings WHERE last_time > ${MS('oldest')} AND caused_at > ${MS('exactSince')}
         AND caused_at <= ${MS('until')} LIMIT 1 BY id, revision`,
      times,
    );
    return (await Promise.all([before, after])).flat().map(factsOfRow);
  }

  /** What people did with findings with a last cause after `oldest`, and what may have reopened them, up to `until`. */
  async lives(oldest: number, until: number): Promise<LifeEvent[]> {
    const rows = await this.#rows<LifeRow>(
      `SELECT * FROM triage WHERE (by != {detection:String} OR (act = 'grew' AND alert)) AND at <= ${MS('until')}
         AND finding IN (SELECT id FROM findings WHERE last_time > ${MS('oldest')}) LIMIT 1 BY id`,
      { oldest, until, detection: BY_DETECTION },
    );
    return rows.map(lifeOfRow);
  }

  /** The scores of all scopes with a minute in [from, to]. */
  async scores(from: number, to: number): Promise<KeptScore[]> {
    const rows = await this.#rows<PostureRow>(
      `SELECT * FROM posture FINAL WHERE minute >= ${MS('from')} AND minute <= ${MS('to')}`,
      { from, to },
    );
    return rows.map(scoreOfRow);
  }

  /** The last score of a scope in (after, at]. */
  async scoreAt(scope: string, id: string, after: number, at: number): Promise<KeptScore | undefined> {
    const [row] = await this.#rows<PostureRow>(
      `SELECT * FROM posture FINAL WHERE scope = {scope:String} AND id = {id:String} AND minute > ${MS('after')}
         AND minute <= ${MS('at')} ORDER BY minute DESC LIMIT 1`,
      { scope, id, after, at },
    );
    return row && scoreOfRow(row);
  }

  /** The first minute since then that has a score; undefined when none has. */
  async firstMinute(since: number): Promise<number | undefined> {
    const [row] = await this.#rows<{ first: string; count: number }>(
      `SELECT toString(min(minute)) AS first, count() AS count FROM posture WHERE scope = 'overall' AND minute >= ${MS('since')}`,
      { since },
    );
    return row === undefined || row.count === 0 ? undefined : timeOf(row.first);
  }

  /** By steps from `from` on; steps without a score are left out. */
  async series(scope: string, id: string, from: number, to: number, stepMs: number): Promise<PostureStep[]> {
    const rows = await this.#rows<{ step: number; mean: number; low: number; trusted: number | null }>(
      `SELECT intDiv(toUnixTimestamp(minute) * 1000 - {from:Int64}, {stepMs:Int64}) * {stepMs:Int64} + {from:Int64} AS step,
         round(avg(toFloat64(score)), 1) AS mean, min(score) AS low, round(avg(toFloat64(trust)), 1) AS trusted
       FROM posture FINAL WHERE scope = {scope:String} AND id = {id:String} AND minute >= ${MS('from')}
         AND minute < ${MS('to')} GROUP BY step ORDER BY step`,
      { scope, id, from, to, stepMs },
    );
    return rows.map(({ step, mean, low, trusted }) => ({ at: step, score: mean, lowest: low, trust: trusted }));
  }

  /** When a source was last heard since then, by ingest time. */
  async lastHeard(since: number): Promise<{ source: string; at: number }[]> {
    return this.#rows<{ source: string; at: number }>(
      `SELECT source, toUnixTimestamp64Milli(max(ingest_time)) AS at FROM events WHERE ingest_time >= ${MS('since')}
       GROUP BY source`,
      { since },
    );
  }

  /** Ingest time of the first event; undefined when there is none. */
  async firstEvent(): Promise<number | undefined> {
    const [row] = await this.#rows<{ first: number; count: number }>(
      'SELECT toUnixTimestamp64Milli(min(ingest_time)) AS first, count() AS count FROM events',
      {},
    );
    return row === undefined || row.count === 0 ? undefined : row.first;
  }

  /** Who used which assets, of events that were taken in in [from, to). */
  async usesOfEvents(from: number, to: number): Promise<Omit<AssetUse, 'day'>[]> {
    const rows = await this.#rows<Omit<AssetUse, 'day' | 'role'> & { service: string }>(
      `SELECT DISTINCT asset, department, system, person, if(role = 'service', 'service', '') AS service FROM events
       WHERE ingest_time >= ${MS('from')} AND ingest_time < ${MS('to')} AND asset != ''`,
      { from, to },
    );
    return rows.map(({ service, ...use }) => ({ ...use, role: service }));
  }

  /** What is kept of the days from that one on. */
  async uses(from: string): Promise<AssetUse[]> {
    return this.#rows<AssetUse>('SELECT * FROM asset_use FINAL WHERE day >= {from:Date}', { from });
  }

  async #rows<T>(query: string, parameters: Record<string, unknown>): Promise<T[]> {
    const result = await this.#client.query({
      query,
      query_params: parameters,
      format: 'JSONEachRow',
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    });
    return result.json<T>();
  }
}

function factsOfRow({ title_zh, title_en, asset_level, last, caused, suppression, ...same }: FactsRow): RevisionFacts {
  return {
    ...same,
    ...(suppression === '' ? {} : { suppression: suppression! }),
    title: { zh: title_zh, en: title_en },
    assetLevel: asset_level,
    lastTime: timeOf(last),
    causedAt: timeOf(caused),
  };
}
