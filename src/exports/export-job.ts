import type { AuditOutcome } from '../access/audit/entry.ts';
import type { FindingFilter } from '../finding/finding-filter.ts';
import type { EventFilter } from '../hunting/event-filter.ts';
import type { Scope } from '../scope/scope.ts';

export const EXPORT_FORMATS = ['csv', 'xlsx', 'ndjson', 'parquet'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Records that can be exported. `sharing` is the ledger of what was passed on to whom. */
export const RECORD_KINDS = ['events', 'findings', 'audit', 'sharing'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/** What can be exported: records, or the result of a query in SQL. */
export const EXPORT_KINDS = [...RECORD_KINDS, 'sql'] as const;
export type ExportKind = (typeof EXPORT_KINDS)[number];

/** Which records, ms since the Unix epoch: from ≤ time < to. */
export type RecordQuery =
  | { of: 'events'; filter: EventFilter }
  | { of: 'findings'; filter: FindingFilter; asOf: number }
  | { of: 'audit'; search: AuditRange; asOf: number }
  | { of: 'sharing'; range: SharingRange; asOf: number };

/** As it was asked; it is checked again before it runs. */
export interface SqlQuery {
  of: 'sql';
  sql: string;
  parameters: Readonly<Record<string, unknown>>;
}

export type ExportQuery = RecordQuery | SqlQuery;

export interface AuditRange {
  from: number;
  to: number;
  account?: string | undefined;
  action?: string | undefined;
  outcome?: AuditOutcome | undefined;
}

export interface SharingRange {
  from: number;
  to: number;
  asset?: string | undefined;
  recipient?: string | undefined;
}

/** What a person asks for. */
export interface ExportWish {
  query: ExportQuery;
  /** The query in the person's words, for the manifest and for others who look. */
  asked: Readonly<Record<string, unknown>>;
  format: ExportFormat;
  /** Of the columns of the kind of records; all when absent. NDJSON always has whole records. */
  columns?: readonly string[] | undefined;
  /** IANA name of the zone in which times are written. */
  zone: string;
  /** CSV begins with a byte order mark. */
  bom: boolean;
}

/**
 * Why an export has no file: the store went away; the volume or the quota is full; the query was refused by the store; the audit
 * trail could not be written; it needed more memory than it may have; its process was ended from outside; it was begun too
 * often; anything else.
 */
export type ExportFailure =
  'store-away' | 'disk-full' | 'quota' | 'refused' | 'audit-away' | 'out-of-memory' | 'killed' | 'restarted' | 'fault';

export type ExportState = 'queued' | 'running' | 'done' | 'cancelled' | 'failed' | 'expired';

export interface ExportResult {
  /** For whoever saves it. */
  name: string;
  rows: number;
  bytes: number;
  /** SHA-256 of the file, hexadecimal. */
  sha256: string;
  /** Of the rows in any order (rows-digest.ts). */
  rowsDigest: string;
  /** Cells that were cut because the format holds no longer ones. */
  cut: number;
}

/** An export that somebody asked for. Times are ms since the Unix epoch. */
export interface ExportJob extends ExportWish {
  id: string;
  by: string;
  scope: Scope | null;
  at: number;
  state: ExportState;
  /** How often it was begun: a restart of the program begins it again. */
  attempts: number;
  estimate: ExportEstimate;
  startedAt?: number;
  endedAt?: number;
  /** When its file is deleted. */
  expiresAt?: number;
  failure?: { reason: ExportFailure; message: string };
  result?: ExportResult;
}

/** Null where it can not be known before it is made: of a query in SQL. */
export interface ExportEstimate {
  rows: number | null;
  bytes: number | null;
  ms: number | null;
}

/** While it runs. */
export interface ExportProgress {
  rows: number;
  bytes: number;
}

/** A job as people see it. */
export type ExportView = Omit<ExportJob, 'query' | 'scope' | 'attempts'> & {
  of: ExportKind;
  /** Place in the queue from 1 on; 0 when it does not wait. */
  place: number;
  progress: ExportProgress | null;
};

export function hasEnded({ state }: ExportJob): boolean {
  return state !== 'queued' && state !== 'running';
}
