import type { BacktestRange, BacktestRun } from './backtest.ts';
import type { Finding } from './finding/finding.ts';

/** A finding as it was stored, as far as the comparison needs it. */
export interface StoredFinding {
  finding: Finding;
  /** Whether people were told of it in the range. */
  told: boolean;
}

export interface BacktestLine {
  id: string;
  detector: string;
  severity: string;
  score: number;
  actor: string;
  asset: string;
  lastTime: string;
  told: boolean;
  zh: string;
  en: string;
}

export interface BacktestReport {
  range: { warmUpFrom: string; from: string; to: string };
  events: number;
  seconds: number;
  eventsPerSecond: number;
  /** Findings with a cause in the range: by the settings that are tried, and as they were stored. */
  findings: { now: number; stored: number; same: number };
  byDetector: Readonly<Record<string, { now: number; stored: number }>>;
  bySeverity: Readonly<Record<string, { now: number; stored: number }>>;
  /** Groups that people are told of, per analyst and day. */
  toldPerAnalystPerDay: { now: number; stored: number };
  /** Would be raised, but were not. */
  raised: readonly BacktestLine[];
  /** Were raised, but would not be. */
  gone: readonly BacktestLine[];
  parked: readonly string[];
}

const DAY_MS = 86_400_000;

/** Compares what a backtest found with what was found in life. */
export function backtestReport(
  run: BacktestRun,
  stored: ReadonlyMap<string, StoredFinding>,
  range: BacktestRange,
  analysts: number,
): BacktestReport {
  const raised = [...run.findings.values()].filter(({ finding }) => !stored.has(finding.id));
  const gone = [...stored.values()].filter(({ finding }) => !run.findings.has(finding.id));
  const analystDays = (analysts * (range.to - range.from)) / DAY_MS;
  const toldPerDay = (findings: Iterable<StoredFinding>): number =>
    Math.round(([...findings].filter(({ told }) => told).length / analystDays) * 100) / 100;
  const seconds = run.elapsedMs / 1_000;
  return {
    range: { warmUpFrom: iso(range.warmUpFrom), from: iso(range.from), to: iso(range.to) },
    events: run.events,
    seconds: Math.round(seconds * 10) / 10,
    eventsPerSecond: Math.round(run.events / Math.max(seconds, 0.001)),
    findings: { now: run.findings.size, stored: stored.size, same: run.findings.size - raised.length },
    byDetector: countsBy('detector', run.findings, stored),
    bySeverity: countsBy('severity', run.findings, stored),
    toldPerAnalystPerDay: { now: toldPerDay(run.findings.values()), stored: toldPerDay(stored.values()) },
    raised: raised.map(lineOf),
    gone: gone.map(lineOf),
    parked: run.parked,
  };
}

/** The report for people. */
export function reportText(report: BacktestReport): string {
  const { range, findings, toldPerAnalystPerDay: told } = report;
  return [
    `${range.from} to ${range.to}, states and baselines from ${range.warmUpFrom} on`,
    `${report.events} events in ${report.seconds} s: ${report.eventsPerSecond} events/s`,
    `findings: ${findings.now} would be, ${findings.stored} were, ${findings.same} of them the same`,
    ...Object.entries(report.byDetector).map(([name, { now, stored }]) => `  ${name}: ${now} would be, ${stored} were`),
    `told per analyst and day: ${told.now} would be, ${told.stored} were`,
    ...section('would be raised', report.raised),
    ...section('would be gone', report.gone),
    ...report.parked.map((reason) => `failed: ${reason}`),
  ].join('\n');
}

const SHOWN = 50;

function section(title: string, lines: readonly BacktestLine[]): string[] {
  const shown = lines.slice(0, SHOWN).map((line) => `  ${line.lastTime} ${line.severity} ${line.detector}: ${line.en}`);
  const more = lines.length > SHOWN ? [`  and ${lines.length - SHOWN} more; --json has all`] : [];
  return [`${title}: ${lines.length}`, ...shown, ...more];
}

function countsBy(
  field: 'detector' | 'severity',
  now: BacktestRun['findings'],
  stored: ReadonlyMap<string, StoredFinding>,
) {
  const counts: Record<string, { now: number; stored: number }> = {};
  for (const [kind, findings] of [
    ['now', now],
    ['stored', stored],
  ] as const)
    // prettier-ignore
    for (const { finding } of findings.values()) (counts[finding[field]] ??= { now: 0, stored: 0 })[kind]++;
  return counts;
}

function lineOf({ finding, told }: StoredFinding): BacktestLine {
  const { id, detector, severity, score, actor, asset, lastTime, explanation } = finding;
  return { id, detector, severity, score, actor, asset, lastTime: iso(lastTime), told, ...explanation };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
