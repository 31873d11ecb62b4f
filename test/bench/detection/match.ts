import { LOOK_ALIKE } from '../../../demo/activity/look-alikes.ts';
import { isAbout } from '../../../demo/incidents/about.ts';
import type { Label } from '../../../demo/incidents.ts';
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

/** Each label with what was found about it, and what is left over with its reason. */
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

function lookAlikeOf(causes: readonly string[]): string {
  const found = causes.find((incident) => incident.startsWith(LOOK_ALIKE));
  return found === undefined ? '' : found.slice(LOOK_ALIKE.length);
}
