import { describe, expect, it } from 'vitest';
import { weightedScore } from '../../src/detection/score.ts';

describe('weightedScore', () => {
  it.each([
    [40, { level: 'core', isVendor: false }, 80],
    [40, { level: 'important', isVendor: false }, 64],
    [40, { level: 'general-4', isVendor: false }, 40],
    [40, { level: '', isVendor: true }, 48],
    [40, { level: 'general-1', personalInformation: 'personal', isVendor: false }, 48],
    [40, { level: 'important', personalInformation: 'sensitive', isVendor: true }, 96],
    [75, { level: 'core', isVendor: true }, 100],
  ] as const)('weighs base %d with %o to %d', (base, factors, score) => {
    expect(weightedScore(base, factors)).toBe(score);
  });
});
