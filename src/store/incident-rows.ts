import type { AssetLevel } from '../event/event.ts';
import type { Severity } from '../finding/finding.ts';
import type { Incident, IncidentStep } from '../finding/incident.ts';
import { timeOf, timeText } from './finding-rows.ts';

/** A row of the table `incidents`. */
export interface IncidentRow {
  id: string;
  revision: number;
  alert: boolean;
  correlation: string;
  title_zh: string;
  title_en: string;
  explanation_zh: string;
  explanation_en: string;
  severity: Severity;
  score: number;
  link: string;
  linked_by: string;
  actor: string;
  department: string;
  vendor: string;
  asset: string;
  system: string;
  asset_level: AssetLevel;
  first_time: string;
  last_time: string;
  caused_at: string;
  findings: readonly string[];
  steps: string;
}

export function rowOfIncident(incident: Incident): IncidentRow {
  const { title, explanation, linkedBy, assetLevel, firstTime, lastTime, causedAt, steps, ...same } = incident;
  return {
    ...same,
    title_zh: title.zh,
    title_en: title.en,
    explanation_zh: explanation.zh,
    explanation_en: explanation.en,
    linked_by: linkedBy,
    asset_level: assetLevel,
    first_time: timeText(firstTime),
    last_time: timeText(lastTime),
    caused_at: timeText(causedAt),
    findings: steps.map(({ finding }) => finding),
    steps: JSON.stringify(steps),
  };
}

export function incidentOfRow(row: IncidentRow): Incident {
  return {
    id: row.id,
    revision: row.revision,
    alert: row.alert,
    correlation: row.correlation,
    title: { zh: row.title_zh, en: row.title_en },
    explanation: { zh: row.explanation_zh, en: row.explanation_en },
    severity: row.severity,
    score: row.score,
    link: row.link,
    linkedBy: row.linked_by,
    actor: row.actor,
    department: row.department,
    vendor: row.vendor,
    asset: row.asset,
    system: row.system,
    assetLevel: row.asset_level,
    firstTime: timeOf(row.first_time),
    lastTime: timeOf(row.last_time),
    causedAt: timeOf(row.caused_at),
    steps: JSON.parse(row.steps) as IncidentStep[],
  };
}
