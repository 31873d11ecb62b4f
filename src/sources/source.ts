import type { Bilingual, Severity } from '../finding/finding.ts';
import type { SourceKind, SourceStep, UnparsedReason } from '../store/source-queries.ts';
import type { Gap } from './gaps.ts';

/** An entry of the registry by id; the name is the id when the registry has none. */
export interface Named {
  id: string;
  name: Bilingual;
}

/** unheard: registered, and nothing of it has come for 30 days. */
export type SourceState = '' | 'unheard' | 'silent' | 'lagging' | 'unparsed';

/** A source as the list shows it. Times are ms since the Unix epoch, 0 for never; counts are of the last 24 hours, lag of the last hour with events. */
export interface SourceLine extends Named {
  registered: boolean;
  /** By the registry; null when it states none. */
  system: Named | null;
  department: Named | null;
  /** Who runs the system, or else who built it. */
  vendor: Named | null;
  /** Formats that were recognized; the registered one when nothing has come. */
  formats: readonly string[];
  /** Whether what came proved who sent it: by token or client certificate. */
  proof: '' | 'all' | 'some' | 'none';
  problem: SourceState;
  /** Events a second, now. */
  rate: number;
  lastSeenAt: number;
  lastEventTime: number;
  /** Events in each of the last 24 hours, oldest first. */
  hours: readonly number[];
  events: number;
  unparsed: number;
  /** ms; null without an event. */
  lagP50: number | null;
  lagP99: number | null;
}

/** What no registered source covers. */
export interface Hole extends Named {
  kind: 'system' | 'asset';
  /** Of the system, or the owner of the asset. */
  department: Named | null;
  /** Of an asset; '' for a system. */
  level: string;
  /** Sources that nobody has registered for it and that sent events about it within 24 hours. */
  heard: readonly string[];
}

export interface Coverage {
  at: number;
  sources: readonly SourceLine[];
  holes: readonly Hole[];
  /** In force now; how many of each a registered source covers. */
  systems: { all: number; covered: number };
  assets: { all: number; covered: number };
}

export const SPANS = ['day', 'week', 'quarter'] as const;
export type Span = (typeof SPANS)[number];

/** A source by itself. */
export interface SourceDetail {
  at: number;
  line: SourceLine;
  /** As the registry has it; null when it does not know the source. */
  entry: {
    timeZone: string;
    encoding: string;
    addresses: readonly string[];
    certificateSubject: string;
    expectedEventsPerDay: number;
    silenceLimitMs: number;
    keepDataSubjects: boolean;
  } | null;
  span: Span;
  from: number;
  to: number;
  stepMs: number;
  steps: readonly SourceStep[];
  gaps: readonly (Gap & { finding: string })[];
  gapLimitMs: number;
  /** Days that the lists below look back. */
  days: number;
  unparsed: readonly UnparsedReason[];
  kinds: readonly SourceKind[];
  /** Detectors that look at events such as its latest, and at how many of them. */
  watchers: readonly { detector: string; title: Bilingual; events: number }[];
  sampled: number;
  /** About the source itself: silence, lag, clock, order. */
  findings: readonly SourceFinding[];
  /** The last hour, minute by minute, the newest first; `received` is null where it was not counted. */
  ledger: readonly { at: number; received: number | null; refused: number; stored: number; unparsed: number }[];
  /** From when on `received` is counted; 0 for not at all. */
  countedSince: number;
}

export interface SourceFinding {
  id: string;
  detector: string;
  title: Bilingual;
  explanation: Bilingual;
  severity: Severity;
  firstTime: number;
  lastTime: number;
}
