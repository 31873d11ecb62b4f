import type { Pulse } from './pulse.ts';

type Names = NonNullable<Pulse['unresolved']>;

/** What the programs last said of names that the registry does not know, counted over all of them. */
export class UnresolvedNames {
  readonly #last = new Map<string, Names>();

  pulse(pulse: Pulse): void {
    if (pulse.program === 'detect') this.#last.set(pulse.instance ?? '', pulse.unresolved ?? []);
  }

  /** Most frequent first. */
  names(): Names {
    const counts = new Map<string, Names[number]>();
    for (const { kind, name, count } of [...this.#last.values()].flat()) {
      const key = `${kind} ${name}`;
      counts.set(key, { kind, name, count: count + (counts.get(key)?.count ?? 0) });
    }
    return [...counts.values()].sort((a, b) => b.count - a.count);
  }
}
