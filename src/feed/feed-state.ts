import type { Bilingual, Finding } from '../finding/finding.ts';
import type { Incident } from '../finding/incident.ts';
import type { LifeEvent } from '../finding/lifecycle.ts';
import { CurrentFindings } from './current-findings.ts';
import { CurrentIncidents } from './current-incidents.ts';
import { CurrentHealth } from './current-health.ts';
import { CurrentPosture } from './current-posture.ts';
import { CurrentSources } from './current-sources.ts';
import type { Changes, FeedFinding, FeedHealth, RatePoint, ScopeScore, SourceState } from './protocol.ts';
import type { Pulse } from './pulse.ts';
import { EVERYTHING, type FeedFilter, type Subscription } from './subscription.ts';

/** Ten minutes of seconds. */
const MAX_RATES = 600;
/** A client further behind than this begins anew. */
const MAX_BEHIND = 10_000;

export interface FeedStateOptions {
  epoch: string;
  /** The registry's name of a source. */
  sourceName?: (source: string) => Bilingual | undefined;
  /** What is wrong in this program: the store or the log is away, … */
  problems?: () => readonly string[];
}

/**
 * Everything that the page shows, each thing with the number of its last change. So "what changed since n" is one question
 * with one answer, whether a client asks at every tick, comes back after a gap, or could not read for a while: no queue is
 * kept for anybody, and what is skipped is only what a newer state has replaced.
 */
export class FeedState {
  readonly epoch: string;
  readonly #findings = new CurrentFindings();
  readonly #incidents = new CurrentIncidents();
  readonly #posture = new CurrentPosture();
  readonly #sources: CurrentSources;
  readonly #health: CurrentHealth;
  readonly #rates: { point: RatePoint; n: number }[] = [];
  #raisedThisSecond = 0;
  #n = 0;
  #healthNow: FeedHealth;
  #healthN = 0;

  constructor({ epoch, sourceName = () => undefined, problems = () => [] }: FeedStateOptions) {
    this.epoch = epoch;
    this.#sources = new CurrentSources(sourceName);
    this.#health = new CurrentHealth(problems);
    this.#healthNow = this.#health.now(0, 0);
  }

  /** The number of the last change. */
  get n(): number {
    return this.#n;
  }

  /** Takes a revision of a finding. @returns false when it, or a later one, is known, or nobody is to be told of it. */
  finding(finding: Finding): boolean {
    const known = this.#findings.revisionOf(finding.id);
    if (finding.revision <= known) return false;
    // Nobody is to be told; one that people see already goes on to change.
    if (known === 0 && finding.suppression !== undefined) return false;
    if (known === 0) this.#raisedThisSecond++;
    this.#findings.put(finding, ++this.#n);
    return true;
  }

  /** Takes a finding of the past, from the store: known from now on, but not raised now. */
  recall(finding: Finding): void {
    if (finding.revision > this.#findings.revisionOf(finding.id)) this.#findings.put(finding, ++this.#n);
  }

  /** Takes an entry in a finding's history. */
  life(event: LifeEvent): void {
    if (this.#findings.life(event, this.#n + 1)) this.#n++;
  }

  /** Takes a revision of an incident. @returns false when it, or a later one, is known. */
  incident(incident: Incident): boolean {
    const isNew = this.#incidents.put(incident, this.#n + 1);
    if (isNew) this.#n++;
    return isNew;
  }

  /** Takes the scores of all scopes as they are now. */
  posture(scores: readonly ScopeScore[]): void {
    this.#posture.put(scores, () => ++this.#n);
  }

  pulse(pulse: Pulse, now: number): void {
    if (!this.#health.pulse(pulse, now)) return;
    const counts = pulse.program === 'collect';
    for (const source of pulse.sources)
      this.#sources.pulse(counts ? source : { ...source, events: 0, unparsed: 0 }, now);
  }

  /** Ends a second: one more point of the rates, and sources and health as they are now. */
  second(now: number): void {
    const { received, unparsed } = this.#health.rate(now);
    const point = { at: now, events: round(received), unparsed: round(unparsed), findings: this.#raisedThisSecond };
    this.#raisedThisSecond = 0;
    this.#rates.push({ point, n: ++this.#n });
    if (this.#rates.length > MAX_RATES) this.#rates.shift();
    this.#sources.second(now, () => ++this.#n);
    this.#findings.age(now);
    this.#incidents.age(now);
    this.#healthNow = this.#health.now(now, this.#sources.notShown);
    this.#healthN = ++this.#n;
  }

  /** All that is known now of what happened, and how the scores stand. */
  all(): {
    findings: readonly FeedFinding[];
    lives: readonly LifeEvent[];
    incidents: readonly Incident[];
    scores: readonly ScopeScore[];
  } {
    return {
      findings: this.#findings.all(),
      lives: this.#findings.lives(),
      incidents: this.#incidents.since(0),
      scores: this.#posture.since(undefined),
    };
  }

  sources(): SourceState[] {
    return this.#sources.since(0);
  }

  health(): FeedHealth {
    return this.#healthNow;
  }

  /** The epoch as clients of the subscription know it: with another one they begin anew, as what they have is another list. */
  epochOf({ key }: Subscription): string {
    return key === '' ? this.epoch : `${this.epoch}.${key}`;
  }

  /** Whether a client that stands at `after` of `epoch` can go on from there. */
  continues(epoch: string, after: number, subscription: Subscription = EVERYTHING): boolean {
    const isNear = after <= this.#n && after >= this.#n - MAX_BEHIND;
    return epoch === this.epochOf(subscription) && isNear && this.reachesBackTo(after);
  }

  /** Whether all that changed after that number is still known; who stands before it needs a snapshot. */
  reachesBackTo(after: number): boolean {
    return after >= this.#findings.reachesBackTo;
  }

  /** What changed after that number, of what is subscribed; all of it, as a snapshot, when the number is undefined. */
  changes(after: number | undefined, now: number, subscription: Subscription = EVERYTHING): Changes {
    const { topics, filter } = subscription;
    const from = after ?? 0;
    const incidents = topics.has('incidents') ? this.#incidents.since(from, filter) : [];
    const posture = topics.has('posture') ? this.#posture.since(after, filter) : [];
    const gone = after === undefined ? [] : this.#gone(after, subscription);
    const hasHealth = topics.has('health') && (after === undefined || this.#healthN > from);
    return {
      type: after === undefined ? 'snapshot' : 'batch',
      epoch: this.epochOf(subscription),
      after: from,
      n: this.#n,
      now,
      findings: topics.has('findings') ? this.#findingsAfter(after, filter) : [],
      ...(incidents.length === 0 ? {} : { incidents }),
      ...(gone.length === 0 ? {} : { gone }),
      rates: topics.has('rates') ? this.#rates.filter(({ n }) => n > from).map(({ point }) => point) : [],
      sources: topics.has('sources') ? this.#sources.since(from) : [],
      ...(posture.length === 0 ? {} : { posture }),
      ...(hasHealth ? { health: this.#healthNow } : {}),
    };
  }

  #findingsAfter(after: number | undefined, filter: FeedFilter): FeedFinding[] {
    return after === undefined ? this.#findings.all(filter) : this.#findings.since(after, filter);
  }

  #gone(after: number, { topics, filter }: Subscription): string[] {
    if (Object.keys(filter).length === 0) return [];
    return [
      ...(topics.has('findings') ? this.#findings.gone(after, filter) : []),
      ...(topics.has('incidents') ? this.#incidents.gone(after, filter) : []),
    ];
  }
}

function round(perSecond: number): number {
  return Math.round(perSecond * 10) / 10;
}
