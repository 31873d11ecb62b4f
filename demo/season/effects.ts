/** What an incident does to the lines that others write, from one moment to another, ms. */
export type Effect = { incident: string; from: number; to: number } & (
  | { kind: 'mute'; source: string; share: number }
  | { kind: 'delay'; source: string; share: number; ms: number }
  | { kind: 'clock'; host: string; aheadMs: number }
  | { kind: 'failing'; system: string; errors: number; slower: number }
  | { kind: 'cut'; source: string; host: string; most: number }
  | { kind: 'forge'; source: string; host: string }
);

type Of<K extends Effect['kind']> = Extract<Effect, { kind: K }>;

/** The effects that are under way. */
export class Effects {
  #all: Effect[] = [];

  add(effects: readonly Effect[]): void {
    this.#all.push(...effects);
  }

  forgetBefore(atMs: number): void {
    this.#all = this.#all.filter(({ to }) => to > atMs);
  }

  /** The first effect of a kind at a moment that fits. */
  at<K extends Effect['kind']>(kind: K, atMs: number, fits: (effect: Of<K>) => boolean): Of<K> | undefined {
    for (const effect of this.#all)
      if (effect.kind === kind && atMs >= effect.from && atMs < effect.to && fits(effect as Of<K>))
        return effect as Of<K>;
    return undefined;
  }
}
