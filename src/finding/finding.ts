import type { AssetLevel } from '../event/event.ts';

export type Severity = 'low' | 'medium' | 'high' | 'critical';

/** A text in both languages of the product. */
export interface Bilingual {
  zh: string;
  en: string;
}

/** A law, regulation or standard, with the version that the number belongs to. */
export interface Citation {
  law: string;
  article: string;
  /** Version or date in force: `2021-09-01`, `GB/T 22239-2019`, … */
  version: string;
}

/** MITRE ATT&CK technique with the version of the matrix. */
export interface Technique {
  id: string;
  name: string;
  version: string;
}

/** What one detector says at one event: the raw signal, before grouping. Plain data, deterministic. */
export interface Signal {
  /** 0–100, already weighted (see DETECTORS.md: base × level weight × vendor factor, at most 100). */
  score: number;
  /** Who or what it is about; '' where it does not apply. */
  actor: string;
  asset: string;
  clientAddress: string;
  /** The numbers behind it, all in `unit`. */
  observed: number;
  expected: number;
  threshold: number;
  unit: string;
  windowMs: number;
  /** Observations that the expectation rests on; 0 when there is no baseline. */
  sampleSize: number;
  baseline: 'self' | 'peer' | 'cap' | 'none';
  /** One sentence each, built from the values above. */
  explanation: Bilingual;
  /** Ids of the events that contributed most, at most 20, the causing one last. */
  eventIds: readonly string[];
  /** Overrides the default group key `(detector, actor, asset, local day)`. */
  groupKey?: string;
}

/** A grouped signal as stored and shown. Each change is a new revision of the same id. */
export interface Finding extends Signal {
  /** Version-5 UUID of (detector, group key): the same input gives the same id. */
  id: string;
  /** 1 when raised; each later signal of the group adds one. */
  revision: number;
  /** Whether this revision is to be told to people: the first, +15 score, or a higher asset level. */
  alert: boolean;
  /** Id of the suppression that kept people from being told of this revision. */
  suppression?: string;
  detector: string;
  title: Bilingual;
  severity: Severity;
  /** Event time of the first and of the last causing event, ms. */
  firstTime: number;
  lastTime: number;
  /** Ingest time of the event that caused this revision, ms: from it latency is measured. */
  causedAt: number;
  /** Signals in the group so far. */
  count: number;
  groupKey: string;
  person: string;
  department: string;
  vendor: string;
  system: string;
  source: string;
  assetLevel: AssetLevel;
  techniques: readonly Technique[];
  cites: readonly Citation[];
  knownGaps: readonly Bilingual[];
}

/** ≥ 85 critical, ≥ 65 high, ≥ 40 medium, else low. */
export function severityOf(score: number): Severity {
  if (score >= 85) return 'critical';
  if (score >= 65) return 'high';
  return score >= 40 ? 'medium' : 'low';
}
