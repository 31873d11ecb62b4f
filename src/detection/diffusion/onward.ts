import type { Registry } from '../../registry/registry.ts';
import { isInside, type Boundary } from './boundary.ts';
import { recipientOf, senderOf, type Passing } from './edge.ts';

/** A recipient passed on what it had got, to somebody who may not have it. */
export interface OnwardSharing {
  from: string;
  via: string;
  to: string;
  /** What the recipient got, and what it passed on. */
  asset: string;
  passedAsset: string;
  /** Event times of the first passing on, ms. */
  at: number;
  rows: number;
  /** By a common origin in the registry, or because columns and number of rows are alike. */
  by: 'lineage' | 'fingerprint';
  confidence: number;
  eventIds: readonly string[];
}

const WITHIN_MS = 30 * 86_400_000;
const COLUMNS_ALIKE = 0.8;
const ROWS_WITHIN = 0.2;
const CONFIDENCE = { lineage: 0.95, fingerprint: 0.6 } as const;

/**
 * A → B, then within 30 days B → C, with C outside of the boundary.
 * @param passings of the asset and of what is derived from it. @param others of other assets, by its recipients.
 */
export function onwardSharings(
  passings: readonly Passing[],
  others: readonly Passing[],
  boundary: Boundary,
  registry: Registry,
  at: number,
): OnwardSharing[] {
  const found: OnwardSharing[] = [];
  for (const got of passings) {
    const via = recipientOf(got.recipient, registry, at);
    const from = senderOf(got, registry, at);
    const next = (passing: Passing, by: OnwardSharing['by']): void => {
      if (passing === got || senderOf(passing, registry, at).id !== via.id || !isSoonAfter(got, passing)) return;
      const to = recipientOf(passing.recipient, registry, at);
      if (to.id === via.id || isInside(boundary, to)) return;
      const parties = { from: from.id, via: via.id, to: to.id };
      const what = { asset: got.asset, passedAsset: passing.asset, at: passing.first, rows: passing.rows };
      found.push({ ...parties, ...what, by, confidence: CONFIDENCE[by], eventIds: passing.eventIds });
    };
    for (const passing of passings) next(passing, 'lineage');
    for (const passing of others) if (isAlike(got, passing)) next(passing, 'fingerprint');
  }
  return found.sort((a, b) => a.at - b.at || (a.to < b.to ? -1 : 1));
}

function isSoonAfter(got: Passing, passed: Passing): boolean {
  return passed.last >= got.first && passed.first <= got.last + WITHIN_MS;
}

/** Column sets with a Jaccard index of 0.8 or more, and numbers of rows within 20 %. */
export function isAlike(one: Passing, other: Passing): boolean {
  const [left, right] = [new Set(one.fields), new Set(other.fields)];
  if (left.size === 0 || right.size === 0 || one.mostRows === 0) return false;
  const common = [...left].filter((field) => right.has(field)).length;
  const jaccard = common / (left.size + right.size - common);
  return jaccard >= COLUMNS_ALIKE && Math.abs(other.mostRows - one.mostRows) <= ROWS_WITHIN * one.mostRows;
}
