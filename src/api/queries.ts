import type { Event, Outcome } from '../event/event.ts';
import type { Incident } from '../finding/incident.ts';
import type { Finding, Severity } from '../finding/finding.ts';

/** What the routes ask of the store; src/store/queries.ts answers. */
export interface Queries {
  searchEvents(search: EventSearch): Promise<EventPage>;
  /** In any order; ids that are unknown are left out. */
  eventsById(ids: readonly string[]): Promise<readonly Event[]>;
  /** The latest revision. */
  findingById(id: string): Promise<Finding | undefined>;
  /** By which detectors they were found, each once. */
  detectorsOf(findings: readonly string[]): Promise<readonly string[]>;
  /** All revisions that are kept, oldest first. */
  findingRevisions(id: string): Promise<readonly Finding[]>;
  latestIncidents(search: IncidentSearch): Promise<IncidentPage>;
  /** All revisions, oldest first. */
  incidentRevisions(id: string): Promise<readonly Incident[]>;
}

export interface EventSearch {
  /** Event time, ms since the Unix epoch: from ≤ time < to. */
  from: number;
  to: number;
  /** Found in message or raw, as it is. */
  text?: string;
  source?: string;
  account?: string;
  asset?: string;
  outcome?: Exclude<Outcome, ''>;
  limit: number;
  /** `next` of the page before. */
  cursor?: string;
}

/** Newest first. `next` is '' on the last page. */
export interface EventPage {
  events: readonly Event[];
  next: string;
}

export interface IncidentSearch {
  limit: number;
  severity?: Severity;
  correlation?: string;
  vendor?: string;
  /** `next` of the page before. */
  before?: string;
}

/** The latest revision of each, last changed first. `next` is '' on the last page. */
export interface IncidentPage {
  incidents: readonly Incident[];
  next: string;
}
