import { z } from 'zod';
import type { Bilingual, Finding } from '../finding/finding.ts';
import type { Incident } from '../finding/incident.ts';
import type { LifeState } from '../finding/lifecycle.ts';
import type { CollectorPulse, ParkedDetector, SenderIdentity, Totals } from './pulse.ts';

/** What goes over the live feed; README.md in this folder tells it as a story. Raised when a client has to change. */
export const PROTOCOL = 1;

/** A rate, source and health come once a second; a client that hears nothing for a few of these has lost the feed. */
export const BEAT_MS = 1_000;

/** Where a returning client stopped, as the query of `/feed?epoch=…&after=…`. */
export const resumeSchema = z.object({
  epoch: z.string().max(64),
  after: z.coerce.number().int().min(0),
});

export type FeedMessage = Hello | Changes;

/** The first message on every connection. */
export interface Hello {
  type: 'hello';
  protocol: typeof PROTOCOL;
  /** Of this start of the feed and this subscription: numbers of different epochs have nothing to do with each other. */
  epoch: string;
  /** The server's clock, ms since the Unix epoch. */
  now: number;
  beatMs: number;
}

/**
 * `snapshot`: everything as it is; forget what was known. `batch`: what changed in (after, n]; the latest state of each
 * thing that changed, so a client that was away gets one of these too.
 */
export interface Changes {
  type: 'snapshot' | 'batch';
  epoch: string;
  /** The number of the change that this continues from; a client that stands elsewhere has a gap and comes again. */
  after: number;
  /** The number of the last change in here. */
  n: number;
  now: number;
  /** In order of change, the latest revision of each; this and the other lists are empty when not subscribed. */
  findings: readonly FeedFinding[];
  /** In order of change, the latest revision of each; absent when none has changed. */
  incidents?: readonly Incident[];
  /** Ids of findings and incidents that no longer fit the subscription's filter: forget them. Absent when there are none. */
  gone?: readonly string[];
  /** In order of time. */
  rates: readonly RatePoint[];
  sources: readonly SourceState[];
  /** Scores that changed; absent when none has. */
  posture?: readonly ScopeScore[];
  /** Absent when it has not changed. */
  health?: FeedHealth;
}

export interface FeedFinding extends Finding {
  /** When it was raised, or raised again by an alerting revision, ms: the order of the page. */
  raisedAt: number;
  /** What people have done with it; absent while nobody has. */
  life?: LifeState;
}

/** One second. */
export interface RatePoint {
  /** Its end, ms since the Unix epoch. */
  at: number;
  /** Events received per second. */
  events: number;
  /** Of them, events per second that could not be parsed. */
  unparsed: number;
  /** Findings raised in it. */
  findings: number;
}

export interface SourceState {
  source: string;
  /** '' in both where the registry does not know it. */
  name: Bilingual;
  /** Events per second, averaged over some seconds. */
  rate: number;
  /** Events, and those not parsed, since the feed's start. */
  events: number;
  unparsed: number;
  lastEventTime: number;
  /** When a pulse last had events of it. */
  lastSeenAt: number;
  lagMs: number;
  problem: SourceProblem;
  /** The least sure way in which its sender was known; network and claimed are not authenticated. Absent while unknown. */
  identity?: SenderIdentity;
}

/** silent: nothing for 5 min; lagging: events arrive 10 min late or later; unparsed: over 5 % can not be read. */
export type SourceProblem = '' | 'silent' | 'lagging' | 'unparsed';

/** The score of the platform or of a part of it: 100 is calm. */
export interface ScopeScore {
  kind: 'overall' | 'department' | 'system' | 'level' | 'vendor';
  /** Of the department, system, level or vendor; '' for overall. */
  id: string;
  name: Bilingual;
  /** To a tenth, as it was at `at`, ms since the Unix epoch. */
  score: number;
  at: number;
  /** How far it can be trusted, 0–100. */
  trust: number;
  /** The score a day before; null when nothing is kept of then. */
  dayBefore: number | null;
  /** The registry no longer knows whose score it was: forget it. */
  ended?: true;
}

export interface FeedHealth {
  /** starting: no program has spoken yet; stale: all are silent; degraded: something is wrong. */
  state: 'ok' | 'degraded' | 'stale' | 'starting';
  programs: readonly ProgramState[];
  collectors: readonly CollectorPulse[];
  parked: readonly ParkedDetector[];
  problems: readonly string[];
  totals: Totals;
  watermark: number;
  /** Sources beyond those that the feed carries. */
  sourcesNotShown: number;
}

export interface ProgramState {
  program: string;
  instance: string;
  /** When its last pulse arrived, ms since the Unix epoch. */
  lastPulseAt: number;
  silent: boolean;
}
