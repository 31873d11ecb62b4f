import type { ScopeScore } from './protocol.ts';
import type { FeedFilter } from './subscription.ts';

/** The scores that the page shows, each with the number of its last change. */
export class CurrentPosture {
  readonly #kept = new Map<string, { score: ScopeScore; n: number }>();

  /** @param scores of all scopes that there are. @param next the number of a change. */
  put(scores: readonly ScopeScore[], next: () => number): void {
    const missing = new Map(this.#kept);
    for (const score of scores) {
      const key = `${score.kind}/${score.id}`;
      missing.delete(key);
      const before = this.#kept.get(key)?.score;
      if (before === undefined || !says(before, score)) this.#kept.set(key, { score, n: next() });
    }
    for (const [key, { score }] of missing)
      if (score.ended === undefined) this.#kept.set(key, { score: { ...score, ended: true }, n: next() });
  }

  /** What changed after that number; all that there is when it is undefined. */
  since(after: number | undefined, filter: FeedFilter = {}): ScopeScore[] {
    return [...this.#kept.values()]
      .filter(
        ({ score, n }) => (after === undefined ? score.ended === undefined : n > after) && isWanted(score, filter),
      )
      .map(({ score }) => score);
  }
}

function says(before: ScopeScore, { score, trust, dayBefore, name }: ScopeScore): boolean {
  const same = before.score === score && before.trust === trust && before.dayBefore === dayBefore;
  return same && before.name.zh === name.zh && before.name.en === name.en && before.ended === undefined;
}

/** The overall score is everybody's. Who asks for departments, vendors or systems gets the scores of these. */
function isWanted({ kind, id }: ScopeScore, { department, vendor, system }: FeedFilter): boolean {
  if (kind === 'overall' || (department ?? vendor ?? system) === undefined) return true;
  const asked = { department, vendor, system, level: undefined }[kind];
  return asked?.includes(id) ?? false;
}
