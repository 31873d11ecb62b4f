import type { Counts } from './record.ts';

const MAX_REASONS = 20;
const MAX_LENGTH = 120;
const REST = 'other';

/**
 * Counts a reason. What differs from record to record (numbers, what stands in quotes) is left out of it, and the number of
 * reasons is bounded: the rest counts as `other`.
 */
export function countReason(reasons: Counts, reason: string, count: number): void {
  const short = reason
    .slice(0, MAX_LENGTH)
    .replaceAll(/'[^']*'|"[^"]*"|\b[0-9a-f]{16,}\b|\d+/g, '#')
    .replaceAll(/["\\\p{Cc}\p{Cs}]/gu, ' ');
  const name = Object.hasOwn(reasons, short) || Object.keys(reasons).length < MAX_REASONS ? short : REST;
  reasons[name] = (reasons[name] ?? 0) + count;
}
