import { contributions, type Contribution, type PostureInput } from './contributions.ts';
import { fromSteps, inSteps, saturated } from './finding-risk.ts';
import { keyOf, ScopeIndex, type Scope } from './scopes.ts';
import { termOf, type PostureTerm } from './terms.ts';

/**
 * The score of a scope, 0–100: **100 is calm**, 0 is as bad as it gets. `100 · e^(−sum/saturation)`, where the sum is of the
 * points of open findings, of vendors' risks, and of grants that end soon or are not used.
 */
export interface PostureScore extends Scope {
  /** To a tenth. */
  score: number;
  /** Points of all terms together, to a hundredth. */
  sum: number;
}

/** A score with everything that it is made of. */
export interface Posture extends PostureScore {
  /** ms since the Unix epoch. */
  at: number;
  /** Points at which the score is 37. */
  saturation: number;
  /** The heaviest first. */
  terms: readonly PostureTerm[];
}

/** Kinds that may be many at once, and the points that all of a kind together come near to: neither hides the findings. */
const MOST = { grant: 20, vendor: 40 } as const;

interface Sums {
  /** In hundredths of a point. */
  findings: number;
  vendor: number;
  grant: number;
}

/** The scores of all scopes at a time. */
export function scoresOf(input: PostureInput, index = new ScopeIndex(input.registry, input.at)): PostureScore[] {
  const sums = new Map(index.scopes.map((scope) => [keyOf(scope), { findings: 0, vendor: 0, grant: 0 }]));
  for (const contribution of contributions(input, index))
    for (const key of contribution.scopes) add(sums.get(key)!, contribution);
  return index.scopes.map((scope) => scoreOf(scope, sums.get(keyOf(scope))!, index.saturationOf(scope.kind)));
}

/** The score of one scope, with its terms. */
export function postureOf(
  input: PostureInput,
  scope: Scope,
  index = new ScopeIndex(input.registry, input.at),
): Posture {
  const key = keyOf(scope);
  const sums: Sums = { findings: 0, vendor: 0, grant: 0 };
  const mine: Contribution[] = [];
  for (const contribution of contributions(input, index)) {
    if (!contribution.scopes.includes(key)) continue;
    add(sums, contribution);
    mine.push(contribution);
  }
  const saturation = index.saturationOf(scope.kind);
  const { score, sum } = scoreOf(scope, sums, saturation);
  const held = { finding: 1, vendor: heldTo(sums.vendor, MOST.vendor), grant: heldTo(sums.grant, MOST.grant) };
  const perPoint = sum === 0 ? 0 : (100 - score) / sum;
  const terms = mine
    .map((one) => termOf(one, held[sumOf(one)], perPoint))
    .sort((a, b) => b.points - a.points || (a.id < b.id ? -1 : 1));
  return { ...scope, at: input.at, score, sum, saturation, terms };
}

function sumOf({ kind }: Contribution): 'finding' | 'vendor' | 'grant' {
  if (kind === 'finding' || kind === 'vendor') return kind;
  return 'grant';
}

function add(sums: Sums, { kind, base, weight, factor }: Contribution): void {
  const steps = inSteps(base * weight * factor);
  if (kind === 'finding') sums.findings += steps;
  else if (kind === 'vendor') sums.vendor += steps;
  else sums.grant += steps;
}

function scoreOf(scope: Scope, { findings, vendor, grant }: Sums, saturation: number): PostureScore {
  const vendors = vendor * heldTo(vendor, MOST.vendor);
  const grants = grant * heldTo(grant, MOST.grant);
  const sum = fromSteps(Math.round(findings + vendors + grants));
  const score = Math.round(10 * (100 - saturated(sum, saturation))) / 10;
  return { ...scope, score, sum };
}

/** The part of a sum of hundredths that counts, so that all of it comes near to `most` points and never passes them. */
function heldTo(steps: number, most: number): number {
  const sum = fromSteps(steps);
  return sum === 0 ? 1 : (most * saturated(sum, most)) / 100 / sum;
}
