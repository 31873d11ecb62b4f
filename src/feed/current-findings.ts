import type { Finding } from '../finding/finding.ts';
import type { FeedFinding } from './protocol.ts';

const MAX_FINDINGS = 500;
const MAX_AGE_MS = 24 * 3_600_000;
/** Revisions remembered of findings that have left, so that a repeated delivery does not bring them back. */
const MAX_LEFT = 10_000;

/** The findings that the page begins with: the latest revision of each of the last 24 hours, at most 500. */
export class CurrentFindings {
  /** In order of change. */
  readonly #kept = new Map<string, { finding: FeedFinding; n: number }>();
  readonly #left = new Map<string, number>();

  /** The revision that is known of a finding; 0 for none. */
  revisionOf(id: string): number {
    return this.#kept.get(id)?.finding.revision ?? this.#left.get(id) ?? 0;
  }

  /** Takes a revision under the number of its change. Only for revisions above the known one. */
  put(finding: Finding, n: number): void {
    const before = this.#kept.get(finding.id);
    const raisedAt = before && !finding.alert ? before.finding.raisedAt : finding.causedAt;
    this.#kept.delete(finding.id);
    this.#left.delete(finding.id);
    this.#kept.set(finding.id, { finding: { ...finding, raisedAt }, n });
    if (this.#kept.size > MAX_FINDINGS) this.#leave(this.#leastMissed());
  }

  /** Lets go of those whose last cause is a day old. */
  age(now: number): void {
    for (const [id, { finding }] of this.#kept) if (finding.causedAt < now - MAX_AGE_MS) this.#leave(id);
  }

  since(after: number): FeedFinding[] {
    const changed: FeedFinding[] = [];
    for (const { finding, n } of this.#kept.values()) if (n > after) changed.push(finding);
    return changed;
  }

  /** The longest unchanged one that is neither high nor critical, else the longest unchanged. */
  #leastMissed(): string {
    for (const [id, { finding }] of this.#kept)
      if (finding.severity === 'low' || finding.severity === 'medium') return id;
    return this.#kept.keys().next().value!;
  }

  #leave(id: string): void {
    this.#left.set(id, this.revisionOf(id));
    this.#kept.delete(id);
    if (this.#left.size > MAX_LEFT) this.#left.delete(this.#left.keys().next().value!);
  }
}
