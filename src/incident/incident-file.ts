import type { Finding } from '../finding/finding.ts';
import type { Incident } from '../finding/incident.ts';
import type { LifeEvent, LifeState, LifeStatus } from '../finding/lifecycle.ts';
import type { ReportClock, ReportEntry, StatedField } from './report-entry.ts';
import type { ReportFieldName } from './report-fields.ts';

/** A log line behind an incident, as it was received. */
export interface EvidenceEvent {
  id: string;
  /** Claimed event time, and when a collector took it; ms since the Unix epoch. */
  time: number;
  ingestTime: number;
  source: string;
  raw: string;
  /** Of the UTF-8 bytes of `raw`, hexadecimal. */
  sha256: string;
  /** The findings that name it. */
  findings: readonly string[];
}

/** What an incident rests on. */
export interface Evidence {
  findings: readonly Finding[];
  /** Revisions that are kept of each finding, by its id. */
  revisions: Readonly<Record<string, number>>;
  /** In order of time. */
  events: readonly EvidenceEvent[];
  /** Ids that findings name and the store does not have: not there yet, or older than it keeps. */
  missing: readonly string[];
}

/** How each finding of an incident stands, and what people decided, in order of time. */
export interface IncidentDecisions {
  /** `closed` when all findings are; `acknowledged` when somebody has taken up any. */
  status: LifeStatus;
  states: Readonly<Record<string, LifeState>>;
  events: readonly LifeEvent[];
}

/** The report of an incident as far as it is. */
export interface ReportState {
  clock: ReportClock;
  fields: readonly StatedField[];
  lacking: { first: readonly (ReportFieldName | 'level')[]; later: readonly ReportFieldName[] };
  entries: readonly ReportEntry[];
}

/** All of an incident, as it is exported. */
export interface IncidentFile {
  /** IANA name of the zone in which it is told. */
  timeZone: string;
  incident: Incident;
  evidence: Evidence;
  decisions: IncidentDecisions;
  report: ReportState;
}
