import type { AssetLevel } from '../event/event.ts';
import type { Bilingual, Finding, Severity } from './finding.ts';

/** What the correlator needs of a finding; an incident keeps it of each of its steps. */
export interface IncidentStep {
  finding: string;
  /** Revision of the finding that is told here. */
  revision: number;
  detector: string;
  title: Bilingual;
  explanation: Bilingual;
  score: number;
  assetLevel: AssetLevel;
  actor: string;
  person: string;
  department: string;
  vendor: string;
  asset: string;
  system: string;
  source: string;
  clientAddress: string;
  /** Event times, ms. */
  firstTime: number;
  lastTime: number;
  /** Ingest time of the event that caused the revision, ms. */
  causedAt: number;
}

/** Several findings of different detectors that together tell one story. Each change is a new revision of the same id. */
export interface Incident {
  /** Version-5 UUID of (correlation, first finding's id). */
  id: string;
  revision: number;
  /** Whether this revision is to be told to people: the first, +15 score, or a higher asset level. */
  alert: boolean;
  correlation: string;
  title: Bilingual;
  /** One sentence each, naming the steps. */
  explanation: Bilingual;
  severity: Severity;
  /** 100 · (1 − Π(1 − sᵢ/100)) over the findings. */
  score: number;
  /** By what the steps belong together, and the common value: `actor`, `vendor`, `asset`, `system` or `network`. */
  link: string;
  linkedBy: string;
  actor: string;
  department: string;
  vendor: string;
  asset: string;
  system: string;
  assetLevel: AssetLevel;
  firstTime: number;
  lastTime: number;
  /** Ingest time of the event that caused this revision, ms. */
  causedAt: number;
  /** In order of time. */
  steps: readonly IncidentStep[];
}

export function stepOf(f: Finding): IncidentStep {
  return {
    finding: f.id,
    revision: f.revision,
    detector: f.detector,
    title: f.title,
    explanation: f.explanation,
    score: f.score,
    assetLevel: f.assetLevel,
    actor: f.actor,
    person: f.person,
    department: f.department,
    vendor: f.vendor,
    asset: f.asset,
    system: f.system,
    source: f.source,
    clientAddress: f.clientAddress,
    firstTime: f.firstTime,
    lastTime: f.lastTime,
    causedAt: f.causedAt,
  };
}

/** 100 · (1 − Π(1 − sᵢ/100)), to a hundredth. */
export function jointScore(scores: readonly number[]): number {
  const none = scores.reduce((product, score) => product * (1 - Math.min(100, score) / 100), 1);
  return Math.round((1 - none) * 10_000) / 100;
}
