import { isGrantedTo } from '../detection/authorization.ts';
import type { Grant, Registry } from '../registry/registry.ts';
import type { GrantUses } from './contributions.ts';
import { DAY_MS } from './finding-risk.ts';

/** Who used an asset on a day (UTC). */
export interface DayUse {
  /** `2026-11-20`. */
  day: string;
  /** '' says only that the day was watched. */
  asset: string;
  department: string;
  system: string;
  person: string;
  role: string;
}

interface Use extends DayUse {
  from: number;
}

/** A day is summed up in the hour after it. */
const SUMMED_UP_AFTER_MS = 3_600_000;

/** Which assets were used by whom on the days that were watched. At any time days are known that were over an hour before. */
export class UseBook {
  readonly #byAsset = new Map<string, Use[]>();
  #firstDay = Infinity;
  #answer: { key: string; uses: GrantUses } | undefined;

  add(uses: readonly DayUse[]): void {
    for (const use of uses) {
      const from = Date.parse(use.day);
      this.#firstDay = Math.min(this.#firstDay, from);
      if (use.asset === '') continue;
      const list = this.#byAsset.get(use.asset);
      if (list) list.push({ ...use, from });
      else this.#byAsset.set(use.asset, [{ ...use, from }]);
    }
    this.#answer = undefined;
  }

  /** Lets go of days that no grant can be judged by any more. */
  forgetBefore(at: number): void {
    this.#firstDay = Math.max(this.#firstDay, startOfDay(at) + DAY_MS);
    this.#answer = undefined;
    for (const [asset, uses] of this.#byAsset) {
      const kept = uses.filter(({ from }) => from >= this.#firstDay);
      if (kept.length === 0) this.#byAsset.delete(asset);
      else if (kept.length < uses.length) this.#byAsset.set(asset, kept);
    }
  }

  /** As it was known at a time. */
  at(at: number, registry: Registry): GrantUses {
    const today = startOfDay(at - SUMMED_UP_AFTER_MS);
    const key = `${today} ${registry.version}`;
    if (this.#answer?.key === key) return this.#answer.uses;
    const known = new Map<Grant, number>();
    const lastUse = (grant: Grant): number => {
      const found = known.get(grant) ?? this.#lastUse(grant, today, registry);
      known.set(grant, found);
      return found;
    };
    const uses = { since: this.#firstDay < today ? this.#firstDay : Infinity, lastUse };
    this.#answer = { key, uses };
    return uses;
  }

  #lastUse(grant: Grant, before: number, registry: Registry): number {
    let last = 0;
    for (const { from, ...who } of this.#byAsset.get(grant.asset) ?? [])
      if (from < before && from + DAY_MS > last && isGrantedTo(grant, { ...who, time: from }, registry))
        last = from + DAY_MS;
    return last;
  }
}

function startOfDay(at: number): number {
  return Math.floor(at / DAY_MS) * DAY_MS;
}
