import { hash } from 'node:crypto';
import type { Registry } from '../registry/registry.ts';
import { validAt } from '../registry/versions.ts';
import type { Scope } from './scope.ts';

/** What says whose something is: an event, a finding or a step of an incident. */
export interface Placed {
  department: string;
  vendor: string;
  system: string;
  asset: string;
  source: string;
}

/**
 * Everything that is of a scope, by the registry of now. For a department, and all below it: its systems, the assets that it
 * owns or that are in its systems, the sources of its systems. Something is of a department when its people did it, or when it
 * was done to its systems, assets or sources; so one event can be of two. For a vendor: what its people did.
 */
export class Reach {
  readonly departments: ReadonlySet<string>;
  readonly systems: ReadonlySet<string>;
  readonly assets: ReadonlySet<string>;
  readonly sources: ReadonlySet<string>;
  readonly vendors: ReadonlySet<string>;
  /** The same for the same reach. */
  readonly key: string;

  /** @param at ms since the Unix epoch: what had ended before is still of whoever it was of last. */
  constructor({ departments, vendors }: Scope, registry: Registry, at: number) {
    const { entries } = registry;
    this.vendors = new Set(vendors);
    this.departments = withAllBelow(departments, latest(entries.departments, at));
    this.systems = idsOf(latest(entries.systems, at).filter((one) => this.departments.has(one.department)));
    this.assets = idsOf(
      latest(entries.assets, at).filter(({ owner, system }) => this.departments.has(owner) || this.systems.has(system)),
    );
    this.sources = idsOf(
      registry.sources().filter(({ system }) => this.systems.has(registry.system(system, at)?.id ?? system)),
    );
    const all = [this.departments, this.systems, this.assets, this.sources, this.vendors];
    this.key = hash('sha256', JSON.stringify(all.map((set) => [...set].sort())));
  }

  sees({ department, vendor, system, asset, source }: Placed): boolean {
    return (
      this.departments.has(department) ||
      this.vendors.has(vendor) ||
      this.systems.has(system) ||
      this.assets.has(asset) ||
      this.sources.has(source)
    );
  }

  /** An incident is told as a whole: only whoever sees all of its steps sees it. */
  seesIncident({ steps }: { steps: readonly Placed[] }): boolean {
    return steps.length > 0 && steps.every((step) => this.sees(step));
  }

  /** Whether the score of a department, system or vendor is of the scope; those of the platform and of levels never are. */
  seesScore(kind: string, id: string): boolean {
    if (kind === 'department') return this.departments.has(id);
    return kind === 'system' ? this.systems.has(id) : kind === 'vendor' && this.vendors.has(id);
  }
}

function withAllBelow(named: readonly string[], all: readonly { id: string; parent: string }[]): ReadonlySet<string> {
  const below = Map.groupBy(all, ({ parent }) => parent);
  const found = new Set(named);
  for (const id of found) for (const child of below.get(id) ?? []) found.add(child.id);
  return found;
}

/** Of each id the entry that holds, or else the last one. */
function latest<T extends { id: string; validFrom: number; validTo: number }>(all: readonly T[], at: number): T[] {
  return [...Map.groupBy(all, ({ id }) => id).values()].map(
    (versions) => validAt(versions, at) ?? versions.reduce((a, b) => (b.validTo > a.validTo ? b : a)),
  );
}

function idsOf(all: readonly { id: string }[]): ReadonlySet<string> {
  return new Set(all.map(({ id }) => id));
}
