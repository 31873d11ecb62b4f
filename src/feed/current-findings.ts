import type { Finding } from '../finding/finding.ts';
import { BY_DETECTION, stateOf, type LifeEvent } from '../finding/lifecycle.ts';
import { FacetHistory, facetsOfFinding, fits } from './facets.ts';
import type { FeedFinding } from './protocol.ts';
import type { FeedFilter } from './subscription.ts';

const MAX_FINDINGS = 500;
const MAX_AGE_MS = 24 * 3_600_000;
/** Revisions remembered of findings that have left, so that a repeated delivery does not bring them back. */
const MAX_LEFT = 10_000;
/** Findings kept on that have given way to others, for clients which have not had them yet. */
const MAX_LATE = 5_000;
/** Findings whose history is known, also before the finding itself has come. */
const MAX_LIVES = 2_000;

interface Kept {
  finding: FeedFinding;
  /** Number of its last change. */
  n: number;
  facets: FacetHistory;
}

/** The findings that the page begins with: the latest revision of each of the last 24 hours, at most 500. */
export class CurrentFindings {
  /** In order of change. */
  readonly #kept = new Map<string, Kept>();
  readonly #left = new Map<string, number>();
  /** In order of giving way. No snapshot has them, batches do. */
  readonly #late = new Map<string, Kept>();
  /** The highest number of change among them, and among those that were let go from there. */
  #lateN = 0;
  #lostN = 0;
  readonly #lives = new Map<string, Map<string, LifeEvent>>();

  /** The revision that is known of a finding; 0 for none. */
  revisionOf(id: string): number {
    return this.#kept.get(id)?.finding.revision ?? this.#left.get(id) ?? 0;
  }

  /** Takes a revision under the number of its change. Only for revisions above the known one. */
  put(finding: Finding, n: number): void {
    const before = this.#kept.get(finding.id) ?? this.#late.get(finding.id);
    const raisedAt = before && !finding.alert ? before.finding.raisedAt : finding.causedAt;
    this.#kept.delete(finding.id);
    this.#keep(this.#withLife({ ...finding, raisedAt }), n, before?.facets);
    this.#left.delete(finding.id);
    this.#late.delete(finding.id);
    if (this.#kept.size > MAX_FINDINGS) this.#giveWay(this.#leastMissed());
  }

  /** Takes an entry in a finding's history under the number of its change. @returns whether anything is to be shown of it. */
  life(event: LifeEvent, n: number): boolean {
    const known = this.#lives.get(event.finding) ?? new Map<string, LifeEvent>();
    if (known.has(event.id)) return false;
    known.set(event.id, event);
    this.#lives.delete(event.finding);
    this.#lives.set(event.finding, known);
    if (this.#lives.size > MAX_LIVES) this.#lives.delete(this.#lives.keys().next().value!);
    const kept = this.#kept.get(event.finding);
    if (kept === undefined) return false;
    const before = JSON.stringify(kept.finding.life);
    const finding = this.#withLife(kept.finding);
    if (JSON.stringify(finding.life) === before) return false;
    this.#keep(finding, n, kept.facets);
    return true;
  }

  /** Lets go of those whose last cause is a day old. */
  age(now: number): void {
    for (const [id, { finding }] of this.#kept) if (finding.causedAt < now - MAX_AGE_MS) this.#leave(id);
  }

  /** Below this number, what changed since is not known any more as a whole. */
  get reachesBackTo(): number {
    return this.#lostN;
  }

  /** All that a new client begins with. */
  all(filter: FeedFilter = {}): FeedFinding[] {
    return [...this.#kept.values()].filter(({ facets }) => fits(facets.now, filter)).map(({ finding }) => finding);
  }

  /** The entries that are known in the histories of those that are kept. */
  lives(): LifeEvent[] {
    return [...this.#kept.keys()].flatMap((id) => [...(this.#lives.get(id)?.values() ?? [])]);
  }

  /** What changed after that number, in order of change. */
  since(after: number, filter: FeedFilter = {}): FeedFinding[] {
    return this.#changed(after)
      .filter(({ facets }) => fits(facets.now, filter))
      .map(({ finding }) => finding);
  }

  /** Ids of those that a client with this filter, which stands at `after`, may have and that no longer fit. */
  gone(after: number, filter: FeedFilter): string[] {
    return this.#changed(after)
      .filter(({ facets }) => !fits(facets.now, filter) && facets.mayBeAt(after, filter))
      .map(({ finding }) => finding.id);
  }

  #changed(after: number): Kept[] {
    const changed = [...this.#kept.values()].filter(({ n }) => n > after);
    if (after >= this.#lateN) return changed;
    const late = [...this.#late.values()].filter(({ n }) => n > after);
    return [...late, ...changed].sort((a, b) => a.n - b.n);
  }

  /** The longest unchanged one that is neither high nor critical, else the longest unchanged. */
  #leastMissed(): string {
    for (const [id, { finding }] of this.#kept)
      if (finding.severity === 'low' || finding.severity === 'medium') return id;
    return this.#kept.keys().next().value!;
  }

  #keep(finding: FeedFinding, n: number, facets: FacetHistory | undefined): void {
    const now = facetsOfFinding(finding);
    const history = facets ?? new FacetHistory(now, n, this.#left.has(finding.id));
    history.change(now, n);
    this.#kept.set(finding.id, { finding, n, facets: history });
  }

  #withLife(finding: FeedFinding): FeedFinding {
    const events = [...(this.#lives.get(finding.id)?.values() ?? [])];
    if (events.every(({ by }) => by === BY_DETECTION)) return finding;
    return { ...finding, life: stateOf(events) };
  }

  #giveWay(id: string): void {
    const kept = this.#kept.get(id)!;
    this.#leave(id);
    this.#late.set(id, kept);
    this.#lateN = Math.max(this.#lateN, kept.n);
    if (this.#late.size <= MAX_LATE) return;
    const [oldest, { n }] = this.#late.entries().next().value!;
    this.#late.delete(oldest);
    this.#lostN = Math.max(this.#lostN, n);
  }

  #leave(id: string): void {
    this.#left.set(id, this.revisionOf(id));
    this.#kept.delete(id);
    if (this.#left.size > MAX_LEFT) this.#left.delete(this.#left.keys().next().value!);
  }
}
