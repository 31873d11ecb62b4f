import type { AssetLevel } from '../event/event.ts';
import type { Citation, Finding, Severity, Technique, Bilingual } from '../finding/finding.ts';

/** A row of the table `findings`; times as ClickHouse writes them, nested lists as JSON. */
export interface FindingRow {
  id: string;
  revision: number;
  alert: boolean;
  suppression: string;
  detector: string;
  title_zh: string;
  title_en: string;
  severity: Severity;
  score: number;
  actor: string;
  asset: string;
  client_address: string;
  observed: number;
  expected: number;
  threshold: number;
  unit: string;
  window_ms: number;
  sample_size: number;
  baseline: Finding['baseline'];
  explanation_zh: string;
  explanation_en: string;
  event_ids: readonly string[];
  first_time: string;
  last_time: string;
  caused_at: string;
  count: number;
  group_key: string;
  person: string;
  department: string;
  vendor: string;
  system: string;
  source: string;
  asset_level: AssetLevel;
  techniques: string;
  cites: string;
  known_gaps: string;
}

export function rowOfFinding(f: Finding): FindingRow {
  return {
    id: f.id,
    revision: f.revision,
    alert: f.alert,
    suppression: f.suppression ?? '',
    detector: f.detector,
    title_zh: f.title.zh,
    title_en: f.title.en,
    severity: f.severity,
    score: f.score,
    actor: f.actor,
    asset: f.asset,
    client_address: f.clientAddress,
    observed: f.observed,
    expected: f.expected,
    threshold: f.threshold,
    unit: f.unit,
    window_ms: f.windowMs,
    sample_size: f.sampleSize,
    baseline: f.baseline,
    explanation_zh: f.explanation.zh,
    explanation_en: f.explanation.en,
    event_ids: f.eventIds,
    first_time: timeText(f.firstTime),
    last_time: timeText(f.lastTime),
    caused_at: timeText(f.causedAt),
    count: f.count,
    group_key: f.groupKey,
    person: f.person,
    department: f.department,
    vendor: f.vendor,
    system: f.system,
    source: f.source,
    asset_level: f.assetLevel,
    techniques: JSON.stringify(f.techniques),
    cites: JSON.stringify(f.cites),
    known_gaps: JSON.stringify(f.knownGaps),
  };
}

export function findingOfRow(row: FindingRow): Finding {
  return {
    id: row.id,
    revision: row.revision,
    alert: row.alert,
    ...(row.suppression === '' ? {} : { suppression: row.suppression }),
    detector: row.detector,
    title: { zh: row.title_zh, en: row.title_en },
    severity: row.severity,
    score: row.score,
    actor: row.actor,
    asset: row.asset,
    clientAddress: row.client_address,
    observed: row.observed,
    expected: row.expected,
    threshold: row.threshold,
    unit: row.unit,
    windowMs: row.window_ms,
    sampleSize: row.sample_size,
    baseline: row.baseline,
    explanation: { zh: row.explanation_zh, en: row.explanation_en },
    eventIds: row.event_ids,
    firstTime: timeOf(row.first_time),
    lastTime: timeOf(row.last_time),
    causedAt: timeOf(row.caused_at),
    count: row.count,
    groupKey: row.group_key,
    person: row.person,
    department: row.department,
    vendor: row.vendor,
    system: row.system,
    source: row.source,
    assetLevel: row.asset_level,
    techniques: JSON.parse(row.techniques) as Technique[],
    cites: JSON.parse(row.cites) as Citation[],
    knownGaps: JSON.parse(row.known_gaps) as Bilingual[],
  };
}

/** ms since the epoch as ClickHouse's `YYYY-MM-DD hh:mm:ss.mmm` in UTC. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').slice(0, -1);
}

/** ClickHouse's UTC time as ms since the epoch. */
export function timeOf(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}Z`);
}
