import type { DailyUse } from './baseline-days.ts';
import type { Expectation } from './detector.ts';

/** What one actor did with one asset. */
export interface Pair extends DailyUse {
  asset: AssetUse;
  actor: string;
  /** Day of the first access. */
  since: number;
  department: string;
  /** Last place that was counted in; -1 when places are not given. */
  place: number;
  changed: boolean;
}

export interface AssetUse {
  name: string;
  pairs: Map<string, Pair>;
  /** Day of the first access by any of the actors. */
  since: number;
  /** Newest day that was counted or asked about; a change before it makes the answers below stale. */
  newest: number;
  revision: number;
  answers: Map<string, Answers>;
}

export interface Answers {
  day: number;
  revision: number;
  byMeasure: (Expectation | undefined)[];
}

/** A pair as it is kept across restarts. */
export interface KeptPair extends DailyUse {
  asset: string;
  actor: string;
  since: number;
  department: string;
  place: number;
}

export function keptOf({ asset, actor, since, department, place, days, hours }: Pair): KeptPair {
  return { asset: asset.name, actor, since, department, place, days: days.slice(), hours: hours.slice() };
}

export function startOn(pair: Pair, day: number): void {
  pair.since = Math.min(pair.since, day);
  pair.asset.since = Math.min(pair.asset.since, day);
}

export function firstOf(pairs: Iterable<Pair>): number {
  let first = Infinity;
  for (const { since } of pairs) first = Math.min(first, since);
  return first;
}

export function keyOf({ asset, actor }: Pair): string {
  return `${asset.name}\u001f${actor}`;
}
