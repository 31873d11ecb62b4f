import type { BacktestLine, BacktestReport } from './backtest-report.ts';

/** How many there are, of which severity, and the first of them by score. */
export interface BacktestDifference {
  count: number;
  bySeverity: Readonly<Record<string, number>>;
  examples: readonly BacktestLine[];
}

/** A report that is small enough to be kept and sent, however many findings there were. */
export interface BacktestSummary extends Omit<BacktestReport, 'raised' | 'gone'> {
  raised: BacktestDifference;
  gone: BacktestDifference;
}

const EXAMPLES = 50;
const MOST_PARKED = 20;

export function summaryOf(report: BacktestReport): BacktestSummary {
  const { raised, gone, parked } = report;
  return {
    ...report,
    raised: differenceOf(raised),
    gone: differenceOf(gone),
    parked: parked.slice(0, MOST_PARKED),
  };
}

function differenceOf(lines: readonly BacktestLine[]): BacktestDifference {
  const bySeverity: Record<string, number> = {};
  for (const { severity } of lines) bySeverity[severity] = (bySeverity[severity] ?? 0) + 1;
  const worst = [...lines].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  return { count: lines.length, bySeverity, examples: worst.slice(0, EXAMPLES) };
}
