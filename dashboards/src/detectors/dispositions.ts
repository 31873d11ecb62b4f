import type { DetectorUse } from './detector-types.ts';

/** How many of the closed findings were false positives; duplicates say nothing. Undefined when none is closed. */
export function falseShareOf({ closed }: DetectorUse): { wrong: number; all: number; share: number } | undefined {
  const wrong = closed['false-positive'] ?? 0;
  const all = wrong + (closed['true-positive'] ?? 0) + (closed.benign ?? 0);
  return all === 0 ? undefined : { wrong, all, share: wrong / all };
}
