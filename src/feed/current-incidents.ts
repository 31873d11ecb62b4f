import type { Incident } from '../finding/incident.ts';
import { FacetHistory, facetsOfIncident, fits } from './facets.ts';
import type { FeedFilter } from './subscription.ts';

const MAX_INCIDENTS = 200;
const MAX_AGE_MS = 7 * 24 * 3_600_000;
/** Ids remembered of incidents that have left: clients may still have them. */
const MAX_LEFT = 2_000;

/** The incidents that the page begins with: the latest revision of each of the last week, at most 200. */
export class CurrentIncidents {
  /** In order of change. */
  readonly #kept = new Map<string, { incident: Incident; n: number; facets: FacetHistory }>();
  readonly #left = new Set<string>();

  /** Takes a revision under the number of its change. @returns false when it, or a later one, is known. */
  put(incident: Incident, n: number): boolean {
    const known = this.#kept.get(incident.id);
    if (known !== undefined && known.incident.revision >= incident.revision) return false;
    const now = facetsOfIncident(incident);
    const facets = known?.facets ?? new FacetHistory(now, n, this.#left.delete(incident.id));
    facets.change(now, n);
    this.#kept.delete(incident.id);
    this.#kept.set(incident.id, { incident, n, facets });
    if (this.#kept.size > MAX_INCIDENTS) this.#leave(this.#kept.keys().next().value!);
    return true;
  }

  /** Lets go of those whose last cause is a week old. */
  age(now: number): void {
    for (const [id, { incident }] of this.#kept) if (incident.causedAt < now - MAX_AGE_MS) this.#leave(id);
  }

  since(after: number, filter: FeedFilter = {}): Incident[] {
    return [...this.#kept.values()]
      .filter(({ n, facets }) => n > after && fits(facets.now, filter))
      .map(({ incident }) => incident);
  }

  /** Ids of those that a client with this filter, which stands at `after`, may have and that no longer fit. */
  gone(after: number, filter: FeedFilter): string[] {
    return [...this.#kept.values()]
      .filter(({ n, facets }) => n > after && !fits(facets.now, filter) && facets.mayBeAt(after, filter))
      .map(({ incident }) => incident.id);
  }

  #leave(id: string): void {
    this.#kept.delete(id);
    this.#left.add(id);
    if (this.#left.size > MAX_LEFT) this.#left.delete(this.#left.values().next().value!);
  }
}
