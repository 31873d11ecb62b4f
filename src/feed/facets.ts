import type { Severity } from '../finding/finding.ts';
import type { Incident } from '../finding/incident.ts';
import type { LifeStatus } from '../finding/lifecycle.ts';
import type { FeedFinding } from './protocol.ts';
import type { FeedFilter } from './subscription.ts';

const RANK: Readonly<Record<Severity, number>> = { low: 0, medium: 1, high: 2, critical: 3 };
/** Earlier facets that are remembered of one thing; they hardly ever change. */
const MAX_EARLIER = 4;

/** What a filter looks at: an incident has the values of all its steps. */
export interface Facets {
  severity: Severity;
  /** Absent for what has no life: a filter for it takes them all. */
  status?: LifeStatus;
  department: readonly string[];
  vendor: readonly string[];
  system: readonly string[];
  detector: readonly string[];
}

const LISTS = ['department', 'vendor', 'system', 'detector'] as const;

export function facetsOfFinding(finding: FeedFinding): Facets {
  const { severity, department, vendor, system, detector, life } = finding;
  return {
    severity,
    status: life?.status ?? 'new',
    department: [department],
    vendor: [vendor],
    system: [system],
    detector: [detector],
  };
}

export function facetsOfIncident({ severity, steps, department, vendor, system }: Incident): Facets {
  const of = (own: string, field: (typeof LISTS)[number]) => [...new Set([own, ...steps.map((step) => step[field])])];
  return {
    severity,
    department: of(department, 'department'),
    vendor: of(vendor, 'vendor'),
    system: of(system, 'system'),
    detector: [...new Set(steps.map(({ detector }) => detector))],
  };
}

export function fits(facets: Facets, filter: FeedFilter): boolean {
  if (filter.severity !== undefined && RANK[facets.severity] < RANK[filter.severity]) return false;
  if (filter.status !== undefined && facets.status !== undefined && !filter.status.includes(facets.status))
    return false;
  return LISTS.every((field) => filter[field]?.some((value) => facets[field].includes(value)) ?? true);
}

/**
 * The facets of one thing, now and before, by the numbers of changes: from it follows whether a client that stands at a
 * number has the thing, and has to be told when it no longer fits.
 */
export class FacetHistory {
  now: Facets;
  #key: string;
  /** Number of the change with which the thing came; a client that stands before it does not have it. */
  readonly #since: number;
  /** In order; each held for clients below `until`. Undefined facets are not known: they may have fitted. */
  #earlier: { facets: Facets | undefined; until: number }[] = [];

  /** @param mayBeKnown whether clients may have it from an earlier time, of which nothing else is known. */
  constructor(facets: Facets, n: number, mayBeKnown: boolean) {
    this.now = facets;
    this.#key = keyOf(facets);
    this.#since = mayBeKnown ? 0 : n;
    if (mayBeKnown) this.#earlier.push({ facets: undefined, until: n });
  }

  change(facets: Facets, n: number): void {
    const key = keyOf(facets);
    if (key === this.#key) return;
    this.#earlier.push({ facets: this.now, until: n });
    this.now = facets;
    this.#key = key;
    if (this.#earlier.length <= MAX_EARLIER) return;
    this.#earlier.shift();
    this.#earlier[0]!.facets = undefined;
  }

  /** Whether a client with this filter may have the thing when it stands at `after`. */
  mayBeAt(after: number, filter: FeedFilter): boolean {
    if (after < this.#since) return false;
    const then = this.#earlier.find(({ until }) => after < until);
    const facets = then === undefined ? this.now : then.facets;
    return facets === undefined || fits(facets, filter);
  }
}

function keyOf(facets: Facets): string {
  return JSON.stringify(facets);
}
