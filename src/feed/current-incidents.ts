import type { Incident } from '../finding/incident.ts';

const MAX_INCIDENTS = 200;
const MAX_AGE_MS = 7 * 24 * 3_600_000;

/** The incidents that the page begins with: the latest revision of each of the last week, at most 200. */
export class CurrentIncidents {
  /** In order of change. */
  readonly #kept = new Map<string, { incident: Incident; n: number }>();

  /** Takes a revision under the number of its change. @returns false when it, or a later one, is known. */
  put(incident: Incident, n: number): boolean {
    const known = this.#kept.get(incident.id);
    if (known !== undefined && known.incident.revision >= incident.revision) return false;
    this.#kept.delete(incident.id);
    this.#kept.set(incident.id, { incident, n });
    if (this.#kept.size > MAX_INCIDENTS) this.#kept.delete(this.#kept.keys().next().value!);
    return true;
  }

  /** Lets go of those whose last cause is a week old. */
  age(now: number): void {
    for (const [id, { incident }] of this.#kept) if (incident.causedAt < now - MAX_AGE_MS) this.#kept.delete(id);
  }

  since(after: number): Incident[] {
    return [...this.#kept.values()].filter(({ n }) => n > after).map(({ incident }) => incident);
  }
}
