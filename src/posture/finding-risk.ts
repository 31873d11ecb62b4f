import type { Bilingual, Finding, Severity } from '../finding/finding.ts';
import type { Disposition, LifeStatus } from '../finding/lifecycle.ts';

/** Points of a finding on the day of its last cause; they halve every 14 days. */
export const SEVERITY_POINTS: Readonly<Record<Severity, number>> = { low: 3, medium: 10, high: 20, critical: 40 };

export const DAY_MS = 86_400_000;
export const HALF_LIFE_DAYS = 14;
/** Older findings are worth less than a thousandth of a point. */
export const COUNTED_DAYS = 210;

type Dated = Pick<Finding, 'causedAt' | 'lastTime'>;

/** Days since the last cause; 0 when a source's clock runs ahead. */
export function ageDaysOf({ lastTime }: Dated, at: number): number {
  return Math.max(0, at - lastTime) / DAY_MS;
}

/** Whether it was known at that time, and is young enough to count. */
export function isCounted({ causedAt, lastTime }: Dated, at: number): boolean {
  return causedAt <= at && lastTime > at - COUNTED_DAYS * DAY_MS;
}

/** What is left of points at an age: the factor by which they have fallen. */
export function recency(ageDays: number): number {
  return 0.5 ** (ageDays / HALF_LIFE_DAYS);
}

/** Points as 0–100: `100 · (1 − e^(−sum/saturation))`, 63 when the sum is the saturation. */
export function saturated(sum: number, saturation: number): number {
  return 100 * (1 - Math.exp(-sum / saturation));
}

/** Hundredths of a point: what people see adds up, and whole numbers have the same sum in whatever order. */
export function inSteps(points: number): number {
  return Math.round(points * 100);
}

export function fromSteps(steps: number): number {
  return steps / 100;
}

/** To a hundredth. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Reason for what counts: none to leave it out. */
export const COUNTS: Bilingual = { zh: '', en: '' };
export const CLOSED_AS: Readonly<Record<Exclude<Disposition, 'true-positive'>, Bilingual>> = {
  benign: { zh: '已作为正常行为关闭', en: 'closed as benign' },
  'false-positive': { zh: '已作为误报关闭', en: 'closed as a false positive' },
  duplicate: { zh: '已作为重复关闭', en: 'closed as a duplicate' },
};

/**
 * Why a finding says nothing about those who caused it: nobody was to be told, or a person has decided that it was nothing.
 * One that is closed as true stays what somebody has done.
 */
export function reasonToLeaveOut(
  { suppression }: Pick<Finding, 'suppression'>,
  status: LifeStatus,
  disposition: Disposition | '',
): Bilingual {
  if (suppression !== undefined) return { zh: '已抑制', en: 'suppressed' };
  if (status !== 'closed' || disposition === '' || disposition === 'true-positive') return COUNTS;
  return CLOSED_AS[disposition];
}
