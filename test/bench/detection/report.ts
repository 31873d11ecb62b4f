import { DIFFICULTIES, type Difficulty } from '../../../demo/season/label.ts';
import type { LabelResult, Matched } from './match.ts';
import type { Played } from './play.ts';

export interface Recall {
  labels: number;
  /** By the detector, or correlation, whose matter it is. */
  own: number;
  /** By any: an analyst sees it. */
  any: number;
}

export interface DetectorRow {
  detector: string;
  recall: Record<Difficulty, Recall>;
  /** From the first line of the label to the first own finding, minutes. */
  minutesP50: number;
  minutesP90: number;
  findings: number;
  falseFindings: number;
  precision: number;
}

export interface Summary {
  labels: number;
  /** Labels by department of the data or person; '' concerns the platform. */
  byDepartment: Record<string, number>;
  recall: Record<Difficulty, Recall>;
  findings: number;
  falseFindings: number;
  precision: number;
  groupsPerAnalystDay: number;
  /** The busiest day. */
  mostGroupsPerAnalystDay: number;
}

export interface Misses {
  label: string;
  why: string;
  /** Who found it instead; empty when nobody did. */
  foundBy: string[];
}

export function summaryOf(played: Played, matched: Matched, analysts: number): Summary {
  const byDay = new Map<number, number>();
  for (const { raisedAt } of played.found.values()) {
    const day = Math.floor((raisedAt + 8 * 3_600_000) / 86_400_000);
    byDay.set(day, (byDay.get(day) ?? 0) + 1);
  }
  const findings = played.found.size;
  const falseFindings = matched.falseFindings.length;
  return {
    labels: matched.labels.length,
    byDepartment: countBy(matched.labels, ({ label }) => label.department),
    recall: recallOf(matched.labels),
    findings,
    falseFindings,
    precision: share(findings - falseFindings, findings),
    groupsPerAnalystDay: findings / played.world.days / analysts,
    mostGroupsPerAnalystDay: Math.max(0, ...byDay.values()) / analysts,
  };
}

export function rowsOf(played: Played, matched: Matched, names: readonly string[]): DetectorRow[] {
  return names.map((detector) => {
    const own = matched.labels.filter(({ label }) => label.detector === detector);
    const minutes = own
      .flatMap(({ foundBy }) => (foundBy.has(detector) ? [foundBy.get(detector)! / 60_000] : []))
      .sort((a, b) => a - b);
    const findings = [...played.found.values()].filter(({ finding }) => finding.detector === detector).length;
    const falseFindings = matched.falseFindings.filter(({ finding }) => finding.detector === detector).length;
    return {
      detector,
      recall: recallOf(own),
      minutesP50: at(minutes, 0.5),
      minutesP90: at(minutes, 0.9),
      findings,
      falseFindings,
      precision: share(findings - falseFindings, findings),
    };
  });
}

/** Labels that their own detector did not find, with who did. */
export function missesOf({ labels }: Matched): Misses[] {
  return labels
    .filter(({ label, foundBy }) => !foundBy.has(label.detector))
    .map(({ label, foundBy }) => ({ label: label.id, why: label.why.en, foundBy: [...foundBy.keys()] }))
    .sort((a, b) => a.label.localeCompare(b.label));
}

/** False findings, with the hard negative that caused each; '' is ordinary life. */
export function falseOf({
  falseFindings,
}: Matched): { detector: string; hardNegative: string; baseline: string; says: string }[] {
  return falseFindings.map(({ finding, hardNegative }) => ({
    detector: finding.detector,
    hardNegative,
    baseline: finding.baseline,
    says: finding.explanation.en,
  }));
}

function countBy<T>(all: readonly T[], nameOf: (one: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of all) counts[nameOf(one)] = (counts[nameOf(one)] ?? 0) + 1;
  return counts;
}

function recallOf(labels: readonly LabelResult[]): Record<Difficulty, Recall> {
  return Object.fromEntries(
    DIFFICULTIES.map((difficulty) => {
      const of = labels.filter(({ label }) => label.difficulty === difficulty);
      const own = of.filter(({ label, foundBy }) => foundBy.has(label.detector)).length;
      return [difficulty, { labels: of.length, own, any: of.filter(({ foundBy }) => foundBy.size > 0).length }];
    }),
  ) as Record<Difficulty, Recall>;
}

/** For people: sums, the table, then what was missed and what was false, each with its reason. */
export function markdownOf(summary: Summary, rows: readonly DetectorRow[], matched: Matched, analysts: number): string {
  const line = (of: Recall): string => `${of.own}/${of.labels} (${of.any})`;
  return [
    `${summary.labels} labels: recall ${DIFFICULTIES.map((one) => `${one} ${percent(share(summary.recall[one].any, summary.recall[one].labels))}`).join(', ')}; precision ${percent(summary.precision)} ` +
      `(${summary.falseFindings} of ${summary.findings} false); ${summary.groupsPerAnalystDay.toFixed(1)} finding groups per analyst and day, ${summary.mostGroupsPerAnalystDay.toFixed(1)} on the busiest (${analysts} analysts)`,
    '',
    'Recall by the own detector / labels (in brackets: found by any).',
    '',
    '| detector | blatant | careful | slow | to detect, p50 / p90 min | false of findings | precision |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map(
      ({ detector, recall, minutesP50, minutesP90, findings, falseFindings, precision }) =>
        `| ${detector} | ${DIFFICULTIES.map((one) => line(recall[one])).join(' | ')} | ${minutesP50.toFixed(0)} / ${minutesP90.toFixed(0)} | ${falseFindings}/${findings} | ${percent(precision)} |`,
    ),
    '',
    ...section(
      'Not found by the own detector',
      missesOf(matched).map(
        ({ label, why, foundBy }) =>
          `${label}: ${why} — ${foundBy.length === 0 ? 'found by none' : `found by ${foundBy.join(', ')}`}`,
      ),
    ),
    ...section(
      'False findings',
      falseOf(matched).map(
        ({ detector, hardNegative, says }) =>
          `${detector} (${hardNegative === '' ? 'ordinary life' : hardNegative}): ${says}`,
      ),
    ),
  ].join('\n');
}

function section(title: string, items: readonly string[]): string[] {
  return [`**${title}** (${items.length})`, '', ...items.map((item) => `- ${item}`), ''];
}

function at(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
}

/** 1 when there is nothing to share: nothing was missed, or nothing said was false. */
export function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}
