import type { AssetLevel } from '../event/event.ts';
import type { Finding } from '../finding/finding.ts';
import type { Disposition, LifeStatus } from '../finding/lifecycle.ts';
import type { Grant, Registry, Vendor } from '../registry/registry.ts';
import {
  ageDaysOf,
  DAY_MS,
  fromSteps,
  inSteps,
  isCounted,
  reasonToLeaveOut,
  recency,
  SEVERITY_POINTS,
} from './finding-risk.ts';
import { riskOf, type VendorRisk } from './vendor-risk.ts';
import type { ScopeIndex } from './scopes.ts';

/** What a score needs to know of a finding: its last revision at the time. */
export type FindingFacts = Pick<
  Finding,
  | 'id'
  | 'revision'
  | 'alert'
  | 'suppression'
  | 'detector'
  | 'title'
  | 'severity'
  | 'assetLevel'
  | 'department'
  | 'vendor'
  | 'system'
  | 'lastTime'
  | 'causedAt'
>;

/** A finding, and what people have decided about it at the time. */
export interface StandingFinding {
  finding: FindingFacts;
  status: LifeStatus;
  disposition: Disposition | '';
}

/** When grants were last used, as far as that was watched. */
export interface GrantUses {
  /** Uses are known from here on, ms since the Unix epoch; Infinity when nothing is known. */
  since: number;
  /** The end of the last day on which the grant was used; 0 when it was not. */
  lastUse(grant: Grant): number;
}

export interface PostureInput {
  /** ms since the Unix epoch. */
  at: number;
  findings: Iterable<StandingFinding>;
  /** As it was known at that time. */
  registry: Registry;
  uses: GrantUses;
}

/** A term before it is put in words: `base · weight · factor` points off each of the scopes. */
export type Contribution = { scopes: readonly string[]; base: number; weight: number; factor: number } & (
  | { kind: 'finding'; finding: FindingFacts; status: LifeStatus; ageDays: number }
  | { kind: 'vendor'; id: string; vendor: Vendor | undefined; risk: Pick<VendorRisk, 'score' | 'behaviour' | 'gaps'> }
  | { kind: 'grant-expiring'; grant: Grant; daysLeft: number }
  | { kind: 'grant-unused'; grant: Grant; lastUse: number }
);

/** The same severity weighs more where the data do. */
const LEVEL_WEIGHT: Readonly<Record<AssetLevel, number>> = {
  core: 1.5,
  important: 1.25,
  'general-4': 1,
  'general-3': 1,
  'general-2': 1,
  'general-1': 1,
  '': 1,
};
/** Points for each point of a vendor's risk. */
const VENDOR_WEIGHT = 0.2;
const EXPIRING_DAYS = 30;
const EXPIRING_POINTS = 2;
const UNUSED_DAYS = 60;
const UNUSED_POINTS = 1;

/** Everything that lowers a score at a time. What is closed, suppressed or too old is not among it. */
export function* contributions(input: PostureInput, index: ScopeIndex): Generator<Contribution> {
  const { at, registry } = input;
  const vendorSteps = new Map<string, number>();
  for (const { finding, status, disposition } of input.findings) {
    if (!isCounted(finding, at)) continue;
    const ageDays = ageDaysOf(finding, at);
    const base = SEVERITY_POINTS[finding.severity];
    const factor = recency(ageDays);
    if (finding.vendor !== '' && reasonToLeaveOut(finding, status, disposition).en === '')
      vendorSteps.set(finding.vendor, (vendorSteps.get(finding.vendor) ?? 0) + inSteps(base * factor));
    // A finding that is closed as true is dealt with: it stays in the vendor's risk only.
    if (status === 'closed' || finding.suppression !== undefined) continue;
    const weight = LEVEL_WEIGHT[finding.assetLevel];
    yield { kind: 'finding', scopes: index.ofFinding(finding), base, weight, factor, finding, status, ageDays };
  }
  yield* ofVendors(vendorSteps, registry, at, index);
  yield* ofGrants(input, index);
}

function* ofVendors(
  steps: ReadonlyMap<string, number>,
  registry: Registry,
  at: number,
  index: ScopeIndex,
): Generator<Contribution> {
  const named = registry.entries.vendors.map(({ id }) => id);
  for (const id of new Set([...named, ...steps.keys()])) {
    const vendor = registry.vendor(id, at);
    const risk = riskOf(fromSteps(steps.get(id) ?? 0), vendor, at);
    if (risk.score === 0) continue;
    const scopes = index.ofVendor(id);
    yield { kind: 'vendor', scopes, base: risk.score, weight: VENDOR_WEIGHT, factor: 1, id, vendor, risk };
  }
}

function* ofGrants({ at, registry, uses }: PostureInput, index: ScopeIndex): Generator<Contribution> {
  for (const grant of registry.entries.grants) {
    const end = Math.min(grant.to, grant.revokedAt);
    if (at < grant.from || at >= end) continue;
    const daysLeft = (end - at) / DAY_MS;
    const asset = registry.asset(grant.asset, at);
    const common = { scopes: index.ofAsset(asset), weight: LEVEL_WEIGHT[asset?.level ?? ''], factor: 1, grant };
    if (daysLeft <= EXPIRING_DAYS) yield { kind: 'grant-expiring', base: EXPIRING_POINTS, daysLeft, ...common };
    const watchedFrom = Math.max(grant.from, uses.since);
    if (at - watchedFrom < UNUSED_DAYS * DAY_MS) continue;
    const lastUse = uses.lastUse(grant);
    if (at - lastUse >= UNUSED_DAYS * DAY_MS) yield { kind: 'grant-unused', base: UNUSED_POINTS, lastUse, ...common };
  }
}
