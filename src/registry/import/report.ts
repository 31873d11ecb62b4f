import type { Difference } from '../difference.ts';

const MAX_LINES = 1_000;

/** What an import changes, a line each, for people. */
export function reportOf(differences: readonly Difference[], dryRun: boolean): string[] {
  const lines = differences.slice(0, MAX_LINES).map(lineOf);
  if (differences.length > MAX_LINES) lines.push(`… and ${differences.length - MAX_LINES} more`);
  const counts = (['added', 'corrected', 'ended', 'removed'] as const)
    .map((change) => [differences.filter((one) => one.change === change).length, change] as const)
    .filter(([count]) => count > 0)
    .map(([count, change]) => `${count} ${change}`);
  const what = counts.length === 0 ? 'nothing changes' : counts.join(', ');
  return [...lines, dryRun ? `${what} (dry run: nothing was recorded)` : what];
}

function lineOf({ list, key, change, fields }: Difference): string {
  const details = fields.map(({ field, before, after }) => `${field}: ${shown(before)} → ${shown(after)}`).join(', ');
  return `${change} ${list} ${key}${details === '' ? '' : `: ${details}`}`;
}

function shown(value: unknown): string {
  return value === undefined ? '(none)' : JSON.stringify(value);
}
