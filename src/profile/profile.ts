import type { Finding } from '../finding/finding.ts';
import type { LifeState } from '../finding/lifecycle.ts';
import type { HourCell, SubjectKind, UsedBy } from '../store/profile-queries.ts';
import type { Facts } from './facts.ts';
import type { NamedUse } from './five-questions.ts';
import type { Named } from './registry-view.ts';

/** Who or what it is. */
export interface Profile extends Named {
  kind: SubjectKind;
  /** ms since the Unix epoch. */
  asOf: number;
  /** IANA name of the zone that the subject works in. */
  timeZone: string;
  /** Null when the registry does not know it. */
  facts: Facts | null;
}

export interface Activity {
  from: number;
  to: number;
  timeZone: string;
  /** Every day of the span in that zone, also those without events. */
  days: readonly { day: string; rest: boolean }[];
  cells: readonly HourCell[];
  events: number;
  rows: number;
  /** Event times within the last 90 days; null when there was nothing. */
  seen: { first: number; last: number } | null;
  seenWithinDays: number;
  /** With the most rows first. */
  top: Readonly<Partial<Record<UsedBy, readonly NamedUse[]>>>;
}

export interface StatedFinding {
  finding: Finding;
  state: LifeState;
}

export interface VendorLine extends Named {
  score: number;
  /** A week ago. */
  before: number;
  /** Daily, over 30 days. */
  trend: readonly number[];
  findings: number;
  gaps: number;
  contracts: number;
  /** End of the last contract that is in force, ms; null without one. */
  contractEnd: number | null;
}
