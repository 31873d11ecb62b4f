import { LOOK_ALIKE } from '../../../demo/activity/look-alikes.ts';
import type { Label } from '../../../demo/incidents.ts';
import { networkOf } from '../../../src/detection/subjects.ts';
import type { Finding } from '../../../src/finding/finding.ts';
import type { Played } from './play.ts';

/** How the findings of the played days stand to the labels. */
export interface Matched {
  /** Each label with its finding, or undefined when it was missed. */
  labels: { label: Label; finding: Finding | undefined }[];
  /** Findings of other detectors about labelled wrongdoing: true, but not what the label is about. */
  side: Finding[];
  /** Findings about nothing that was labelled, with the look-alike that caused them, if any. */
  falseFindings: { finding: Finding; lookAlike: string }[];
  /** Findings dated in the history, when baselines were still empty. */
  inHistory: number;
}

/** Success may come this long after the last line of a label. */
const SLACK_MS = 30 * 60_000;

/** Same detector, same actor, asset and network where the label names them, and an overlap in time. */
export function match({ labels, findings, from, incidentOf }: Played): Matched {
  const ofDays = findings.filter((finding) => finding.lastTime >= from);
  const matched = new Set<Finding>();
  const rows = labels.map((label) => {
    const own = ofDays.filter((finding) => isAbout(finding, label));
    for (const finding of own) matched.add(finding);
    return { label, finding: own[0] };
  });
  const rest = ofDays.filter((finding) => !matched.has(finding));
  const causes = (finding: Finding): string[] => finding.eventIds.map((id) => incidentOf.get(id) ?? '');
  const isSide = (finding: Finding): boolean =>
    causes(finding).some((incident) => incident !== '' && !incident.startsWith(LOOK_ALIKE));
  return {
    labels: rows,
    side: rest.filter(isSide),
    falseFindings: rest
      .filter((finding) => !isSide(finding))
      .map((finding) => ({ finding, lookAlike: lookAlikeOf(causes(finding)) })),
    inHistory: findings.length - ofDays.length,
  };
}

function isAbout(finding: Finding, label: Label): boolean {
  if (finding.detector !== label.detector) return false;
  if (finding.firstTime > label.to + SLACK_MS || finding.lastTime < label.from) return false;
  if (label.actor !== '' && finding.actor !== label.actor && !finding.actor.startsWith(`${label.actor}@`)) return false;
  if (label.asset !== '' && finding.asset !== '' && finding.asset !== label.asset) return false;
  return label.clientAddress === '' || network(finding.clientAddress) === network(label.clientAddress);
}

function network(address: string): string {
  return networkOf(address.replace(/\/\d+$/, ''));
}

function lookAlikeOf(causes: readonly string[]): string {
  const found = causes.find((incident) => incident.startsWith(LOOK_ALIKE));
  return found === undefined ? '' : found.slice(LOOK_ALIKE.length);
}
