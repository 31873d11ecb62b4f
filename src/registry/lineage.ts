const NOTHING: readonly string[] = Object.freeze([]);

/** What assets are made from, over any number of steps. The registry's checks allow no cycle; one over time ends here too. */
export class Lineage {
  readonly #parentsOf: (asset: string, at: number) => readonly string[] | undefined;

  /** @param parentsOf the assets that an asset is made from directly, at a time. */
  constructor(parentsOf: (asset: string, at: number) => readonly string[] | undefined) {
    this.#parentsOf = parentsOf;
  }

  /** Nearest first; without the asset itself. */
  of(asset: string, at: number): readonly string[] {
    const direct = this.#parentsOf(asset, at) ?? NOTHING;
    if (direct.length === 0) return NOTHING;
    const found = new Set(direct);
    for (const ancestor of found) for (const parent of this.#parentsOf(ancestor, at) ?? NOTHING) found.add(parent);
    found.delete(asset);
    return [...found];
  }
}
