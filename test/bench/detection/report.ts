import type { Matched } from './match.ts';
import type { Played } from './play.ts';

export interface DetectorRow {
  detector: string;
  /** Labels that the definition covers, and how many of them were found. */
  labels: number;
  found: number;
  recall: number;
  findings: number;
  falseFindings: number;
  precision: number;
  /** Labels outside the definition, and how many were found all the same. */
  hardLabels: number;
  hardFound: number;
}

export interface Round {
  played: Played;
  matched: Matched;
}

/** Sums the rounds up by detector; precision counts findings about labels and side findings as true. */
export function rowsOf(rounds: readonly Round[], detectors: readonly string[]): DetectorRow[] {
  return detectors.map((detector) => {
    const labels = rounds.flatMap(({ matched }) => matched.labels.filter(({ label }) => label.detector === detector));
    const covered = labels.filter(({ label }) => label.expected);
    const hard = labels.filter(({ label }) => !label.expected);
    const findings = sum(
      rounds,
      ({ played }) => played.findings.filter((one) => one.detector === detector && one.lastTime >= played.from).length,
    );
    const falseFindings = sum(
      rounds,
      ({ matched }) => matched.falseFindings.filter(({ finding }) => finding.detector === detector).length,
    );
    const found = covered.filter(({ finding }) => finding).length;
    return {
      detector,
      labels: covered.length,
      found,
      recall: share(found, covered.length),
      findings,
      falseFindings,
      precision: share(findings - falseFindings, findings),
      hardLabels: hard.length,
      hardFound: hard.filter(({ finding }) => finding).length,
    };
  });
}

/** Labels that the definitions cover and nothing was found about. */
export function missedOf(rounds: readonly Round[]): { label: string; why: string }[] {
  return rounds.flatMap(({ matched }) =>
    matched.labels
      .filter(({ label, finding }) => label.expected && !finding)
      .map(({ label }) => ({ label: label.id, why: label.why.en })),
  );
}

/** Findings about nothing that was labelled, with what they say and the look-alike that caused them, if any. */
export function falseOf(
  rounds: readonly Round[],
): { seed: number; detector: string; lookAlike: string; says: string }[] {
  return rounds.flatMap(({ matched, played: { seed } }) =>
    matched.falseFindings.map(({ finding: { detector, explanation }, lookAlike }) => ({
      ...{ seed, detector, lookAlike, says: explanation.en },
    })),
  );
}

/** For people: the table, then what was missed and what was false, each with its reason. */
export function markdownOf(rows: readonly DetectorRow[], rounds: readonly Round[]): string {
  const hard = new Set(
    rounds.flatMap(({ matched }) =>
      matched.labels
        .filter(({ label }) => !label.expected)
        .map(
          ({ label, finding }) =>
            `${label.detector}: ${label.why.en} — ${finding ? 'found all the same' : 'not found'}`,
        ),
    ),
  );
  return [
    '| detector | recall | found of labels | precision | false of findings | outside its definition, found |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map(
      (row) =>
        `| ${row.detector} | ${percent(row.recall)} | ${row.found}/${row.labels} | ${percent(row.precision)} | ` +
        `${row.falseFindings}/${row.findings} | ${row.hardFound}/${row.hardLabels} |`,
    ),
    '',
    ...section(
      'Missed labels',
      missedOf(rounds).map(({ label, why }) => `${label}: ${why}`),
    ),
    ...section(
      'False findings',
      falseOf(rounds).map(
        ({ seed, detector, lookAlike, says }) =>
          `seed ${seed}, ${detector}${lookAlike === '' ? '' : ` (look-alike: ${lookAlike})`}: ${says}`,
      ),
    ),
    ...section('Labels outside a definition', [...hard].sort()),
  ].join('\n');
}

function section(title: string, items: readonly string[]): string[] {
  return [`**${title}** (${items.length})`, '', ...items.map((item) => `- ${item}`), ''];
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

/** 1 when there is nothing to share: nothing was missed, or nothing said was false. */
function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}
