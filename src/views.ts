import type { Desks } from './api/parts.ts';
import { desksWithin, type DesksWithin, type WithinParts } from './desks-within.ts';
import type { Registry } from './registry/registry.ts';
import { Reach } from './scope/reach.ts';
import type { Scope } from './scope/scope.ts';

interface Known extends DesksWithin {
  reach: Reach;
  /** What the reach was worked out by. */
  registry: Registry;
  at: number;
}

/** More scopes than this are not looked at at a time. */
const MAX_KNOWN = 200;
/** Entries of the registry begin and end without its changing. */
const LOOK_AGAIN_MS = 60_000;

/**
 * The desks of each scope, made when somebody first looks and made anew when the registry moves something into the scope or out
 * of it; a live feed that told of the old one ends then.
 */
export class Views {
  readonly #parts: WithinParts;
  readonly #now: () => number;
  readonly #known = new Map<string, Known>();

  constructor(parts: WithinParts, now: () => number = Date.now) {
    this.#parts = parts;
    this.#now = now;
  }

  of({ departments, vendors }: Scope): Desks {
    const scope = { departments: departments.toSorted(), vendors: vendors.toSorted() };
    const name = JSON.stringify(scope);
    const known = this.#known.get(name);
    const [registry, at] = [this.#parts.registry.current(), this.#now()];
    if (known !== undefined && known.registry === registry && at - known.at < LOOK_AGAIN_MS) return known.desks;
    const reach = new Reach(scope, registry, at);
    this.#known.delete(name);
    const next = known?.reach.key === reach.key ? known : { reach, ...desksWithin(reach, scope, this.#parts) };
    if (next !== known) known?.end();
    this.#known.set(name, { ...next, registry, at });
    if (this.#known.size > MAX_KNOWN) this.#letGo(this.#known.keys().next().value!);
    return next.desks;
  }

  #letGo(name: string): void {
    this.#known.get(name)!.end();
    this.#known.delete(name);
  }
}
