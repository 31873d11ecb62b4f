import type { Finding } from '../finding/finding.ts';
import type { Incident } from '../finding/incident.ts';
import type { LifeState } from '../finding/lifecycle.ts';
import type { GrantView, Named } from '../profile/registry-view.ts';

/** One local day of what a detector measures. */
export interface DayValue {
  /** `2026-11-24` */
  day: string;
  /** Its noon, ms since the Unix epoch. */
  at: number;
  rest: boolean;
  /** The most in one of the day's windows. */
  value: number;
}

/** From when to when somebody may or might; ms since the Unix epoch, null without an end. */
export interface Span {
  kind: 'grant' | 'contract' | 'assignment' | 'work-order';
  id: string;
  from: number | null;
  to: number | null;
}

/**
 * What a finding looks like beside the four weeks before it:
 * - `measure`: the measured quantity itself, in the finding's unit, to be compared with its expectation and threshold.
 * - `activity`: events a day, where the quantity can not be read from single events (speed, silence, skew).
 * - `validity`: events a day, and when a grant, contract or work order was in force.
 */
export interface FindingPicture {
  kind: 'measure' | 'activity' | 'validity';
  /** IANA name of the zone of the days. */
  timeZone: string;
  from: number;
  to: number;
  /** Length of the windows that values are of, ms: a whole day where the detector's is as long or longer, or none. */
  windowMs: number;
  /** Every day of the span, the last is the finding's. */
  days: readonly DayValue[];
  /** Of the days before the finding's that have any; 0 without any. */
  median: number;
  activeDays: number;
  spans: readonly Span[];
}

/** What happened on one asset (else system, else source) in a quarter of an hour. */
export interface DayCell {
  /** Place of the lane in `lanes`; -1 for all others. */
  lane: number;
  /** The quarter's first moment, ms. */
  at: number;
  events: number;
  rows: number;
  failures: number;
  /** Events of the finding among them. */
  marked: number;
}

export interface DayLane extends Named {
  kind: 'asset' | 'system' | 'source';
  events: number;
  rows: number;
}

/** All that the finding's subject did on the finding's day. */
export interface SubjectDay {
  /** Whose day it is; '' with an empty id for a finding about nobody. */
  subject: { kind: 'actor' | 'address' | 'source' | 'asset'; id: string };
  timeZone: string;
  from: number;
  to: number;
  /** Those with events of the finding first, then the busiest; at most 12. */
  lanes: readonly DayLane[];
  otherLanes: number;
  cells: readonly DayCell[];
  events: number;
  rows: number;
}

/** Who and what it is about, as the registry had it at the finding's time. */
export interface FindingParties {
  asOf: number;
  actor: (Named & { role: string; privileged: boolean }) | null;
  department: Named | null;
  vendor: (Named & { contacts: readonly string[] }) | null;
  asset:
    | (Named & {
        level: string;
        personalInformation: string;
        sharing: string;
        rows: number;
        owner: Named | null;
        supervisor: Named | null;
      })
    | null;
  system: (Named & { department: Named | null; runBy: Named | null; builtBy: Named | null }) | null;
  /**
   * Why the actor may use the asset: `own` department, `free` for all, `granted` by a grant in force, `over` for grants that
   * are all past, to come or revoked, `none` at all, `unknown` when the registry does not know the asset.
   */
  right: 'own' | 'free' | 'granted' | 'over' | 'none' | 'unknown' | 'no-asset';
  /** Grants that are for this actor. */
  grants: readonly GrantView[];
  /** Grants on the asset for others. */
  otherGrants: number;
  incidents: readonly Pick<Incident, 'id' | 'title' | 'severity' | 'lastTime'>[];
}

/** Findings of the same detector about the same actor or asset in the 90 days before. */
export interface SimilarFindings {
  days: number;
  total: number;
  open: number;
  /** How those that are closed were closed, the most frequent first, and by whom. */
  closed: readonly { disposition: string; count: number; by: readonly string[] }[];
  /** The last ones. */
  latest: readonly { finding: Finding; state: LifeState }[];
}
