import { expect } from 'vitest';
import type { Signal } from '../../src/finding/finding.ts';

/** What every signal holds: a score, finite numbers in a unit, and a sentence in each language. */
export function expectWellFormed(signal: Signal): void {
  const { score, eventIds, explanation, observed, expected, threshold, windowMs, sampleSize, unit } = signal;
  expect(score).toBeGreaterThan(0);
  expect(score).toBeLessThanOrEqual(100);
  expect(eventIds.length).toBeGreaterThan(0);
  expect(eventIds.length).toBeLessThanOrEqual(20);
  expect([observed, expected, threshold, windowMs, sampleSize].filter((one) => !Number.isFinite(one))).toEqual([]);
  expect(unit).not.toBe('');
  expect(explanation.zh).toMatch(/\p{Script=Han}[^]*。$/u);
  expect(explanation.en).toMatch(/[a-z][^]*\.$/);
  expect(`${explanation.zh}${explanation.en}`).not.toMatch(/undefined|NaN|Infinity|\[object/);
}
