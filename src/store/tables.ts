import type { Finding } from '../finding/finding.ts';
import type { Incident } from '../finding/incident.ts';
import type { LifeEvent } from '../finding/lifecycle.ts';
import type { AuditEntry } from '../access/audit/entry.ts';
import { rowOfAudit } from './audit-rows.ts';
import { rowOfFinding } from './finding-rows.ts';
import { rowOfIncident } from './incident-rows.ts';
import { rowOfLife } from './life-rows.ts';
import { rowOfScore, type AssetUse, type KeptScore } from './posture-rows.ts';
import type { TableOf } from './table-writer.ts';

/** The tables that records of topics go into. */
export const FINDINGS: TableOf<Finding> = { table: 'findings', rowOf: rowOfFinding };
export const LIVES: TableOf<LifeEvent> = { table: 'triage', rowOf: rowOfLife };
export const INCIDENTS: TableOf<Incident> = { table: 'incidents', rowOf: rowOfIncident };
export const AUDIT: TableOf<AuditEntry> = { table: 'audit', rowOf: rowOfAudit };
/** The tables that `serve` keeps. */
export const SCORES: TableOf<KeptScore> = { table: 'posture', rowOf: rowOfScore };
export const ASSET_USES: TableOf<AssetUse> = { table: 'asset_use', rowOf: (use) => use };
