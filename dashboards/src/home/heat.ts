import type { Severity } from '../../../src/finding/finding.ts';
import type { Heat, HeatMeasure, HeatSpan } from '../../../src/overview-desk.ts';
import type { HeatCell, HeatRow } from '../../../src/posture/heat.ts';
import { hashOf } from '../address.ts';

export type { Heat, HeatCell, HeatMeasure, HeatRow, HeatSpan };

const STEPS = 5;
const HOUR_MS = 3_600_000;

/** 0 for none, 1–5 by the square root: a low finding is seen beside a hundred, and a busy hour beside a quiet one. */
export function stepOf(weight: number, most: number): number {
  if (weight === 0) return 0;
  return Math.min(STEPS, Math.max(1, Math.ceil(STEPS * Math.sqrt(weight / most))));
}

/** The findings behind a cell: of its hour, or of the whole week where hours of the day are added up. */
export function addressOfCell({ from, to, columns }: Heat, department: string, column: number): string {
  const at = columns[column]?.at ?? null;
  const [begin, end] = at === null ? [from, to] : [at, at + HOUR_MS];
  const query = new URLSearchParams({ department, from: String(begin), to: String(end) });
  return hashOf('findings', '', query.toString());
}

const IN_ORDER: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

/** Severities that a cell has, the worst first. */
export function severitiesOf({ bySeverity = {} }: HeatCell): [Severity, number][] {
  return IN_ORDER.flatMap((severity): [Severity, number][] => {
    const count = bySeverity[severity] ?? 0;
    return count === 0 ? [] : [[severity, count]];
  });
}

/** Where an arrow leads in a grid; undefined for other keys. Home and End stay in the row. */
export function moved(
  key: string,
  row: number,
  column: number,
  rows: number,
  columns: number,
): [number, number] | undefined {
  const within = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));
  switch (key) {
    case 'ArrowUp':
      return [within(row - 1, rows), column];
    case 'ArrowDown':
      return [within(row + 1, rows), column];
    case 'ArrowLeft':
      return [row, within(column - 1, columns)];
    case 'ArrowRight':
      return [row, within(column + 1, columns)];
    case 'Home':
      return [row, 0];
    case 'End':
      return [row, columns - 1];
    default:
      return undefined;
  }
}
