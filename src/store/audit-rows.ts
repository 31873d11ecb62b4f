import type { AuditEntry } from '../access/audit/entry.ts';
import { timeOf, timeText } from './finding-rows.ts';

/** A row of the table `audit`; times as ClickHouse writes them. */
export type AuditRow = Omit<AuditEntry, 'at' | 'recordedAt'> & { at: string; recorded_at: string };

export function rowOfAudit({ at, recordedAt, ...same }: AuditEntry): AuditRow {
  return { ...same, at: timeText(at), recorded_at: timeText(recordedAt) };
}

export function auditOfRow({ at, recorded_at, ...same }: AuditRow): AuditEntry {
  return { ...same, at: timeOf(at), recordedAt: timeOf(recorded_at) };
}
