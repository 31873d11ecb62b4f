import { stateOf, type Disposition, type LifeEvent, type LifeStatus } from '../finding/lifecycle.ts';
import type { Bilingual, Finding, Severity } from '../finding/finding.ts';
import type { Vendor } from '../registry/registry.ts';
import {
  ageDaysOf,
  DAY_MS,
  fromSteps,
  inSteps,
  isCounted,
  reasonToLeaveOut,
  recency,
  rounded,
  saturated,
  SEVERITY_POINTS,
} from './finding-risk.ts';

/** Points at which the score is 63. */
const SATURATION = 60;
const GAP_POINTS = 10;
const ASSESSED_WITHIN_DAYS = 365;

/** What the risk takes of a finding. */
export type RiskFinding = Pick<
  Finding,
  'causedAt' | 'id' | 'detector' | 'title' | 'severity' | 'lastTime' | 'suppression'
>;

/** One finding's part of the risk. */
export interface RiskTerm {
  finding: string;
  detector: string;
  title: Bilingual;
  severity: Severity;
  status: LifeStatus;
  disposition: Disposition | '';
  ageDays: number;
  /** Points of the severity, and what is left of them at this age; 0 when the finding does not count. */
  severityPoints: number;
  points: number;
  /** Why it does not count; '' in both languages when it does. */
  leftOut: Bilingual;
}

/** What a vendor has not done; declared in the registry. */
export interface RiskGap {
  gap: 'assessment-overdue' | 'no-background-checks' | 'nda-expired';
  points: number;
  explanation: Bilingual;
}

/** The risk of a vendor, 0–100, with every term of it. */
export interface VendorRisk {
  vendor: string;
  /** ms since the Unix epoch. */
  asOf: number;
  /** min(100, behaviour + gaps). */
  score: number;
  /** Σ of the terms' points, and 100 · (1 − e^(−Σ/60)). */
  sum: number;
  behaviour: number;
  /** The heaviest first. */
  terms: readonly RiskTerm[];
  gaps: readonly RiskGap[];
}

/**
 * @param findings the latest revision of each of the vendor's findings.
 * @param history entries of their lives, of all findings together.
 * @param vendor undefined when the registry does not know it: then nothing is declared, and nothing is missing.
 */
export function vendorRisk(
  id: string,
  findings: readonly RiskFinding[],
  history: readonly LifeEvent[],
  vendor: Vendor | undefined,
  asOf: number,
): VendorRisk {
  const lives = Map.groupBy(
    history.filter(({ at }) => at <= asOf),
    ({ finding }) => finding,
  );
  const terms = findings
    .filter((finding) => isCounted(finding, asOf))
    .map((finding) => termOf(finding, lives.get(finding.id) ?? [], asOf))
    .sort((a, b) => b.points - a.points || (a.finding < b.finding ? -1 : 1));
  const sum = fromSteps(terms.reduce((total, { points }) => total + inSteps(points), 0));
  return {
    vendor: id,
    asOf,
    ...riskOf(sum, vendor, asOf),
    terms,
  };
}

/** The risk from the points of a vendor's findings, and what it has not done. */
export function riskOf(
  sum: number,
  vendor: Vendor | undefined,
  asOf: number,
): Pick<VendorRisk, 'score' | 'sum' | 'behaviour' | 'gaps'> {
  const behaviour = saturated(sum, SATURATION);
  const gaps = vendor === undefined ? [] : gapsOf(vendor, asOf);
  const declared = gaps.reduce((total, { points }) => total + points, 0);
  const score = rounded(Math.min(100, behaviour + declared));
  return { score, sum: rounded(sum), behaviour: rounded(behaviour), gaps };
}

function termOf(finding: RiskFinding, life: readonly LifeEvent[], asOf: number): RiskTerm {
  const { status, disposition } = stateOf(life);
  const ageDays = ageDaysOf(finding, asOf);
  const severityPoints = SEVERITY_POINTS[finding.severity];
  const leftOut = reasonToLeaveOut(finding, status, disposition);
  const points = leftOut.en === '' ? severityPoints * recency(ageDays) : 0;
  return {
    finding: finding.id,
    detector: finding.detector,
    title: finding.title,
    severity: finding.severity,
    ...{ status, disposition, ageDays: rounded(ageDays), severityPoints, points: rounded(points), leftOut },
  };
}

function gapsOf({ lastAssessment, backgroundChecks, ndaUntil }: Vendor, asOf: number): RiskGap[] {
  const gaps: RiskGap[] = [];
  const add = (gap: RiskGap['gap'], zh: string, en: string) =>
    gaps.push({ gap, points: GAP_POINTS, explanation: { zh, en } });
  if (lastAssessment === undefined || lastAssessment.at > asOf)
    add('assessment-overdue', '从未评估', 'it was never assessed');
  else if (asOf - lastAssessment.at > ASSESSED_WITHIN_DAYS * DAY_MS) {
    const days = Math.floor((asOf - lastAssessment.at) / DAY_MS);
    add('assessment-overdue', `上次评估已过 ${days} 天`, `its last assessment was ${days} days ago`);
  }
  if (!backgroundChecks) add('no-background-checks', '未做人员背景审查', 'its persons were not checked');
  if (ndaUntil === 0) add('nda-expired', '没有保密协议', 'there is no non-disclosure agreement');
  else if (ndaUntil <= asOf) add('nda-expired', '保密协议已过期', 'its non-disclosure agreement has expired');
  return gaps;
}
