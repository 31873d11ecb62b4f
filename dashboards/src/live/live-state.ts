import type {
  Changes,
  FeedFinding,
  FeedHealth,
  RatePoint,
  ScopeScore,
  SourceState,
} from '../../../src/feed/protocol.ts';
import type { Incident } from '../../../src/finding/incident.ts';

/** Findings, incidents, sources and seconds that the page keeps, also when it is open for weeks. */
const MAX_FINDINGS = 1_000;
const MAX_INCIDENTS = 200;
const MAX_SOURCES = 500;
const MAX_RATES = 600;
/** As the feed does: what is older is not in its snapshot either. */
const MAX_FINDING_AGE_MS = 24 * 3_600_000;
const MAX_INCIDENT_AGE_MS = 7 * 24 * 3_600_000;

/** All that the page shows, as the feed told it. */
export interface LiveState {
  /** '' before the first snapshot. */
  epoch: string;
  /** Number of the last change taken in. */
  n: number;
  findings: Map<string, FeedFinding>;
  incidents: Map<string, Incident>;
  sources: Map<string, SourceState>;
  /** By `kind/id`; `overall/` is the score of the platform. */
  posture: Map<string, ScopeScore>;
  rates: RatePoint[];
  health: FeedHealth | undefined;
  /** Findings that came as news rather than with a snapshot: the page marks them. */
  news: Set<string>;
}

export function emptyState(): LiveState {
  return {
    epoch: '',
    n: 0,
    findings: new Map(),
    incidents: new Map(),
    sources: new Map(),
    posture: new Map(),
    rates: [],
    health: undefined,
    news: new Set(),
  };
}

/**
 * Takes a message in. @returns false when it does not continue where the state stands: something was missed, and the
 * connection has to be made anew from `n`.
 */
export function take(state: LiveState, message: Changes): boolean {
  if (message.type === 'snapshot') Object.assign(state, emptyState(), { epoch: message.epoch });
  else if (message.epoch !== state.epoch || message.after !== state.n) return false;
  for (const finding of message.findings) takeFinding(state, finding, message.type === 'batch');
  for (const incident of message.incidents ?? []) takeIncident(state, incident);
  for (const source of message.sources) state.sources.set(source.source, source);
  for (const score of message.posture ?? []) takeScore(state, score);
  state.rates = [...state.rates, ...message.rates].slice(-MAX_RATES);
  state.health = message.health ?? state.health;
  state.n = message.n;
  forget(state, message.now);
  return true;
}

/** The last changed first. */
export function latestIncidents(state: LiveState): Incident[] {
  return [...state.incidents.values()].sort((a, b) => b.causedAt - a.causedAt || (a.id < b.id ? 1 : -1));
}

/** Newest first. */
export function newestFirst(state: LiveState): FeedFinding[] {
  return [...state.findings.values()].sort((a, b) => b.raisedAt - a.raisedAt || (a.id < b.id ? 1 : -1));
}

function takeFinding(state: LiveState, finding: FeedFinding, isNews: boolean): void {
  const known = state.findings.get(finding.id);
  // The same revision again carries what people have done with it.
  if (known && known.revision > finding.revision) return;
  state.findings.set(finding.id, finding);
  if (isNews && (!known || known.raisedAt !== finding.raisedAt)) state.news.add(finding.id);
}

function takeScore(state: LiveState, score: ScopeScore): void {
  const key = `${score.kind}/${score.id}`;
  if (score.ended) state.posture.delete(key);
  else state.posture.set(key, score);
}

function takeIncident(state: LiveState, incident: Incident): void {
  const known = state.incidents.get(incident.id);
  if (!known || known.revision < incident.revision) state.incidents.set(incident.id, incident);
}

function forget(state: LiveState, now: number): void {
  for (const { id, causedAt } of state.incidents.values())
    if (causedAt < now - MAX_INCIDENT_AGE_MS) state.incidents.delete(id);
  for (const { id, causedAt } of state.findings.values())
    if (causedAt < now - MAX_FINDING_AGE_MS) forgetFinding(state, id);
  if (state.incidents.size > MAX_INCIDENTS)
    for (const { id } of latestIncidents(state).slice(MAX_INCIDENTS)) state.incidents.delete(id);
  if (state.findings.size > MAX_FINDINGS)
    for (const { id } of newestFirst(state).slice(MAX_FINDINGS)) forgetFinding(state, id);
  if (state.sources.size > MAX_SOURCES)
    for (const { source } of lastSeenFirst(state).slice(MAX_SOURCES)) state.sources.delete(source);
}

function forgetFinding(state: LiveState, id: string): void {
  state.findings.delete(id);
  state.news.delete(id);
}

function lastSeenFirst(state: LiveState): SourceState[] {
  return [...state.sources.values()].sort((a, b) => b.lastSeenAt - a.lastSeenAt);
}
