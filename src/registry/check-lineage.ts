import type { EntryProblem } from './check.ts';
import type { RegistryEntries } from './schema.ts';

/** No asset may be made from itself, directly or over others. */
export function checkLineage({ assets }: RegistryEntries, problems: EntryProblem[]): void {
  const parents = new Map<string, string[]>();
  for (const { id, derivedFrom } of assets)
    if (derivedFrom.length > 0) parents.set(id, [...(parents.get(id) ?? []), ...derivedFrom]);
  const inCycle = cyclesOf(parents);
  for (const [index, { id, derivedFrom }] of assets.entries()) {
    const cycle = inCycle.get(id);
    const at = cycle === undefined ? -1 : derivedFrom.indexOf(cycle[1]!);
    if (cycle === undefined || at < 0) continue;
    const message = `derivedFrom is "${cycle[1]!}": ${cycle.join(' from ')} goes in a circle; take one of these steps out`;
    problems.push({ list: 'assets', path: [index, 'derivedFrom', at], message });
  }
}

/** One cycle each, by the name at which it was closed: `a, b, a`. Walks without recursion: chains may be long. */
function cyclesOf(parents: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const cycles = new Map<string, string[]>();
  const done = new Set<string>();
  for (const start of parents.keys()) {
    const way: string[] = [];
    const places = new Map<string, number>();
    const waiting: { name: string; depth: number }[] = [{ name: start, depth: 0 }];
    while (waiting.length > 0) {
      const { name, depth } = waiting.pop()!;
      for (const left of way.splice(depth)) {
        places.delete(left);
        done.add(left);
      }
      const place = places.get(name);
      if (place !== undefined) cycles.set(name, [...way.slice(place), name]);
      if (place !== undefined || done.has(name)) continue;
      places.set(name, way.push(name) - 1);
      for (const parent of parents.get(name) ?? []) waiting.push({ name: parent, depth: depth + 1 });
    }
    for (const left of way) done.add(left);
  }
  return cycles;
}
