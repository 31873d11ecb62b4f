import type { Bilingual, Severity } from '../finding/finding.ts';
import type { Registry } from '../registry/registry.ts';
import { validAt } from '../registry/versions.ts';
import { SEVERITY_POINTS } from './finding-risk.ts';

/** What a department had in an hour. */
export interface HeatCount {
  /** '' where no department is known. */
  department: string;
  hour: number;
  /** Of findings; events have none. */
  severity?: Severity;
  count: number;
}

export interface HeatCell {
  /** Points of the findings by severity, or events: how hot it is. */
  weight: number;
  count: number;
  /** Only of findings, and of these only severities that there are. */
  bySeverity?: Partial<Record<Severity, number>>;
}

export interface HeatRow {
  department: string;
  name: Bilingual;
  /** Of all its hours. */
  weight: number;
  count: number;
  cells: readonly HeatCell[];
}

const COLUMNS = 24;
const MOST_ROWS = 60;
const NOBODY: Bilingual = { zh: '未归属部门', en: 'No department' };

/**
 * A row for each department of the registry and for whatever name events or findings state, the heaviest first.
 * @param columnOf in which of the 24 columns an hour is counted.
 */
export function heatOf(
  counts: readonly HeatCount[],
  columnOf: (hour: number) => number,
  registry: Registry,
  at: number,
): HeatRow[] {
  const registered = registry.entries.departments.filter((one) => validAt([one], at) !== undefined);
  const names = new Map(registered.map(({ id, name }) => [id, name]));
  const rows = new Map([...names.keys()].map((id) => [id, emptyCells()]));
  for (const { department, hour, severity, count } of counts) {
    const cells = rows.get(department) ?? emptyCells();
    rows.set(department, cells);
    const cell = cells[columnOf(hour)];
    if (cell === undefined) continue;
    cell.count += count;
    cell.weight += count * (severity === undefined ? 1 : SEVERITY_POINTS[severity]);
    if (severity !== undefined)
      cell.bySeverity = { ...cell.bySeverity, [severity]: (cell.bySeverity?.[severity] ?? 0) + count };
  }
  return [...rows]
    .map(([department, cells]) => ({
      department,
      name: names.get(department) ?? (department === '' ? NOBODY : { zh: department, en: department }),
      weight: cells.reduce((sum, { weight }) => sum + weight, 0),
      count: cells.reduce((sum, { count }) => sum + count, 0),
      cells,
    }))
    .sort((a, b) => b.weight - a.weight || (a.department < b.department ? -1 : 1))
    .slice(0, MOST_ROWS);
}

function emptyCells(): HeatCell[] {
  return Array.from({ length: COLUMNS }, () => ({ weight: 0, count: 0 }));
}
